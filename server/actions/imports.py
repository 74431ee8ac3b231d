"""What imports add to the verbs of people: making many persons known at once."""

from collections.abc import Sequence
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.live.work import Work
from server.models.database import rows
from server.models.people import Organization, Person


async def make_known(work: Work, people: Sequence[tuple[str, str | None]], source: str) -> list[UUID]:
    """Make persons known by name and email address, in one fact; the ids in the same order.

    To add a person who signs in is the administrator's act (law §3). These have neither password nor seat, so whoever
    may import may name them. An address that a person of any organization has is left out: it is a sign-in, and unique.
    """
    await require(work, "importFile", None)
    if not people:
        return []
    asked = [address.lower() for _, address in people if address]
    sql = "SELECT LOWER(email) AS email FROM person WHERE LOWER(email) IN :asked"
    taken = {row["email"] for row in await rows(work.db, sql, asked=asked)}
    made = []
    for name, address in people:
        email = address.lower() if address and address.lower() not in taken else None
        made.append(Person(organization_id=work.organization.id, name=name, email=email))
    await work.add(*made)
    on: Person | Organization = made[0] if len(made) == 1 else work.organization
    who = made[0].name if len(made) == 1 else f"{len(made):,} people"
    await work.record(FactKind.PERSON_CHANGED, f"made {who} known from {source}.", on=on)
    return [person.id for person in made]
