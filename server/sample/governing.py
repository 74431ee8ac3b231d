"""Governance at work: the policy grows, votes are lent, questions asked, plans changed, a desk handed over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from server.actions.changes import decide_change, propose_change
from server.actions.delegations import delegate_vote
from server.actions.desks import hand_over_desk
from server.actions.policies import edit_policy_draft, propose_policy, ratify_policy
from server.actions.questions import answer_question, ask_question
from server.actions.reminders import remind_deciders
from server.actions.reopening import reopen_measure
from server.actions.seats import end_seat
from server.domain.changes import LineMonths, Wanted
from server.domain.people import Role
from server.domain.policy import DEFAULT, Policy, Vote
from server.domain.policy_form import plain
from server.domain.stages import Stage
from server.domain.values import MonthAmount
from server.domain.votes import DecisionOutcome
from server.live.work import Work
from server.models.gates import Submission
from server.sample.acts import Act, Ref, who
from server.sample.calendar import Calendar
from server.sample.places import CURRENCY

_LEAD, _ADMIN = "emeka", "jule"
_STALLED = 8  # days, since the second version
_JOINS_ABOVE, _LARGE = Decimal(750_000), Decimal(3_000_000)  # the steering committee, in the version that is proposed

# asked by, about, days ago, question → answered by, days ago, answer
_QUESTIONS = (
    ("anneliese", "fleets", 29, "How long do the harbours hold their price for the exchange stock?"),
    ("fabian", "fleets", 6, "How much of the margin is already in the availability contracts?"),
    ("ute", "end-of-line", 17, "Is the double running in the third quarter in the one-off cost?"),
)
_ANSWERS = {
    0: ("hanna", 27, "Until the end of the first quarter; the offers are with purchasing."),
    2: ("georg", 15, "Yes, nine weeks of it; the plant has signed the shift plan."),
}
# measure, line, by whom, days ago, months ahead, amount of each, why, what finance checks against; the votes
_CHANGES = (
    (
        "kits",
        "kits/0",
        "nina",
        66,
        range(2, 9),
        "92000",
        "Two more kit families enter the catalogue in spring, and the stock comes later than planned.",
        "Order book, and the catalogue of kits",
        (("anneliese", 62, None), ("ute", 59, "84000")),
    ),
    (
        "contracts-base",
        "contracts-base/1",
        "hanna",
        8,
        range(2, 8),
        "262000",
        "Two port operators sign at the turn of the year, earlier than planned.",
        "Contract register",
        (("fabian", 4, "312000"),),
    ),
)


def governing(calendar: Calendar) -> Iterator[Act]:
    """All of it, in the order of the subjects."""
    yield from _policies()
    yield from _lent(calendar)
    for number, (by, about, ago, text) in enumerate(_QUESTIONS):
        yield Act(ago, by, ask_about, {"measure": Ref(about), "text": text}, f"question/{number}")
        if answer := _ANSWERS.get(number):
            yield Act(answer[1], answer[0], answer_question, {"question": Ref(f"question/{number}"), "text": answer[2]})
    yield Act(2, "hanna", remind_deciders, {"measure": Ref("fleets"), "into": Stage.DECIDED})
    for change in _CHANGES:
        yield from _changed(calendar, *change)
    yield from _reopened()
    given = {"leaver": who("elias"), "successor": who("georg"), "reason": "Elias Brunner leaves the company."}
    yield Act(11, _ADMIN, hand_over_desk, given)
    leaves = {"seat": Ref("seat:piotr:PROGRAM_LEAD:operations"), "on": calendar.day(-40)}
    yield Act(12, _ADMIN, end_seat, leaves)


async def ask_about(work: Work, *, measure: UUID, text: str) -> UUID:
    """Ask about whatever a measure has submitted."""
    found = await Submission.get(node_id=measure, ended_at=None, using_db=work.db)
    return await ask_question(work, submission=found.id, text=text)


async def change_months(work: Work, *, measure: UUID, line: UUID, months: list[MonthAmount], reason: str) -> UUID:
    """Propose other plan amounts for some months of one line."""
    return await propose_change(work, measure=measure, reason=reason, wanted=Wanted(plan=[LineMonths(line, months)]))


def _policies() -> Iterator[Act]:
    """The second version reports stalled gates earlier; the third lets the steering committee join earlier."""
    second = replace(DEFAULT, cadence=replace(DEFAULT.cadence, stalled_after_days=_STALLED))
    yield from _drafted(second, 396, "policy/2")
    yield Act(391, "matthias", ratify_policy, {"policy": Ref("policy/2")})
    yield from _drafted(_stricter(second), 5, "policy/3")


def _stricter(policy: Policy) -> Policy:
    """The steering committee joins above a lower amount, and looks at large measures once more before Implemented."""
    decided = policy.gates[Stage.DECIDED]
    votes = tuple(replace(vote, above=_JOINS_ABOVE if vote.above else None) for vote in decided.votes)
    implemented = policy.gates[Stage.IMPLEMENTED]
    again = replace(implemented, votes=(*implemented.votes, Vote(Role.EXECUTIVE, 2, _LARGE)))
    gates = {**policy.gates, Stage.DECIDED: replace(decided, votes=votes), Stage.IMPLEMENTED: again}
    return replace(policy, gates=MappingProxyType(gates))


def _drafted(policy: Policy, ago: int, key: str) -> Iterator[Act]:
    yield Act(ago, _LEAD, edit_policy_draft, {"document": plain(policy) | {"currency": CURRENCY}}, key)
    yield Act(ago - 1, _LEAD, propose_policy, {"policy": Ref(key)})


def _lent(calendar: Calendar) -> Iterator[Act]:
    """A sponsor is away and another person votes in their place; and one such leave last winter."""
    for seat, by, to, ago, over, reason in (
        ("seat:lars:SPONSOR:growth", "lars", "ingrid", 250, -230, "Parental leave."),
        ("seat:stefan:SPONSOR:cost", "stefan", "ingrid", 4, 17, "At the supplier audits in Asia."),
    ):
        until: date = calendar.day(-over)
        yield Act(ago, by, delegate_vote, {"seat": Ref(seat), "delegate": who(to), "ends": until, "reason": reason})


def _changed(
    calendar: Calendar,
    measure: str,
    line: str,
    by: str,
    ago: int,
    ahead: range,
    amount: str,
    reason: str,
    checked: str,
    votes: tuple[tuple[str, int, str | None], ...],
) -> Iterator[Act]:
    months = [MonthAmount(calendar.later(month), Decimal(amount)) for month in ahead]
    key = f"change/{measure}"
    given = {"measure": Ref(measure), "line": Ref(line), "months": months, "reason": reason}
    yield Act(ago, by, change_months, given, key)
    for voter, when, confirmed in votes:
        ballot: dict[str, Any] = {"change": Ref(key), "outcome": DecisionOutcome.GO, "comment": "Agreed."}
        if confirmed:
            ballot |= {"confirmed": Decimal(confirmed), "checked_against": checked}
        yield Act(when, voter, decide_change, ballot)


def _reopened() -> Iterator[Act]:
    """A closed measure whose value needs another look: the controller asks, the sponsor has still to decide."""
    reason = "Two claims of last year were booked after the measure was closed."
    yield Act(3, "ute", reopen_measure, {"measure": Ref("warranty"), "reason": reason}, "reopening/warranty")
