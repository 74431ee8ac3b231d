"""Rights as the API keeps and shows them: the ledger, what a machine may, and the table of all of it."""

from typing import Any

from tests.support.company import Company
from tests.support.measures import done

LEDGER = "query ($under: ID) { ledger(under: $under, first: 100) { edges { node { on { id } } } } }"


async def ledger(company: Company, who: str, under: str | None = None) -> set[str | None] | str:
    """What the ledger is about as far as somebody may read it, or the refusal's sentence."""
    answer = await company.result(who, LEDGER, under=company.node(under) if under else None)
    if "errors" in answer:
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
        return str(answer["errors"][0]["message"])
    return {(edge["node"]["on"] or {}).get("id") for edge in answer["data"]["ledger"]["edges"]}


async def seated(company: Company, name: str, role: str = "VIEWER", at: str | None = None, **rights: Any) -> None:
    """A new person, or one known already, with one more seat."""
    if name not in company.people:
        made = await done(company, "ada", "addPerson", "... on Person { id }", name=name.capitalize())
        company.people[name] = company.uuid(str(made["id"]))
    place = {"at": company.node(at)} if at else {}
    await done(company, "ada", "grantSeat", person=company.person(name), role=role, **place, **rights)


async def test_the_ledger_is_for_those_whom_the_law_names(alder: Company) -> None:
    may = "Only the admin, the controller, the executive, the portfolio lead or the viewer with the right to it"
    for who in ("vera", "olaf", "sal", "sam", "pia"):
        refusal = await ledger(alder, who)
        assert isinstance(refusal, str)
        assert may in refusal, who
        assert "“Contracts”" in str(await ledger(alder, who, under="Contracts"))
    every = await ledger(alder, "eve")
    assert alder.node("DACH") in every
    for who in ("lea", "carl", "ada", "emil"):
        assert await ledger(alder, who) == every
    await seated(alder, "vera", readsLedger=True)
    assert alder.node("DACH") in await ledger(alder, "vera")


async def test_a_viewer_reads_the_ledger_of_the_branch_whose_ledger_is_theirs(alder: Company) -> None:
    await seated(alder, "bo")
    await seated(alder, "bo", at="Full service", readsLedger=True)
    branch = {alder.node("Full service"), alder.node("DACH")}
    for under in (None, "Growth", "Full service"):
        found = await ledger(alder, "bo", under=under)
        assert isinstance(found, set)
        assert branch <= found
        assert alder.node("Contracts") not in found
    assert alder.node("DACH") in await ledger(alder, "bo", under="DACH")
    proof = await alder.result("bo", "{ verifyLedger { sound } }")
    assert proof["errors"][0]["extensions"]["code"] == "FORBIDDEN", "that would take all of it"


async def test_what_happens_is_told_live_to_who_sees_it(alder: Company) -> None:
    """Screens follow by sight; the list of all that ever happened is what takes the right."""
    member = await alder.member("olaf")
    last = f'subscription {{ activity(after: "{await alder.revision() - 1}") {{ sentence }} }}'
    stream = alder.follow(member, last)
    assert "DACH" in (await anext(stream)).body["data"]["activity"]["sentence"]
    await stream.aclose()
