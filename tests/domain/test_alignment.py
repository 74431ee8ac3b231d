"""Alignment: shares computed by hand, and the unit in which activity is added (law §5)."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.domain.alignment import Covered, Logged, Spent, Weights, alignment, spent

PLAN, OTHER = UUID(int=1), UUID(int=2)
ANN = Logged("Ann", PLAN, decided=True, number=3, timed=3, minutes=90)
LOGGED = st.lists(
    st.builds(
        Logged,
        st.sampled_from(["Ann", " ann", "Bea", ""]),
        st.sampled_from([PLAN, OTHER, None]),
        st.booleans(),
        st.integers(1, 9),
        st.integers(0, 9),
        st.integers(0, 500),
    ),
    max_size=6,
)


def test_time_counts_where_everything_is_timed_and_else_the_number() -> None:
    stray = Logged("ANN ", None, decided=False, number=2, timed=2, minutes=30)
    assert spent([ANN, stray], {PLAN}, {"Ann"}) == Spent(120, 90, by_time=True)
    assert spent([ANN, replace(stray, timed=1)], {PLAN}, {"Ann"}) == Spent(5, 3)
    assert spent([ANN, stray], {PLAN}, ()) == Spent(90, 90, by_time=True), "who sells elsewhere is no concern here"
    assert spent([ANN, stray], None, ()).share == Decimal("0.750000")
    assert spent([], {PLAN}, {"Ann"}).share is None


@given(LOGGED)
def test_what_is_aligned_is_a_part_of_all(logged: list[Logged]) -> None:
    for plans, sellers in ((None, ()), ({PLAN}, {"Ann"}), ({OTHER}, ())):
        found = spent(logged, plans, sellers)
        assert 0 <= found.aligned <= found.all
        assert found.all <= spent(logged, None, ()).all or found.by_time


def test_the_sentence_names_all_three_and_says_what_is_not_known() -> None:
    covered = Covered(500_00, 400_00, "EUR")
    found = alignment(covered, Weights(160_00, 40_00), Spent(120, 90, by_time=True))
    assert (found.quota_covers, found.incentive_share, found.activity_share) == (
        Decimal("1.250000"), Decimal("0.250000"), Decimal("0.750000"),
    )  # fmt: skip
    assert found.sentence == (
        "Quota covers 125 % of the planned revenue; 25 % of the incentive weight points here or above; "
        "75 % of the logged activity goes to decided plans."
    )
    assert ("Incentive weight", "160 %") in found.inputs
    assert ("Logged minutes under decided plans", "90") in found.inputs
    nothing = alignment(Covered(0, 0, "EUR"), Weights(), Spent())
    assert nothing.sentence == "No revenue is planned; no incentive is set; no activity is logged."
    hidden = alignment(replace(covered, readable=False), Weights(), Spent())
    assert hidden.quota_covers is None
    assert hidden.sentence.startswith("What quota covers is not yours to read")
