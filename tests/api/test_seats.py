"""Seats: the administrator grants, an executive ratifies, nobody does both, and nobody seats themselves."""

from typing import Any

from server.domain.cascade import Level
from tests.support.company import Company

SEAT = "... on Seat { id role ratified from to person { name } at { name } }"


async def newcomer(alder: Company, name: str = "Nora") -> str:
    """A person without a seat."""
    made = await alder.do("ada", "addPerson", "... on Person { id }", name=name, email=f"{name}@alder.example")
    return str(made["id"])


async def test_only_the_administrator_grants_and_never_to_themselves(alder: Company) -> None:
    before = await alder.revision()
    refusal = await alder.do("eve", "grantSeat", person=alder.person("vera"), role="SPONSOR")
    assert refusal["code"] == "FORBIDDEN"
    refusal = await alder.do("ada", "grantSeat", person=alder.person("ada"), role="EXECUTIVE")
    assert (refusal["code"], refusal["path"]) == ("SAME_PERSON", ["person"])
    assert await alder.revision() == before


async def test_a_seat_with_a_vote_waits_for_an_executive(alder: Company) -> None:
    nora = await newcomer(alder)
    seat = await alder.do("ada", "grantSeat", SEAT, person=nora, role="SPONSOR", at=alder.node("Contracts"))
    assert (seat["ratified"], seat["at"]) == (False, {"name": "Contracts"})
    assert (await alder.do("ada", "ratifySeat", seat=seat["id"]))["code"] == "FORBIDDEN"
    ratified = await alder.do("eve", "ratifySeat", SEAT, seat=seat["id"])
    assert ratified["ratified"] is True
    assert (await alder.do("emil", "ratifySeat", seat=seat["id"]))["code"] == "ALREADY_DECIDED"


async def test_an_executive_does_not_ratify_their_own_seat(alder: Company) -> None:
    seat = await alder.do("ada", "grantSeat", SEAT, person=alder.person("eve"), role="CONTROLLER")
    refusal = await alder.do("eve", "ratifySeat", seat=seat["id"])
    assert refusal["code"] == "SAME_PERSON"
    assert (await alder.do("emil", "ratifySeat", SEAT, seat=seat["id"]))["ratified"] is True


async def test_a_seat_that_would_end_before_it_begins_is_refused(alder: Company) -> None:
    nora = await newcomer(alder)
    span: dict[str, Any] = {"from": "2026-12-01", "to": "2026-11-30"}
    refusal = await alder.do("ada", "grantSeat", person=nora, role="VIEWER", **span)
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["to"])


async def test_an_email_is_one_persons_in_the_whole_deployment(alder: Company, birch: Company) -> None:
    await newcomer(alder)
    refusal = await birch.do("ada", "addPerson", name="Nora", email="Nora@alder.example")
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["email"])


async def test_an_ended_seat_gives_nothing_from_the_next_question_on(alder: Company) -> None:
    nora = await newcomer(alder)
    alder.people["nora"] = alder.uuid(nora)
    seat = await alder.do("ada", "grantSeat", SEAT, person=nora, role="VIEWER", at=alder.node("Contracts"))
    document = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await alder.ask("nora", document, id=alder.node("Full service")))["node"] is not None
    await alder.do("ada", "endSeat", seat=seat["id"])
    assert (await alder.ask("nora", document, id=alder.node("Full service")))["node"] is None
    assert (await alder.ask("nora", "{ viewer { seats { role to } } }"))["viewer"]["seats"][0]["to"] == "2026-11-15"


async def test_a_seat_says_what_one_may_do_with_it_as_the_verbs_do(alder: Company) -> None:
    acts = "... on Seat { id everywhere acts { act allowed why } }"
    seat = await alder.do(
        "ada", "grantSeat", acts, person=alder.person("eve"), role="SPONSOR", at=alder.node("Contracts")
    )
    assert seat["everywhere"] is False

    async def said(who: str) -> dict[str, str | None]:
        document = "query ($id: ID!) { node(id: $id) { ... on Seat { acts { act allowed why } } } }"
        told = (await alder.ask(who, document, id=seat["id"]))["node"]["acts"]
        return {each["act"]: "yes" if each["allowed"] else each["why"] for each in told}

    told = await said("ada")
    lenders = "Only the controller, the executive, the program lead or the sponsor may do this."
    assert told == {"ratifySeat": "Only the executive may do this.", "endSeat": "yes", "delegateVote": lenders}
    unratified = "The seat of Eve as sponsor has no vote yet: an executive ratifies it first."
    assert (await said("eve"))["delegateVote"] == unratified
    assert (await said("eve"))["ratifySeat"] == "Who takes a seat does not ratify it. Ask another executive."
    assert (await said("emil"))["ratifySeat"] == "yes"
    await alder.do("emil", "ratifySeat", seat=seat["id"])
    assert (await said("emil"))["ratifySeat"] == "The seat of Eve as sponsor was already ratified."
    assert (await said("eve"))["delegateVote"] == "yes"
    assert "Only Eve lends the vote" in str((await said("emil"))["delegateVote"])


async def test_a_seat_at_a_cancelled_place_still_ends(alder: Company) -> None:
    await alder.create(Level.OBJECTIVE, "Growth")
    granted = {"person": alder.person("vera"), "role": "OWNER", "at": alder.node("Growth")}
    seat = (await alder.do("ada", "grantSeat", "... on Seat { id }", **granted))["id"]
    await alder.do("lea", "cancelNode", node=alder.node("Growth"), reason="Not wanted any more")
    assert (await alder.do("ada", "grantSeat", **granted))["code"] == "WRONG_STAGE"
    assert (await alder.do("ada", "endSeat", seat=seat))["__typename"] == "Seat"
