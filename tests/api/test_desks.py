"""Handing over a desk: one act, that lists what moved, what ended and what stays; nothing that is history changes."""

from typing import Any

import pytest

from server.domain.cascade import Level
from server.domain.stages import STAGES
from server.live.proof import first_fault
from tests.support.company import Company
from tests.support.measures import described, done, passed, prepared, submitted, voted

IDENTIFIED, DETAILED = STAGES[1:3]
ENTRIES = "{ what name role sentence }"
HANDOVER = f"from {{ name }} to {{ name }} moved {ENTRIES} ended {ENTRIES} kept {ENTRIES} sentence"
PREVIEW = f"query ($from: ID!, $to: ID!) {{ previewHandover(from: $from, to: $to) {{ {HANDOVER} }} }}"


async def newcomer(alder: Company, name: str = "nora") -> str:
    """Somebody without a seat; they become one of the cast."""
    made = await done(alder, "ada", "addPerson", "... on Person { id }", name=name.capitalize())
    alder.people[name] = alder.uuid(made["id"])
    return str(made["id"])


async def handed(alder: Company, leaver: str, to: str, by: str = "ada", **other: Any) -> dict[str, Any]:
    """Hand a desk over; the answer, be it a refusal."""
    asked = {"from": alder.person(leaver), "to": alder.person(to), "reason": "Leaves"} | other
    return await alder.do(by, "handOverDesk", f"... on DeskHandover {{ {HANDOVER} }}", **asked)


async def previewed(alder: Company, leaver: str, to: str) -> dict[str, Any]:
    """What a handover would do."""
    people = {"from": alder.person(leaver), "to": alder.person(to)}
    return dict((await alder.ask("ada", PREVIEW, **people))["previewHandover"])


