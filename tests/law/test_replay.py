"""What was, and what the ledger says since, is what is: for every mutation that the contract has.

A new mutation must come into the play of `play.py`, or it fails here.
"""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from server.live.upkeep import unkept
from server.live.work import Work
from server.schema import ids
from tests.law.play import NOT_TOLD, play
from tests.law.replay import changes_after, dumped, replayed
from tests.support.company import OPERATIONS, Company
from tests.support.measures import quota

SECONDS = 20
WATCHED = """... on Organization { revision people(first: 100) { edges { node { name email } } }
      seats(first: 100) { edges { node { id role from to ratified person { name } } } }
      nodes(first: 50) { edges { node { id revision name standing tags description owner { name } parent { name }
        externalIds { system id } rollUp(from: "2026-01", to: "2027-12") { headline { plan { value { amount } } } }
        ... on Measure { stage standingReason reviewOn estimatedValue { amount } risks varianceExplanation
          sponsor { name } controller { name } evidence { source }
          milestones(first: 20) { edges { node { name due state } } }
          gates { into waitingOn { role people { name } } history { outcome retracted decisions { outcome } } } }
        ... on Initiative { valueLines { name months { month plan { amount } actual { amount } } } }
        ... on SalesPlan { incentives { name weight }
          quota(from: "2026-01", to: "2027-12") { month amount { amount } } }
      } } } }"""
WATCH = f"subscription ($id: ID!) {{ watch(id: $id) {{ revision node {{ {WATCHED} }} }} }}"
ASK = f"query ($id: ID!) {{ node(id: $id) {{ {WATCHED} }} }}"


def mutations() -> set[str]:
    """Every mutation of the contract."""
    root = OPERATIONS.schema._schema.mutation_type
    assert root
    return set(root.fields)


class Retold(Company):
    """Everything done here is told again from the ledger."""

    told: set[str]

    async def do(self, who: str, verb: str, shown: str = "", /, **asked: Any) -> dict[str, Any]:
        """Do it, then compare every table with what the ledger makes of what was before, and what is kept with both."""
        before, revision = await dumped(), await self.revision()
        answer = await super().do(who, verb, shown, **asked)
        now, then = await dumped(), replayed(before, await changes_after(self.id, revision))
        differing = {
            key: (then.get(key), now.get(key)) for key in then.keys() | now.keys() if then.get(key) != now.get(key)
        }
        assert not differing, (verb, asked, differing)
        assert not await unkept(), verb
        if answer["__typename"] != "Refusal":
            self.told.add(verb)
        return answer


async def test_the_ledger_misses_nothing_of_what_any_mutation_changes(alder: Company) -> None:
    company = Retold(**vars(alder))
    company.told = set()
    await play(company)
    assert company.told | NOT_TOLD == mutations()


async def test_a_change_that_the_ledger_does_not_tell_is_found(alder: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company = Retold(**vars(alder))
    company.told = set()
    await quota(company)
    monkeypatch.setattr(Work, "note", lambda *_args, **_change: None)
    with pytest.raises(AssertionError, match="setQuota"):
        await quota(company, "500")


class Followed(Company):
    """Everything done here must reach a follower as a fresh question answers it."""

    stream: Any
    seen: Any
    reached: set[str]

    async def do(self, who: str, verb: str, shown: str = "", /, **asked: Any) -> dict[str, Any]:
        """Do it, then wait for the follower to see what is."""
        answer = await super().do(who, verb, shown, **asked)
        fresh = (await self.ask("eve", ASK, id=self.whole))["node"]
        async with asyncio.timeout(SECONDS):
            while self.seen != fresh:
                self.seen = (await anext(self.stream)).body["data"]["watch"]["node"]
        self.reached.add(verb)
        return answer

    @property
    def whole(self) -> str:
        """The organization's global id."""
        return ids.issue("organization", self.id)


@pytest.mark.parametrize("companies", ["sqlite"], indirect=True)
async def test_a_follower_sees_after_every_mutation_what_a_fresh_question_answers(alder: Company) -> None:
    company = Followed(**vars(alder))
    company.reached, company.seen = set(), None
    async with aclosing(company.follow(await company.member("eve"), WATCH, id=company.whole)) as company.stream:
        await play(company)
    assert company.reached | NOT_TOLD == mutations()
