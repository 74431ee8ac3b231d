"""What is asked: the four reads of performance.md, in our words and in each peer's, about the same facts.

An answer is compared by what it tells, not by its shape: `facts` counts the words and amounts in it.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bench.ground import Filled
from server.domain.stages import STAGES
from server.schema import ids

PHONES = 256  # how many initiatives are asked for in turn

_EIGHT = "id name stage standing revision businessUnit owner { name } estimatedValue { amount currency }"
_OUR_EIGHT = f"... on Initiative {{ {_EIGHT} }}"


def _below(first: int, selected: str) -> str:
    return f"children(first: {first}) {{ edges {{ node {{ {selected} }} }} }}"


_PORTFOLIO = f"id name {_below(20, f'id name {_below(40, _OUR_EIGHT)}')}"

OURS = {
    "Phone": """query Phone($id: ID!) { node(id: $id) { ... on Initiative {
        id name stage standing owner { name } estimatedValue { amount currency }
        milestones(first: 3) { edges { node { id name due } } } } } }""",
    "Tree": f"query Tree($id: ID!) {{ node(id: $id) {{ ... on Objective {{ id name {_below(10, _PORTFOLIO)} }} }} }}",
    "Funnel": """query Funnel { organization { rollUp { funnel { stage measures
        plan { value { amount currency } } outlook { value { amount currency } } } } } }""",
    "Page": f"""query Page($stage: Stage!) {{ organization {{
        nodes(first: 50, filter: {{ levels: [INITIATIVE], stages: [$stage] }}, orderBy: PLAN_DESC) {{ totalCount
            edges {{ cursor node {{ {_OUR_EIGHT} }} }} pageInfo {{ hasNextPage endCursor }} }} }} }}""",
}
PEERS = {
    "Phone": """query Phone($id: Int!) { initiative(id: $id) { id name stage standing owner { name }
        estimatedValue { amount currency } milestones(first: 3) { id name due } } }""",
    "Tree": f"""query Tree($id: Int!) {{ objective(id: $id) {{ id name portfolios {{ id name programs {{ id name
        initiatives {{ {_EIGHT} }} }} }} }} }}""",
    "Funnel": "query Funnel { funnel { stage measures plan outlook } }",
    "Page": f"""query Page($stage: String!) {{ initiatives(stage: $stage, first: 50) {{ totalCount
        edges {{ cursor node {{ {_EIGHT} }} }} pageInfo {{ hasNextPage endCursor }} }} }}""",
}


@dataclass(frozen=True)
class Question:
    """One of the four reads.

    Attributes:
        name: Phone (Q1), Tree (Q2), Funnel (Q3) or Page (Q4).
        told: The keys of an answer whose values must be the same for all who answer.
    """

    name: str
    told: tuple[str, ...]
    ours: Callable[[Filled], Iterable[dict[str, Any]]]
    theirs: Callable[[Filled], Iterable[dict[str, Any]]]

    def bodies(self, on: Filled, documents: dict[str, str] | None) -> list[str]:
        """The requests: ours where no documents are given, else a peer's."""
        document = (documents or OURS)[self.name]
        asked = self.theirs(on) if documents else self.ours(on)
        return [json.dumps({"query": " ".join(document.split()), "variables": each}) for each in asked]

    def raw(self, on: Filled, name: str = "") -> list[str]:
        """The same for the raw statements (`name`: another one of them); a statement takes one value."""
        return [json.dumps({"query": name or self.name, "variables": each or {"all": 0}}) for each in self.theirs(on)]


def _phones(on: Filled) -> list[int]:
    return [number * 7919 % on.large.initiatives for number in range(min(PHONES, on.large.initiatives))]


def _tops(on: Filled) -> range:
    return range(len(on.large.tops))


_EIGHT_TOLD = ("name", "stage", "standing", "businessUnit", "amount", "currency", "revision")
PHONE = Question(
    "Phone",
    ("name", "stage", "standing", "amount", "currency", "due"),
    lambda on: [{"id": ids.issue("node", on.large.measures[number])} for number in _phones(on)],
    lambda on: [{"id": on.plain[f"Initiative {number}"]} for number in _phones(on)],
)
TREE = Question(
    "Tree",
    _EIGHT_TOLD,
    lambda on: [{"id": ids.issue("node", on.large.tops[number])} for number in _tops(on)],
    lambda on: [{"id": on.plain[f"Objective {number}"]} for number in _tops(on)],
)
FUNNEL = Question("Funnel", ("stage", "measures", "plan", "outlook"), lambda _on: [{}], lambda _on: [{}])
PAGE = Question(
    "Page",
    (*_EIGHT_TOLD, "totalCount", "hasNextPage"),
    lambda _on: [{"stage": stage.value} for stage in STAGES],
    lambda _on: [{"stage": stage.value} for stage in STAGES],
)


def facts(answer: Any, told: tuple[str, ...]) -> Counter[str]:
    """What an answer tells, whatever its shape: how often each value stands there under each key."""
    found: Counter[str] = Counter()

    def walk(key: str, value: Any) -> None:
        if isinstance(value, dict):
            if set(value) == {"value"}:
                value = value["value"] or {}
            if set(value) == {"amount", "currency"} and key in told:
                walk(key, value["amount"])
                return
            for name, each in value.items():
                walk(name, each)
        elif isinstance(value, list):
            for each in value:
                walk(key, each)
        elif key in told:
            found[f"{key} {_plain(value)}"] += 1

    walk("", answer)
    return found


def _plain(value: Any) -> str:
    try:
        return f"{Decimal(str(value)):.2f}"
    except ArithmeticError:
        return str(value)
