"""Seat gaps through the API: told before the day, to those who see the place, at a fixed cost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from server.domain.cascade import Level
from tests.support.company import Company
from tests.support.measures import done

ASKED = """query ($days: Int! = 90) { organization { seatGaps(days: $days) {
    role from sentence measures at { name } person { name } } } }"""


async def gaps(alder: Company, who: str = "lea", **asked: Any) -> list[dict[str, Any]]:
    """What somebody is told."""
    return list((await alder.ask(who, ASKED, **asked))["organization"]["seatGaps"])


async def ends(alder: Company, who: str, on: str) -> None:
    """Somebody's only seat gets a last day."""
    (seat,) = (await alder.ask(who, "{ viewer { seats { id } } }"))["viewer"]["seats"]
    await done(alder, "ada", "endSeat", seat=seat["id"], on=on)


async def test_a_program_without_a_controller_is_told_before_the_day(alder: Company) -> None:
    assert await gaps(alder) == []
    await ends(alder, "carl", "2027-01-31")
    assert await gaps(alder, days=30) == []
    sentence = "“Contracts” has no controller from 1 February 2027: of the seats that of Carl ends the day before."
    assert await gaps(alder) == [
        {
            "role": "CONTROLLER",
            "from": "2027-02-01",
            "sentence": sentence,
            "measures": 2,
            "at": {"name": "Contracts"},
            "person": None,
        }
    ]
    refused = await alder.result("lea", ASKED, days=0)
    assert refused["errors"][0]["extensions"]["code"] == "INVALID"


async def test_only_what_one_sees_is_told(alder: Company) -> None:
    await alder.create(Level.PROGRAM, "Parts", "Service")
    nora = (await done(alder, "ada", "addPerson", "... on Person { id }", name="Nora"))["id"]
    await done(alder, "ada", "grantSeat", person=nora, role="VIEWER", at=alder.node("Parts"))
    alder.people["nora"] = alder.uuid(nora)
    await ends(alder, "pia", "2026-11-30")
    assert [(gap["at"], gap["measures"]) for gap in await gaps(alder)] == [(None, 2)]
    assert [gap["at"] for gap in await gaps(alder, "nora")] == [{"name": "Parts"}]


async def test_it_is_read_as_of_then_like_all_else(alder: Company) -> None:
    then = await alder.revision()
    await ends(alder, "carl", "2027-01-31")
    asked = """query ($then: Revision!) { organization(asOf: $then) { seatGaps { role }
        viewer { decisions { totalCount } delegations { lent { id } } } } }"""
    found = (await alder.ask("lea", asked, then=str(then)))["organization"]
    assert found == {"seatGaps": [], "viewer": {"decisions": {"totalCount": 0}, "delegations": {"lent": []}}}


async def test_it_costs_a_fixed_number_of_statements(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    await ends(alder, "carl", "2027-01-31")
    counted: list[int] = []
    for number in range(2):
        for more in range(3):
            await alder.create(Level.PROGRAM, f"Program {number}.{more}", "Service")
        with statements() as told:
            await gaps(alder)
        counted.append(len(told))
    assert counted[0] == counted[1] < 10, counted
