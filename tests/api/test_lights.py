"""The two lights through the API: proposed, set, counted where better than proposed, and added up above."""

from collections import Counter
from typing import Any

from server.actions.noticing import notice_in
from server.domain.cascade import Level
from server.domain.stages import Stage
from server.live.upkeep import unkept
from server.models.database import reading, rows
from tests.support.company import Company
from tests.support.measures import done, milestone, passed, prepared, sentences, series

LIT = """lights { implementation { ...lit } potential { ...lit } }"""
PARTS = "fragment lit on LightReading { proposed set shown reason why setAt setBy { name } }"
READ = f"query ($id: ID!) {{ node(id: $id) {{ ... on CascadeNode {{ {LIT} }} }} }} {PARTS}"
COUNTED = """{ organization { betterThanProposed { times byMonth(months: 3) { month times } person { name } }
    lightMatrix { implementation potential measures plan { value { amount } omitted } }
    proposed: lightMatrix(view: PROPOSED) { implementation potential measures } } }"""
KEPT = "SELECT place_id FROM kept_year WHERE proposed_implementation = 'RED' AND measures <> 0"
LISTED = "query ($filter: CascadeFilter) { organization { nodes(filter: $filter) { edges { node { name } } } } }"


async def lights(alder: Company, who: str, name: str) -> dict[str, Any]:
    return dict((await alder.ask(who, READ, id=alder.node(name)))["node"]["lights"])


async def implementation(alder: Company, name: str) -> tuple[str, str, str]:
    """Proposed, set and shown."""
    found = (await lights(alder, "vera", name))["implementation"]
    return found["proposed"], found["set"], found["shown"]


async def listed(alder: Company, **wanted: Any) -> list[str]:
    found = await alder.ask("vera", LISTED, filter=wanted)
    return [edge["node"]["name"] for edge in found["organization"]["nodes"]["edges"]]


def filled(matrix: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """The cells with measures."""
    assert len(matrix) == 16
    return {(cell["implementation"], cell["potential"]): cell["measures"] for cell in matrix if cell["measures"]}


async def test_a_light_is_the_owners_and_better_than_proposed_takes_a_reason(alder: Company) -> None:
    await milestone(alder, "Full service", due="2026-12-31")
    full_service = {"measure": alder.node("Full service"), "light": "IMPLEMENTATION"}
    before = await alder.revision()
    assert (await alder.do("sam", "setLight", **full_service, colour="RED"))["code"] == "FORBIDDEN"
    refusal = await alder.do("olaf", "setLight", **full_service, colour="GREEN")
    assert (refusal["code"], refusal["path"]) == ("CRITERIA_UNMET", ["reason"])
    assert "No outcome or output was achieved yet" in refusal["message"]
    refusal = await alder.do("olaf", "setLight", **full_service, colour="GREY", reason="Unknown")
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["colour"])
    done_nothing = await alder.do("olaf", "setLight", **full_service)
    assert done_nothing["__typename"] == "Initiative"
    assert await alder.revision() == before
    assert await implementation(alder, "Full service") == ("GREY", "GREY", "GREY")

    await done(alder, "olaf", "setLight", **full_service, colour="AMBER")
    assert await implementation(alder, "Full service") == ("GREY", "AMBER", "AMBER")
    assert (await sentences(alder))[
        0
    ] == "Olaf set the implementation light of “Full service” to amber (proposed: grey)."

    alder.later(days=60)  # fifteen days late
    assert await implementation(alder, "Full service") == ("RED", "AMBER", "AMBER")
    assert (await alder.do("olaf", "setLight", **full_service, colour="GREEN"))["code"] == "CRITERIA_UNMET"
    reason = "The customer signs on Friday."
    await done(alder, "olaf", "setLight", **full_service, colour="GREEN", reason=reason)
    found = (await lights(alder, "vera", "Full service"))["implementation"]
    assert (found["shown"], found["reason"], found["setBy"]) == ("GREEN", reason, {"name": "Olaf"})
    counted = (await alder.ask("vera", COUNTED))["organization"]
    once = {"times": 1, "person": {"name": "Olaf"}}
    series = [{"month": month, "times": times} for month, times in (("2026-11", 0), ("2026-12", 0), ("2027-01", 1))]
    assert counted["betterThanProposed"] == [once | {"byMonth": series}]
    endless = await alder.result("vera", COUNTED.replace("months: 3", "months: 121"))
    assert endless["errors"][0]["message"] == "months is 121; ask for 1 to 120 months."
    told = f"Olaf set the implementation light of “Full service” to green (better than the red proposed): {reason}"
    assert (await sentences(alder))[0] == told


