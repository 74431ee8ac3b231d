"""What makes a policy unsound by itself: every fault at once, each where it stands and with what to write instead.

`policy_fit` sets it against an organization as well. Only a policy without either kind of fault can be proposed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.domain.catalogue import CATALOGUE
from server.domain.money import CURRENCIES
from server.domain.people import VOTING, Role
from server.domain.policy import Cycle, GatePolicy, Policy, Validation, Vote
from server.domain.stages import STAGES, Stage
from server.domain.texts import unseen
from server.domain.values import BENEFITS, ValueKind
from server.domain.wording import Path, listed, spoken_path

_NAMED = frozenset({Role.SPONSOR, Role.CONTROLLER})  # the one person whom the measure names
MOST_NEEDED = 20
LONGEST_NAME, LONGEST_POLICY_NAME = 40, 80
MOST_SUSTAIN_MONTHS = 36
MOST_DAYS = 365
_SHORTEST_PERIOD = {Cycle.WEEKLY: 7, Cycle.MONTHLY: 28, Cycle.QUARTERLY: 90}  # days
_WHOLE = 100


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """One fault: the path in the document (`gates`, `DECIDED`, `votes`, 1, `needed`), and a sentence."""

    path: Path
    sentence: str

    def __str__(self) -> str:
        """The fault where it stands: `gates.DECIDED.votes[1].needed: …`."""
        return f"{spoken_path(self.path)}: {self.sentence}"


def faults(policy: Policy) -> tuple[PolicyFault, ...]:
    """Every fault of a policy by itself, in the order of its document; none for a sound one."""
    return tuple(PolicyFault(path, sentence) for path, sentence in _faults(policy))


Found = Iterator[tuple[Path, str]]


def _faults(policy: Policy) -> Found:
    yield from _texts([(("name",), policy.name, LONGEST_POLICY_NAME)])
    if policy.currency is not None and policy.currency not in CURRENCIES:
        yield ("currency",), f"“{policy.currency[:10]}” is not an ISO 4217 currency code such as EUR."
    for into in STAGES[1:]:
        yield from _criteria(policy, into)
        yield from _votes(policy.gates[into], into)
        yield from _law(policy.gates[into], into)
    yield from _weights(policy.stage_weights)
    yield from _headline(policy.headline_kinds)
    yield from _within(("sustainMonths",), policy.sustain_months, 0, MOST_SUSTAIN_MONTHS, "months")
    yield from _lights(policy)
    yield from _cadence(policy)
    yield from _names("levelNames", policy.level_names)
    yield from _names("stageNames", policy.stage_names)


def _criteria(policy: Policy, into: Stage) -> Found:
    demands = policy.gates[into].demands
    here: Path = ("gates", into.value, "criteria")
    if not demands:
        yield here, f"The gate into {into.spoken} asks for nothing: list at least one criterion."
    times = Counter(demand.criterion for demand in demands)
    for number, (criterion, at_least) in enumerate((one.criterion, one.at_least) for one in demands):
        entry, place = CATALOGUE[criterion], (*here, number)
        if times[criterion] > 1:
            yield place, f"{criterion} stands {times[criterion]} times at this gate: write it once."
        if entry.parameter is None and at_least != 1:
            yield place, f"{criterion} takes no number: write it alone."
        elif entry.parameter and not entry.parameter.least <= at_least <= entry.parameter.most:
            span = f"{entry.parameter.least} to {entry.parameter.most}"
            yield place, f"{criterion} asks for {at_least} {entry.parameter.counts}: write {span}."
        if into < entry.opens:
            gates = listed([gate.spoken for gate in STAGES if gate >= entry.opens], "or")
            yield place, f"{criterion} can never be met into {into.spoken}, for {entry.since}: ask it into {gates}."
        elif entry.frozen and into > entry.frozen and not _asked_until(policy, criterion, entry.frozen):
            yield (
                place,
                (
                    f"{criterion} is frozen at {entry.frozen.spoken}, so what lacks it then could never mend it: ask "
                    f"it into {entry.frozen.spoken} or before as well."
                ),
            )


def _asked_until(policy: Policy, criterion: Any, last: Stage) -> bool:
    asked = (demand.criterion for into in STAGES[1:] if into <= last for demand in policy.gates[into].demands)
    return criterion in asked


def _votes(gate: GatePolicy, into: Stage) -> Found:
    here: Path = ("gates", into.value, "votes")
    if not gate.votes:
        yield here, f"Nobody decides the gate into {into.spoken}: name at least one role that votes."
    elif all(vote.above is not None for vote in gate.votes):
        least = min(vote.above for vote in gate.votes if vote.above is not None)
        yield here, f"Up to {least:,f} nobody decides the gate into {into.spoken}: give one role no “above”."
    times = Counter(vote.role for vote in gate.votes)
    for number, vote in enumerate(gate.votes):
        place = (*here, number)
        if times[vote.role] > 1:
            overlap = f"{vote.role} stands {times[vote.role]} times at this gate, and where both apply they contradict"
            yield place, f"{overlap}: write each role once."
        yield from _vote(vote, place)


def _vote(vote: Vote, place: Path) -> Found:
    if vote.role not in VOTING:
        votes = listed(sorted(role.value for role in VOTING), "or")
        yield (*place, "role"), f"{vote.role} has no vote at gates: write {votes}."
    if vote.needed < 1:
        yield (*place, "needed"), f"{vote.needed} votes decide nothing: write 1 or more, or leave the role out."
    elif vote.role in _NAMED and vote.needed > 1:
        role = vote.role.spoken
        told = f"A measure names one {role}, so {vote.needed} can never vote"
        yield (*place, "needed"), f"{told}: write 1, and let another role vote as well."
    elif vote.needed > MOST_NEEDED:
        yield (*place, "needed"), f"{vote.needed} votes of one role are never had: write 1 to {MOST_NEEDED}."
    if vote.above is not None and vote.above <= 0:
        yield (*place, "above"), f"Every measure lies above {vote.above:f}: write a larger amount, or leave it out."


def _law(gate: GatePolicy, into: Stage) -> Found:
    """What the law says of a gate whatever the policy (law §2): finance at Decided, the controller alone at Closed."""
    here: Path = ("gates", into.value)
    always = {vote.role for vote in gate.votes if vote.above is None}
    if into is Stage.CLOSED and {vote.role for vote in gate.votes} != {Role.CONTROLLER} and gate.votes:
        yield (*here, "votes"), "The controller alone confirms the value and closes: write CONTROLLER only."
    if into is Stage.DECIDED and gate.votes and Role.CONTROLLER not in always:
        yield (
            (*here, "votes"),
            "Decided means that finance has confirmed size and timing: let the CONTROLLER vote, without “above”.",
        )
    validation = gate.financial_validation
    if validation is Validation.NONE and into in {Stage.DECIDED, Stage.CLOSED}:
        what = "the size" if into is Stage.DECIDED else "the value in the books"
        told = f"Into {into.spoken} the controller states {what}"
        yield (*here, "financialValidation"), f"{told}: write AMOUNT or DOCUMENTED."
    elif (
        validation is not Validation.NONE and gate.votes and Role.CONTROLLER not in always and into is not Stage.DECIDED
    ):
        yield (
            (*here, "financialValidation"),
            (
                "Only a controller states the amount, and here none always votes: let CONTROLLER vote without “above”, "
                "or write NONE."
            ),
        )


def _weights(weights: Mapping[Stage, int]) -> Found:
    before = STAGES[0]
    for stage in STAGES:
        weight = weights[stage]
        yield from _within(("stageWeights", stage.value), weight, 0, _WHOLE, "per cent")
        if weight < weights[before]:
            told = f"{stage.spoken} weighs {weight} %, less than {before.spoken} before it ({weights[before]} %)"
            yield (
                ("stageWeights", stage.value),
                f"{told}: a later stage is no less certain, write {weights[before]} or more.",
            )
        before = stage


def _headline(kinds: tuple[ValueKind, ...]) -> Found:
    here = "headlineKinds"
    if not kinds:
        yield (here,), "The headline value adds no kind: name at least one, such as MARGIN."
    for number, kind in enumerate(kinds):
        if kind in kinds[:number]:
            yield (here, number), f"{kind} would be added twice: write it once."
        if kind is ValueKind.COST_AVOIDANCE:
            yield (here, number), "Avoided cost is never part of the headline value: leave COST_AVOIDANCE out."
        elif kind not in BENEFITS:
            yield (here, number), f"{kind} is a cost and no value: leave it out."
        elif kind is ValueKind.REVENUE and ValueKind.MARGIN in kinds:
            yield (here, number), "Margin is part of revenue, and the two are never added: keep one of them."


def _lights(policy: Policy) -> Found:
    lights = policy.lights
    for name, share in (("greenFrom", lights.green_from), ("amberFrom", lights.amber_from)):
        if not 0 < share <= 1:
            yield (
                ("lights", name),
                f"{share:f} is no share of the plan: write a number above 0 and up to 1, such as 0.9.",
            )
    if lights.amber_from >= lights.green_from:
        told = f"Amber begins at {lights.amber_from:f} and green at {lights.green_from:f} of the plan"
        yield ("lights", "amberFrom"), f"{told}: amber must begin below green."
    for name, days in (("amberAfterDays", lights.amber_after_days), ("redAfterDays", lights.red_after_days)):
        yield from _within(("lights", name), days, 0, MOST_DAYS, "days")
    if lights.amber_after_days >= lights.red_after_days:
        told = f"Amber comes after {lights.amber_after_days} days of delay and red after {lights.red_after_days}"
        yield ("lights", "redAfterDays"), f"{told}: red must come later than amber."


def _cadence(policy: Policy) -> Found:
    cadence, here = policy.cadence, "cadence"
    longest = _SHORTEST_PERIOD[cadence.cycle] - 1
    if not 0 <= cadence.due_days <= longest:
        told = (
            f"A {cadence.cycle.lower()} cycle that is due {cadence.due_days} days after its period would meet the next"
        )
        yield (here, "dueDays"), f"{told}: write 0 to {longest}."
    yield from _within((here, "remindAfterDays"), cadence.remind_after_days, 1, MOST_DAYS, "days")
    yield from _within((here, "stalledAfterDays"), cadence.stalled_after_days, 1, MOST_DAYS, "days")
    if cadence.stalled_after_days <= cadence.remind_after_days:
        told = f"A gate counts as stalled after {cadence.stalled_after_days} days"
        yield (
            (here, "stalledAfterDays"),
            f"{told}, before its deciders are reminded ({cadence.remind_after_days}): write more.",
        )


def _names(part: str, names: Mapping[Any, str]) -> Found:
    yield from _texts(((part, word.value), name, LONGEST_NAME) for word, name in names.items())
    taken: dict[str, str] = {}
    for word, name in names.items():
        first = taken.setdefault(name.strip().casefold(), word.value)
        if first != word.value and name.strip():
            yield (part, word.value), f"“{name}” is what {first} is called already: choose another name."


def _texts(texts: Iterable[tuple[Path, str, int]]) -> Found:
    for path, text, longest in texts:
        if not text.strip():
            yield path, "This name is empty: write one."
        elif text != text.strip():
            yield path, f"“{text}” begins or ends with a blank: take it out."
        if len(text) > longest:
            yield path, f"“{text[:longest]}…” has {len(text)} characters: at most {longest} fit."
        if hidden := unseen(text):
            yield path, f"It holds a character that cannot be seen ({hidden}): take it out."
        elif any(sign in text for sign in "\n\r\t"):
            yield path, "It holds a line end or a tab: write it on one line."


def _within(path: Path, number: int, least: int, most: int, unit: str) -> Found:
    if not least <= number <= most:
        yield path, f"{number} {unit} lies out of reach: write {least} to {most}."
