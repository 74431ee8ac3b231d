"""Creating, editing, moving and cancelling what stands in the cascade (law §1, rights §3)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from server.actions.node_fields import check_not_frozen, columns_of, spoken
from server.actions.standing import require
from server.domain.cascade import DEEPEST_OBJECTIVE, MEASURES, Level, Standing, check_parent
from server.domain.criteria import runs_ahead
from server.domain.facts import FactKind
from server.domain.refusals import Faults, RefusalCode, Refused, invalid
from server.domain.stages import Stage
from server.domain.texts import cleaned
from server.domain.wording import listed
from server.live.work import Work
from server.models.cascade import Branch, ExternalId, Node
from server.models.database import change, rows

CREATE_ACTS = {
    Level.OBJECTIVE: "createObjective",
    Level.PORTFOLIO: "createPortfolio",
    Level.PROGRAM: "createProgram",
    Level.INITIATIVE: "createInitiative",
    Level.SALES_PLAN: "createSalesPlan",
}


async def create_node(work: Work, *, level: Level, parent: UUID | None, fields: Mapping[str, Any]) -> UUID:
    """Create a node of a level under its parent (None: the organization).

    `fields` are those of `FIELDS`, as callers write them.

    The creator owns it unless `owner` names somebody else. Measures begin at DEFINED.
    """
    above = await work.node(parent, "parent") if parent else None
    check_parent(level, Level(above.level) if above else None)
    await require(work, CREATE_ACTS[level], above)
    await check_room(work, level, above)
    node = await new_node(work, level, parent, fields)
    await work.add(node)
    await _graft(work, node.id, parent)
    await _set_external_ids(work, node, fields.get("externalIds") or ())
    await record_created(work, node, above)
    return node.id


async def new_node(work: Work, level: Level, parent: UUID | None, fields: Mapping[str, Any]) -> Node:
    """A node as it is to be stored; all that is wrong with its fields is refused at once."""
    node = Node(
        organization_id=work.organization.id,
        parent_id=parent,
        level=level.value,
        created_at=work.at,
        stage=Stage.DEFINED.value if level in MEASURES else None,
        staged_at=work.at if level in MEASURES else None,
    )
    columns = await columns_of(work, node, {"owner": work.viewer.person_id, **fields}, creating=True)
    for column, value in columns.items():
        setattr(node, column, value)
    return node


async def record_created(work: Work, node: Node, above: Node | None) -> None:
    """Tell that a node was made."""
    under = f" under “{above.name}”" if above else ""
    await work.record(FactKind.NODE_CREATED, f"created the {Level(node.level).spoken} “{node.name}”{under}.", on=node)


async def edit_node(work: Work, *, node: UUID, fields: Mapping[str, Any], expected_revision: int | None = None) -> UUID:
    """Change the fields given; those left out stay, None clears. Raises FROZEN for what a gate has frozen."""
    found = await work.node(node)
    await require(work, "editNode", found)
    work.fresh(found, expected_revision, found.name)
    check_not_frozen(found, fields)
    columns = await columns_of(work, found, fields, creating=False)
    before = {column: getattr(found, column) for column in columns}
    altered = await work.alter(found, **columns)
    relabelled = "externalIds" in fields and await _set_external_ids(work, found, fields["externalIds"] or ())
    if altered or relabelled:
        changed = [spoken(column) for column, value in columns.items() if before[column] != value]
        if relabelled:
            changed.append("external ids")
            await work.touch(found)
        await work.record(FactKind.NODE_CHANGED, f"changed {listed(changed)} of “{found.name}”.", on=found)
    return found.id


async def move_node(work: Work, *, node: UUID, parent: UUID | None, expected_revision: int | None = None) -> UUID:
    """Put a node, with all below it, under another parent. Needs the right at both places; a cycle is refused."""
    moved = await work.node(node)
    above = await work.node(parent, "parent") if parent else None
    await require(work, "moveNode", moved)
    if above is not None:
        await require(work, "moveNode", above)
    work.fresh(moved, expected_revision, moved.name)
    if above is not None and moved.id in await work.path(above.id):
        raise invalid(f"“{above.name}” stands below “{moved.name}”; a node cannot move into its own branch.", "parent")
    check_parent(Level(moved.level), Level(above.level) if above else None)
    await check_room(work, Level(moved.level), above)
    _check_initiative(moved, above)
    before = moved.parent_id
    if not await work.alter(moved, parent_id=parent):
        return moved.id
    if moved.level == Level.SALES_PLAN:
        work.turned(before, parent)
    await _regraft(work, moved.id, parent)
    where = f"under “{above.name}”" if above else "to the top of the cascade"
    await work.record(FactKind.NODE_MOVED, f"moved “{moved.name}” {where}.", on=moved)
    return moved.id


async def cancel_node(work: Work, *, node: UUID, reason: str, expected_revision: int | None = None) -> UUID:
    """Cancel an objective, a portfolio or a program.

    Refused while a measure below it is open: that is decided upon first.
    """
    found = await work.node(node)
    if Level(found.level) in MEASURES:
        raise invalid(f"“{found.name}” is a measure; cancel it with cancelMeasure.", "node")
    await require(work, "cancelNode", found)
    work.fresh(found, expected_revision, found.name)
    faults = Faults()
    why = cleaned(reason, "reason", faults, required=True)
    faults.refuse_if_any()
    sql = """SELECT n.name FROM branch b JOIN node n ON n.id = b.descendant_id
             WHERE b.ancestor_id = :node AND n.stage <> 'CLOSED' AND n.standing <> 'CANCELLED' ORDER BY n.name"""
    open_below = [row["name"] for row in await rows(work.db, sql, node=found.id)]
    if open_below:
        raise Refused(
            RefusalCode.WRONG_STAGE,
            f"{len(open_below)} measures below “{found.name}” are still open. Close, cancel or move them first.",
            ["node"],
            open_below[:50],
        )
    await work.alter(found, standing=Standing.CANCELLED.value, standing_reason=why)
    await work.record(
        FactKind.STANDING_CHANGED, f"cancelled the {Level(found.level).spoken} “{found.name}”: {why}", on=found
    )
    return found.id


async def check_room(work: Work, level: Level, above: Node | None) -> None:
    """Refuse a place that was cancelled, and objectives nested too deep."""
    if above is None:
        return
    if Standing(above.standing) is Standing.CANCELLED:
        raise Refused(RefusalCode.WRONG_STAGE, f"“{above.name}” was cancelled; choose another place.", ["parent"])
    if level is Level.OBJECTIVE and len(await work.path(above.id)) >= DEEPEST_OBJECTIVE:
        raise invalid(f"Objectives nest at most {DEEPEST_OBJECTIVE} deep; choose a place higher up.", "parent")


def _check_initiative(plan: Node, initiative: Node | None) -> None:
    """A sales plan stands under no initiative that is closed, on hold, or at an earlier stage (law §2)."""
    if plan.level != Level.SALES_PLAN or initiative is None or plan.parent_id == initiative.id:
        return
    stage, above = Stage(plan.stage or ""), Stage(initiative.stage or "")
    stands = f"“{initiative.name}” stands at {above.spoken}"
    if runs_ahead(stage, above):
        message = f"{stands}, and a sales plan never runs ahead of it: “{plan.name}” stands at {stage.spoken}."
    elif above is Stage.CLOSED:
        message = f"{stands}, and takes no sales plan any more."
    elif initiative.standing == Standing.ON_HOLD and plan.standing == Standing.ACTIVE:
        message = f"“{initiative.name}” is on hold, and its sales plans with it."
    else:
        return
    raise Refused(RefusalCode.WRONG_STAGE, f"{message} Choose another initiative.", ["parent"])


async def _graft(work: Work, node_id: UUID, parent: UUID | None) -> None:
    above = (
        await rows(work.db, "SELECT ancestor_id, depth FROM branch WHERE descendant_id = :parent", parent=parent)
        if parent
        else []
    )
    joined = {node_id: 0} | {row["ancestor_id"]: row["depth"] + 1 for row in above}
    dated = {"descendant_id": node_id, "since": work.next_revision}
    lines = [Branch(ancestor_id=ancestor, depth=depth, **dated) for ancestor, depth in joined.items()]
    await Branch.bulk_create(lines, using_db=work.db)


async def _regraft(work: Work, node_id: UUID, parent: UUID | None) -> None:
    """Cut the moved branch from what was above it and join it to what is above it now."""
    below = "SELECT descendant_id FROM branch WHERE ancestor_id = :node"
    await work.lift(node_id)
    await work.drop_all("branch", f"descendant_id IN ({below}) AND ancestor_id NOT IN ({below})", node=node_id)
    if parent is not None:
        join = """INSERT INTO branch (ancestor_id, descendant_id, depth, since)
                  SELECT up.ancestor_id, down.descendant_id, up.depth + down.depth + 1, CAST(:since AS BIGINT)
                  FROM branch up CROSS JOIN branch down WHERE up.descendant_id = :parent AND down.ancestor_id = :node"""
        await change(work.db, join, node=node_id, parent=parent, since=work.next_revision)
    await work.settle(node_id)


async def _set_external_ids(work: Work, node: Node, wanted: Sequence[tuple[str, str]]) -> bool:
    """Make the node's external ids the wanted ones; True where that changed something."""
    faults = Faults()
    pairs = {(system.strip(), external.strip()) for system, external in wanted}
    for system, external in pairs:
        if not (0 < len(system) <= 80 and 0 < len(external) <= 200):  # noqa: PLR2004 — the columns' lengths
            faults.add("An external id needs a system (at most 80 characters) and an id (at most 200).", "externalIds")
    faults.refuse_if_any()
    now = await ExternalId.filter(node_id=node.id).using_db(work.db)
    gone = [row for row in now if (row.system, row.external_id) not in pairs]
    new = pairs - {(row.system, row.external_id) for row in now}
    for system, external in sorted(new):
        other = (
            await ExternalId.filter(organization_id=work.organization.id, system=system, external_id=external)
            .using_db(work.db)
            .first()
        )
        if other is not None:
            faults.add(
                f"{system} id “{external}” already stands for another node; an external id belongs to one.",
                "externalIds",
            )
    faults.refuse_if_any()
    for row in gone:
        await work.drop(row)
    if new:
        await work.add(
            *(
                ExternalId(organization_id=work.organization.id, node_id=node.id, system=s, external_id=e)
                for s, e in sorted(new)
            )
        )
    return bool(gone or new)
