"""Founding an organization: the one write that has no viewer yet, because nobody has a seat before it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.transactions import in_transaction

from server.actions.policies import begin_draft
from server.actions.seats import address_of
from server.domain.facts import FactKind
from server.domain.money import exponent
from server.domain.people import Role, Viewer
from server.domain.refusals import Faults
from server.domain.texts import cleaned
from server.live.work import Work
from server.models.people import Organization, Person, Seat
from server.models.row import new_id


@dataclass(frozen=True, slots=True)
class Founder:
    """A person whom an organization begins with. `password_hash` comes from auth; None: they cannot sign in yet."""

    name: str
    email: str
    password_hash: str | None
    roles: tuple[Role, ...]


async def found(
    *,
    name: str,
    currency: str,
    time_zone: str,
    fiscal_year_start: int,
    founders: list[Founder],
    at: datetime,
) -> tuple[UUID, list[UUID]]:
    """Found an organization and seat its founders at all of it.

    Their seats need no ratification, because nobody could give it. It has a draft of the standard policy: no gate opens
    until that is proposed and ratified.

    Returns the organization's id and its founders' ids. Raises INVALID with all faults at once.
    """
    async with in_transaction("default") as db:
        faults = Faults()
        called = cleaned(name, "name", faults, required=True)
        _check_calendar(currency, time_zone, fiscal_year_start, faults)
        people = await _people(db, founders, faults)
        faults.refuse_if_any()
        organization = Organization(
            id=new_id(),
            name=called,
            reporting_currency=currency,
            time_zone=time_zone,
            fiscal_year_start=fiscal_year_start,
        )
        await organization.save(using_db=db, force_create=True)
        for person in people:
            person.organization_id = organization.id
        viewer = Viewer(people[0].id, organization.id, people[0].name, ())
        work = Work(viewer, organization, at, db)
        await work.add(*people)
        seated = ((person, role) for person, each in zip(people, founders, strict=True) for role in each.roles)
        await work.add(*(_seat(work, person, role) for person, role in seated))
        await work.record(FactKind.ORGANIZATION_FOUNDED, f"founded the organization “{called}”.", on=organization)
        await begin_draft(work)
        await work.finish()
    return organization.id, [person.id for person in people]


def _check_calendar(currency: str, time_zone: str, fiscal_year_start: int, faults: Faults) -> None:
    try:
        exponent(currency)
    except ValueError as fault:
        faults.add(f"{fault}.", "currency")
    try:
        ZoneInfo(time_zone)
    except (ValueError, ZoneInfoNotFoundError):
        faults.add(f"“{time_zone[:60]}” is no time zone; name one as in Europe/Berlin.", "timeZone")
    if not 1 <= fiscal_year_start <= 12:  # noqa: PLR2004 — months
        faults.add(f"The fiscal year cannot start in month {fiscal_year_start}; 1 is January.", "fiscalYearStart")


async def _people(db: BaseDBAsyncClient, founders: list[Founder], faults: Faults) -> list[Person]:
    if not founders:
        faults.add("An organization is founded by at least one person.", "founders")
    told = [
        {
            "name": cleaned(each.name, "name", faults, required=True) or "",
            "email": await address_of(db, each.email, faults),
            "password_hash": each.password_hash,
        }
        for each in founders
    ]
    for address, times in Counter(each["email"] for each in told).items():
        if times > 1:
            faults.add(f"{address} stands for {times} founders; each signs in with an address of their own.", "email")
    return [Person(**each) for each in told]


def _seat(work: Work, person: Person, role: Role) -> Seat:
    return Seat(
        organization_id=work.organization.id,
        person_id=person.id,
        role=role.value,
        starts=work.today,
        granted_by_id=person.id,
        ratified_by_id=person.id,
    )
