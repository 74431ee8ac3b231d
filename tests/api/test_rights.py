"""Rights as the API keeps and shows them: the ledger, what a machine may, and the table of all of it."""

from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import httpx

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.people import Role, Scope
from server.domain.rights import RIGHTS, Situation, may
from server.domain.stages import STAGES
from tests.support.company import Company
from tests.support.house import answer, opened_house
from tests.support.measures import done, milestone

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


MATRIX = """query ($acts: [String!], $roles: [Role!], $levels: [Level!], $stages: [Stage!]) {
    organization { rightsMatrix(acts: $acts, roles: $roles, levels: $levels, stages: $stages) {
        act role level stage allowed why } governedActs { act sentence } } }"""


async def matrix(company: Company, **asked: Any) -> list[dict[str, Any]]:
    """Rows of the table of rights, as anybody sees them."""
    rows: list[dict[str, Any]] = (await company.ask("vera", MATRIX, **asked))["organization"]["rightsMatrix"]
    return rows


async def test_the_matrix_says_what_the_table_says_everywhere(alder: Company) -> None:
    found = {(row["act"], row["role"], row["level"], row["stage"]): row for row in await matrix(alder)}
    places = [(level, stage) for level in Level for stage in (STAGES if level in MEASURES else (None,))]
    for act, role, (level, stage) in product(RIGHTS, Role, [(None, None), *places]):
        scopes = frozenset(Scope) if role is Role.PARTNER else None
        standing = Standing.ON_HOLD if act == "resumeMeasure" else Standing.ACTIVE
        verdict = may(act, Situation(frozenset({role}), level, stage, standing, scopes=scopes))
        row = found.pop((act, role.value, level and level.value, stage and stage.value), None)
        if row is None:
            assert verdict is not True
            assert "cannot be done on" in verdict
        else:
            assert (row["allowed"], row["why"]) == ((True, None) if verdict is True else (False, verdict))
    assert {key[0] for key in found} == {"ledger", "verifyLedger", "tokens"}


async def test_the_matrix_is_asked_for_in_parts_and_every_act_has_its_sentence(alder: Company) -> None:
    part = await matrix(alder, acts=["confirmValue"], roles=["CONTROLLER"], levels=["INITIATIVE"])
    assert [(row["stage"], row["allowed"]) for row in part] == [
        (stage.value, stage == "IMPLEMENTED") for stage in STAGES
    ]
    assert "It stands at Detailed" in part[2]["why"]
    resumes = await matrix(alder, acts=["resumeMeasure"], roles=["SPONSOR"], levels=["INITIATIVE"])
    assert [row["allowed"] for row in resumes] == [True, True, True, False, False, False]
    assert {row["stage"] for row in await matrix(alder, acts=["setPlan"], stages=["DECIDED"])} == {"DECIDED"}
    refused = await alder.result("vera", MATRIX, acts=["sing"])
    assert refused["errors"][0]["extensions"]["code"] == "INVALID"
    acts = (await alder.ask("vera", MATRIX, acts=["setPlan"]))["organization"]["governedActs"]
    assert {each["act"] for each in acts} == {*RIGHTS, "ledger", "verifyLedger", "tokens"}
    assert all(each["sentence"].endswith(".") for each in acts)


ISSUED = "... on IssuedToken { secret token { id label scopes expiresAt machine { name } } }"
TOKENS = "{ organization { tokens { id label scopes endedAt machine { name } } } }"


async def token(company: Company, *scopes: str, at: str | None = None, **asked: Any) -> dict[str, Any]:
    """The answer to making a token for the connector, which is seated first."""
    if "connector" not in company.people:
        await seated(company, "connector", "PARTNER", at=at)
    wanted = {"label": "CRM", "ends": (company.now.date() + timedelta(days=30)).isoformat(), **asked}
    machine = company.person("connector")
    return await company.do("ada", "createToken", ISSUED, **{"machine": machine, "scopes": list(scopes), **wanted})


