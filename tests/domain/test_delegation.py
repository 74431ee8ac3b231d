"""The law of delegation: a lent vote counts once, and the separation of duties binds both persons."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from server.domain.cases import Case, Party
from server.domain.delegation import Loan, Span, check_loan, why_not_lent, why_not_revoked
from server.domain.people import Role, SeatHeld
from server.domain.refusals import Faults, Refused
from server.domain.votes import Capacity, Cast, DecisionOutcome, asks, capacity, stand_ins, waiting_on
from tests.domain.cases import CARL, EMIL, EVE, OLAF, PIA, SAM, initiative, sales_plan, someone
from tests.domain.test_votes import AT, COMMITTEE, CONTROLLER, SPONSOR, asked, vote

VERA = someone("vera")
TODAY, UNTIL = date(2026, 11, 16), date(2026, 12, 31)


def lent(lender: Party, role: Role, to: Party = VERA) -> Loan:
    return Loan(lender, to, role, UNTIL)


FROM_SAM = lent(SAM, Role.SPONSOR)


def refusal(voter: Party, case: Case | None = None, *found: Any, **other: Any) -> Refused:
    verdict = capacity(voter, case or initiative(), asked(*found, **other))
    assert isinstance(verdict, Refused)
    return verdict


def test_a_delegate_votes_in_the_place_of_who_lent() -> None:
    assert refusal(VERA, None, SPONSOR, CONTROLLER).code == "FORBIDDEN"
    submitted = asked(SPONSOR, CONTROLLER, loans=(FROM_SAM,))
    assert capacity(VERA, initiative(), submitted) == Capacity(Role.SPONSOR, SAM)
    assert capacity(SAM, initiative(), submitted) == Capacity(Role.SPONSOR)
    assert stand_ins(initiative(), submitted) == (FROM_SAM,)
    assert (
        asks(submitted, initiative())
        == "It waits for the sponsor (Sam or in their place Vera) and the controller (Carl)."
    )


def test_whoever_of_the_two_votes_uses_both_their_votes_up() -> None:
    by_vera = replace(vote(VERA, Role.SPONSOR), on_behalf_of=SAM)
    submitted = asked(SPONSOR, CONTROLLER, loans=(FROM_SAM,), votes=[by_vera])
    assert [one.role for one in waiting_on(submitted.votes, submitted.deciders)] == [Role.CONTROLLER]
    told = capacity(SAM, initiative(), submitted)
    assert isinstance(told, Refused)
    assert (told.code, told.message.startswith("Vera voted GO as sponsor in your place")) == ("ALREADY_DECIDED", True)
    assert told.details == ("Vera voted GO as sponsor in the place of Sam on 16 November 2026, 09:00 UTC.",)
    other = refusal(VERA, None, SPONSOR, CONTROLLER, loans=(FROM_SAM,), votes=[vote(SAM, Role.SPONSOR)])
    assert (other.code, "that one vote is used up" in other.message) == ("ALREADY_DECIDED", True)


@pytest.mark.parametrize(
    ("to", "case", "other", "words"),
    [
        (OLAF, initiative(), {"submitter": PIA}, "owned by you"),
        (VERA, initiative(), {"submitter": VERA}, "you submitted it"),
        (VERA, sales_plan(sellers=frozenset({VERA.id})), {}, "own quota"),
        (VERA, initiative(), {"submitter": SAM}, "Sam submitted it"),
        (VERA, initiative(owner=SAM), {"submitter": PIA}, "owned by Sam"),
        (VERA, sales_plan(sellers=frozenset({SAM.id})), {}, "own quota"),
    ],
)
def test_the_separation_of_duties_binds_both(to: Party, case: Case, other: Any, words: str) -> None:
    found = refusal(to, case, SPONSOR, loans=(lent(SAM, Role.SPONSOR, to),), **other)
    assert (found.code, words in found.message) == ("SAME_PERSON", True)


def test_the_sponsor_never_casts_the_controllers_vote_nor_the_other_way_round() -> None:
    found = refusal(SAM, None, CONTROLLER, loans=(lent(CARL, Role.CONTROLLER, SAM),))
    assert (found.code, "these are two persons" in found.message) == ("SAME_PERSON", True)
    assert refusal(CARL, None, SPONSOR, loans=(lent(SAM, Role.SPONSOR, CARL),)).code == "SAME_PERSON"


def test_ones_own_vote_goes_first_and_then_there_is_none_left_for_another() -> None:
    submitted = asked(SPONSOR, COMMITTEE, loans=(lent(SAM, Role.SPONSOR, EVE),))
    assert capacity(EVE, initiative(), submitted) == Capacity(Role.EXECUTIVE)
    done = asked(SPONSOR, COMMITTEE, loans=submitted.loans, votes=[vote(EVE, Role.EXECUTIVE)])
    assert refusal(EVE, None, *done.deciders, loans=done.loans, votes=done.votes).code == "ALREADY_DECIDED"
    emils = asked(SPONSOR, replace(COMMITTEE, needed=1), loans=submitted.loans, votes=[vote(EMIL, Role.EXECUTIVE)])
    assert capacity(EVE, initiative(), emils) == Capacity(Role.SPONSOR, SAM)


def test_a_lent_vote_is_not_taken_where_its_lender_is_needed_as_something_else() -> None:
    """Otherwise the gate would get stuck: Carl is the only controller."""
    committee = replace(COMMITTEE, people=(CARL, EVE, EMIL))
    found = refusal(VERA, None, CONTROLLER, committee, loans=(lent(CARL, Role.EXECUTIVE),))
    assert "needed in another role" in found.message
    voted = [vote(EVE, Role.EXECUTIVE), vote(EMIL, Role.EXECUTIVE)]
    asked_now = asked(CONTROLLER, committee, loans=(lent(CARL, Role.CONTROLLER),), votes=voted)
    assert capacity(VERA, initiative(), asked_now) == Capacity(Role.CONTROLLER, CARL)


def test_two_lenders_lend_one_person_one_vote() -> None:
    loans = (lent(EVE, Role.EXECUTIVE), lent(EMIL, Role.EXECUTIVE))
    first = asked(COMMITTEE, loans=loans)
    counts = capacity(VERA, initiative(), first)
    assert counts == Capacity(Role.EXECUTIVE, EVE)
    cast = Cast(VERA, Role.EXECUTIVE, DecisionOutcome.GO, AT, EVE)
    assert refusal(VERA, None, COMMITTEE, loans=loans, votes=[cast]).code == "ALREADY_DECIDED"


def test_a_lender_who_does_not_decide_here_lends_nothing() -> None:
    assert refusal(VERA, None, SPONSOR, loans=(lent(PIA, Role.PROGRAM_LEAD),)).code == "FORBIDDEN"


SEAT = SeatHeld(Role.SPONSOR, None, date(2026, 1, 1), date(2027, 6, 30), ratified=True)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(date(2026, 12, 2), date(2026, 12, 1)), "before it begins"),
        (Span(date(2026, 11, 15), UNTIL), "what is past was voted"),
        (Span(TODAY, date(2027, 11, 17)), "at most a year"),
        (Span(TODAY, date(2027, 7, 1)), "Your seat ends on 2027-06-30"),
        (Span(date(2026, 12, 24), date(2027, 1, 6)), "is lent from 2026-12-01 to 2026-12-24 already"),
    ],
)
def test_the_days_of_a_loan_are_bounded(span: Span, words: str) -> None:
    faults = Faults()
    check_loan(span, SEAT, TODAY, [Span(date(2026, 12, 1), date(2026, 12, 24))], faults)
    with pytest.raises(Refused) as caught:
        faults.refuse_if_any()
    assert any(words in detail for detail in caught.value.details)


def test_a_loan_in_order_is_let_pass() -> None:
    faults = Faults()
    check_loan(Span(TODAY, UNTIL), SEAT, TODAY, [], faults)
    faults.refuse_if_any()


def test_only_its_holder_lends_and_only_a_vote() -> None:
    assert why_not_lent(SAM.id, SAM, SEAT) is None
    admin = why_not_lent(PIA.id, SAM, SEAT)
    viewer = why_not_lent(SAM.id, SAM, replace(SEAT, role=Role.VIEWER))
    waiting = why_not_lent(SAM.id, SAM, replace(SEAT, ratified=False))
    assert [each and each[0] for each in (admin, viewer, waiting)] == ["FORBIDDEN", "INVALID", "WRONG_STAGE"]


def test_either_of_the_two_ends_a_delegation_while_it_lasts() -> None:
    assert why_not_revoked(SAM.id, SAM, VERA, over=False) is None
    assert why_not_revoked(VERA.id, SAM, VERA, over=False) is None
    stranger = why_not_revoked(PIA.id, SAM, VERA, over=False)
    late = why_not_revoked(SAM.id, SAM, VERA, over=True)
    assert [each and each[0] for each in (stranger, late)] == ["FORBIDDEN", "ALREADY_DECIDED"]
