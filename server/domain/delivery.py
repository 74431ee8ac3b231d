"""How the criteria of the gates into IMPLEMENTED and CLOSED are judged (law §2)."""

from collections.abc import Sequence

from server.domain.cases import Case, LineCase
from server.domain.milestones import MeasureType
from server.domain.money import Money
from server.domain.months import Month
from server.domain.planning import Judgement
from server.domain.policy import Policy
from server.domain.wording import listed, quoted


def critical_milestones(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """Every decisive milestone is achieved with evidence, a critical one verified as well."""
    decisive = case.decisive
    if len([one for one in decisive if one.measure_type is not MeasureType.ACTIVITY]) < at_least:
        return False, "It has no critical milestone that measures an outcome or an output: add one, and achieve it."
    waiting = [one for one in decisive if one.achieved_on is None or not one.evidenced]
    if waiting:
        return False, f"Not achieved with evidence: {quoted(waiting)}. Record the reading or the document."
    unverified = [one for one in decisive if one.critical and not one.verified]
    if unverified:
        return False, f"Not verified: {quoted(unverified)}. Someone other than who reported it verifies it."
    return True, f"Achieved with evidence: {quoted(decisive)}."


def forecast(case: Case, _policy: Policy, _at_least: int) -> Judgement:
    """The forecast of every benefit is current for the open month."""
    late = [line for line in case.benefits if line.unforecast]
    if late:
        return False, f"The forecast is not current: set that of {quoted(late)} for {case.open_month}."
    return True, f"The forecast is current for {case.open_month}."


def pipeline_current(case: Case, _policy: Policy, _at_least: int) -> Judgement:
    """The forecast of a sales plan: no open opportunity should have closed before the open month."""
    if case.stale_deals:
        deals = "1 open opportunity was" if case.stale_deals == 1 else f"{case.stale_deals} open opportunities were"
        return False, f"{deals} expected to close before {case.open_month}: bring the pipeline up to date."
    return True, f"The pipeline is current for {case.open_month}."


def actuals(case: Case, policy: Policy, _at_least: int) -> Judgement:
    """Every benefit has an actual in each month of the sustain window."""
    window = case.window(policy.sustain_months)
    if not window and policy.sustain_months:
        return False, "The sustain window begins once it is Implemented."
    missing = missing_actuals(case, window)
    told = [f"“{line.name}” for {listed([str(month) for month in months])}" for line, months in missing]
    if told:
        return False, f"The sustain window is {_span(window)}: record the actuals of {listed(told)}."
    return True, f"Actuals are recorded for every month of the sustain window ({_span(window)})."


def missing_actuals(case: Case, window: Sequence[Month]) -> list[tuple[LineCase, list[Month]]]:
    """Which months of the sustain window still need an actual before closing, by benefit line.

    Of an initiative without any benefit its costs stand in.
    """
    every = (
        (line, [month for month in window if _actual(line, month) is None]) for line in case.benefits or case.lines
    )
    return [(line, months) for line, months in every if months]


def results(case: Case, policy: Policy, _at_least: int) -> Judgement:
    """The actuals of a sales plan: the sustain window is over, and no opportunity of it is still open."""
    window = case.window(policy.sustain_months)
    if not window and policy.sustain_months:
        return False, "The sustain window begins once it is Implemented."
    if window and window[-1] >= case.open_month:
        return False, f"The sustain window is {_span(window)}: it can be closed once {window[-1]} is over."
    if case.stale_deals:
        return pipeline_current(case, policy, 1)
    return True, f"The results of the sustain window ({_span(window)}) are in."


def variance(case: Case, policy: Policy, _at_least: int) -> Judgement:
    """Where a line's actuals differ from its plan up to the window's end, that is explained."""
    last = max(case.window(policy.sustain_months), default=case.open_month)
    missed = [told for line in case.lines if (told := _missed(line, last))]
    return _explained(case, missed)


def _missed(line: LineCase, last: Month) -> str | None:
    months = [amounts for month, amounts in line.months.items() if month <= last]
    plan, actual = (sum(amounts[side] or 0 for amounts in months) for side in (0, 1))
    if plan == actual:
        return None
    return f"“{line.name}” came to {Money(actual, line.currency)} against {Money(plan, line.currency)} planned"


def attainment(case: Case, policy: Policy, _at_least: int) -> Judgement:
    """The variance of a sales plan: what was won against its quota."""
    last = max(case.window(policy.sustain_months), default=case.open_month)
    quota = sum(units for month, units in case.selling.quota.items() if month <= last)
    won = sum(units for month, units in case.won.items() if month <= last)
    missed = f"{Money(won, case.currency)} was won against a quota of {Money(quota, case.currency)}"
    return _explained(case, [missed] if won != quota else [])


def _explained(case: Case, missed: list[str]) -> Judgement:
    if not missed:
        return True, "What came is what was planned: there is no variance to explain."
    if (case.variance_explanation or "").strip():
        return True, f"{listed(missed)}; the variance is explained."
    return False, f"{listed(missed)}: explain the variance."


def evidence(case: Case, _policy: Policy, at_least: int) -> Judgement:
    """Evidence of the value is attached to the measure."""
    if case.evidence < at_least:
        what = "attach a link, a reading or a file, with its source and date"
        return False, f"No evidence of its value is attached: {what}."
    return True, f"Evidence is attached ({case.evidence})."


def _actual(line: LineCase, month: Month) -> int | None:
    return line.months.get(month, (None, None))[1]


def _span(months: Sequence[Month]) -> str:
    return f"{months[0]} to {months[-1]}" if months else "none"
