"""Handing over a desk, as spoken."""

from typing import Any
from uuid import UUID

import strawberry

from server.domain.desks import DeskItem, Fate
from server.domain.people import Role
from server.schema import ids
from server.schema.context import Info
from server.schema.fields import edge, spoken
from server.schema.node import Node, find
from server.schema.people import Person, person_of

spoken(
    DeskItem,
    "What lies on a desk.",
    NODE="A node of the cascade that names the person as owner, sponsor or controller.",
    MILESTONE="A milestone that is assigned to the person.",
    SEAT="A seat.",
    DELEGATION="A vote lent or borrowed.",
    VOTE="A vote that the person owes on an open submission.",
)
_KINDS = {
    DeskItem.NODE: "node",
    DeskItem.MILESTONE: "milestone",
    DeskItem.SEAT: "seat",
    DeskItem.DELEGATION: "delegation",
    DeskItem.VOTE: "submission",
}


@strawberry.type(description="One thing on a desk, and what becomes of it.")
class DeskEntry:
    """See the description."""

    what: DeskItem = strawberry.field(description="What kind of thing it is.")
    name: str = strawberry.field(description="What it is called; of a seat the place where it is held.")
    role: Role | None = strawberry.field(description="As what it is held; null for a milestone's assignee.")
    sentence: str = strawberry.field(description="What becomes of it, or why it stays and what to do next.")
    id: strawberry.Private[UUID]

    @edge("The thing, where the viewer sees it.")
    async def thing(self, info: Info) -> Node | None:
        """See the description."""
        return await find(info.context, ids.issue(_KINDS[self.what], self.id))


@strawberry.type(description="A desk handed over, or what a handover would do: all of it is in one of the lists.")
class DeskHandover:
    """See the description."""

    moved: list[DeskEntry] = strawberry.field(description="What the successor holds from now on.")
    ended: list[DeskEntry] = strawberry.field(description="What ended: lent votes, and seats that the successor has.")
    kept: list[DeskEntry] = strawberry.field(description="What stays, each with the reason.")
    sentence: str = strawberry.field(description="The whole in one sentence.")
    leaver_id: strawberry.Private[UUID]
    successor_id: strawberry.Private[UUID]

    @edge("Whose desk it was.", name="from")
    async def leaver(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.leaver_id)

    @edge("Who takes it over.", name="to")
    async def successor(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.successor_id)

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "DeskHandover":
        """A handover from its plain data."""
        lists: dict[Fate, list[DeskEntry]] = {fate: [] for fate in Fate}
        for each in kept["entries"]:
            role = Role(each["role"]) if each["role"] else None
            same = {name: each[name] for name in ("name", "sentence")}
            entry = DeskEntry(what=DeskItem(each["what"]), role=role, id=UUID(each["id"]), **same)
            lists[Fate(each["fate"])].append(entry)
        return cls(
            moved=lists[Fate.MOVED],
            ended=lists[Fate.ENDED],
            kept=lists[Fate.KEPT],
            sentence=kept["sentence"][:1].upper() + kept["sentence"][1:],
            leaver_id=UUID(kept["leaver"]),
            successor_id=UUID(kept["successor"]),
        )


async def handover_shown(_info: Info, kept: dict[str, Any]) -> DeskHandover:
    """A handover that was just done."""
    return DeskHandover.of(kept)
