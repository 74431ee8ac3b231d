"""Machines' tokens: an administrator makes and revokes them, and each acts for a machine that has a seat as partner.

A token is no way into somebody's place: whoever is a person signs in as themselves, so that the ledger names who acted.
Its secret is made before and shown once; here only its hash arrives, and the ledger tells of the token without it.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from server.actions.credentials import CALENDAR, TOKEN
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.people import Role, Scope
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.domain.texts import cleaned
from server.domain.wording import listed
from server.live.work import Work
from server.models.people import Credential, Person, Seat

LONGEST_LIFE = 366
"""Days."""


async def create_token(
    work: Work, *, machine: UUID, label: str, scopes: Collection[Scope], ends: date, token_hash: str
) -> UUID:
    """Make a token that acts for a machine until the end of a day, within its seats and these scopes.

    Raises INVALID for a person who is no machine: one who holds any seat but that of a partner.
    """
    await require(work, "createToken", None)
    acts_for = await Person.filter(id=machine, organization_id=work.organization.id).using_db(work.db).first()
    if acts_for is None:
        raise not_found("machine")
    faults = Faults()
    called = cleaned(label, "label", faults, required=True)
    if not work.today <= ends <= work.today + timedelta(days=LONGEST_LIFE):
        faults.add(f"A token ends between today and {LONGEST_LIFE} days from now; {ends} does not.", "ends")
    roles = {seat.role for seat in await Seat.filter(person_id=machine).using_db(work.db)}
    if roles != {Role.PARTNER.value} or acts_for.password_hash is not None:
        rule = "a token acts for a machine, which holds a seat as partner, no other, and no password"
        faults.add(f"{acts_for.name} is none: {rule}. Make the machine known, and seat it.", "machine")
    faults.refuse_if_any()
    opened = sorted({Scope.READ, *scopes})
    token = Credential(
        organization_id=work.organization.id,
        person_id=machine,
        kind=TOKEN,
        hash=token_hash,
        label=called,
        scopes=[str(scope) for scope in opened],
        created_at=work.at,
        expires_at=datetime.combine(ends + timedelta(days=1), time(), ZoneInfo(work.organization.time_zone)),
    )
    await token.save(using_db=work.db, force_create=True)
    told = f"made the token “{called}” for {acts_for.name}, until {ends}: {listed([str(one) for one in opened])}."
    await work.record(FactKind.PERSON_CHANGED, told, on=acts_for)
    return token.id


async def revoke_token(work: Work, *, token: UUID) -> UUID:
    """End a token at once, and the streams it opened with it."""
    await require(work, "revokeToken", None)
    known = Credential.filter(id=token, organization_id=work.organization.id, kind=TOKEN, scopes__isnull=False)
    found = await known.using_db(work.db).first()
    if found is None or CALENDAR in (found.scopes or ()):  # who made a calendar feed ends it
        raise not_found("token")
    if found.ended_at is not None:
        raise Refused(RefusalCode.ALREADY_DECIDED, f"The token “{found.label}” was revoked already.", ["token"])
    found.ended_at = work.at
    await found.save(using_db=work.db, update_fields=["ended_at"])
    acts_for = await Person.get(id=found.person_id, using_db=work.db)
    await work.record(FactKind.PERSON_CHANGED, f"revoked the token “{found.label}” of {acts_for.name}.", on=acts_for)
    return found.id
