"""What imports add to the verbs of people: making many persons known at once."""

from collections.abc import Sequence
from uuid import UUID

from server.actions.standing import require
from server.domain.facts import FactKind
from server.live.work import Work
from server.models.people import Organization, Person


async def make_known(work: Work, names: Sequence[str], source: str) -> list[UUID]:
    """Make persons known by name alone, in one fact; the ids in the same order.

    To add a person who signs in is the administrator's act (law §3). These have no address, no password and no seat, so
    whoever may import may name them. An address is a sign-in and unique among all organizations: to take it or to find
    it taken would tell of another organization's people.
    """
    await require(work, "importFile", None)
    if not names:
        return []
    made = [Person(organization_id=work.organization.id, name=name) for name in names]
    await work.add(*made)
    on: Person | Organization = made[0] if len(made) == 1 else work.organization
    who = made[0].name if len(made) == 1 else f"{len(made):,} people"
    await work.record(FactKind.PERSON_CHANGED, f"made {who} known from {source}.", on=on)
    return [person.id for person in made]
