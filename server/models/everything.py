"""Reading everything that an organization holds, noun by noun and page by page: what a full export is made of.

One list says of each noun where it stands, by which node sight and amounts are judged, and which columns are amounts.
Only what is named here ever leaves: no secret has a place in it.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.people import Viewer
from server.models.database import rows
from server.models.scope import priced, recorded, seen

PAGE = 1_000
"""Rows in memory at a time."""
REPORTING = "the organization's"
"""In place of a column: the currency of an amount that is in the reporting currency."""
_SUBMISSION = "JOIN submission s ON s.id = t.submission_id"


@dataclass(frozen=True, slots=True)
class Noun:
    """One file of an export.

    `node` is the node by which sight and amounts are judged; None: of the whole organization, for whoever has a seat,
    or with `whole` for who sees all of it. `money` maps an amount in minor units to the column of its currency.
    `hidden` is what may hold amounts besides. `scaled` is how many decimals a whole number stands for.
    """

    name: str
    about: str
    source: str
    columns: tuple[str, ...]
    node: str | None = None
    whole: bool = False
    ledger: bool = False
    key: str = "t.id"
    organization: str = "t.organization_id"
    money: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    scaled: Mapping[str, int] = field(default_factory=dict)

    @property
    def labels(self) -> list[str]:
        """The columns of its file: each amount is followed by its currency, where no other column tells it."""
        told = [column.rpartition(" AS ")[2].rpartition(".")[2].strip('"') for column in self.columns]
        return [*told, *(["reporting_currency"] if REPORTING in self.money.values() else [])]


def _columns(names: str, *more: str) -> tuple[str, ...]:
    return (*(f"t.{name}" for name in names.split()), *more)


def _of_node(name: str, table: str, about: str, columns: str, **more: Any) -> Noun:
    return Noun(name, about, f"{table} t", _columns(columns), node="t.node_id", **more)


NOUNS = (
    Noun(
        "nodes",
        "The cascade: objectives, portfolios, programs, initiatives and sales plans.",
        "node t",
        _columns(
            "id parent_id level name description business_unit tags standing standing_reason review_on "
            "hypothesis metric target target_date stage staged_at owner_id sponsor_id controller_id estimated_units "
            "estimated_currency risks overlaps gap_explanation variance_explanation sellers created_at revision"
        ),
        node="t.id",
        money={"estimated_units": "estimated_currency"},
    ),
    _of_node("external_ids", "external_id", "What other systems call a node.", "id node_id system external_id"),
    _of_node(
        "value_lines",
        "value_line",
        "Lines of value of initiatives, with their baselines.",
        "id node_id kind name recurring currency baseline_units baseline_source baseline_date revision",
        money={"baseline_units": "currency"},
    ),
    Noun(
        "months",
        "Plan, forecast, actual and confirmed of a line by month; `_reporting` at the plan rates.",
        "month_value t JOIN value_line l ON l.id = t.line_id",
        _columns(
            "row line_id month plan forecast actual confirmed plan_reporting forecast_reporting actual_reporting "
            "confirmed_reporting",
            "l.currency",
        ),
        node="l.node_id",
        key="t.row",
        organization="l.organization_id",
        money=dict.fromkeys(("plan", "forecast", "actual", "confirmed"), "currency")
        | dict.fromkeys(("plan_reporting", "forecast_reporting", "actual_reporting", "confirmed_reporting"), REPORTING),
    ),
    Noun(
        "corrections",
        "Actuals that a controller corrected after their period had closed.",
        "correction t JOIN value_line l ON l.id = t.line_id",
        _columns("id line_id month before_units after_units currency reason by_id at"),
        node="l.node_id",
        money={"before_units": "currency", "after_units": "currency"},
    ),
    _of_node(
        "budgets",
        "budget",
        "What a portfolio may spend in a fiscal year.",
        "id node_id fiscal_year units currency revision",
        money={"units": "currency"},
    ),
    _of_node(
        "milestones",
        "milestone",
        "Dated steps under measures.",
        "id node_id name due original_due critical measure_type metric unit start target actual assignee_id "
        "achieved_on achieved_by_id verified_by_id verified_at cancelled_reason revision",
    ),
    Noun(
        "milestone_dependencies",
        "Which milestone waits for which.",
        "milestone_dependency t JOIN milestone m ON m.id = t.milestone_id",
        _columns("id milestone_id awaits_id"),
        node="m.node_id",
    ),
    Noun(
        "evidence",
        "What backs measures and milestones; of a file its name and its SHA-256, not its bytes.",
        "evidence t LEFT JOIN milestone m ON m.id = t.milestone_id LEFT JOIN stored_file f ON f.id = t.file_id",
        _columns(
            "id node_id milestone_id source date reading url note by_id at file_id",
            "f.name AS file_name",
            "f.hash AS sha256",
        ),
        node="COALESCE(t.node_id, m.node_id)",
    ),
    _of_node(
        "quota",
        "quota",
        "Quota of sales plans by month.",
        "row node_id month dimension segment units",
        key="t.row",
        organization="n.organization_id",
        money={"units": REPORTING},
    ),
    _of_node(
        "capacity",
        "capacity",
        "What a seller can be expected to bring a plan in a month.",
        "row node_id seller month units",
        key="t.row",
        organization="n.organization_id",
        money={"units": REPORTING},
    ),
    _of_node(
        "opportunities",
        "opportunity",
        "Deals of the CRM; those without a plan (orphans) for who sees the whole organization.",
        "id node_id system external_id account account_group product product_group seller territory units currency "
        "units_reporting stage state forecast_category probability engaged_on closed_on revision",
        money={"units": "currency", "units_reporting": REPORTING},
        scaled={"probability": 6},
    ),
    _of_node(
        "activities",
        "sales_activity",
        "What sellers spent their time on.",
        "id node_id system external_id kind date minutes seller account account_group product product_group territory",
    ),
    _of_node(
        "matching_rules",
        "matching_rule",
        "Which deals belong to which sales plan; the lowest position wins.",
        "id node_id position product product_group territory account account_group seller",
    ),
    _of_node(
        "incentives",
        "incentive",
        "What sellers are paid for; the weight is in per cent.",
        "id node_id seller_id name weight rewards_id",
        scaled={"weight": 2},
    ),
    _of_node(
        "submissions",
        "submission",
        "What was handed in at gates, changes and reopenings, with the criteria and figures of then.",
        'id node_id "into" purpose submitted_by_id submitted_at comment policy_version outcome retracted ended_at '
        "criteria figures proposal deciders revision",
        hidden=("figures", "proposal", "criteria", "deciders"),
    ),
    Noun(
        "decisions",
        "Votes on submissions.",
        f"decision t {_SUBMISSION}",
        _columns(
            "id submission_id by_id on_behalf_of_id as_role outcome comment confirmed_units confirmed_currency "
            "checked_against at"
        ),
        node="s.node_id",
        money={"confirmed_units": "confirmed_currency"},
    ),
    Noun(
        "questions",
        "Questions about submissions, and their answers.",
        f"question t {_SUBMISSION}",
        _columns("id submission_id text asked_by_id asked_at reply answered_by_id answered_at"),
        node="s.node_id",
    ),
    _of_node(
        "plan_versions",
        "plan_version",
        "Decided plans as they stood.",
        "id node_id version made_at submission_id document",
        hidden=("document",),
    ),
    _of_node(
        "indicators",
        "indicator",
        "What nodes are measured by.",
        "id node_id name description unit direction start start_date target target_date source figure decides system "
        "external_id revision",
        hidden=("start", "target"),
    ),
    Noun(
        "indicator_points",
        "An indicator on a day: what its path demands, and what was read.",
        "indicator_point t JOIN indicator i ON i.id = t.indicator_id",
        _columns("id indicator_id date target actual note by_id at"),
        node="i.node_id",
        hidden=("target", "actual"),
    ),
    _of_node(
        "lights",
        "light_setting",
        "Lights as people set them, and what the server proposed then.",
        "id node_id light colour proposed better reason by_id at ended_at",
    ),
    _of_node(
        "cycle_lights",
        "cycle_light",
        "How lights stood when a review cycle closed.",
        "id cycle_id node_id implementation potential",
    ),
    Noun(
        "cycles",
        "Review cycles.",
        "review_cycle t",
        _columns(
            "id number starts ends due opened_by_id opened_at closed_by_id closed_at closed_revision locked_through"
        ),
    ),
    _of_node(
        "findings",
        "finding",
        "What the system noticed by itself, until when.",
        "id node_id code severity sentence inputs at_stake_units currency opened_at opened_revision resolved_at "
        "resolved_revision",
        money={"at_stake_units": "currency"},
        hidden=("inputs",),
    ),
    Noun("people", "The people of the organization.", "person t", _columns("id name email")),
    Noun(
        "seats",
        "Who holds which role where; without a node the whole organization.",
        "seat t",
        _columns("id person_id role node_id starts ends granted_by_id ratified_by_id reads_money reads_ledger"),
    ),
    Noun(
        "delegations",
        "Votes lent.",
        "delegation t",
        _columns("id seat_id lent_by_id to_person_id starts ends reason revoked_at"),
        whole=True,
    ),
    Noun(
        "plan_rates",
        "What one unit of a currency is planned to cost in the reporting currency.",
        "plan_rate t",
        _columns("id fiscal_year currency rate"),
    ),
    Noun(
        "actual_rates",
        "What one unit of a currency really cost, by month.",
        "actual_rate t",
        _columns("id month currency rate"),
    ),
    Noun(
        "policies",
        "Every version of the policy; the one in force is policy.yaml, too.",
        "policy_version t",
        _columns(
            "id version state drafted_by_id drafted_at proposed_by_id proposed_at ratified_by_id ratified_at document"
        ),
    ),
    Noun(
        "import_mappings",
        "How files were read.",
        "import_mapping t",
        _columns("id name kind document"),
        whole=True,
    ),
    Noun(
        "import_runs",
        "Which files were read, and what came of it.",
        "import_run t",
        _columns("id kind file_name hash at by_id report"),
        whole=True,
        hidden=("report",),
    ),
    Noun(
        "ledger",
        "Every fact, chained by its hashes; amounts in it as who exports may read them.",
        "ledger_entry t",
        _columns("id revision at by_id on_behalf_of_id kind sentence thing thing_id node_id changes previous hash"),
        node="t.node_id",
        ledger=True,
        key="t.revision",
        hidden=("changes",),
    ),
)


async def pages(db: BaseDBAsyncClient, viewer: Viewer, noun: Noun) -> AsyncIterator[list[dict[str, Any]]]:
    """What the viewer sees of a noun, in pages; `readable` is whether they may read the amounts of a row."""
    if not viewer.seats or (noun.whole and not viewer.sees_all):
        return
    node = noun.node or "NULL"
    allowed, values = _allowed(viewer, noun)
    readable, money = priced(viewer, node) if noun.node else ("1 = 1" if viewer.reads_all_money else "1 = 0", {})
    joined = "JOIN node n ON n.id = t.node_id" if noun.organization == "n.organization_id" else ""
    sql = f"""SELECT {", ".join(noun.columns)}, {noun.key} AS page_key,
                     CASE WHEN {readable} THEN 1 ELSE 0 END AS readable
              FROM {noun.source} {joined}
              WHERE {noun.organization} = :organization AND {noun.key} > :after AND {allowed}
              ORDER BY {noun.key} LIMIT :most"""
    named = {"organization": viewer.organization_id, "most": PAGE, **values, **money}
    after: Any = UUID(int=0) if noun.key == "t.id" else 0
    while found := await rows(db, sql, after=after, **named):
        after = found[-1].pop("page_key")
        if noun.key == "t.id":
            after = UUID(str(after))
        yield found
        if len(found) < PAGE:
            return


def _allowed(viewer: Viewer, noun: Noun) -> tuple[str, dict[str, Any]]:
    if noun.node is None:
        return "1 = 1", {}
    if noun.ledger:
        return recorded(viewer, noun.node)
    return seen(viewer, noun.node)
