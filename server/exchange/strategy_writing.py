"""The writing half of `import strategy` and `import indicators`: objectives, and what they are measured by."""

from datetime import date
from typing import Any
from uuid import UUID

from server.actions.cascade import create_node, edit_node
from server.actions.indicators import put_indicator
from server.actions.standing import require
from server.domain.cascade import Level
from server.domain.indicators import Direction
from server.domain.refusals import invalid
from server.exchange.finishing import Run, finish
from server.exchange.progress import Written
from server.exchange.report import ImportReport
from server.exchange.strategy import StrategyExtract, WantedIndicator, WantedObjective, stated
from server.exchange.tables import RowFault
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import rows
from server.models.indicators import Indicator


async def import_strategy(work: Work, extract: StrategyExtract, progress: Written, *, run: Run) -> dict[str, Any]:
    """Make objectives and indicators what the plans say, found again by their identifiers; nothing is removed.

    A text that the file states anew replaces the one here; where an objective stands is left as it is. Every change is
    made with the viewer's own rights.
    """
    await require(work, "importFile", None)
    writing = _Writing(work, extract, progress)
    for plan in extract.plans:
        await writing.plan(plan)
    report = ImportReport(
        kind=run.kind,
        read=extract.read,
        created=writing.counted["created"],
        changed=writing.counted["changed"],
        unchanged=writing.counted["unchanged"],
        orphans=0,
        nodes_created=len(writing.made),
        not_taken=(*extract.faults, *writing.faults),
        dry_run=run.dry_run,
        nodes_made=tuple(writing.made),
        unknown=tuple(extract.unknown),
        repaired=tuple(extract.repaired),
        notes=(*extract.notes, *writing.notes),
    )
    return await finish(work, run, report)


