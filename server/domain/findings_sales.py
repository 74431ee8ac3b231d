"""Findings about sales: does what sellers are asked, paid and able to do carry the case (law §5 and §9)?"""

from server.domain.cascade import Level
from server.domain.noticed import PER_CENT, FindingCode, Noticed, Severity, by_share
from server.domain.policy import Criterion, Policy
from server.domain.stages import Stage
from server.domain.subjects import ACTIVITY_DAYS, Subject

ALIGNED_AT_LEAST, CRITICAL_BELOW = 50, 25
"""Per cent of sellers' time: below half, most of it goes elsewhere than the strategy that was decided; below a
quarter, nearly all."""


def no_sales_plan(subject: Subject) -> Noticed | None:
    """A revenue initiative without a sales plan.

    While it is DEFINED that is a note, from DECIDED on critical: the money is promised, and nobody sells.
    """
    if subject.level is not Level.INITIATIVE or not subject.at(Stage.DEFINED, Stage.IMPLEMENTED):
        return None
    if subject.revenue <= 0 or subject.selling.plans or subject.stage is None:
        return None
    severity = Severity.INFO if subject.stage < Stage.IDENTIFIED else Severity.WARNING
    return Noticed(
        FindingCode.NO_SALES_PLAN,
        Severity.CRITICAL if subject.stage >= Stage.DECIDED else severity,
        subject.revenue,
        f"“{subject.name}” plans revenue of {subject.money(subject.revenue)}, and no sales plan carries it: create one"
        " below it, with quota by month.",
        (("Planned revenue", subject.money(subject.revenue)), ("Sales plans", "0")),
    )


def quota_below_case(subject: Subject) -> Noticed | None:
    """Quota asks for less than the case promises, by the policy's share (default: all of it). Explained: a note."""
    if subject.level is not Level.INITIATIVE or not subject.at(Stage.DETAILED, Stage.IMPLEMENTED):
        return None
    revenue, quota = subject.revenue, subject.selling.quota
    share = _demanded(subject.policy)
    if not subject.selling.plans or quota * PER_CENT >= revenue * share:
        return None
    gap = revenue - quota
    step = "the gap is explained" if subject.gap_explained else "raise the quota or explain the gap"
    return Noticed(
        FindingCode.QUOTA_BELOW_CASE,
        Severity.INFO if subject.gap_explained else by_share(gap, revenue),
        gap,
        f"The sales plans of “{subject.name}” carry quota of {subject.money(quota)} against planned revenue of"
        f" {subject.money(revenue)}: {subject.money(gap)} is nobody's to sell; {step}.",
        (
            ("Planned revenue", subject.money(revenue)),
            ("Quota", subject.money(quota)),
            ("Share the policy asks for", f"{share} %"),
            ("Explained", "yes" if subject.gap_explained else "no"),
        ),
    )


def _demanded(policy: Policy) -> int:
    """Per cent of the planned revenue that quota has to cover by the policy."""
    asked = (demand for gate in policy.gates.values() for demand in gate.demands)
    return max((one.at_least for one in asked if one.criterion is Criterion.QUOTA_COVERS_PLAN), default=PER_CENT)


def coverage_short(subject: Subject) -> Noticed | None:
    """The open pipeline, at the plan's own win rate, does not bring the quota that is left this fiscal year.

    Coverage (pipeline ÷ quota left) below required coverage (1 ÷ win rate), multiplied out so that nothing is rounded.
    Where no deal has closed yet every open one is taken as won: coverage below 1 is short at any win rate.
    """
    if subject.level is not Level.SALES_PLAN or not subject.at(Stage.DECIDED, Stage.IMPLEMENTED):
        return None
    sold = subject.selling
    closed = sold.won + sold.lost
    won, of = (sold.won, closed) if closed else (1, 1)
    short = sold.quota_left - sold.pipeline * won // of
    if sold.quota_left <= 0 or short <= 0:
        return None
    rate = f"{sold.won} of {closed} closed deals" if closed else "unknown: no deal has closed, so all are taken as won"
    return Noticed(
        FindingCode.COVERAGE_SHORT,
        by_share(short, sold.quota_left),
        short,
        f"“{subject.name}” has quota of {subject.money(sold.quota_left)} left this fiscal year and an open pipeline of"
        f" {subject.money(sold.pipeline)}: at its win rate it falls short by {subject.money(short)}. Build pipeline"
        " now, or propose a change of the quota.",
        (
            ("Quota left", subject.money(sold.quota_left)),
            ("Open pipeline", subject.money(sold.pipeline)),
            ("Win rate", rate),
        ),
    )


