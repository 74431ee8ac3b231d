"""The organization, as spoken."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry

from server.domain.months import Month
from server.domain.policy import Criterion
from server.domain.rights import acts_at, may, standing_at
from server.models.database import rows
from server.schema import ids
from server.schema.activities import SalesActivity, activities_of
from server.schema.acts import Permission
from server.schema.alignment import Alignment, alignment_of
from server.schema.bottlenecks import Bottleneck, Most, bottlenecks_of
from server.schema.cascade import (
    CascadeNode,
    From,
    Opportunities,
    To,
    connection,
)
from server.schema.connections import After, Connection, First, check_first, key_of
from server.schema.context import Context, Info
from server.schema.corrections import Correction, corrections_below
from server.schema.cycles import ReviewCycle, cycles_of, open_cycle_of
from server.schema.fields import edge
from server.schema.findings import Codes, Finding, Resolved, Severities, findings_of
from server.schema.gaps import Days, SeatGap, gaps_of
from server.schema.import_runs import ImportMapping, ImportRun, import_runs, saved_mappings
from server.schema.lights import (
    BetterThanProposed,
    LightCell,
    LightView,
    View,
    better_than_proposed,
    light_matrix,
)
from server.schema.lists import CascadeOrder, Filter, OrderBy
from server.schema.matching import DealInput, MatchingRule, MatchTest, rules_of, tested
from server.schema.node import Node, resolves
from server.schema.opportunities import Opportunity, opportunities_of
from server.schema.people import SEAT_COLUMNS, Person, Seat, seat_rows
from server.schema.policies import Policy, open_policy, policies_of, policy_in_force
from server.schema.policy_tables import PolicyCriterion, ReadyPolicy, ready_policies
from server.schema.rates import ActualRate, PlanRate, actual_rates_of, plan_rates_of
from server.schema.rights import Acts, GovernedAct, Levels, RightsRow, Roles, Stages, governed_acts, matrix
from server.schema.rollups import RollUp, roll_up_of
from server.schema.sales_figures import SalesFigures, sales_of
from server.schema.scalars import Currency, Revision
from server.schema.tokens import Token, tokens_of
from server.schema.wanted import names_below

if TYPE_CHECKING:
    from server.schema.viewer import Viewer
# The back edge to what imports us.
_Viewer = Annotated["Viewer", strawberry.lazy("server.schema.viewer")]
_FIRST = UUID(int=0)  # before every id
# field → the column that it stands in
_OWN = {
    "name": "name",
    "revision": "revision",
    "reportingCurrency": "reporting_currency",
    "fiscalYearStart": "fiscal_year_start",
    "timeZone": "time_zone",
}


@strawberry.type(description="One tenant. Nothing of another organization is ever visible.")
class Organization(Node):
    """See the description."""

    name: str = strawberry.field(description="Its name.")
    revision: Revision = strawberry.field(description="The number of its last ledger entry.")
    reporting_currency: Currency = strawberry.field(description="The currency that roll-ups are in.")
    fiscal_year_start: int = strawberry.field(description="The first month of its fiscal year, 1 to 12.")
    time_zone: str = strawberry.field(description="Where its days and months begin and end (IANA name).")

    @classmethod
    def of(cls, row: dict[str, Any]) -> "Organization":
        """The organization of a row."""
        return cls(id=ids.issue("organization", row["id"]), **{name: row[name] for name in _OWN.values()})

    @classmethod
    async def here(cls, info: Info, context: Context) -> "Organization":
        """The viewer's organization. It is not read where nothing of its own is asked for but its id."""
        if not _OWN.keys().isdisjoint(names_below(info)):
            return cls.of(await context.organization())
        bare = object.__new__(cls)
        bare.id = ids.issue("organization", context.viewer.organization_id)
        return bare

    @edge("The day it is there.")
    async def today(self, info: Info) -> date:
        """See the description."""
        return await info.context.today()

    @edge("The month that is open for actuals and forecasts.")
    async def open_month(self, info: Info) -> Month:
        """See the description."""
        return Month.containing(await info.context.today())

    @edge("The objectives at the top.")
    async def objectives(self, info: Info, first: First = 20, after: After = None) -> Connection[CascadeNode]:
        """See the description."""
        return await connection(info, None, first, after, None, CascadeOrder.NAME)

    @edge("All nodes of the cascade.")
    async def nodes(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: Filter = None,  # noqa: A002 — the contract's word
        order_by: OrderBy = CascadeOrder.NAME,
    ) -> Connection[CascadeNode]:
        """See the description."""
        return await connection(info, None, first, after, filter, order_by, deep=True)

    @edge("The value of everything that the viewer sees.")
    async def roll_up(self, info: Info, from_: From = None, to: To = None) -> RollUp:
        """See the description."""
        return await roll_up_of(info, None, from_, to)

    @edge("The sales figures of all sales plans that the viewer sees.")
    async def sales(self, info: Info, from_: From = None, to: To = None) -> SalesFigures:
        """See the description."""
        return await sales_of(info, None, from_, to)

    @edge("Plan rates, the latest fiscal year first: every figure is converted at these.")
    async def plan_rates(self, info: Info) -> list[PlanRate]:
        """See the description."""
        return await plan_rates_of(info.context)

    @edge("Actual rates, the latest month first: a second view of what is in the books.")
    async def actual_rates(self, info: Info) -> list[ActualRate]:
        """See the description."""
        return await actual_rates_of(info.context)

    @edge("Every correction of an actual that the viewer sees, newest first.")
    async def corrections(self, info: Info, first: First = 20, after: After = None) -> Connection[Correction]:
        """See the description."""
        return await corrections_below(info, None, first, after)

    @edge("What the system noticed by itself, most money first.")
    async def findings(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        codes: Codes = None,
        severity: Severities = None,
        include_resolved: Resolved = False,
    ) -> Connection[Finding]:
        """See the description."""
        return await findings_of(info, None, first, after, codes, severity, include_resolved)

    @edge("What holds up most money right now.")
    async def bottlenecks(self, info: Info, first: Most = 10) -> list[Bottleneck]:
        """See the description."""
        return await bottlenecks_of(info, None, first)

    @edge("Opportunities, orphans (without a plan) included.")
    async def opportunities(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        filter: Opportunities = None,  # noqa: A002
    ) -> Connection[Opportunity]:
        """See the description."""
        return await opportunities_of(info, None, first, after, filter)

    @edge("Whether quota, pay and time point where the strategy does.")
    async def alignment(self, info: Info, from_: From = None, to: To = None) -> Alignment:
        """See the description."""
        return await alignment_of(info, None, from_, to)

    @edge("What sellers spent their time on, newest first, under a plan or under none.")
    async def sales_activities(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        orphan: Annotated[
            bool | None, strawberry.argument(description="Only those without a plan (true), or with one (false).")
        ] = None,
    ) -> Connection[SalesActivity]:
        """See the description."""
        return await activities_of(info, None, first, after, orphan)

    @edge("Imports that were carried out, newest first.")
    async def imports(self, info: Info, first: First = 20, after: After = None) -> Connection[ImportRun]:
        """See the description."""
        return await import_runs(info.context, first, after)

    @edge("Mappings that were saved for imports, by name; as of then those that have not changed since.")
    async def import_mappings(self, info: Info) -> list[ImportMapping]:
        """See the description."""
        return await saved_mappings(info.context)

    @edge("The rules by which deals find their sales plan, in their order.")
    async def matching_rules(self, info: Info) -> list[MatchingRule]:
        """See the description."""
        return await rules_of(info.context)

    @edge("Where a deal would go by the matching rules, and why.")
    async def test_match(
        self, info: Info, deal: Annotated[DealInput, strawberry.argument(description="The deal.")]
    ) -> MatchTest:
        """See the description."""
        return await tested(info, deal.traits())

    @edge("All active measures by their two lights: sixteen cells, implementation first, grey to red.")
    async def light_matrix(self, info: Info, view: View = LightView.SHOWN) -> list[LightCell]:
        """See the description."""
        return await light_matrix(info, None, view)

    @edge("Who set lights better than the server proposed, most often first.")
    async def better_than_proposed(self, info: Info) -> list[BetterThanProposed]:
        """See the description."""
        return await better_than_proposed(info, None)

    @edge("The review cycle that is open; null before the first.")
    async def cycle(self, info: Info) -> ReviewCycle | None:
        """See the description."""
        return await open_cycle_of(info.context)

    @edge("All review cycles, newest first.")
    async def cycles(self, info: Info, first: First = 20, after: After = None) -> Connection[ReviewCycle]:
        """See the description."""
        return await cycles_of(info, first, after)

    @edge("The people of the organization, by name.")
    async def people(
        self,
        info: Info,
        first: First = 20,
        after: After = None,
        search: Annotated[str | None, strawberry.argument(description="Whose name holds this text.")] = None,
    ) -> Connection[Person]:
        """See the description."""
        return await _people(info, first, after, search)

    @edge("All seats, in the order in which they were granted.")
    async def seats(self, info: Info, first: First = 20, after: After = None) -> Connection[Seat]:
        """See the description."""
        return await _seats(info, first, after)

    @edge("The policy in force; before the first is ratified the built-in standard, which is not locked.")
    async def policy(self, info: Info) -> Policy:
        """See the description."""
        return await policy_in_force(info.context)

    @edge("The draft, or the version that is proposed; null where there is neither.")
    async def policy_draft(self, info: Info) -> Policy | None:
        """See the description."""
        return await open_policy(info.context)

    @edge("Every version of the policy, newest first, the draft included.")
    async def policies(self, info: Info) -> list[Policy]:
        """See the description."""
        return await policies_of(info.context)

    @edge("The catalogue of criteria: what a policy can ask for at a gate.")
    async def policy_criteria(self) -> list[PolicyCriterion]:
        """See the description."""
        return [PolicyCriterion.of(each) for each in Criterion]

    @edge("The policies that ship ready, to begin a draft with.")
    async def policy_templates(self) -> list[ReadyPolicy]:
        """See the description."""
        return ready_policies()

    @edge("Where roles will have too few people, the nearest first: “this program has no controller from 1 March”.")
    async def seat_gaps(self, info: Info, days: Days = 90) -> list[SeatGap]:
        """See the description."""
        return await gaps_of(info, days)

    @edge("Who asks; here as well, so that `watch` of the organization follows what waits for them.")
    async def viewer(self) -> _Viewer:
        """See the description."""
        from server.schema.viewer import Viewer  # noqa: PLC0415 — the back edge

        return Viewer()

    @edge("The table of rights, cell by cell; ask for what you need of it, all of it is thousands.")
    async def rights_matrix(
        self, acts: Acts = None, roles: Roles = None, levels: Levels = None, stages: Stages = None
    ) -> list[RightsRow]:
        """See the description."""
        return matrix(acts, roles, levels, stages)

    @edge("Everything that takes a right, in words: the rows of the table of rights.")
    async def governed_acts(self, info: Info) -> list[GovernedAct]:
        """See the description."""
        return list(governed_acts(info))

    @edge("Machines' tokens, newest first; null for who may not see them, which is all but an admin.")
    async def tokens(self, info: Info) -> list[Token] | None:
        """See the description."""
        here = standing_at(info.context.viewer, frozenset())
        return await tokens_of(info.context) if may("tokens", here) is True else None

    @edge("What the viewer may do for the whole organization.")
    async def acts(self, info: Info) -> list[Permission]:
        """See the description."""
        here = standing_at(info.context.viewer, frozenset())
        verdicts: dict[str, bool | str] = {act: may(act, here) for act in acts_at(None)}
        proposed = await open_policy(info.context) if verdicts["editPolicyDraft"] is True else None
        if proposed and (against := proposed.against("editPolicyDraft", info.context.viewer.person_id)):
            verdicts["editPolicyDraft"] = against
        if verdicts["openCycle"] is True and await open_cycle_of(info.context):
            verdicts["openCycle"] = "A review cycle is open: close it, which opens the next."
        whys = {act: verdict if isinstance(verdict, str) else None for act, verdict in verdicts.items()}
        return [Permission(act=act, allowed=why is None, why=why) for act, why in whys.items()]