def told(entries: list[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    """What, whose name and as what."""
    return [(each["what"], each["name"], each["role"]) for each in entries]


@pytest.mark.parametrize("by", ["eve", "lea", "sam", "vera"])
async def test_only_an_administrator_hands_over(alder: Company, by: str) -> None:
    await newcomer(alder)
    before = await alder.revision()
    assert (await handed(alder, "sam", "nora", by=by))["code"] == "FORBIDDEN"
    seen = await alder.result(by, PREVIEW, **{"from": alder.person("sam"), "to": alder.person("nora")})
    assert seen["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert await alder.revision() == before


@pytest.mark.parametrize(
    ("to", "asked", "code", "path"),
    [
        ("sam", {}, "SAME_PERSON", "to"),
        ("ada", {}, "SAME_PERSON", "to"),
        ("vera", {"on": "2026-11-17"}, "INVALID", "on"),
        ("vera", {"reason": " "}, "INVALID", "reason"),
    ],
)
async def test_what_cannot_be_handed_over_moves_nothing(
    alder: Company, to: str, asked: dict[str, str], code: str, path: str
) -> None:
    before = await alder.revision()
    refusal = await handed(alder, "sam", to, **asked)
    assert (refusal["code"], refusal["path"]) == (code, [path])
    assert await alder.revision() == before


async def test_a_sponsor_leaves_and_all_that_is_theirs_moves_in_one_act(alder: Company) -> None:
    await newcomer(alder)
    (seat,) = (await alder.ask("sam", "{ viewer { seats { id } } }"))["viewer"]["seats"]
    lent = {"seat": seat["id"], "delegate": alder.person("vera"), "until": "2026-12-31", "reason": "Leave"}
    await done(alder, "sam", "delegateVote", **lent)
    expected = await previewed(alder, "sam", "nora")
    before = await alder.revision()
    found = await handed(alder, "sam", "nora")
    assert {name: found[name] for name in expected} == expected
    assert told(found["moved"]) == [
        ("NODE", "Full service", "SPONSOR"),
        ("NODE", "DACH", "SPONSOR"),
        ("SEAT", "Alder Pumps", "SPONSOR"),
    ]
    assert (told(found["ended"]), found["kept"]) == ([("DELEGATION", "Sam → Vera", "SPONSOR")], [])
    assert found["sentence"] == "Handed over the desk of Sam to Nora: 3 moved, 1 ended, 0 kept."
    assert await alder.revision() == before + 6  # two nodes, a seat ended and one granted, a delegation, the desk
    facts = (await alder.ask("ada", "{ ledger(first: 6) { edges { node { kind sentence } } } }"))["ledger"]["edges"]
    assert facts[0]["node"] == {
        "kind": "DESK_HANDED_OVER",
        "sentence": "Ada handed over the desk of Sam to Nora: 3 moved, 1 ended, 0 kept: Leaves",
    }
    assert [each["node"]["kind"] for each in facts[1:]] == [
        "DELEGATION_CHANGED", "SEAT_CHANGED", "SEAT_CHANGED", "NODE_CHANGED", "NODE_CHANGED",
    ]  # fmt: skip
    assert await first_fault(alder.id) is None
    seats = (await alder.ask("nora", "{ viewer { seats { id role ratified from to } } }"))["viewer"]["seats"]
    assert [(each["role"], each["ratified"], each["from"], each["to"]) for each in seats] == [
        ("SPONSOR", False, "2026-11-16", None),
    ]
    gone = (await alder.ask("sam", "{ viewer { seats { to } } }"))["viewer"]["seats"]
    assert gone == [{"to": "2026-11-15"}]
    await done(alder, "eve", "ratifySeat", seat=seats[0]["id"])
    await described(alder, "Full service")
    for into, who in ((IDENTIFIED, "pia"),):
        await submitted(alder, "Full service", into)
        await voted(alder, who, "Full service", into)
    again = await handed(alder, "sam", "nora")
    assert (again["moved"], again["ended"], again["kept"]) == ([], [], [])


async def test_what_would_break_the_separation_of_duties_stays_and_says_why(alder: Company) -> None:
    found = await handed(alder, "olaf", "carl")
    assert told(found["moved"]) == [("SEAT", "Alder Pumps", "OWNER")]
    assert told(found["kept"]) == [("NODE", "Full service", "OWNER")]
    assert found["kept"][0]["sentence"] == "Carl is its controller, who is never its owner: name another owner."
    node = "query ($id: ID!) { node(id: $id) { ... on Measure { owner { name } controller { name } } } }"
    seen = (await alder.ask("lea", node, id=alder.node("Full service")))["node"]
    assert seen == {"owner": {"name": "Olaf"}, "controller": {"name": "Carl"}}


async def test_a_seller_does_not_come_to_decide_on_their_own_quota(alder: Company) -> None:
    await prepared(alder)  # Vera sells under DACH
    found = await handed(alder, "carl", "vera")
    assert ("NODE", "DACH", "CONTROLLER") in told(found["kept"])
    assert ("NODE", "Full service", "CONTROLLER") in told(found["moved"])


async def test_an_open_submission_keeps_its_deciders_and_its_parts(alder: Company) -> None:
    await described(alder, "Full service")
    await submitted(alder, "Full service", IDENTIFIED)
    owners = await previewed(alder, "olaf", "pia")
    (kept,) = owners["kept"]
    assert "decides on its open submission, and an owner never does" in kept["sentence"]
    sponsors = await previewed(alder, "sam", "olaf")
    assert "is its owner, who is never its sponsor" in sponsors["kept"][0]["sentence"]
    await newcomer(alder)
    leads = await handed(alder, "pia", "nora")
    assert told(leads["kept"]) == [("VOTE", "Full service", "PROGRAM_LEAD")]
    assert "keeps the deciders it was submitted with" in leads["kept"][0]["sentence"]


async def test_history_stays_as_it_was(alder: Company) -> None:
    await newcomer(alder)
    named: Any = {"owner": alder.people["olaf"], "sponsor": alder.people["sam"]}
    await alder.create(Level.INITIATIVE, "Given up", "Contracts", **named)
    await done(alder, "sam", "cancelMeasure", measure=alder.node("Given up"), reason="Too small")
    await done(alder, "olaf", "addMilestone", under=alder.node("Full service"), name="Pilot", due="2026-12-31",
               measureType="OUTCOME", assignee=alder.person("olaf"))  # fmt: skip
    found = await handed(alder, "olaf", "nora")
    assert told(found["moved"]) == [
        ("NODE", "Full service", "OWNER"),
        ("MILESTONE", "Pilot", None),
        ("SEAT", "Alder Pumps", "OWNER"),
    ]
    assert told(found["kept"]) == [("NODE", "Given up", "OWNER")]
    assert found["kept"][0]["sentence"] == "It was cancelled: history keeps who was its owner."


async def test_the_last_executive_does_not_leave_nobody_to_ratify(alder: Company) -> None:
    await newcomer(alder)
    first = await handed(alder, "emil", "nora")
    assert told(first["moved"]) == [("SEAT", "Alder Pumps", "EXECUTIVE")]
    second = await handed(alder, "eve", "nora")
    assert (second["moved"], told(second["kept"])) == ([], [("SEAT", "Alder Pumps", "EXECUTIVE")])
    assert "seat and ratify another one first" in second["kept"][0]["sentence"]


async def test_a_retry_with_its_key_gets_the_first_answer(alder: Company) -> None:
    await newcomer(alder)
    first = await handed(alder, "sam", "nora", idempotencyKey="k1")
    revision = await alder.revision()
    assert await handed(alder, "sam", "nora", idempotencyKey="k1") == first
    assert await alder.revision() == revision


async def test_old_decisions_name_who_made_them(alder: Company) -> None:
    await prepared(alder)
    for into in (IDENTIFIED, DETAILED):
        await passed(alder, "Full service", into)
    await newcomer(alder)
    await handed(alder, "sam", "nora")
    gates = "query ($id: ID!) { node(id: $id) { ... on Measure { gates { history { decisions { by { name } } } } } } }"
    found = (await alder.ask("lea", gates, id=alder.node("Full service")))["node"]["gates"]
    names = [one["by"]["name"] for each in found for past in each["history"] for one in past["decisions"]]
    assert names == ["Pia", "Sam"]
