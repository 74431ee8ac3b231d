"""The places an extract names, in the organization.

Nodes found by external id or by their names, and those to be made.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.actions.cascade import CREATE_ACTS
from server.actions.planting import Planting
from server.actions.standing import refusal, situation
from server.domain.cascade import MEASURES, Level, a, check_parent
from server.domain.refusals import RefusalCode, Refused
from server.domain.rights import Situation, standing_at
from server.domain.stages import Stage
from server.exchange.extract import ExternalKey, NamePath, Place, Wanted, WantedNode
from server.exchange.people import People
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows


@dataclass(slots=True)
class Places:
    """What stands, what is to be made (parents first), and why some places cannot be used."""

    standing: dict[Place, Node] = field(default_factory=dict)
    missing: dict[Place, WantedNode] = field(default_factory=dict)
    unusable: dict[Place, str] = field(default_factory=dict)
    _here: dict[Place | None, Situation] = field(default_factory=dict)

    def plan(self, place: Place) -> Node | WantedNode | str:
        """The sales plan at a place, standing or to be made; or why there is none."""
        found = self.standing.get(place) or self.missing.get(place)
        if found is None:
            return self.unusable.get(place, f"nothing here is called “{place}”; make it first, or mend the mapping")
        level = Level(found.level)
        return found if level is Level.SALES_PLAN else f"“{found.name}” is {a(level)}, not a sales plan"

    async def situation(self, work: Work, people: People, place: Place | None) -> Situation:
        """How the viewer stands at a place; at one to be made as if it were there."""
        if place is None or place in self.standing:
            if place not in self._here:
                self._here[place] = await situation(work, self.standing[place] if place else None)
            return self._here[place]
        wanted = above = self.missing[place]
        while above.parent in self.missing:
            above = self.missing[above.parent]
        path = await work.path(self.standing[above.parent].id) if above.parent else frozenset[UUID]()
        return standing_at(
            work.viewer,
            path,
            level=wanted.level,
            stage=Stage.DEFINED if wanted.level in MEASURES else None,
            owner_id=people.id_of(wanted.owner) if wanted.owner else work.viewer.person_id,
        )

    async def make(self, work: Work, people: People, sellers: dict[Place, tuple[str, ...]]) -> list[str]:
        """Make what is missing; what was made, in words. A refusal names the node at fault."""
        made, planting = [], Planting(work)
        for place, wanted in self.missing.items():
            parent = self.standing[wanted.parent] if wanted.parent else None
            fields = _fields(wanted, people)
            if place in sellers:
                fields["sellers"] = sellers[place]
            try:
                self.standing[place] = await planting.node(wanted.level, parent, fields)
            except Refused as why:
                told = f"The {wanted.level.spoken} “{wanted.name}” cannot be made: {why.message}"
                raise Refused(why.code, told, ["mapping"], why.details) from why
            under = f" under “{parent.name}”" if parent else ""
            made.append(f"{wanted.level.spoken} “{wanted.name}”{under}")
        await planting.store()
        self.missing = {}
        return made


def _fields(wanted: WantedNode, people: People) -> dict[str, Any]:
    named = {"owner": wanted.owner, "sponsor": wanted.sponsor, "controller": wanted.controller}
    fields: dict[str, Any] = {role: people.id_of(name) for role, name in named.items() if name}
    texts = {"businessUnit": wanted.business_unit, "description": wanted.description}
    fields |= {name: text for name, text in texts.items() if text}
    if wanted.tags:
        fields["tags"] = wanted.tags
    return fields | {"name": wanted.name, "externalIds": [(wanted.key.system, wanted.key.id)]}


async def survey(work: Work, extract: Wanted, people: People) -> tuple[Places, list[tuple[str, Situation]]]:
    """Look at every place of an extract; also the acts of making that only others may do, each with its situation."""
    asked = set(extract.places) | {node.parent for node in extract.nodes if node.parent}
    asked |= {node.key for node in extract.nodes}
    places = Places()
    places.standing = await _by_external_id(work, [place for place in asked if isinstance(place, ExternalKey)])
    places.standing |= await _by_names(work, [place for place in asked if isinstance(place, NamePath)], places)
    forbidden = []
    for node in extract.nodes:
        why = await _judge(work, places, people, node)
        if isinstance(why, str):
            places.unusable[node.key] = why
        elif why:
            forbidden.append(why)
    return places, forbidden


async def _judge(work: Work, places: Places, people: People, node: WantedNode) -> str | tuple[str, Situation] | None:
    """Whether a wanted node stands or can be made: why not, or the act and situation in which only others may."""
    if node.key in places.standing:
        found = places.standing.pop(node.key)
        if Level(found.level) is not node.level:
            return f"{node.key} is {a(Level(found.level))} here, “{found.name}”, and not {a(node.level)}"
        places.standing[node.key] = found
        return None
    parent = node.parent
    above = places.standing.get(parent) or places.missing.get(parent) if parent else None
    if parent and above is None:
        return places.unusable.get(parent, f"nothing here is called “{parent}”; make it first, or mend the mapping")
    try:
        check_parent(node.level, Level(above.level) if above else None)
    except Refused as why:
        return why.message
    act, here = CREATE_ACTS[node.level], await places.situation(work, people, parent)
    refused = refusal(act, here, above.name if above else work.organization.name)
    if refused and refused.code is not RefusalCode.FORBIDDEN:
        return refused.message
    places.missing[node.key] = node
    return (act, here) if refused else None


async def _by_external_id(work: Work, keys: list[ExternalKey]) -> dict[Place, Node]:
    """The nodes that stand under these external ids."""
    asked: dict[str, list[str]] = {}
    for key in keys:
        asked.setdefault(key.system, []).append(key.id)
    sql = """SELECT node_id, system, external_id FROM external_id
             WHERE organization_id = :organization AND system = :system AND external_id IN :ids"""
    found: dict[Place, UUID] = {}
    for system, ids in asked.items():
        for row in await rows(work.db, sql, organization=work.organization.id, system=system, ids=ids):
            found[ExternalKey(row["system"], row["external_id"])] = row["node_id"]
    return await _nodes(work, found)


async def _by_names(work: Work, asked: list[NamePath], places: Places) -> dict[Place, Node]:
    """The nodes at the end of these paths of names; where two answer to one path it cannot be used."""
    reached: dict[tuple[str, ...], list[UUID]] = {}
    sql = "SELECT id, name, parent_id FROM node WHERE organization_id = :organization AND name IN :names AND "
    for depth in range(max((len(path.names) for path in asked), default=0)):
        steps = {path.names[: depth + 1] for path in asked if len(path.names) > depth}
        parents = {parent: step for step, ids in reached.items() if len(step) == depth for parent in ids}
        below, values = ("parent_id IN :parents", {"parents": list(parents)}) if depth else ("parent_id IS NULL", {})
        names = list({step[-1] for step in steps})
        for row in await rows(work.db, sql + below, organization=work.organization.id, names=names, **values):
            step = (*(parents[row["parent_id"]] if depth else ()), row["name"])
            if step in steps:
                reached.setdefault(step, []).append(row["id"])
    found: dict[Place, UUID] = {}
    for path in asked:
        ends = reached.get(path.names, [])
        if len(ends) == 1:
            found[path] = ends[0]
        elif ends:
            places.unusable[path] = f"{len(ends)} nodes here are called “{path}”; attach by external id instead"
    return await _nodes(work, found)


async def _nodes(work: Work, found: dict[Place, UUID]) -> dict[Place, Node]:
    nodes = {node.id: node for node in await Node.filter(id__in=list(set(found.values()))).using_db(work.db)}
    return {place: nodes[node_id] for place, node_id in found.items()}
