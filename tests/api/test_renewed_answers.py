"""Kept answers in which single nodes are told anew: byte for byte what would be made, and made of hardly any reads."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, AsyncExitStack, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from server.actions.cascade import cancel_node, edit_node, move_node
from server.actions.holding import hold_measure
from server.api import renewing, shapes
from server.app import make_app
from server.domain import reach
from server.domain.cascade import Level
from server.domain.refusals import Refused
from server.live.parts import put_together
from server.live.work import perform
from server.settings import Settings
from tests.support.company import Company
from tests.support.house import House
from tests.support.walk import Walk

STEPS = 120
PROGRAMS = ("Contracts", "Spares")
_EIGHT = "id name stage standing revision businessUnit owner { name } estimatedValue { amount currency }"
_OWN = "revision description tags businessUnit standing level"


def _below(selected: str, arguments: str = "(first: 20)") -> str:
    return f"children{arguments} {{ edges {{ node {{ {selected} }} }} pageInfo {{ hasNextPage endCursor }} }}"


_LEAF = f"... on Initiative {{ {_EIGHT} }}"
_KEYED = f"key: id {_OWN} {_below(f'id {_OWN}')}"
Edit = tuple[str, str, dict[str, Any]]
"""Who edits which node how."""
RENEWED = (
    f"id name {_below(f'id name {_below(_LEAF)}')}",
    f"id {_OWN} {_below(_KEYED)}",
    f"... on CascadeNode {{ id {_OWN} }} ... on Measure {{ risks overlaps estimatedValue {{ amount }} }}",
    f"id {_below('...Told')}",
    f"{_below('id name', '(first: 2)')} id",
)
WHOLE = (
    f"id {_below('id name', '(first: 3, orderBy: UPDATED_DESC)')}",
    f"id {_below('id rollUp { headline { plan { value { amount } } } }')}",
    f"id name milestones {{ totalCount }} parent {{ id {_OWN} }} {_below('id acts { act allowed }')}",
    f"{_OWN}",
)
TOLD = "fragment Told on CascadeNode { __typename id owner { name } ...Own } fragment Own on Measure { risks revision }"
WORDS: dict[str, Callable[[Random], Any]] = {
    "description": lambda random: f'About “{random.randrange(99)}” \0, {{"id":"…"}}',
    "business_unit": lambda random: random.choice((None, "EMEA", "Übersee")),
    "tags": lambda random: random.sample(["a", "b", "c"], 2),
    "estimatedValue": lambda random: (Decimal(random.randrange(99)), "EUR"),
    "name": lambda random: f"{random.choice('ABCDEFG')} {random.randrange(9999)}",
}
FIELDS = {"business_unit": "businessUnit"}


@dataclass
class Branches(Walk):
    """The same who ask for trees, while nodes in them are edited, moved, held and added."""

    made: int = 0

    def document(self) -> str:
        """One that can be renewed, mostly."""
        selected = self.random.choice(RENEWED if self.random.random() < 0.8 else WHOLE)
        spread = TOLD if "...Told" in selected else ""
        on = self.random.choice(("Service", "Service", "Service", "Service", "Contracts", "M0"))
        return f'{{ node(id: "{self.alder.node(on)}") {{ ... on CascadeNode {{ {selected} }} }} }} {spread}'

    async def told(self, document: str) -> list[str]:
        """What both applications answer the first who asks."""
        return [(await each.post("/graphql", json={"query": document})).text for each in self.askers[0]]

    async def acts(self) -> None:
        """Something happens in the branch; once in a while a seat or the time changes as well."""
        if self.random.random() < 0.05:
            await super().acts()
        for _ in range(self.random.choice((1, 1, 1, 1, 1, 3, 3, 25))):
            with suppress(Refused):  # it is cancelled already, say
                await self._act()

    async def _act(self) -> None:
        alder, random = self.alder, self.random
        lea, at = await alder.viewer("lea"), alder.now
        measure = random.choice([name for name in alder.nodes if name.startswith("M")])
        what = random.randrange(40)
        if what < 35:
            node = alder.nodes[random.choice((measure, measure, measure, measure, "Contracts", "Service"))]
            column = random.choice(list(WORDS)[: 4 if random.random() < 0.95 else 5])
            fields = {FIELDS.get(column, column): WORDS[column](random)}
            await perform(lea, edit_node, at, node=node, fields=fields)
        elif what == 35:
            owner = alder.people[random.choice(("olaf", "pia"))]
            await perform(lea, edit_node, at, node=alder.nodes[measure], fields={"owner": owner})
        elif what == 36:
            await perform(lea, move_node, at, node=alder.nodes[measure], parent=alder.nodes[random.choice(PROGRAMS)])
        elif what == 37:
            await perform(lea, hold_measure, at, measure=alder.nodes[measure], reason="Not now", review_on=at.date())
        elif what == 38:
            self.made += 1
            await alder.create(Level.INITIATIVE, f"M new {self.made}", random.choice(PROGRAMS))
        else:
            await perform(lea, cancel_node, at, node=alder.nodes["Spares"], reason="Not any more")


@pytest.fixture
async def branches(alder: Company, tmp_path: Path) -> AsyncIterator[Branches]:
    """Two programs with a few initiatives, and people of several rights."""
    await alder.create(Level.PROGRAM, "Spares", "Service")
    for number in range(8):
        await alder.create(Level.INITIATIVE, f"M{number}", PROGRAMS[number % 2], description="Some")
    async with AsyncExitStack() as stack:
        keeping, running = (
            House(make_app(Settings(data_dir=tmp_path, answers_bytes=kept), clock=alder.clock), stack)
            for kept in (400_000, 0)
        )
        walk = Branches(alder, Random(7), keeping, running)  # noqa: S311 - the same each time
        for who in ("vera", "eve", "emil", "pia"):
            await walk.comes(who)
        yield walk


async def _renewed(walk: Branches) -> int:
    lines = (await walk.askers[0][0].get("/metrics")).text.splitlines()
    return next(int(float(line.split()[1])) for line in lines if line.startswith("stageline_answers_renewed"))


async def _walked(walk: Branches, steps: int = STEPS) -> None:
    for _ in range(steps):
        await (walk.acts() if walk.random.random() < 0.3 else walk.asks())


async def test_what_is_renewed_is_what_would_be_made(branches: Branches) -> None:
    """Whatever happens in a branch: edited, renamed, moved, held, added, handed over, by many facts or one."""
    before = await _renewed(branches)
    await _walked(branches)
    assert await _renewed(branches) - before > STEPS / 8


def _any_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "OF_ITS_OWN", reach.OF_ITS_OWN | {"name", "owner_id"})


def _any_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "stays_within", lambda *_: True)


def _any_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "put_together", lambda frame, parts, _others: put_together(frame, parts, ()))


def _any_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "_ARGUMENTS", {**shapes._ARGUMENTS, "children": {"first", "after", "orderBy"}})


def _any_field(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {"Query": frozenset({"node", "organization"}), "Organization": frozenset({"revision"})}
    monkeypatch.setattr(shapes, "_FIELDS", {**shapes._FIELDS, **more})


_NAMED = _below("id name description owner { name }")
_TOLD = {"description": "Other"}
LEFT_OUT: list[tuple[Callable[[pytest.MonkeyPatch], None], str, Edit, Edit]] = [
    (_any_column, _NAMED, ("lea", "M2", {"name": "Zebra"}), ("lea", "M2", {"name": "Aardvark"})),
    (_any_column, _NAMED, ("lea", "M2", {"owner": "pia"}), ("pia", "M2", {"owner": "olaf"})),
    (_any_fact, _NAMED, ("lea", "M2", {"name": "Zebra"}), ("lea", "M2", {"name": "Aardvark"})),
    (_any_node, f"description {_NAMED}", ("lea", "Contracts", {"tags": ["a"]}), ("lea", "Contracts", _TOLD)),
    (_any_list, _below("id", "(first: 2, orderBy: UPDATED_DESC)"), ("lea", "M2", _TOLD), ("lea", "M4", _TOLD)),
    (_any_field, f"{_NAMED} }} }} organization {{ revision ", ("lea", "M2", _TOLD), ("lea", "M4", _TOLD)),
]


@pytest.mark.parametrize(("fault", "selected", "first", "second"), LEFT_OUT)
async def test_a_rule_that_is_left_out_gives_wrong_answers(
    branches: Branches,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[[pytest.MonkeyPatch], None],
    selected: str,
    first: Edit,
    second: Edit,
) -> None:
    """Each rule by which the whole is asked anew keeps an answer right that is wrong once the rule is taken away."""
    alder, ends = branches.alder, "}" * (1 + selected.count("{") - selected.count("}"))
    for told, (by, on, given) in (("name", first), ("level", second)):
        if told == "level":
            fault(monkeypatch)
        document = (
            f'{{ node(id: "{alder.node("Contracts")}") {{ ... on CascadeNode {{ id {told} {selected} }} {ends} }}'
        )
        fields = {name: alder.people[value] if name == "owner" else value for name, value in given.items()}
        await branches.told(document)
        await perform(await alder.viewer(by), edit_node, alder.now, node=alder.nodes[on], fields=fields)
        kept, run = await branches.told(document)
        assert "errors" not in run
        assert (kept == run) is (told == "name")


@pytest.mark.parametrize(
    ("fields", "told", "cost"),
    [({"businessUnit": "Another"}, "Another", 2), ({"estimatedValue": (Decimal(7), "EUR")}, '"7.00"', 3)],
)
async def test_one_changed_node_costs_a_statement_or_two(
    branches: Branches,
    statements: Callable[[], AbstractContextManager[list[str]]],
    fields: dict[str, Any],
    told: str,
    cost: int,
) -> None:
    """Who asks, and what happened; the node itself only where it takes more than the ledger holds."""
    alder, (keeping, _) = branches.alder, branches.askers[1]
    document = f'{{ node(id: "{alder.node("Service")}") {{ ... on CascadeNode {{ {RENEWED[0]} }} }} }}'
    await keeping.post("/graphql", json={"query": document})
    await perform(await alder.viewer("lea"), edit_node, alder.now, node=alder.nodes["M1"], fields=fields)
    with statements() as asked:
        assert told in (await keeping.post("/graphql", json={"query": document})).text
    assert len(asked) == cost, asked
