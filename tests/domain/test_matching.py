"""Matching rules: the lowest position that matches wins, and what nearly matched says in what it differs (law §5)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.matching import (
    PROPERTIES,
    Rule,
    Rulebook,
    Traits,
    check_rule,
    is_own,
    matched,
    nearest,
    same,
    shadow,
)
from server.domain.refusals import Faults

WORDS = st.sampled_from([None, "", "North", " north ", "NORTH", "South", "Straße", "STRASSE"])
TRAITS = st.builds(Traits, WORDS, WORDS, WORDS, WORDS, WORDS, WORDS)


def rule(position: int, closed: str | None = None, **wants: str | None) -> Rule:
    """A rule that leads to a plan of its own."""
    return Rule(UUID(int=position), position, UUID(int=1000 + position), f"Plan {position}", Traits(**wants), closed)


@st.composite
def books(draw: st.DrawFn) -> Rulebook:
    """Up to eight rules, in any order, some of plans that take no results now."""
    wanted = draw(st.lists(st.tuples(TRAITS, st.sampled_from([None, None, "It is on hold."])), max_size=8))
    rules = [
        Rule(UUID(int=place), place, UUID(int=99), "Plan", wants, closed)
        for place, (wants, closed) in enumerate(wanted, 1)
    ]
    return Rulebook(draw(st.permutations(rules)))


def holds(one: Rule, deal: Traits) -> bool:
    """The law, said plainly: every property that the rule names is the deal's."""
    named = [name for name in PROPERTIES if same(getattr(one.wants, name))]
    return bool(named) and all(same(getattr(one.wants, name)) == same(getattr(deal, name)) for name in named)


@given(books(), TRAITS)
def test_of_the_rules_that_match_the_lowest_position_wins(book: Rulebook, deal: Traits) -> None:
    wanted = min((each for each in book.rules if not each.closed and holds(each, deal)), key=lambda one: one.position,
                 default=None)  # fmt: skip
    found = matched(deal, book)
    assert (found and found.rule) == wanted
    assert book.rule_for(deal) == wanted
    if found:
        assert f"rule {found.rule.position} asks for {found.rule.sentence}" in found.because


@given(books(), TRAITS)
def test_the_nearest_rule_is_only_told_of_an_orphan_and_none_is_nearer(book: Rulebook, deal: Traits) -> None:
    near = nearest(deal, book)
    if matched(deal, book):
        assert near is None
        return
    differing = {each.id: len(each.differing(deal.compared)) for each in book.rules}
    sharing = [each for each in book.rules if differing[each.id] < len(each.conditions)]
    assert (near is None) == (not sharing)
    if near:
        assert differing[near.rule.id] == min(differing[each.id] for each in sharing)
        assert ("takes no results now" in near.sentence) == (differing[near.rule.id] == 0)


@given(books(), TRAITS)
def test_a_rule_in_the_shadow_of_another_never_gets_a_deal(book: Rulebook, deal: Traits) -> None:
    found = matched(deal, book)
    assert not found or shadow(found.rule, book) is None


def test_the_sentences_say_which_and_why() -> None:
    book = Rulebook([
        rule(1, product="GTX", territory="North"), rule(2, territory="North"), rule(3, "It is on hold.", seller="Ann"),
        rule(4, product="GTX"),
    ])  # fmt: skip
    found = matched(Traits(product=" gtx", territory="NORTH"), book)
    assert found
    assert found.because == (
        "rule 1 asks for product “GTX” and territory “North”, and that is what it has. "
        "Rule 2 matches as well, and comes later."
    )
    later = matched(Traits(product="GTX", seller="ann"), book)
    assert later
    assert later.because.endswith("Rule 3 would come first, but “Plan 3” takes no results now.")
    held = nearest(Traits(seller="Ann"), book)
    assert held
    assert held.sentence == (
        "Rule 3 for “Plan 3” (seller “Ann”) matches, but the plan takes no results now: it is on hold."
    )
    book = Rulebook([rule(1, product="GTX", territory="North", account="Acme")])
    near = nearest(Traits(product="GTX", territory="South"), book)
    assert near
    assert near.sentence == (
        "Rule 1 for “Plan 1” (product “GTX”, territory “North” and account “Acme”) nearly matches: "
        "its territory is “South”, not “North” and it names no account, where “Acme” is wanted."
    )
    assert nearest(Traits(product="Other"), book) is None


@pytest.mark.parametrize(
    ("wants", "said"),
    [
        (Traits(), "would take every deal"),
        (Traits(product="  "), "would take every deal"),
        (Traits(product="x" * 201, account_group="\x00"), "at most 200 characters"),
        (Traits(product="gtx ", territory=""), "Rule 1 asks for the same and leads to “Plan 1”"),
    ],
)
def test_a_rule_that_takes_all_or_that_stands_already_is_refused(wants: Traits, said: str) -> None:
    faults = Faults()
    check_rule(wants, [rule(1, product="GTX")], faults)
    assert any(said in sentence for sentence in faults.sentences)
    faults = Faults()
    check_rule(Traits(product="GTX", territory="North"), [rule(1, product="GTX")], faults)
    assert not faults.sentences


def test_a_seller_is_a_person_by_name_or_address() -> None:
    names = frozenset({same("Ann Lee"), same("Ann@Alder.example")})
    assert [is_own(names, seller) for seller in (" ann lee", "ANN@alder.example", "Ann", "", None)] == [
        True, True, False, False, False,
    ]  # fmt: skip
