"""The acts around gates: handed in, sent back, voted, held, cancelled."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from server.actions.gates import submit_gate
from server.actions.holding import cancel_measure, hold_measure
from server.actions.votes import decide_gate
from server.domain.stages import Stage
from server.domain.votes import DecisionOutcome
from server.sample.acts import Act, Ref
from server.sample.calendar import Calendar
from server.sample.grammar import Measure

_COMMITTEE = ("katharina", "matthias", "ingrid", "rafael")
_NOTES = {
    "katharina": "Agreed.",
    "matthias": "Size and timing are plausible.",
    "ingrid": "Capacity in the plants is confirmed.",
    "rafael": "The regions have committed.",
}


def passage(
    measure: Measure,
    into: Stage,
    submitted: int,
    votes: Sequence[tuple[str, int]],
    amount: Decimal | None,
    controller: str,
    comment: str = "",
) -> Iterator[Act]:
    """A submission and its GOs, each by a person so many days ago; the controller states the amount where it is due."""
    given = {"measure": Ref(measure.key), "into": into, "comment": comment or None}
    yield Act(submitted, measure.owner, submit_gate, given)
    for voter, ago in votes:
        ballot: dict[str, Any] = {
            "measure": Ref(measure.key),
            "into": into,
            "outcome": DecisionOutcome.GO,
            "comment": _NOTES.get(voter),
        }
        if voter == controller:
            ballot["confirmed"] = amount
        yield Act(ago, voter, decide_gate, ballot)


def committee(measure: Measure, *, large: bool) -> tuple[str, ...]:
    """The two executives who vote on a large measure; not always the same."""
    first = sum(map(ord, measure.key)) % len(_COMMITTEE)
    return (_COMMITTEE[first], _COMMITTEE[(first + 1) % len(_COMMITTEE)]) if large else ()


def sent_back(measure: Measure) -> Iterator[Act]:
    """A submission that was recycled."""
    if found := measure.sent_back:
        given = {"measure": Ref(measure.key), "into": found.into}
        yield Act(found.days + 9, measure.owner, submit_gate, given)
        ballot = given | {"outcome": DecisionOutcome.RECYCLE, "comment": found.comment}
        yield Act(found.days, found.by, decide_gate, ballot)


def waiting(measure: Measure, controller: str, amount: Decimal) -> Iterator[Act]:
    """An open submission into the next gate, with the votes cast so far."""
    if (found := measure.waiting) and (into := measure.stage.next):
        votes = [(voter, max(found.days - 3 * number, 1)) for number, voter in enumerate(found.voted, 1)]
        yield from passage(measure, into, found.days, votes, amount, controller, found.comment)


def ended(calendar: Calendar, measure: Measure) -> Iterator[Act]:
    """Held until a review, or cancelled."""
    if found := measure.ended:
        given = {"measure": Ref(measure.key), "reason": found.reason}
        if found.review is None:
            yield Act(found.days, found.by, cancel_measure, given)
        else:
            yield Act(found.days, found.by, hold_measure, given | {"review_on": calendar.day(-found.review)})