@resolves("organization")
async def _organization(context: Context, organization_id: UUID, _extra: bytes) -> Node | None:
    if organization_id != context.viewer.organization_id:
        return None
    return Organization.of(await context.organization())


async def _people(info: Info, first: int, after: str | None, search: str | None) -> Connection[Person]:
    context = info.context
    which = "organization_id = :organization AND LOWER(name) LIKE :search"
    values = {"organization": context.viewer.organization_id, "search": f"%{(search or '').lower()}%"}
    key = key_of(after, str, UUID) or ["", _FIRST]
    sql = f"""SELECT id, name, email FROM person WHERE {which} AND (name > :name OR (name = :name AND id > :id))
              ORDER BY name, id LIMIT :most"""
    found = await rows(context.db, sql, name=key[0], id=key[1], most=check_first(first) + 1, **values)

    async def count() -> int:
        return int((await rows(context.db, f"SELECT COUNT(*) AS n FROM person WHERE {which}", **values))[0]["n"])

    return Connection[Person].page(
        [((row["name"], str(row["id"])), Person.of(row)) for row in found], first, after, count
    )


async def _seats(info: Info, first: int, after: str | None) -> Connection[Seat]:
    context = info.context
    key = key_of(after, UUID) or [_FIRST]
    organization = context.viewer.organization_id
    sql = f"SELECT {SEAT_COLUMNS} FROM seat WHERE organization_id = :organization AND id > :id ORDER BY id LIMIT :most"
    found = await rows(context.db, sql, organization=organization, id=key[0], most=check_first(first) + 1)

    async def count() -> int:
        sql = "SELECT COUNT(*) AS n FROM seat WHERE organization_id = :organization"
        return int((await rows(context.db, sql, organization=organization))[0]["n"])

    return Connection[Seat].page([((str(row["id"]),), Seat.of(row)) for row in found], first, after, count)


async def seat_of(info: Info, seat_id: UUID) -> Seat:
    """A seat that was just changed."""
    row = await info.context.one(seat_rows, seat_id)
    if row is None:
        raise LookupError(f"no seat {seat_id} in this organization")
    return Seat.of(row)