def incentive_misaligned(subject: Subject) -> Noticed | None:
    """Decided, yet no incentive weight of its sellers supports it: critical where they are paid for something else."""
    if subject.level is not Level.INITIATIVE or not subject.at(Stage.DECIDED, Stage.IMPLEMENTED):
        return None
    sold = subject.selling
    if not sold.plans or sold.supporting:
        return None
    stake = sold.quota or subject.revenue
    paid = "all weight of their incentives rewards something else" if sold.weight else "no incentive weight is recorded"
    return Noticed(
        FindingCode.INCENTIVE_MISALIGNED,
        Severity.CRITICAL if sold.weight else Severity.WARNING,
        stake,
        f"“{subject.name}” is decided, and nobody is paid for selling it: of its sellers {paid}. Point incentives at"
        f" it, or expect its quota of {subject.money(stake)} to be sold last.",
        (
            ("Quota", subject.money(sold.quota)),
            ("Incentive weight", _per_cent(sold.weight)),
            ("Weight that supports it", _per_cent(0)),
        ),
    )


def misaligned_activity(subject: Subject) -> Noticed | None:
    """Less than half of the sellers' logged activity is under plans of decided measures, over the last quarter."""
    spent = subject.activity
    if subject.level is not None or spent.aligned * PER_CENT >= spent.total * ALIGNED_AT_LEAST:
        return None
    share = spent.aligned * PER_CENT // spent.total
    return Noticed(
        FindingCode.MISALIGNED_ACTIVITY,
        Severity.CRITICAL if share < CRITICAL_BELOW else Severity.WARNING,
        spent.quota_left,
        f"Only {share} % of the sellers' activity of the last {ACTIVITY_DAYS} days went to decided plans, which have"
        f" quota of {subject.money(spent.quota_left)} left: look where the rest goes, and free their time.",
        (
            (f"Activity under decided plans, in {spent.unit}", f"{spent.aligned:,}"),
            (f"All activity, in {spent.unit}", f"{spent.total:,}"),
            ("Quota left of decided plans", subject.money(spent.quota_left)),
        ),
    )


def orphan_results(subject: Subject) -> Noticed | None:
    """Won or open deals that belong to no plan: by their share of all that is won or open."""
    found = subject.results
    deals, units = found.orphans_won + found.orphans_open, found.won_units + found.open_units
    if subject.level is not None or not deals:
        return None
    told = "1 deal belongs" if deals == 1 else f"{deals:,} deals belong"
    return Noticed(
        FindingCode.ORPHAN_RESULTS,
        by_share(units, found.all_units) if units else Severity.INFO,
        units,
        f"{told} to no sales plan: {subject.money(found.won_units)} won and {subject.money(found.open_units)} open"
        " count for no strategy. Assign them, or write a rule that does.",
        (
            ("Won deals without a plan", f"{found.orphans_won:,}"),
            ("Open deals without a plan", f"{found.orphans_open:,}"),
            ("Won and open of all deals", subject.money(found.all_units)),
        ),
    )


def _per_cent(hundredths: int) -> str:
    return f"{hundredths // PER_CENT}.{hundredths % PER_CENT:02} %"
