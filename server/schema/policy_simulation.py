"""What a policy would change for the open measures, as spoken: before it is proposed, by the gates' own readiness."""

from asyncio import gather, sleep
from typing import TYPE_CHECKING, Annotated

import strawberry

from server.domain.gates import CriterionResult as Judged
from server.domain.people import Role
from server.domain.policy import Policy as Law
from server.domain.policy_simulation import Effect, effect, told
from server.domain.stages import Stage
from server.models.cases import cases, holders
from server.models.database import rows
from server.models.scope import seen
from server.schema import money
from server.schema.connections import First, check_first
from server.schema.context import Context, Info
from server.schema.fields import edge
from server.schema.votes import CriterionResult

_AT_A_TIME = 100

if TYPE_CHECKING:
    from server.schema.cascade import Measure
# The back edge to what imports us.
_Measure = Annotated["Measure", strawberry.lazy("server.schema.cascade")]


@strawberry.type(description="What a policy would change for one measure at its next gate.")
class PolicyEffect:
    """See the description."""

    into: Stage = strawberry.field(description="The stage its next gate leads into.")
    joins: list[Role] = strawberry.field(description="Roles that would vote and do not now.")
    leaves: list[Role] = strawberry.field(description="Roles that vote now and would no more.")
    lacking: list[str] = strawberry.field(description="Why the votes could not be had, where now they can.")
    unmet: list[CriterionResult] = strawberry.field(
        description="Criteria that would not be met, and are now or not asked."
    )
    spared: list[CriterionResult] = strawberry.field(
        description="Criteria that are not met now, and would be or not asked."
    )
    found: strawberry.Private[Effect]

    @edge("The measure.")
    async def measure(self, info: Info) -> _Measure:
        """See the description."""
        from server.schema.cascade import measure_of  # noqa: PLC0415 — the back edge

        measure = await measure_of(info.context, self.found.case.id)
        if measure is None:
            raise LookupError(f"no measure {self.found.case.id}, which was in sight")
        return measure

    @classmethod
    async def of(cls, context: Context, found: Effect) -> "PolicyEffect":
        """An effect of the law, without amounts that the viewer may not read."""

        async def results(judged: tuple[Judged, ...]) -> list[CriterionResult]:
            shown = [(one, await money.told(context, found.case.id, one.sentence)) for one in judged]
            return [CriterionResult(code=one.code, met=one.met, sentence=sentence) for one, sentence in shown]

        return cls(
            into=found.into,
            joins=list(found.joins),
            leaves=list(found.leaves),
            lacking=list(found.lacking),
            unmet=await results(found.unmet),
            spared=await results(found.spared),
            found=found,
        )


@strawberry.type(description="What a policy would change for the open measures that the viewer sees.")
class PolicySimulation:
    """See the description."""

    measures: int = strawberry.field(
        description="How many measures were looked at: active, not closed, and not submitted already."
    )
    submitted: int = strawberry.field(
        description="How many are submitted, and keep the policy they were submitted under."
    )
    changed: int = strawberry.field(description="For how many anything would change.")
    sentences: list[str] = strawberry.field(description="The totals, the most telling first.")
    found: strawberry.Private[list[Effect]]

    @edge("For which measures what would change, by name.")
    async def effects(self, info: Info, first: First = 20) -> list[PolicyEffect]:
        """See the description."""
        shown = self.found[: check_first(first)]
        return await gather(*(PolicyEffect.of(info.context, one) for one in shown))  # together: one read for all


async def simulation(context: Context, draft: Law) -> PolicySimulation:
    """Judge the next gate of every open measure in sight under the policy in force and under another."""
    scope, values = seen(context.viewer, "n.id")
    sql = f"""SELECT n.id, EXISTS (SELECT 1 FROM submission s WHERE s.node_id = n.id AND s.ended_at IS NULL) AS asked
              FROM node n WHERE n.organization_id = :organization AND n.stage IS NOT NULL AND n.stage <> 'CLOSED'
              AND n.standing = 'ACTIVE' AND {scope} ORDER BY n.name, n.id"""
    organization, today = context.viewer.organization_id, await context.today()
    measures = await rows(context.db, sql, organization=organization, **values)
    free = [row["id"] for row in measures if not row["asked"]]
    known = await cases(context.db, organization, free, today)
    seats = await holders(context.db, organization, free, today)
    now = await context.policy()
    old = now if now.locked else None
    effects: list[Effect] = []
    for case in (known[node_id] for node_id in free):
        if case.stage.next:
            effects.append(effect(case, case.stage.next, old, draft, seats[case.id]))
        if len(effects) % _AT_A_TIME == 0:
            await sleep(0)  # let others in: of thousands of measures this takes a second
    changed = [one for one in effects if one.any]
    asked = len(measures) - len(free)
    return PolicySimulation(
        measures=len(effects),
        submitted=asked,
        changed=len(changed),
        sentences=list(told(effects, asked)),
        found=changed,
    )
