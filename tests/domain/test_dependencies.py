"""Milestones that wait for milestones: projected dates, and no circles (law §6)."""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.domain.dependencies import Projection, Step, Wish, chain, projections, why_not_awaited
from server.domain.refusals import RefusalCode

TODAY = date(2026, 11, 16)
A, B, C, D = (UUID(int=number) for number in range(1, 5))
NAMES = {A: "A", B: "B", C: "C", D: "D"}


def step(one: UUID, days: int, *, achieved: int | None = None, given_up: bool = False) -> Step:
    """A milestone that is due so many days from today, and was achieved so many days from today."""
    on = None if achieved is None else TODAY + timedelta(days=achieved)
    return Step(one, TODAY + timedelta(days=days), on, given_up)


def expected(*steps: Step, awaits: Mapping[UUID, set[UUID]]) -> dict[UUID, Projection]:
    return projections({each.id: each for each in steps}, awaits, TODAY)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_a_late_one_moves_all_that_wait_for_it_and_is_named_as_the_cause() -> None:
    found = expected(step(A, -10), step(B, 20), step(C, 50), step(D, 50), awaits={B: {A}, C: {B}})
    assert found[A] == Projection(TODAY)
    assert found[B] == Projection(day(30), A)
    assert found[C] == Projection(day(60), A)
    assert found[D] == Projection(day(50))


def test_the_latest_of_those_it_waits_for_counts_and_it_never_comes_before_one() -> None:
    assert expected(step(A, -3), step(B, -8), step(C, 5), awaits={C: {A, B}})[C] == Projection(day(13), B)
    assert expected(step(A, 40), step(B, 5), awaits={B: {A}})[B] == Projection(day(40), A)


def test_what_is_achieved_or_given_up_holds_up_nobody() -> None:
    achieved, gone = step(A, -10, achieved=-2), step(B, -10, given_up=True)
    found = expected(achieved, gone, step(C, 5), awaits={C: {A, B}})
    assert found == {A: Projection(day(-2)), B: Projection(day(-10)), C: Projection(day(5))}


@st.composite
def graphs(draw: st.DrawFn) -> tuple[dict[UUID, Step], dict[UUID, set[UUID]]]:
    """Milestones, each of which may wait for earlier ones: any graph without circles."""
    ids = [UUID(int=number + 1) for number in range(draw(st.integers(1, 8)))]
    days = st.integers(-40, 40)
    steps = {
        one: step(one, draw(days), achieved=draw(st.none() | st.integers(-40, 0)), given_up=draw(st.booleans()))
        for one in ids
    }
    return steps, {one: draw(st.sets(st.sampled_from(ids[:number]))) for number, one in enumerate(ids) if number}


@given(graphs())
def test_no_projection_is_earlier_than_its_date_today_or_what_it_waits_for(
    drawn: tuple[dict[UUID, Step], dict[UUID, set[UUID]]],
) -> None:
    steps, awaits = drawn
    found = projections(steps, awaits, TODAY)
    for one, here in steps.items():
        if not here.open:
            continue
        assert found[one].on >= max(here.due, TODAY)
        for each in awaits.get(one, ()):
            if steps[each].open:
                assert found[one].on >= found[each].on
                assert found[one].on - here.due >= found[each].on - steps[each].due
        cause = found[one].cause
        assert cause is None or steps[cause].open


@given(graphs(), st.integers(0, 7), st.integers(0, 7))
def test_a_wish_is_refused_exactly_where_it_would_close_a_circle(
    drawn: tuple[dict[UUID, Step], dict[UUID, set[UUID]]], first: int, second: int
) -> None:
    """What is accepted can be projected; what is refused as a circle could not."""
    steps, awaits = drawn
    ids = sorted(steps)
    wish = Wish(ids[first % len(ids)], ids[second % len(ids)])
    names = {one: str(one.int) for one in steps}
    refused = why_not_awaited(wish, awaits, names)
    if refused is None:
        projections(steps, awaits | {wish.milestone: {*awaits.get(wish.milestone, ()), wish.awaits}}, TODAY)
    elif wish.milestone != wish.awaits and refused[0] is RefusalCode.INVALID:
        way = chain(awaits, wish.awaits, wish.milestone)
        assert way is not None
        assert all(later in awaits[earlier] for earlier, later in pairwise(way))


def test_a_refusal_names_the_whole_chain() -> None:
    refused = why_not_awaited(Wish(A, C), {C: {B}, B: {A}}, NAMES)
    told = "“A” cannot wait for “C”: “C” waits for “B” waits for “A”. Take one of these away first."
    assert refused == (RefusalCode.INVALID, told)
    assert why_not_awaited(Wish(A, A), {}, NAMES) == (
        RefusalCode.INVALID,
        "“A” cannot wait for itself. Name another milestone.",
    )
    assert why_not_awaited(Wish(C, B), {C: {B}}, NAMES) == (
        RefusalCode.ALREADY_DECIDED,
        "“C” waits for “B” already.",
    )
