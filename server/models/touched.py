"""Which nodes the entries of the ledger after a revision may have changed findings of, and by which entry."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.facts import FactKind
from server.models.database import rows

_F = FactKind
_SILENT = [
    kind.value
    for kind in (
        *(_F.FINDING_OPENED, _F.FINDING_CHANGED, _F.FINDING_RESOLVED, _F.REMINDER_SENT, _F.QUESTION_ASKED),
        *(_F.QUESTION_ANSWERED, _F.PERSON_CHANGED, _F.SEAT_CHANGED, _F.DELEGATION_CHANGED, _F.POLICY_CHANGED),
    )
]
"""What no finding looks at; a policy counts once it is in force, which its own row says."""
_EVERYWHERE = frozenset({_F.ORGANIZATION_FOUNDED, _F.VALUE_CHANGED, _F.CYCLE_OPENED, _F.CYCLE_CLOSED, _F.FILE_IMPORTED})
"""What concerns every node where it names none: plan rates, cycles, files."""
_OF_SALES = frozenset({_F.RESULTS_RECORDED, _F.RULES_CHANGED, _F.ACTIVITY_RECORDED, _F.FILE_IMPORTED, _F.QUOTA_CHANGED})
_OF_PLANS = frozenset({_F.STAGE_CHANGED, _F.STANDING_CHANGED, _F.PLAN_CHANGED, _F.NODE_MOVED})
"""What the findings of the organization itself look at: deals, activity, and which sales plans are decided.

An act on an initiative may carry its plans along; one without plans concerns none of it."""
# What lies above a node feels it; so does what lies right below it (after a move: all of that), and whatever waits for
# one of its milestones.
_TOUCHED = """WITH RECURSIVE
    entry AS (SELECT e.node_id, e.kind, e.revision FROM ledger_entry e WHERE e.organization_id = :organization
        AND e.revision > :after AND e.node_id IS NOT NULL AND NOT (e.kind IN :silent)),
    waits AS (SELECT d.milestone_id, e.revision FROM entry e JOIN milestone m ON m.node_id = e.node_id
            JOIN milestone_dependency d ON d.awaits_id = m.id
        UNION SELECT d.milestone_id, w.revision FROM waits w JOIN milestone_dependency d
            ON d.awaits_id = w.milestone_id)
    SELECT touched_id, MAX(revision) AS revision FROM (
        SELECT b.ancestor_id AS touched_id, e.revision FROM entry e JOIN branch b ON b.descendant_id = e.node_id
        UNION ALL SELECT b.descendant_id, e.revision FROM entry e JOIN branch b ON b.ancestor_id = e.node_id
            AND (b.depth = 1 OR e.kind = 'NODE_MOVED')
        UNION ALL SELECT m.node_id, w.revision FROM waits w JOIN milestone m ON m.id = w.milestone_id) AS each_one
    {which} GROUP BY touched_id"""
# Deals and activities that were recorded for the organization, and the plans they came under or left.
_BY_DEALS = """SELECT node_id AS touched_id, MAX(revision) AS revision FROM (
        SELECT node_id, revision FROM opportunity WHERE organization_id = :organization AND revision > :after
        UNION ALL SELECT node_id, until FROM opportunity_past WHERE organization_id = :organization AND until > :after
        UNION ALL SELECT node_id, revision FROM sales_activity
            WHERE organization_id = :organization AND revision > :after) AS each_one
    WHERE node_id IS NOT NULL GROUP BY node_id"""
_KINDS = """SELECT kind, MAX(revision) AS revision, MAX(CASE WHEN node_id IS NULL THEN revision END) AS placeless
    FROM ledger_entry WHERE organization_id = :organization AND revision > :after AND NOT (kind IN :silent)
    GROUP BY kind"""
_PLANS = """SELECT MAX(e.revision) AS revision FROM ledger_entry e JOIN node n ON n.id = e.node_id
    WHERE e.organization_id = :organization AND e.revision > :after AND e.kind IN :of_plans
    AND (n.level = 'SALES_PLAN' OR EXISTS (SELECT 1 FROM node p WHERE p.parent_id = n.id AND p.level = 'SALES_PLAN'))"""
_POLICY = """SELECT MAX(revision) AS revision FROM policy_version
    WHERE organization_id = :organization AND state = 'IN_FORCE' AND revision > :after"""


@dataclass(frozen=True, slots=True)
class Touched:
    """What happened after a revision: by node the last entry that touched it, and what touched everything."""

    nodes: Mapping[UUID, int]
    everything: int | None = None
    """The last entry that concerns every node; None: there is none."""
    sales: int | None = None
    """The last entry that findings of the organization itself look at; None: there is none."""

    def cause(self, node_id: UUID | None) -> int | None:
        """The last entry that touched what a finding on a node (None: on the organization) looks at."""
        own = self.sales if node_id is None else self.nodes.get(node_id)
        found = [revision for revision in (own, self.everything) if revision is not None]
        return max(found, default=None)


async def touched(
    db: BaseDBAsyncClient, organization_id: UUID, after: int, only: Collection[UUID] | None = None
) -> Touched:
    """What happened to an organization after a revision; of nodes `only` these. At most five statements."""
    asked = {"organization": organization_id, "after": after, "silent": _SILENT}
    kinds = {FactKind(row["kind"]): row for row in await rows(db, _KINDS, **asked)}
    (policy,) = await rows(db, _POLICY, **asked)
    everywhere = [row["placeless"] for kind, row in kinds.items() if kind in _EVERYWHERE] + [policy["revision"]]
    nodes: dict[UUID, int] = {}
    if kinds:
        which = "" if only is None else "WHERE touched_id IN :only"
        found = await rows(db, _TOUCHED.format(which=which), **asked, only=list(only or ()))
        if any(row["placeless"] for kind, row in kinds.items() if kind in _OF_SALES | _OF_PLANS):
            found += await rows(db, _BY_DEALS, **asked)
        for row in found:
            nodes[row["touched_id"]] = max(row["revision"], nodes.get(row["touched_id"], 0))
    sales = [row["revision"] for kind, row in kinds.items() if kind in _OF_SALES]
    if not _OF_PLANS.isdisjoint(kinds):
        sales += [
            row["revision"] for row in await rows(db, _PLANS, **asked, of_plans=[kind.value for kind in _OF_PLANS])
        ]
    return Touched(
        nodes,
        max((one for one in everywhere if one is not None), default=None),
        max((one for one in sales if one is not None), default=None),
    )
