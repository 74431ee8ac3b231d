"""The law of gates from the submission on: who may vote, as what, and what the votes come to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.cases import Case, Party
from server.domain.people import Role
from server.domain.refusals import Refused
from server.domain.stages import Stage
from server.domain.votes import (
    Capacity,
    Cast,
    Decider,
    DecisionOutcome,
    Submitted,
    capacity,
    fill,
    judge,
    role_of,
    waiting_on,
)
from tests.domain.cases import CARL, EMIL, EVE, OLAF, PIA, SAM, initiative, sales_plan, someone

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
GO, RECYCLE, HOLD, CANCEL = DecisionOutcome


def asked(*found: Decider, votes: Sequence[Cast] = (), **other: Any) -> Submitted:
    return replace(Submitted("Full service", Stage.DECIDED, OLAF, found, tuple(votes)), **other)


def vote(party: Party, role: Role, outcome: DecisionOutcome = GO) -> Cast:
    return Cast(party, role, outcome, AT)


SPONSOR, CONTROLLER = Decider(Role.SPONSOR, (SAM,), 1), Decider(Role.CONTROLLER, (CARL,), 1, states_amount=True)
COMMITTEE = Decider(Role.EXECUTIVE, (EVE, EMIL), 2)


def test_go_passes_once_every_role_and_quorum_has_voted() -> None:
    votes = [vote(SAM, Role.SPONSOR), vote(CARL, Role.CONTROLLER), vote(EVE, Role.EXECUTIVE)]
    assert judge(votes, [SPONSOR, CONTROLLER, COMMITTEE]) is None
    assert judge([*votes, vote(EMIL, Role.EXECUTIVE)], [SPONSOR, CONTROLLER, COMMITTEE]) is GO


@pytest.mark.parametrize("outcome", [RECYCLE, HOLD, CANCEL])
def test_the_first_other_vote_ends_it(outcome: DecisionOutcome) -> None:
    votes = [vote(SAM, Role.SPONSOR), vote(CARL, Role.CONTROLLER, outcome)]
    assert judge(votes, [SPONSOR, CONTROLLER, COMMITTEE]) is outcome


def refused(voter: Party, submitted: Submitted, case: Case | None = None) -> tuple[str, str]:
    verdict = capacity(voter, case or initiative(), submitted)
    assert isinstance(verdict, Refused)
    return verdict.code, verdict.message


def test_who_may_not_vote_is_told_why_and_whom_it_waits_for() -> None:
    submitted = asked(SPONSOR, CONTROLLER, votes=[vote(SAM, Role.SPONSOR)])
    assert isinstance(capacity(CARL, initiative(), submitted), Capacity)
    assert refused(SAM, submitted) == (
        "ALREADY_DECIDED",
        "You voted GO as sponsor at the gate of “Full service” into Decided already; each person has one vote.",
    )
    code, message = refused(PIA, submitted)
    assert code == "FORBIDDEN"
    assert message.endswith("It waits for the controller (Carl).")
    assert refused(OLAF, submitted)[0] == "SAME_PERSON"
    assert refused(CARL, replace(submitted, submitter=CARL))[0] == "SAME_PERSON"
    assert refused(CARL, submitted, initiative(owner=CARL))[0] == "SAME_PERSON"
    assert refused(CARL, submitted, sales_plan(sellers=frozenset({CARL.id})))[0] == "SAME_PERSON"


def test_an_ended_submission_says_who_decided_what_and_when() -> None:
    ended = asked(SPONSOR, votes=[vote(SAM, Role.SPONSOR, RECYCLE)], outcome=RECYCLE, ended_at=AT)
    sentence = (
        "The gate of “Full service” into Decided was decided already: "
        "Sam voted RECYCLE as sponsor on 16 November 2026, 09:00 UTC."
    )
    assert refused(CARL, ended) == ("ALREADY_DECIDED", sentence)
    assert "was retracted on 16 November" in refused(CARL, asked(SPONSOR, retracted=True, ended_at=AT))[1]
    assert "the measure was put on hold" in refused(CARL, asked(SPONSOR, outcome=HOLD, ended_at=AT))[1]


def test_who_holds_two_roles_votes_where_only_they_can() -> None:
    committee = Decider(Role.EXECUTIVE, (CARL, EVE, EMIL), 2)
    assert role_of(CARL.id, asked(committee, CONTROLLER)) is Role.CONTROLLER
    assert role_of(EVE.id, asked(committee, CONTROLLER)) is Role.EXECUTIVE
    assert role_of(PIA.id, asked(committee, CONTROLLER)) is None


PEOPLE = [someone(name) for name in "abcdef"]
ROLES = [Role.SPONSOR, Role.CONTROLLER, Role.EXECUTIVE, Role.PROGRAM_LEAD]


@st.composite
def bodies(draw: st.DrawFn) -> tuple[Decider, ...]:
    chosen = draw(st.lists(st.sampled_from(ROLES), min_size=1, unique=True))
    groups = st.lists(st.sampled_from(PEOPLE), unique=True)
    return tuple(Decider(role, tuple(draw(groups)), draw(st.integers(1, 3))) for role in chosen)


@given(body=bodies(), order=st.permutations(PEOPLE))
def test_a_body_that_can_be_seated_always_reaches_go_in_any_order(
    body: tuple[Decider, ...], order: list[Party]
) -> None:
    """However people of several roles come to vote, GO is reached, each vote another person's."""
    if fill(body) is None:
        return
    votes: list[Cast] = []
    for party in order:
        submitted = asked(*body, votes=votes)
        role = role_of(party.id, submitted)
        if judge(votes, body) is None and role is not None:
            assert party in next(one.people for one in body if one.role is role)
            votes.append(vote(party, role))
    assert judge(votes, body) is GO
    assert not waiting_on(votes, body)
    assert len({cast.by for cast in votes}) == len(votes) >= sum(one.needed for one in body)


@given(body=bodies(), seats=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ROLES)), max_size=6))
def test_go_never_passes_while_a_role_owes_a_vote(body: tuple[Decider, ...], seats: list[tuple[Party, Role]]) -> None:
    votes = [vote(party, role) for party, role in seats]
    owed = any(sum(cast.role is one.role for cast in votes) < one.needed for one in body)
    assert (judge(votes, body) is None) == owed
