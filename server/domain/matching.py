"""Matching rules: which sales plan a deal belongs to, and why (law §5).

Rules are asked in their order. A rule matches where every property that it names is the deal's, whatever the case and
the blanks around it; what it leaves empty does not restrict it. Of those that match, the lowest position wins.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from server.domain.refusals import Faults
from server.domain.results import TEXTS
from server.domain.wording import listed

PROPERTIES = ("product", "product_group", "territory", "account", "account_group", "seller")
_LONGEST = TEXTS["product"][1]


class MatchingScope(StrEnum):
    """Which deals applying the rules looks at."""

    ORPHANS = "ORPHANS"
    ALL_BY_RULE = "ALL_BY_RULE"


def same(text: str | None) -> str:
    """A text as it is compared: without the blanks around it, whatever its case."""
    return (text or "").strip().casefold()


@dataclass(frozen=True, slots=True)
class Traits:
    """What a deal, or an activity, is about; of a rule: what it asks for, None for what does not restrict it."""

    product: str | None = None
    product_group: str | None = None
    territory: str | None = None
    account: str | None = None
    account_group: str | None = None
    seller: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Those of a stored row."""
        return cls(*(row[name] for name in PROPERTIES))

    @property
    def compared(self) -> tuple[str, ...]:
        """All of them as they are compared, in the order of PROPERTIES; empty where there is none."""
        return tuple(same(getattr(self, name)) for name in PROPERTIES)


@dataclass(frozen=True)
class Rule:
    """Deals of these traits belong to a plan. `closed` says why that plan takes no results now, where it takes none."""

    id: UUID
    position: int
    plan_id: UUID
    plan: str
    wants: Traits
    closed: str | None = None

    @cached_property
    def conditions(self) -> tuple[tuple[int, str], ...]:
        """The properties that it asks for, by their place in PROPERTIES, each as it is compared."""
        return tuple((index, text) for index, text in enumerate(self.wants.compared) if text)

    @property
    def sentence(self) -> str:
        """What it asks for, in words: `product “GTX Pro” and territory “North”`."""
        named = [(PROPERTIES[index], getattr(self.wants, PROPERTIES[index])) for index, _ in self.conditions]
        return listed([f"{name.replace('_', ' ')} “{text.strip()}”" for name, text in named], "and")

    def differing(self, compared: tuple[str, ...]) -> list[int]:
        """The properties in which a deal is not what it asks for, by their place in PROPERTIES."""
        return [index for index, text in self.conditions if compared[index] != text]


@dataclass(frozen=True, slots=True)
class Match:
    """The rule that takes a deal, and why."""

    rule: Rule
    because: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """The rule that came nearest to a deal that none takes, and what stood between them."""

    rule: Rule
    sentence: str


@dataclass(frozen=True)
class Rulebook:
    """All rules of an organization, made ready to match deals by the thousand."""

    rules: tuple[Rule, ...]
    _index: dict[tuple[int, ...], dict[tuple[str, ...], Rule]] = field(init=False, repr=False, compare=False)

    def __init__(self, rules: Iterable[Rule]) -> None:
        asking = (rule for rule in rules if rule.conditions)  # one that asks for nothing takes nothing
        object.__setattr__(self, "rules", tuple(sorted(asking, key=lambda rule: (rule.position, rule.id))))
        index: dict[tuple[int, ...], dict[tuple[str, ...], Rule]] = {}
        for rule in self.rules:
            if rule.closed is None:
                asked, texts = zip(*rule.conditions, strict=True)
                index.setdefault(asked, {}).setdefault(texts, rule)
        object.__setattr__(self, "_index", index)

    def rule_for(self, deal: Traits) -> Rule | None:
        """The rule that takes a deal: one look-up for each set of properties that any rule asks for."""
        compared = deal.compared
        found = (texts.get(tuple(compared[place] for place in asked)) for asked, texts in self._index.items())
        return min((rule for rule in found if rule), key=lambda rule: (rule.position, rule.id), default=None)


def matched(deal: Traits, book: Rulebook) -> Match | None:
    """The rule that takes a deal: of those that match, and whose plan takes results now, the first by position."""
    rule = book.rule_for(deal)
    if rule is None:
        return None
    compared = deal.compared
    passed_over = [
        each for each in book.rules if each.closed and each.position < rule.position and not each.differing(compared)
    ]
    also = [
        each
        for each in book.rules
        if each.closed is None and each.position > rule.position and not each.differing(compared)
    ]
    because = f"rule {rule.position} asks for {rule.sentence}, and that is what it has."
    if also:
        because += f" Rule {also[0].position} matches as well, and comes later."
    if passed_over:
        first = passed_over[0]
        because += f" Rule {first.position} would come first, but “{first.plan}” takes no results now."
    return Match(rule, because)


def nearest(deal: Traits, book: Rulebook) -> NearMiss | None:
    """The rule that nearly matched a deal that none takes: the fewest properties differ, then the most agree.

    None where a rule takes it, and where no rule has anything in common with it.
    """
    if book.rule_for(deal):
        return None
    compared = deal.compared
    near = [(rule, rule.differing(compared)) for rule in book.rules]
    near = [(rule, differing) for rule, differing in near if len(differing) < len(rule.conditions)]
    if not near:
        return None
    rule, differing = min(near, key=lambda one: (len(one[1]), len(one[1]) - len(one[0].conditions), one[0].position))
    whole = f"Rule {rule.position} for “{rule.plan}” ({rule.sentence})"
    if not differing:
        why = f"{rule.closed[:1].lower()}{rule.closed[1:]}" if rule.closed else ""
        return NearMiss(rule, f"{whole} matches, but the plan takes no results now: {why}")
    told = listed([_difference(deal, rule, index) for index in differing], "and")
    return NearMiss(rule, f"{whole} nearly matches: {told}.")


def _difference(deal: Traits, rule: Rule, index: int) -> str:
    name = PROPERTIES[index]
    found, wanted = (getattr(deal, name) or "").strip(), (getattr(rule.wants, name) or "").strip()
    spoken = name.replace("_", " ")
    if not found:
        return f"it names no {spoken}, where “{wanted}” is wanted"
    return f"its {spoken} is “{found}”, not “{wanted}”"


def shadow(rule: Rule, book: Rulebook) -> Rule | None:
    """The earlier rule that takes everything that this one could: what it asks for, this one asks for as well."""
    asked = set(rule.conditions)
    earlier = (each for each in book.rules if (each.position, each.id) < (rule.position, rule.id))
    return next((each for each in earlier if each.closed is None and set(each.conditions) <= asked), None)


def check_rule(wants: Traits, others: Iterable[Rule], faults: Faults) -> None:
    """Add what is wrong with a rule to `faults`: texts, no condition at all, and one that another rule has already."""
    for name in PROPERTIES:
        text = getattr(wants, name) or ""
        first, *more = name.split("_")
        if len(text) > _LONGEST or "\x00" in text:
            message = f"The {name.replace('_', ' ')} of a rule has at most {_LONGEST} characters, and no NUL."
            faults.add(message, first + "".join(word.capitalize() for word in more))
    asked = wants.compared
    if not any(asked):
        faults.add("A rule that restricts nothing would take every deal. Name at least one property.", "product")
    twin = next((rule for rule in others if rule.wants.compared == asked), None)
    if twin and any(asked):
        message = f"Rule {twin.position} asks for the same and leads to “{twin.plan}”. Change that one instead."
        faults.add(message, "product")


def is_own(names: frozenset[str], seller: str | None) -> bool:
    """Whether a seller is the person of these names, each as it is compared: nobody decides on their own results."""
    return bool(seller) and same(seller) in names