async def test_lights_are_filtered_counted_and_taken_back(alder: Company) -> None:
    for name, owner, light, colour in (
        ("Full service", "olaf", "IMPLEMENTATION", "RED"),
        ("Full service", "olaf", "POTENTIAL", "AMBER"),
        ("DACH", "sal", "POTENTIAL", "RED"),
    ):
        await done(alder, owner, "setLight", measure=alder.node(name), light=light, colour=colour)
    assert await listed(alder, lights=["RED"]) == ["DACH", "Full service"]
    assert await listed(alder, implementation=["RED"], potential=["AMBER"]) == ["Full service"]
    assert await listed(alder, implementation=["GREY"]) == ["DACH"]
    organization = (await alder.ask("eve", COUNTED))["organization"]
    assert filled(organization["lightMatrix"]) == {("GREY", "RED"): 1, ("RED", "AMBER"): 1}
    assert filled(organization["proposed"]) == {("GREY", "GREY"): 2}
    contracts = await lights(alder, "vera", "Contracts")
    assert (contracts["potential"]["shown"], contracts["potential"]["proposed"]) == ("RED", "GREY")

    await done(alder, "sal", "setLight", measure=alder.node("DACH"), light="POTENTIAL")
    assert await listed(alder, lights=["RED"]) == ["Full service"]
    assert (await sentences(alder))[0] == "Sal took back the potential light of “DACH”."


async def test_potential_is_outlook_by_plan_and_of_a_sales_plan_won_by_quota(alder: Company) -> None:
    made = await prepared(alder)
    for into in (Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED):
        for name in ("Full service", "DACH"):
            await passed(alder, name, into)
    alder.later(days=80)  # February 2027
    months = {f"2027-{month:02}": "8000" for month in range(2, 13)}
    await series(alder, "olaf", "setForecast", made["Contracts"], months)
    await series(alder, "olaf", "recordActual", made["Contracts"], {"2027-01": "10000"})
    found = (await lights(alder, "vera", "Full service"))["potential"]
    assert (found["proposed"], found["why"]) == ("AMBER", "The outlook of revenue is 81 % of the plan.")
    found = (await lights(alder, "vera", "DACH"))["potential"]
    assert (found["proposed"], found["why"]) == (
        "RED",
        "What was won is 0 % of the quota of the months that are over.",
    )
    deal = {"system": "crm", "externalId": "1", "stage": "Won", "state": "WON", "amount": "110000", "currency": "EUR"}
    results = [deal | {"closedOn": "2027-01-20", "engagedOn": "2026-11-20"}]
    await done(alder, "sal", "recordResults", plan=alder.node("DACH"), results=results)
    assert (await lights(alder, "vera", "DACH"))["potential"]["proposed"] == "GREEN"


async def test_lights_above_are_kept_by_looks_and_by_writes(alder: Company) -> None:
    """Whatever a look has kept, what is counted below is what each measure is proposed now."""
    await prepared(alder)
    measures = ["Full service", "DACH"]

    async def counted() -> dict[tuple[str, str], int]:
        own = [await lights(alder, "eve", name) for name in measures]
        found = Counter((one["implementation"]["proposed"], one["potential"]["proposed"]) for one in own)
        assert filled((await alder.ask("eve", COUNTED))["organization"]["proposed"]) == found
        assert await unkept() == []
        return found

    async def above(view: str) -> list[str]:
        return [(await lights(alder, "vera", name))["implementation"][view] for name in ("Growth", "Contracts")]

    alder.later(days=60)  # whatever was due is late
    assert await counted() == {("RED", "GREY"): 2}
    assert not await rows(reading(), KEPT), "nobody has looked yet"
    await notice_in(alder.id, alder.now)
    assert await rows(reading(), KEPT)
    assert await counted() == {("RED", "GREY"): 2}
    assert (await above("proposed"), await above("shown")) == (["RED", "RED"], ["GREY", "GREY"])

    await done(alder, "olaf", "setLight", measure=alder.node("Full service"), light="IMPLEMENTATION", colour="RED")
    measures.append("Parts")
    await alder.create(Level.INITIATIVE, "Parts", "Contracts", owner=alder.people["olaf"])
    assert await counted() == {("RED", "GREY"): 2, ("GREY", "GREY"): 1}
    asked: dict[str, Any] = {"under": alder.node("Parts"), "name": "Price list", "due": "2026-12-31", "critical": True}
    await done(alder, "olaf", "addMilestone", measureType="OUTPUT", **asked)
    assert await counted() == {("RED", "GREY"): 3}, "who reads judges anew what was touched since the look"
    assert (await above("proposed"), await above("shown")) == (["RED", "RED"], ["RED", "RED"])
    await notice_in(alder.id, alder.now)
    assert await counted() == {("RED", "GREY"): 3}

    alder.later(days=1)
    assert await counted() == {("RED", "GREY"): 3}, "a day on which nobody has looked yet"


async def test_the_other_organization_sets_no_light(alder: Company, birch: Company) -> None:
    before = await alder.revision()
    asked = {"measure": alder.node("Full service"), "light": "POTENTIAL", "colour": "RED"}
    assert (await birch.do("olaf", "setLight", **asked))["code"] == "NOT_FOUND"
    assert await alder.revision() == before
    assert (await birch.ask("eve", COUNTED))["organization"]["betterThanProposed"] == []
