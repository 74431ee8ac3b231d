"""What changes from one policy to another, as sentences that people and the ledger read."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from server.domain.catalogue import CATALOGUE
from server.domain.people import Role
from server.domain.policy import USUAL, Criterion, GatePolicy, Policy, Validation, Vote
from server.domain.stages import STAGES, Stage
from server.domain.values import ValueKind
from server.domain.wording import listed

_STATES = {
    Validation.NONE: "finance states nothing",
    Validation.AMOUNT: "finance states the amount",
    Validation.DOCUMENTED: "finance states the amount and what it was checked against",
}


def body(role: Role) -> str:
    """What a voting role is called at a gate: the executives are the steering committee (law §3)."""
    return "steering committee" if role is Role.EXECUTIVE else role.spoken


def differences(old: Policy, new: Policy) -> tuple[str, ...]:
    """Every difference between two policies, gate by gate, then the rest; none where they ask for the same."""
    return tuple(_differences(old, new))


def _differences(old: Policy, new: Policy) -> Iterator[str]:
    for into in STAGES[1:]:
        was, now = old.gates[into], new.gates[into]
        yield from (f"Into {into.spoken} {told}." for told in _gate(was, now, old.currency, new.currency))
    yield from _each("The weight of {} is {} % instead of {} %.", STAGES, old.stage_weights, new.stage_weights)
    if old.headline_kinds != new.headline_kinds:
        yield f"The headline value adds {_kinds(new.headline_kinds)} instead of {_kinds(old.headline_kinds)}."
    if old.sustain_months != new.sustain_months:
        months = "1 month" if new.sustain_months == 1 else f"{new.sustain_months} months"
        yield f"The sustain window is {months} instead of {old.sustain_months}."
    yield from _lights(old, new)
    yield from _cadence(old, new)
    yield from _named(old.level_names, new.level_names)
    yield from _named(old.stage_names, new.stage_names)
    if old.currency != new.currency:
        yield f"Its amounts are in {new.currency or 'the reporting currency'} instead of {old.currency or 'it'}."
    if old.name != new.name:
        yield f"It is named “{new.name}” instead of “{old.name}”."


def _gate(was: GatePolicy, now: GatePolicy, old_currency: str | None, currency: str | None) -> Iterator[str]:
    before, after = {vote.role: vote for vote in was.votes}, {vote.role: vote for vote in now.votes}
    for role in Role:
        yield from _vote(before.get(role), after.get(role), old_currency, currency)
    asked, asks = ({demand.criterion: demand.at_least for demand in gate.demands} for gate in (was, now))
    yield from _criteria(asked, asks)
    if was.financial_validation is not now.financial_validation:
        yield f"{_STATES[now.financial_validation]}, where before {_STATES[was.financial_validation]}"


def _vote(was: Vote | None, now: Vote | None, old_currency: str | None, currency: str | None) -> Iterator[str]:
    if now is None:
        if was is not None:
            yield f"the {body(was.role)} votes no more"
        return
    who = f"the {body(now.role)}"
    if was is None:
        yield f"{who} votes as well{_above(now.above, currency)}{_quorum(now.needed)}"
        return
    if was.above != now.above or (now.above is not None and old_currency != currency):
        if now.above is None:
            yield f"{who} always votes instead of only{_above(was.above, old_currency)}"
        elif was.above is None:
            yield f"{who} votes only{_above(now.above, currency)} instead of always"
        else:
            yield f"{who} joins{_above(now.above, currency)} instead of {_amount(was.above, old_currency)}"
    if was.needed != now.needed:
        yield f"it takes {now.needed} of {who} instead of {was.needed}"


def _quorum(needed: int) -> str:
    return f", {needed} of them" if needed > 1 else ""


def _above(amount: Decimal | None, currency: str | None) -> str:
    return "" if amount is None else f" above {_amount(amount, currency)}"


def _amount(amount: Decimal, currency: str | None) -> str:
    return f"{amount:,f} {currency}" if currency else f"{amount:,f}"


def _criteria(was: Mapping[Criterion, int], now: Mapping[Criterion, int]) -> Iterator[str]:
    """Criteria that are asked no more or as well, each group in one sentence; those with a number one by one."""
    yield from _together([criterion for criterion in Criterion if criterion in was and criterion not in now], "no more")
    joined = [criterion for criterion in Criterion if criterion in now and criterion not in was]
    numbered = [criterion for criterion in joined if now[criterion] != USUAL[criterion]]
    yield from _together([criterion for criterion in joined if criterion not in numbered], "as well")
    for criterion in numbered:
        yield f"“{CATALOGUE[criterion].title}” is asked as well, at least {now[criterion]}{_counts(criterion)}"
    for criterion in Criterion:
        if criterion in was and criterion in now and was[criterion] != now[criterion]:
            least = f"at least {now[criterion]}{_counts(criterion)} instead of {was[criterion]}"
            yield f"“{CATALOGUE[criterion].title}” asks for {least}"


def _together(criteria: Sequence[Criterion], how: str) -> Iterator[str]:
    titles = [f"“{CATALOGUE[criterion].title}”" for criterion in criteria]
    if titles:
        every = f"{', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else titles[0]
        yield f"{every} {'are' if len(titles) > 1 else 'is'} asked {how}"


def _counts(criterion: Criterion) -> str:
    parameter = CATALOGUE[criterion].parameter
    return f" {parameter.counts}" if parameter else ""


def _named(was: Mapping[Any, str], now: Mapping[Any, str]) -> Iterator[str]:
    for word, name in now.items():
        if name != was[word]:
            yield f"{word.spoken.capitalize()} is called “{name}” instead of “{was[word]}”."


def _kinds(kinds: tuple[ValueKind, ...]) -> str:
    return listed([kind.spoken for kind in kinds]) if kinds else "nothing"


def _lights(old: Policy, new: Policy) -> Iterator[str]:
    was, now = old.lights, new.lights
    for colour, before, after in (("green", was.green_from, now.green_from), ("amber", was.amber_from, now.amber_from)):
        if before != after:
            yield f"Potential is {colour} from {after:f} of the plan on instead of {before:f}."
    for colour, late, later in (
        ("amber", was.amber_after_days, now.amber_after_days),
        ("red", was.red_after_days, now.red_after_days),
    ):
        if late != later:
            yield f"Implementation is {colour} after {later} days of delay instead of {late}."


def _cadence(old: Policy, new: Policy) -> Iterator[str]:
    was, now = old.cadence, new.cadence
    if was.cycle is not now.cycle:
        yield f"Reviews are {now.cycle.lower()} instead of {was.cycle.lower()}."
    for what, before, after in (
        ("A review is due {} days after its period instead of {}.", was.due_days, now.due_days),
        ("Deciders are reminded after {} days instead of {}.", was.remind_after_days, now.remind_after_days),
        ("A gate counts as stalled after {} days instead of {}.", was.stalled_after_days, now.stalled_after_days),
    ):
        if before != after:
            yield what.format(after, before)


def _each(what: str, words: tuple[Stage, ...], was: Mapping[Any, int], now: Mapping[Any, int]) -> Iterator[str]:
    yield from (what.format(word.spoken, now[word], was[word]) for word in words if now[word] != was[word])
