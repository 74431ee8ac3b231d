"""Writes a policy as one YAML file, with comments that let a person change it without looking anything up."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from server.domain.catalogue import CATALOGUE
from server.domain.policy import FREEZES, Criterion, Policy, Validation
from server.domain.policy_form import Plain, plain
from server.domain.stages import STAGES, Stage
from server.domain.wording import listed

_PLAIN_TEXT = re.compile(r"[A-Za-z][A-Za-z0-9-]*( [A-Za-z0-9-]+)*")
_COLUMN = 40  # where comments beside values begin
_HEAD = """\
# A policy of Stageline: what each gate asks, who decides, and what else an organization governs by.
# `stageline policy check FILE` finds every fault without a server; docs/policy.md explains every word.
# Not here, because no policy changes it: an owner or a submitter never decides, nobody decides on their own quota, one
# person has one vote at a gate, what a gate freezes, and that the controller alone closes.
"""
_GATES = """
# Each gate, by the stage it leads into.
#   criteria: what must be true before it can be submitted; a number is what it asks at least
#   votes: who decides; `needed` of its people (1 where it is left out), and with `above` only for measures larger than
#     that amount. A sponsor or controller is the one whom the measure names
#   financialValidation: what the controller's Go states; NONE, AMOUNT, or DOCUMENTED (what it was checked against, too)
gates:"""
_VALIDATES = {
    Validation.NONE: "nothing",
    Validation.AMOUNT: "the amount",
    Validation.DOCUMENTED: "the amount, what it was checked against, and a note",
}


def write_policy(policy: Policy) -> str:
    """The YAML of a policy; `policy_reading` reads the same policy from it."""
    return "\n".join(_lines(plain(policy))) + "\n"


def _lines(document: Plain) -> Iterator[str]:
    yield _HEAD
    yield f"name: {_text(document['name'])}"
    currency = document["currency"]
    told = "of every amount here; empty: the organization's"
    yield _beside(f"currency:{' ' + _text(currency) if currency else ''}", told)
    yield _GATES
    explained: set[Criterion] = set()
    for into in STAGES[1:]:
        yield from _gate(into, document["gates"][into.value], explained)
    yield "\n# How far a measure's planned value counts at each stage, in per cent; never less than the stage before."
    yield from _keys("stageWeights", document["stageWeights"])
    yield "\n# The kinds of value whose sum is the headline value; without COST_AVOIDANCE; REVENUE or MARGIN, not both."
    yield f"headlineKinds: [{', '.join(document['headlineKinds'])}]"
    yield "\n# For how many months the value must have been in the books before a measure is closed."
    yield f"sustainMonths: {document['sustainMonths']}"
    yield "\n# Potential is green or amber from this share of outlook ÷ plan on; implementation is amber or red after"
    yield "# so many days of delay."
    yield from _keys("lights", document["lights"])
    yield "\n# How often is reviewed (WEEKLY, MONTHLY, QUARTERLY), when that is due after its period, when deciders are"
    yield "# reminded of a vote they owe, and when a gate counts as stalled; all in days."
    yield from _keys("cadence", document["cadence"])
    yield "\n# What screens call the levels and the stages."
    yield from _keys("levelNames", document["levelNames"])
    yield from _keys("stageNames", document["stageNames"])


def _gate(into: Stage, gate: Plain, explained: set[Criterion]) -> Iterator[str]:
    frozen = FREEZES[into]
    yield _beside(f"  {into.value}:", f"its Go freezes {listed(frozen)}") if frozen else f"  {into.value}:"
    yield from _list("criteria", [_criterion(one, explained) for one in gate["criteria"]])
    yield from _list("votes", [_vote(one) for one in gate["votes"]])
    word = gate["financialValidation"]
    yield _beside(f"    financialValidation: {word}", f"with its Go the controller states {_VALIDATES[word]}")


def _list(name: str, items: list[str]) -> Iterator[str]:
    yield f"    {name}:" if items else f"    {name}: []"
    yield from (f"      - {item}" for item in items)


def _criterion(one: Plain, explained: set[Criterion]) -> str:
    """A word, with its number where it takes one; what it asks is said where it stands first."""
    criterion, at_least = Criterion(one["criterion"]), one["atLeast"]
    entry = CATALOGUE[criterion]
    line = criterion.value if entry.parameter is None and at_least == 1 else f"{criterion.value}: {at_least}"
    if criterion in explained:
        return line
    explained.add(criterion)
    counts = f" Number: {entry.parameter.counts}, at least." if entry.parameter else ""
    return _beside(line, f"{entry.asks}{counts}", indent=8)


def _vote(one: Plain) -> str:
    above = f", above: {one['above']}" if one["above"] is not None else ""
    return f"{{role: {one['role']}, needed: {one['needed']}{above}}}"


def _keys(name: str, values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{name}:"
    named = name.endswith("Names")
    yield from (f"  {key}: {_text(value) if named else value}" for key, value in values.items())


def _text(text: str) -> str:
    """A text as YAML reads it again: plain where nothing in it could mean something else, else in quotation marks."""
    if _PLAIN_TEXT.fullmatch(text) and text != "null":
        return text
    quoted = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**9)
    return quoted.rstrip("\n")


def _beside(line: str, comment: str, indent: int = 0) -> str:
    return f"{line:<{_COLUMN - indent}}  # {comment}"