class _Writing:
    """One run."""

    def __init__(self, work: Work, extract: StrategyExtract, progress: Written) -> None:
        self.work, self.extract, self.progress = work, extract, progress
        self.counted = dict.fromkeys(("created", "changed", "unchanged"), 0)
        self.made: list[str] = []
        self.faults: list[RowFault] = []
        self.notes: list[str] = []
        self._nodes: dict[str, Node] = {}
        self._indicators: dict[str, Indicator] = {}
        self._people: dict[str, list[UUID]] = {}

    async def plan(self, plan: WantedObjective) -> None:
        """One plan, from the top down."""
        await self._look(plan)
        root = await self._root(plan)
        if root is None and not self.extract.rootless:
            return
        if root is not None:
            await self._measure(plan, root)
        for goal in plan.below:
            await self._objective(goal, root)

    async def _look(self, plan: WantedObjective) -> None:
        """What stands here already of all that the plan names, in as many statements for any number."""
        every = list(plan.every())
        organization, system = self.work.organization.id, self.extract.system
        sql = """SELECT e.external_id AS called, e.node_id FROM external_id e
                 WHERE e.organization_id = :organization AND e.system = :system AND e.external_id IN :keys"""
        keys = [one.key for one in every]
        found = await rows(self.work.db, sql, organization=organization, system=system, keys=keys)
        called = {row["called"]: row["node_id"] for row in found}
        called |= {key: own for key in keys if key not in called and (own := _own(key))}
        nodes = Node.filter(organization_id=organization, id__in=list(called.values())).using_db(self.work.db)
        by_id = {node.id: node for node in await nodes}
        self._nodes |= {key: by_id[node_id] for key, node_id in called.items() if node_id in by_id}
        await self._look_by_name([one.key for one in every if not one.name and one.key not in self._nodes])
        wanted = [each.key for one in every for each in one.indicators]
        ours = Indicator.filter(organization_id=organization).using_db(self.work.db)
        for indicator in await ours.filter(system=system, external_id__in=wanted):
            self._indicators[indicator.external_id or ""] = indicator
        exported = {each: key for key in wanted if key not in self._indicators and (each := _own(key))}
        for indicator in await ours.filter(id__in=list(exported)):
            self._indicators[exported[indicator.id]] = indicator
        sql = "SELECT id, name FROM person WHERE organization_id = :organization AND LOWER(name) IN :names"
        names = {name.lower() for one in every for name in one.performers}
        for row in await rows(self.work.db, sql, organization=organization, names=list(names)) if names else ():
            self._people.setdefault(row["name"].lower(), []).append(row["id"])

    async def _look_by_name(self, names: list[str]) -> None:
        """Objectives that a file only names: by the name they have here, where one alone has it."""
        ours = Node.filter(organization_id=self.work.organization.id, level=Level.OBJECTIVE.value)
        found: dict[str, list[Node]] = {}
        for node in await ours.filter(name__in=names).using_db(self.work.db) if names else ():
            if self.work.viewer.roles_at(await self.work.path(node.id)):
                found.setdefault(node.name, []).append(node)
        self._nodes |= {name: nodes[0] for name, nodes in found.items() if len(nodes) == 1}

    async def _root(self, plan: WantedObjective) -> Node | None:
        """The objective that stands for the plan: the one named, the one found, that above its goals, or a new one."""
        if self.extract.under is not None:
            root = await self.work.node(self.extract.under, "under")
            if Level(root.level) is not Level.OBJECTIVE:
                raise invalid(f"“{root.name}” is no objective; a strategy stands under one.", "under")
            return root
        if self.extract.rootless:
            return None
        goals = [self._nodes.get(goal.key) for goal in plan.below]
        parents = {goal.parent_id for goal in goals if goal is not None}
        parent = next(iter(parents)) if len(parents) == 1 and plan.key not in self._nodes else None
        if parent is not None:
            self._nodes[plan.key] = await self.work.node(parent)
        return await self._write(plan, None)

    async def _objective(self, wanted: WantedObjective, parent: Node | None) -> None:
        node = await self._write(wanted, parent)
        if node is not None:
            await self._measure(wanted, node)
            for one in wanted.below:
                await self._objective(one, node)

    async def _write(self, wanted: WantedObjective, parent: Node | None) -> Node | None:
        """The objective, made or changed; None, with a fault, where its identifier is another level's."""
        fields: dict[str, Any] = {"name": wanted.name, "description": wanted.description}
        node = self._nodes.get(wanted.key)
        if not wanted.name:  # the file only names it: it stands here, or not
            if node is None:
                self._missing(wanted)
            return node
        if node is None:
            called = [(self.extract.system, wanted.key)]
            fields |= {"externalIds": called} | self._owner(wanted)
            node_id = await create_node(
                self.work, level=Level.OBJECTIVE, parent=parent.id if parent else None, fields=fields
            )
            node = self._nodes[wanted.key] = await self.work.node(node_id)
            self.made.append(f"objective “{node.name}”{f' under “{parent.name}”' if parent else ''}")
        elif Level(node.level) is not Level.OBJECTIVE or not self.work.viewer.roles_at(await self.work.path(node.id)):
            reason = f"What is known here as {wanted.key} is no objective that you see; it was left as it is."
            self.faults.append(RowFault(wanted.file, wanted.line, wanted.place, wanted.name, reason))
            return None
        else:
            before = node.revision
            told = {name: value for name, value in fields.items() if value is not None}
            await edit_node(self.work, node=node.id, fields=told)
            node = self._nodes[wanted.key] = await self.work.node(node.id)
            self.counted["unchanged" if node.revision == before else "changed"] += 1
        return node

    def _missing(self, wanted: WantedObjective) -> None:
        reason = f"No objective here is known or called so; {len(wanted.indicators)} indicators of it were not taken."
        self.faults.append(RowFault(wanted.file, wanted.line, "objective", wanted.key, reason))

    def _owner(self, wanted: WantedObjective) -> dict[str, UUID]:
        """The one performer whom the organization knows, if there is exactly one of that name."""
        known = [found[0] for name in wanted.performers if len(found := self._people.get(name.lower(), [])) == 1]
        strange = [name for name in wanted.performers if name.lower() not in self._people]
        if strange:
            self.notes.append(f"{wanted.file}, {wanted.place}: not known here: {', '.join(strange)}.")
        return {"owner": known[0]} if known else {}

    async def _measure(self, wanted: WantedObjective, node: Node) -> None:
        for one in wanted.indicators:
            found = self._indicators.get(one.key)
            fields, points, faults = fields_of(one)
            self.faults += faults
            if found is not None and found.node_id != node.id:
                reason = f"{one.key} measures something else here; it was left as it is."
                self.faults.append(RowFault(one.file, one.line, one.place, one.name, reason))
                continue
            if found is not None and one.direction is Direction.UNDEFINED:
                del fields["direction"]
            outcome = await put_indicator(
                self.work, node=node, found=found, fields=fields, points=points, called=(self.extract.system, one.key)
            )
            self.counted[outcome] += 1
            await self.progress(min(sum(self.counted.values()) + len(self.made), self.extract.read))


def fields_of(
    one: WantedIndicator,
) -> tuple[dict[str, Any], dict[date, dict[str, str | None]], list[RowFault]]:
    """An indicator as the verb takes it: its fields, its points by day, and what could not be taken."""
    aim = stated(one.results)
    fields: dict[str, Any] = {"name": one.name, "direction": one.direction, "unit": one.unit}
    fields |= {"description": one.description, "start": aim.start, "startDate": aim.start_date}
    fields |= {"target": aim.target, "targetDate": aim.target_date}
    points: dict[date, dict[str, str | None]] = {}
    for day, target in aim.path.items():
        points.setdefault(day, {})["target"] = format(target, "f")
    for day, (actual, note) in aim.readings.items():
        points.setdefault(day, {}).update(actual=format(actual, "f"), note=note)
    faults = [
        RowFault(one.file, one.line, one.place, format(value, "f"), "A reading needs the day it is of.")
        for value in aim.undated
    ]
    return fields, points, faults


def _own(key: str) -> UUID | None:
    """Our own id, where our own export called it so."""
    try:
        return UUID(key.removeprefix("_")) if key.startswith("_") and key.count("-") == 4 else None  # noqa: PLR2004 — as a UUID has
    except ValueError:
        return None
