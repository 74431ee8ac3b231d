"""Assigning deals to plans: by the matching rules, or by hand in bulk (law §5). No amount ever changes here."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from server.actions.own_deals import check_not_own_deals, own_names
from server.actions.results import check_holders
from server.actions.standing import require
from server.domain.facts import FactKind
from server.domain.matching import MatchingScope, Traits, is_own
from server.domain.refusals import not_found
from server.live.work import Work
from server.models.cascade import Node
from server.models.database import change, rows
from server.models.matching import closed_plans, rulebook
from server.models.people import Organization
from server.models.scope import seen

_AT_ONCE = 2_500
"""Deals that one fact tells of: more would make ledger entries of many megabytes."""
Move = tuple[dict[str, Any], UUID | None, UUID | None]
"""A deal as it is stored, the plan it goes to, and the rule that says so."""


@dataclass(slots=True)
class Applied:
    """What applying the rules comes to."""

    looked: int = 0
    left: int = 0
    moves: list[Move] = field(default_factory=list)

    def stored(self, *, dry_run: bool) -> dict[str, Any]:
        """The counts, as they are kept for a retry."""
        assigned = sum(not row["node_id"] for row, _, _ in self.moves)
        released = sum(not plan for _, plan, _ in self.moves)
        moved = sum(bool(row["node_id"] and plan and plan != row["node_id"]) for row, plan, _ in self.moves)
        by_plan = Counter(str(plan) for row, plan, _ in self.moves if plan and plan != row["node_id"])
        return {
            "looked": self.looked,
            "assigned": assigned,
            "moved": moved,
            "released": released,
            "left": self.left,
            "dry_run": dry_run,
            "by_plan": dict(sorted(by_plan.items())),
        }


async def apply_matching_rules(work: Work, *, scope: MatchingScope, dry_run: bool) -> dict[str, Any]:
    """Put deals where the rules say: orphans only, or all that a rule has put where they are as well.

    What somebody placed by hand stays. Left where they are, and counted, are deals of plans that take no results now,
    and those whose seller is who asks (law §2). A dry run counts, and changes nothing.
    """
    await require(work, "applyMatchingRules", None)
    found = await _applied(work, scope)
    if not dry_run:
        await _carry_out(work, found.moves, "by the matching rules")
    return found.stored(dry_run=dry_run)


async def _applied(work: Work, scope: MatchingScope) -> Applied:
    which = "node_id IS NULL" if scope is MatchingScope.ORPHANS else "(node_id IS NULL OR rule_id IS NOT NULL)"
    sql = f"SELECT * FROM opportunity WHERE organization_id = :organization AND {which} ORDER BY external_id, id"
    book, names = await rulebook(work.db, work.organization.id), await own_names(work)
    deals = await rows(work.db, sql, organization=work.organization.id)
    closed = await closed_plans(work.db, {row["node_id"] for row in deals if row["node_id"]})
    found = Applied(looked=len(deals))
    for row in deals:
        rule = book.rule_for(Traits.of(row))
        plan, by = (rule.plan_id, rule.id) if rule else (None, None)
        if (plan, by) == (row["node_id"], row["rule_id"]):
            continue
        if row["node_id"] in closed or is_own(names, row["seller"]):
            found.left += 1
        else:
            found.moves.append((row, plan, by))
    return found


async def assign_results(work: Work, *, plan: UUID | None, opportunities: Sequence[UUID]) -> dict[str, int]:
    """Put deals under a sales plan by hand, or under none. Nobody assigns their own deals (law §2).

    The rules leave what stands under a plan by hand alone; a deal under none is an orphan, which they may find a plan
    for when they are next asked. Answers how many `changed` and `unchanged`.
    """
    node = await work.node(plan, "plan") if plan else None
    await require(work, "assignResults", node)
    wanted = set(opportunities)
    sight, values = seen(work.viewer, "node_id")
    sql = f"SELECT * FROM opportunity WHERE organization_id = :organization AND id IN :ids AND {sight}"
    found = await rows(work.db, sql, organization=work.organization.id, ids=list(wanted), **values)
    if len(found) < len(wanted):
        raise not_found("opportunities")
    target = node.id if node else None
    moves: list[Move] = [(row, target, None) for row in found if row["node_id"] != target or row["rule_id"]]
    holders = {row["node_id"] for row, _, _ in moves if row["node_id"]}
    await check_holders(work, "assignResults", node, holders, "opportunities")
    await check_not_own_deals(work, [row for row, _, _ in moves], "opportunities")
    await _carry_out(work, moves, "by hand")
    return {"changed": len(moves), "unchanged": len(found) - len(moves)}


async def _carry_out(work: Work, moves: Iterable[Move], how: str) -> None:
    """Write moves plan by plan, one fact for each part, and one more of each plan that lost some."""
    by_plan: dict[UUID | None, list[Move]] = {}
    for move in moves:
        by_plan.setdefault(move[1], []).append(move)
    names = {each for each in by_plan if each} | {row["node_id"] for part in by_plan.values() for row, _, _ in part}
    nodes = {node.id: node for node in await Node.filter(id__in=list(names - {None})).using_db(work.db)}
    for plan in sorted(by_plan, key=str):
        rest = iter(by_plan[plan])
        while part := list(islice(rest, _AT_ONCE)):
            await _write(work, nodes, nodes[plan] if plan else None, part, how)


async def _write(work: Work, nodes: dict[UUID, Node], node: Node | None, part: Sequence[Move], how: str) -> None:
    plan = node.id if node else None
    by_rule: dict[UUID | None, list[UUID]] = {}
    for row, _, rule in part:
        for name, after in (("node_id", plan), ("rule_id", rule)):
            if row[name] != after:
                before = None if row[name] is None else str(row[name])
                changed = {"field": name, "before": before, "after": None if after is None else str(after)}
                work.note(thing="opportunity", id=str(row["id"]), **changed)
        by_rule.setdefault(rule, []).append(row["id"])
    sql = "UPDATE opportunity SET node_id = {plan}, rule_id = {rule}, revision = :revision WHERE id IN :ids"
    for rule, ids in by_rule.items():
        given = {name: value for name, value in (("plan", plan), ("rule", rule)) if value}
        text = sql.format(plan=":plan" if plan else "NULL", rule=":rule" if rule else "NULL")
        await change(work.db, text, revision=work.next_revision, ids=ids, **given)
    place: Node | Organization = node or work.organization
    where = f"put {_deals(len(part))} under “{node.name}”" if node else f"left {_deals(len(part))} without a plan"
    await work.record(FactKind.RESULTS_RECORDED, f"{where} {how}.", on=place)
    lost = Counter(row["node_id"] for row, _, _ in part if row["node_id"] and row["node_id"] != plan)
    for other, number in lost.items():
        sentence = f"moved {_deals(number)} from “{nodes[other].name}” to “{place.name}” {how}."
        await work.record(FactKind.RESULTS_RECORDED, sentence, on=nodes[other])


def _deals(number: int) -> str:
    return f"{number:,} {'opportunity' if number == 1 else 'opportunities'}"
