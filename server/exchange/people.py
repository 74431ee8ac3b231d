"""Whom an extract names, found among the organization's people.

Who is unknown is made known, without a way to sign in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from server.actions.imports import make_known
from server.domain.people import is_email
from server.domain.person_names import meant_by
from server.domain.refusals import RefusalCode, Refused
from server.exchange.extract import Wanted, WantedPerson
from server.live.work import Work
from server.models.database import rows


@dataclass(slots=True)
class People:
    """Ids by name and by address (in lower case), and who is unknown yet."""

    ids: dict[str, UUID] = field(default_factory=dict)
    unknown: list[WantedPerson] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def id_of(self, written: str | None) -> UUID | None:
        """The person whom a name or an address means."""
        return self.ids.get(_key(written)) if written else None

    async def make_known(self, work: Work, source: str) -> int:
        """Make the unknown known; how many there were."""
        made = await make_known(work, [one.name for one in self.unknown], source)
        for one, person in zip(self.unknown, made, strict=True):
            self._meet(one, person)
        return len(made)

    def _meet(self, one: WantedPerson, person: UUID) -> None:
        self.ids |= {_key(written): person for written in (one.name, one.email) if written}


async def find_people(work: Work, extract: Wanted, *, loosely: bool = False) -> People:
    """Find everyone by address, else by name; `loosely` also in other letters, turned around, or by initials.

    Raises INVALID for an owner, sponsor or controller whose name two persons have, and, where the mapping says so, for
    everyone who is unknown.
    """
    by_address, by_name = await _standing(work, extract.people, everybody=loosely)
    people, twins = People(), set[str]()
    for one in extract.people:
        found = by_address.get(one.email.lower()) if one.email else None
        named = [found] if found else by_name.get(one.name, [])
        if loosely and not named and not is_email(one.name):
            meant = meant_by(one.name, by_name)
            named = [person for name in meant for person in by_name[name]]
            if len(named) == 1:
                people.notes.append(f"“{one.name}” was taken to be {meant[0]}.")
        if len(named) == 1:
            people._meet(one, named[0])
        elif named:
            twins.add(one.name)
        else:
            people.unknown.append(one)
    _refuse_twins(twins & {name for node in extract.nodes for name in node.people})
    if people.unknown and not extract.create_people:
        names = [one.name for one in people.unknown]
        counted = f"{len(names):,} people" if len(names) > 1 else f"“{names[0]}”"
        message = f"{counted} of this extract are unknown here" if len(names) > 1 else f"{counted} is unknown here"
        told = (
            f"{message}, and the mapping says “people: missing: refuse”. Make them known first, or let it create them."
        )
        raise Refused(RefusalCode.INVALID, told, ["files"], names)
    return people


def _refuse_twins(names: Iterable[str]) -> None:
    twins = sorted(names)
    if twins:
        told = f"More than one person here is called {', '.join(twins)}. Let the mapping name people by e-mail address."
        raise Refused(RefusalCode.INVALID, told, ["mapping"], twins)


async def _standing(
    work: Work, wanted: Iterable[WantedPerson], *, everybody: bool
) -> tuple[dict[str, UUID], dict[str, list[UUID]]]:
    """The organization's people who may be meant, by address and by name."""
    meant = "1 = 1" if everybody else "(LOWER(email) IN :addresses OR name IN :names)"
    sql = f"SELECT id, name, email FROM person WHERE organization_id = :organization AND {meant}"
    asked = list(wanted)
    addresses, names = [one.email.lower() for one in asked if one.email], [one.name for one in asked]
    values = {} if everybody else {"addresses": addresses, "names": names}
    found = await rows(work.db, sql, organization=work.organization.id, **values)
    by_name: dict[str, list[UUID]] = {}
    for row in found:
        by_name.setdefault(row["name"], []).append(row["id"])
    return {row["email"].lower(): row["id"] for row in found if row["email"]}, by_name


def _key(written: str) -> str:
    return written.lower() if is_email(written) else written
