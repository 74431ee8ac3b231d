"""Matching rules: adding, editing, moving and removing them (law §5). Each change is one fact, and moves no deal."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.actions.own_deals import own_names
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.matching import PROPERTIES, Rule, Traits, check_rule, is_own
from server.domain.refusals import Faults, RefusalCode, Refused, not_found
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import change
from server.models.matching import MatchingRule, rulebook

MOST_RULES = 1_000
"""Rules of an organization; every one is shown and compared as a whole list."""


async def add_matching_rule(work: Work, *, plan: UUID, wants: Traits, position: int | None = None) -> UUID:
    """Add a rule that leads to a sales plan, at a position (1 comes first) or behind all others.

    Deals stay where they are until the rules are applied.
    """
    node = await work.node(plan, "plan")
    await require(work, "addMatchingRule", node)
    await _check_not_own(work, node, wants.seller)
    standing = (await rulebook(work.db, work.organization.id)).rules
    faults = Faults()
    if len(standing) >= MOST_RULES:
        faults.add(f"There are {len(standing):,} rules, and at most {MOST_RULES:,}. Remove one first.", "plan")
    place = len(standing) + 1 if position is None else position
    _check_position(place, len(standing) + 1, faults)
    check_rule(wants, standing, faults)
    faults.refuse_if_any()
    await _shift(work, standing, place, len(standing), 1)
    made = MatchingRule(organization_id=work.organization.id, node_id=node.id, position=place, **_columns(wants))
    await work.add(made)
    told = f"added matching rule {place}: {_told(wants)} leads to “{node.name}”."
    await work.record(FactKind.RULES_CHANGED, told, on=made, node_id=node.id)
    return made.id


async def edit_matching_rule(
    work: Work, *, rule: UUID, fields: Mapping[str, Any], plan: UUID | None = None, expected_revision: int | None = None
) -> UUID:
    """Change what a rule asks for (properties by column; None: no restriction), or the plan that it leads to."""
    row, node = await _rule(work, rule)
    await require(work, "editMatchingRule", node)
    work.fresh(row, expected_revision, f"Rule {row.position}")
    target = node if plan is None else await work.node(plan, "plan")
    if target.id != node.id:
        await require(work, "editMatchingRule", target)
    wants = Traits(*(fields.get(name, getattr(row, name)) for name in PROPERTIES))
    for seller in (row.seller, wants.seller):
        await _check_not_own(work, node, seller)
    faults = Faults()
    others = (await rulebook(work.db, work.organization.id)).rules
    check_rule(wants, [each for each in others if each.id != row.id], faults)
    faults.refuse_if_any()
    if await work.alter(row, node_id=target.id, **_columns(wants)):
        told = f"changed matching rule {row.position}: {_told(wants)} leads to “{target.name}”."
        await work.record(FactKind.RULES_CHANGED, told, on=row, node_id=target.id)
    return row.id


async def move_matching_rule(work: Work, *, rule: UUID, position: int, expected_revision: int | None = None) -> UUID:
    """Move a rule to another position; those between move by one."""
    row, node = await _rule(work, rule)
    await require(work, "moveMatchingRule", node)
    work.fresh(row, expected_revision, f"Rule {row.position}")
    await _check_not_own(work, node, row.seller)
    standing = (await rulebook(work.db, work.organization.id)).rules
    faults = Faults()
    _check_position(position, len(standing), faults)
    faults.refuse_if_any()
    before = row.position
    if position == before:
        return row.id
    if position < before:
        await _shift(work, standing, position, before - 1, 1)
    else:
        await _shift(work, standing, before + 1, position, -1)
    await work.alter(row, position=position)
    told = f"moved matching rule {before}, which leads to “{node.name}”, to position {position}."
    await work.record(FactKind.RULES_CHANGED, told, on=row, node_id=node.id)
    return row.id


async def remove_matching_rule(work: Work, *, rule: UUID, expected_revision: int | None = None) -> UUID:
    """Remove a rule; those behind it move up, and deals stay where it has put them. Answers the plan's id."""
    row, node = await _rule(work, rule)
    await require(work, "removeMatchingRule", node)
    work.fresh(row, expected_revision, f"Rule {row.position}")
    await _check_not_own(work, node, row.seller)
    standing = (await rulebook(work.db, work.organization.id)).rules
    told = f"removed matching rule {row.position}: {_told(Traits.of(row.__dict__))} led to “{node.name}”."
    await work.drop(row)
    await _shift(work, standing, row.position + 1, len(standing), -1)
    await work.record(FactKind.RULES_CHANGED, told, on=row, node_id=node.id)
    return node.id


async def _rule(work: Work, rule_id: UUID) -> tuple[MatchingRule, Node]:
    """A rule and its plan, which the viewer sees; NOT_FOUND otherwise, as for one that never was."""
    asked = MatchingRule.filter(id=rule_id, organization_id=work.organization.id).using_db(work.db)
    row = await asked.first()
    if row is None or not work.viewer.roles_at(await work.path(row.node_id)):
        raise not_found("rule")
    return row, await Node.get(id=row.node_id, using_db=work.db)


async def _check_not_own(work: Work, node: Node, seller: str | None) -> None:
    """Nobody decides where their own deals belong (law §2)."""
    if is_own(await own_names(work), seller):
        message = f"“{node.name}”: nobody makes rules for their own deals. Ask another to write this one."
        raise Refused(RefusalCode.SAME_PERSON, message, ["seller"])


def _check_position(position: int, last: int, faults: Faults) -> None:
    if not 1 <= position <= last:
        faults.add(f"There are positions 1 to {last:,}; {position} is none of them.", "position")


def _columns(wants: Traits) -> dict[str, str | None]:
    return {name: (getattr(wants, name) or "").strip() or None for name in PROPERTIES}


def _told(wants: Traits) -> str:
    return Rule(UUID(int=0), 0, UUID(int=0), "", wants).sentence


async def _shift(work: Work, standing: tuple[Rule, ...], first: int, last: int, by: int) -> None:
    """Move all rules at these positions by one, in one statement, and note each."""
    moved = [rule for rule in standing if first <= rule.position <= last]
    for rule in moved:
        before, after = rule.position, rule.position + by
        work.note(thing="matching_rule", id=str(rule.id), field="position", before=before, after=after)
    if moved:
        sql = "UPDATE matching_rule SET position = position + :by, revision = :revision WHERE id IN :ids"
        await change(work.db, sql, by=by, revision=work.next_revision, ids=[rule.id for rule in moved])
