"""Findings: which rule notices which code, and what a look changes about those that are open (law §9)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from server.domain import findings_progress, findings_sales, findings_value
from server.domain.noticed import FindingCode, Noticed
from server.domain.subjects import Subject


@dataclass(frozen=True, slots=True)
class Rule:
    """A pure function that notices one code on a subject, or does not; and where the law says so."""

    notices: Callable[[Subject], Noticed | None]
    source: str


LAW: Mapping[FindingCode, Rule] = MappingProxyType(
    {
        FindingCode.NO_SALES_PLAN: Rule(findings_sales.no_sales_plan, "law §2: gate into DETAILED; §9"),
        FindingCode.QUOTA_BELOW_CASE: Rule(findings_sales.quota_below_case, "law §2: gate into DECIDED; §9"),
        FindingCode.COVERAGE_SHORT: Rule(findings_sales.coverage_short, "law §5: required coverage; §9"),
        FindingCode.INCENTIVE_MISALIGNED: Rule(findings_sales.incentive_misaligned, "law §5: alignment; §9"),
        FindingCode.MOTION_WITHOUT_PROGRESS: Rule(findings_progress.motion_without_progress, "law §6; §9"),
        FindingCode.GREEN_BUT_EMPTY: Rule(findings_value.green_but_empty, "law §7; §9"),
        FindingCode.SPEND_BEFORE_DECISION: Rule(findings_value.spend_before_decision, "law §4: leakage; §9"),
        FindingCode.MISALIGNED_ACTIVITY: Rule(findings_sales.misaligned_activity, "law §5: activity alignment; §9"),
        FindingCode.SPEND_WITHOUT_CASE: Rule(findings_value.spend_without_case, "law §4; §9"),
        FindingCode.GATE_STALLED: Rule(findings_progress.gate_stalled, "law §3: cadence; §9"),
        FindingCode.BLOCKED: Rule(findings_progress.blocked, "law §6: dependencies; §9"),
        FindingCode.STALE_INPUT: Rule(findings_progress.stale_input, "law §8; §9"),
        FindingCode.CLOSED_WITH_SHORTFALL: Rule(findings_value.closed_with_shortfall, "law §2: closing; §9"),
        FindingCode.ORPHAN_RESULTS: Rule(findings_sales.orphan_results, "law §5: results; §9"),
        FindingCode.HYPOTHESIS_FAILING: Rule(findings_value.hypothesis_failing, "law §1: hypothesis; §9"),
        FindingCode.STOP_CANDIDATE: Rule(findings_value.stop_candidate, "law §4, §7; §9"),
    }
)


def notice(subject: Subject) -> dict[FindingCode, Noticed]:
    """All that there is to notice on a subject now."""
    found = ((code, rule.notices(subject)) for code, rule in LAW.items())
    return {code: one for code, one in found if one is not None}


@dataclass(frozen=True, slots=True)
class Differences:
    """What a look changes on one subject: what opens, what stays open but is told anew, and what is resolved."""

    opened: tuple[Noticed, ...] = ()
    altered: tuple[Noticed, ...] = ()
    resolved: tuple[FindingCode, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.altered or self.resolved)


def differences(found: Mapping[FindingCode, Noticed], stand: Iterable[Noticed]) -> Differences:
    """What is noticed now against the findings that stand open on the same subject."""
    standing = {one.code: one for one in stand}
    return Differences(
        tuple(one for code, one in found.items() if code not in standing),
        tuple(one for code, one in found.items() if code in standing and standing[code] != one),
        tuple(code for code in standing if code not in found),
    )