async def test_a_token_is_made_by_an_admin_for_a_machine_only_and_shown_once(alder: Company) -> None:
    await seated(alder, "connector", "PARTNER")
    before = await alder.revision()
    for wrong in ({"machine": alder.person("sal")}, {"ends": "2026-11-15"}, {"ends": "2028-01-01"}, {"label": " "}):
        refusal = await token(alder, "RESULTS_WRITE", **wrong)
        assert (refusal["code"], refusal["path"]) == ("INVALID", list(wrong)), wrong
    asked = {"machine": alder.person("connector"), "label": "CRM", "scopes": [], "ends": "2026-12-01"}
    assert (await alder.do("eve", "createToken", **asked))["code"] == "FORBIDDEN"
    assert await alder.revision() == before
    first = await token(alder, "RESULTS_WRITE", idempotencyKey="once")
    again = await token(alder, "RESULTS_WRITE", idempotencyKey="once")
    assert first["secret"].startswith("sl_token_")
    assert (again["secret"], again["token"]) == (None, first["token"])
    assert first["token"]["scopes"] == ["READ", "RESULTS_WRITE"]
    assert (await alder.ask("eve", TOKENS))["organization"]["tokens"] is None
    (listed,) = (await alder.ask("ada", TOKENS))["organization"]["tokens"]
    assert (listed["label"], listed["machine"], listed["endedAt"]) == ("CRM", {"name": "Connector"}, None)
    facts = await alder.ask("eve", "{ ledger(first: 1) { edges { node { sentence } } } }")
    assert facts["ledger"]["edges"][0]["node"]["sentence"] == (
        "Ada made the token “CRM” for Connector, until 2026-12-16: read and results:write."
    )


DEAL = {"system": "crm", "externalId": "1", "stage": "S", "state": "OPEN", "amount": "100", "currency": "EUR"}
READ = """query ($id: ID!) { node(id: $id) { ... on SalesPlan {
    acts { act allowed why } opportunities { edges { node { amount { amount } } } } } } }"""


async def test_a_machine_does_what_its_seat_and_its_scopes_allow_and_nothing_else(
    alder: Company, tmp_path: Path
) -> None:
    made = await milestone(alder, "DACH")
    secrets = {
        "reader": (await token(alder, at="Contracts"))["secret"],
        "crm": (await token(alder, "RESULTS_WRITE", "MONEY_READ"))["secret"],
        "shop": (await token(alder, "MILESTONES_WRITE"))["secret"],
    }
    proof = {"milestone": made, "reading": "11", "source": "CRM", "date": "2026-11-16"}
    results: dict[str, Any] = {"plan": alder.node("DACH"), "results": [DEAL]}
    async with opened_house(alder, tmp_path) as house:
        machines = {name: await house.stranger(Authorization=f"Bearer {one}") for name, one in secrets.items()}
        before = await alder.revision()
        for who, verb, asked, scope in (
            ("reader", "recordResults", results, "results:write"),
            ("crm", "achieveMilestone", proof, "milestones:write"),
            ("shop", "recordResults", results, "results:write"),
        ):
            refusal = await answer(machines[who], verb, asked)
            assert (refusal["code"], f"lacks the scope {scope}" in refusal["message"]) == ("FORBIDDEN", True)
        outside = await answer(machines["crm"], "recordResults", {"results": [DEAL]})
        assert outside["code"] == "FORBIDDEN", "its seat is at a program, not at the organization"
        submit = {"measure": alder.node("DACH"), "into": "IDENTIFIED"}
        assert (await answer(machines["crm"], "submitGate", submit))["code"] == "FORBIDDEN"
        assert await alder.revision() == before
        assert (await answer(machines["crm"], "recordResults", results))["__typename"] == "RecordedResults"
        assert (await answer(machines["shop"], "achieveMilestone", proof))["__typename"] == "Milestone"
        amounts = {}
        for name, machine in machines.items():
            plan = (await asked_by(machine, READ, id=alder.node("DACH")))["data"]["node"]
            amounts[name] = plan["opportunities"]["edges"][0]["node"]["amount"]
            allowed = [each["act"] for each in plan["acts"] if each["allowed"]]
            assert allowed == (["recordResults", "recordActivities"] if name == "crm" else [])
        assert amounts == {"reader": None, "crm": {"amount": "100.00"}, "shop": None}


async def test_a_revoked_token_is_a_strangers_at_once(alder: Company, tmp_path: Path) -> None:
    made = await token(alder, "MONEY_READ")
    async with opened_house(alder, tmp_path) as house:
        machine = await house.stranger(Authorization=f"Bearer {made['secret']}")
        assert (await asked_by(machine, "{ viewer { person { name } } }"))["data"]["viewer"]["person"]["name"]
        assert (await alder.do("eve", "revokeToken", token=made["token"]["id"]))["code"] == "FORBIDDEN"
        await done(alder, "ada", "revokeToken", token=made["token"]["id"])
        assert (await asked_by(machine, "{ viewer { person { name } } }"))["data"] == {"viewer": None}
    refusal = await alder.do("ada", "revokeToken", token=made["token"]["id"])
    assert refusal["code"] == "ALREADY_DECIDED"


async def asked_by(client: httpx.AsyncClient, document: str, **variables: Any) -> dict[str, Any]:
    """What a client is answered."""
    body: dict[str, Any] = (await client.post("/graphql", json={"query": document, "variables": variables})).json()
    return body
