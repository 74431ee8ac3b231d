"""What a policy would change for the measures there are, at the next gate of each (issue: before it is proposed).

It asks the very `readiness` that gates show and submissions go by, once under the policy in force and once under the
other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from server.domain.cases import Case
from server.domain.catalogue import CATALOGUE
from server.domain.gates import CriterionResult, Holders, Readiness, readiness
from server.domain.people import Role
from server.domain.policy import Policy
from server.domain.policy_differences import body
from server.domain.stages import Stage


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes for one measure at its next gate.

    Bodies that would vote as well or no more, criteria that are unmet only under the new policy, those that were unmet
    only under the old, and why its votes could not be had, where they could before.
    """

    case: Case
    into: Stage
    joins: tuple[Role, ...]
    leaves: tuple[Role, ...]
    unmet: tuple[CriterionResult, ...]
    spared: tuple[CriterionResult, ...]
    lacking: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return bool(self.joins or self.leaves or self.unmet or self.spared or self.lacking)


def effect(case: Case, into: Stage, old: Policy | None, new: Policy, holders: Holders) -> Effect:
    """What a policy changes for a measure before its gate; `old` is None where none is in force, and no gate opens."""
    now = readiness(case, into, new, holders)
    was = readiness(case, into, old, holders) if old else Readiness((), (), (), (), None)
    needed, needs = ({decider.role for decider in found.deciders} for found in (was, now))
    lacked, lacks = ({one.code: one for one in found.criteria if not one.met} for found in (was, now))
    return Effect(
        case,
        into,
        joins=tuple(role for role in Role if role in needs - needed),
        leaves=tuple(role for role in Role if role in needed - needs),
        unmet=tuple(one for code, one in lacks.items() if code not in lacked),
        spared=tuple(one for code, one in lacked.items() if code not in lacks),
        lacking=() if was.lacking else now.lacking,
    )


def told(effects: Sequence[Effect], submitted: int) -> tuple[str, ...]:
    """The totals as sentences, the first of which says the most: “Of 41 open measures, 6 would need …”.

    `submitted` counts further measures whose open submission keeps the version it was made under.
    """
    return tuple(_told(effects, submitted))


def _told(effects: Sequence[Effect], submitted: int) -> Iterator[str]:
    total = "1 open measure" if len(effects) == 1 else f"{len(effects)} open measures"
    found = list(_counted(effects))
    if not any(one.any for one in effects):
        yield f"Of {total}, none would be asked for anything else at its next gate."
    else:
        yield f"Of {total}, {', '.join(found)}." if found else f"Of {total}, some would lack less than they do now."
    titles = {criterion.value: entry.title for criterion, entry in CATALOGUE.items()}
    unmet = Counter(one.code for each in effects for one in each.unmet if one.code in titles)
    for code, count in unmet.most_common():
        yield f"{_measures(count)} would not meet “{titles[code]}”, and would have to before being submitted."
    spared = sum(1 for each in effects if each.spared)
    if spared:
        yield f"{_measures(spared)} would be spared a criterion that is not met now."
    if submitted:
        keeps = "is submitted already and keeps" if submitted == 1 else "are submitted already and keep"
        yield f"{submitted} more {keeps} the policy as it was then."


def _counted(effects: Iterable[Effect]) -> Iterator[str]:
    each = list(effects)
    for role in Role:
        if count := sum(role in one.joins for one in each):
            yield f"{count} would need the {body(role)}"
    for role in Role:
        if count := sum(role in one.leaves for one in each):
            yield f"{count} would no longer need the {body(role)}"
    if count := sum(bool(one.lacking) for one in each):
        yield f"{count} would have no eligible approver"


def _measures(count: int) -> str:
    return "1 measure" if count == 1 else f"{count} measures"
