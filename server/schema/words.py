"""Words that several types share, spoken before any of them: Strawberry keeps the first form of an enum it meets."""

from server.domain.cascade import Level, Standing
from server.domain.sales import ForecastCategory, SalesDimension
from server.domain.stages import Stage
from server.domain.values import ValueKind
from server.schema.fields import spoken

spoken(
    Level,
    "A level of the cascade above the milestone.",
    OBJECTIVE="What the board wants.",
    PORTFOLIO="An investment envelope.",
    PROGRAM="Initiatives that are steered together.",
    INITIATIVE="A governed measure with a business case.",
    SALES_PLAN="A governed measure that turns an initiative into quota, pipeline and results.",
)
spoken(
    Standing,
    "How a measure stands, apart from its stage.",
    ACTIVE="Going on.",
    ON_HOLD="Paused until its review date; it weighs nothing in the outlook.",
    CANCELLED="Given up, with a reason; it weighs nothing in the outlook but stays visible.",
)
spoken(
    Stage,
    "Degree of Implementation: the stage a measure stands at.",
    DEFINED="0: written down, not yet governed.",
    IDENTIFIED="1: owner, sponsor, controller and business unit are named, the size is estimated.",
    DETAILED="2: baseline, phased plan, cost, milestones, risks and overlaps are worked out.",
    DECIDED="3: approved for execution; the plan is frozen.",
    IMPLEMENTED="4: every critical milestone is achieved, with evidence.",
    CLOSED="5: the controller has confirmed the value in the books.",
)
spoken(
    ValueKind,
    "What a value line is about. Avoidance is never added to savings; costs are never weighted by stage.",
    REVENUE="Turnover. Never added to margin.",
    MARGIN="What turnover leaves.",
    COST_SAVING="Cost that falls.",
    COST_AVOIDANCE="Cost that would have come and does not; never part of the headline value.",
    ONE_OFF_COST="What it costs once to get there.",
    CAPEX="What is invested.",
    RUN_COST="What it costs to keep going.",
)
spoken(
    SalesDimension,
    "By what sales figures can be cut. Quota is cut by MONTH and, where a plan says so, by one of TERRITORY, PRODUCT, "
    "ACCOUNT_GROUP and SELLER.",
    MONTH="By month of close; the key is written 2026-11.",
    SELLER="By seller; those of the plan without deals are listed too.",
    PRODUCT="By product.",
    PRODUCT_GROUP="By group of products.",
    ACCOUNT="By account; the empty key is deals that name none.",
    ACCOUNT_GROUP="By group of accounts.",
    TERRITORY="By territory.",
    STAGE="By the CRM's own stage.",
    FORECAST_CATEGORY="By forecast category; the empty key is deals of which the CRM says none.",
)
spoken(
    ForecastCategory,
    "How surely a seller counts on a deal, as the CRM says.",
    PIPELINE="Early, and not counted on.",
    BEST_CASE="May come if all goes well.",
    COMMIT="Promised by the seller.",
    CLOSED="Won or lost.",
    OMITTED="Left out of every forecast.",
)
