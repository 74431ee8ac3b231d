"""Making the sample company, a second organization beside it, and the sign-ins of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from server.actions.founding import Founder, found
from server.domain.refusals import RefusalCode, Refused
from server.models.database import reading, rows
from server.models.policies import PolicyVersion
from server.sample import aftermarket, contracts, new_drives, operations
from server.sample.acts import Act, who
from server.sample.cadence import cadence
from server.sample.calendar import Calendar
from server.sample.governing import governing
from server.sample.initiatives import BOOKED, initiative_acts
from server.sample.lately import lately
from server.sample.neighbour import NEIGHBOUR, make_neighbour
from server.sample.opening import FIRST_POLICY, FOUNDED, opening
from server.sample.people import FOUNDERS, PRINTED, STAFF
from server.sample.places import COMPANY, CURRENCY, TIME_ZONE
from server.sample.plans import PLANS
from server.sample.selling import orphan_acts, plan_acts
from server.sample.steering import steering
from server.sample.telling import tell

INITIATIVES = (*aftermarket.INITIATIVES, *contracts.INITIATIVES, *new_drives.INITIATIVES, *operations.INITIATIVES)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in, and as what."""

    name: str
    email: str
    role: str


@dataclass(frozen=True, slots=True)
class Company:
    """The sample: its name and the people worth signing in as, all with one password."""

    name: str
    sign_ins: tuple[SignIn, ...]
    password: ClassVar[str] = "stageline-demo"  # noqa: S105 — printed for everyone


def _company() -> Company:
    people = {one.key: one for one in (*FOUNDERS, *STAFF)}
    printed = [people[key] for key in PRINTED]
    own = [
        SignIn(one.name, one.email, f"{one.seats[0][0].spoken.capitalize()}, {one.duty}")
        for one in printed
        if one.email
    ]
    return Company(COMPANY, (*own, SignIn(NEIGHBOUR.name, NEIGHBOUR.email or "", NEIGHBOUR.duty)))


async def standing() -> Company | None:
    """The sample, where this database holds it. Raises WRONG_STAGE where its making was interrupted."""
    company = _company()
    emails = [company.sign_ins[0].email, company.sign_ins[-1].email]  # the first and the last that are made
    known = await rows(reading(), "SELECT email FROM person WHERE email IN :emails", emails=emails)
    if len(known) == 1:
        raise Refused(
            RefusalCode.WRONG_STAGE,
            "The sample company is only half there: its making was interrupted. Delete the data folder, or choose "
            "another with --data-dir, and start again.",
        )
    return company if known else None


async def build(today: date, password_hash: str) -> Company:
    """Make the sample company in an empty database, as if it had worked with it for two years up to yesterday.

    The same day makes the same company. Raises what a verb refuses, with the act that was refused: then the tables are
    wrong.
    """
    calendar = Calendar(today)
    founders = [
        Founder(one.name, one.email or "", password_hash, tuple(role for role, _ in one.seats)) for one in FOUNDERS
    ]
    at = datetime.combine(calendar.day(FOUNDED), time(7), ZoneInfo(TIME_ZONE)).astimezone(UTC)
    organization, people = await found(
        name=COMPANY,
        currency=CURRENCY,
        time_zone=TIME_ZONE,
        fiscal_year_start=calendar.fiscal_start,
        founders=founders,
        at=at,
    )
    ids = {str(who(one.key)): person for one, person in zip(FOUNDERS, people, strict=True)}
    ids[FIRST_POLICY] = (await PolicyVersion.get(organization_id=organization)).id
    await tell(calendar, TIME_ZONE, history(calendar, password_hash), ids, organization)
    await make_neighbour(calendar, password_hash, at + timedelta(days=1))
    return _company()


def history(calendar: Calendar, password_hash: str) -> Iterator[Act]:
    """Everything that happened after the founding."""
    yield from opening(calendar, password_hash)
    above = {it.key: it for it in INITIATIVES}
    for number, it in enumerate(INITIATIVES):
        yield from initiative_acts(calendar, number, it)
    for number, plan in enumerate(PLANS):
        yield from plan_acts(calendar, number, plan, above[plan.parent])
    yield from orphan_acts(calendar)
    yield from governing(calendar)
    yield from lately(calendar)
    yield from steering(calendar)
    yield from cadence(calendar, (*INITIATIVES, *PLANS), BOOKED)
