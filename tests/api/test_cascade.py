"""The cascade through the API: created, edited, moved, cancelled; seen by those with a seat, and by nobody else."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import product
from typing import Any
from uuid import UUID

from server.actions.cascade import create_node
from server.actions.seats import grant_seat
from server.domain.cascade import Level
from server.domain.people import Role
from server.live.work import Work, perform
from server.schema import ids
from tests.support.company import Company

NODE = "query ($id: ID!) { node(id: $id) { __typename id ... on CascadeNode { name level ancestors { name } } } }"


async def test_a_portfolio_cannot_stand_at_the_top(alder: Company) -> None:
    before = await alder.revision()
    refusal = await alder.do("lea", "createPortfolio", parent=alder.node("Service"), name="Side by side")
    assert refusal["code"] == "INVALID"
    assert refusal["message"] == "A portfolio cannot stand under a portfolio; it stands under an objective."
    assert await alder.revision() == before
    made = await alder.do(
        "lea", "createPortfolio", "... on Portfolio { name }", parent=alder.node("Growth"), name="Spares"
    )
    assert made == {"__typename": "Portfolio", "name": "Spares"}


async def test_who_may_not_create_is_told_who_may(alder: Company) -> None:
    refusal = await alder.do("olaf", "createProgram", parent=alder.node("Service"), name="Mine")
    assert refusal["code"] == "FORBIDDEN"
    assert "the portfolio lead or the program lead" in refusal["message"]


async def test_all_faults_of_one_input_are_told_at_once(alder: Company) -> None:
    before = await alder.revision()
    refusal = await alder.do(
        "pia",
        "createInitiative",
        parent=alder.node("Contracts"),
        name="x" * 201,
        tags=["t" * 81],
        estimatedValue={"amount": "1.234", "currency": "EUR"},
        sellers=["Anna"],
    )
    assert refusal["code"] == "INVALID"
    assert len(refusal["details"]) == 4
    assert await alder.revision() == before


async def test_an_amount_that_is_none_is_an_error_that_names_it(alder: Company) -> None:
    document = "mutation ($input: EditNodeInput!) { editNode(input: $input) { __typename } }"
    for amount in ("NaN", "Infinity", "1e400", "1e-400", "twelve", "", "0." + "1" * 70):
        asked = {"node": alder.node("Full service"), "estimatedValue": {"amount": amount, "currency": "EUR"}}
        message = (await alder.result("olaf", document, input=asked))["errors"][0]["message"]
        assert "estimatedValue" in message
        assert "not a decimal number" in message


async def test_owner_sponsor_and_controller_are_three_people(alder: Company) -> None:
    refusal = await alder.do("olaf", "editNode", node=alder.node("Full service"), controller=alder.person("olaf"))
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["controller"])
    assert "never its controller" in refusal["message"]


async def test_a_stale_edit_is_refused_with_the_current_state(alder: Company) -> None:
    node = alder.node("Full service")
    first = await alder.do("olaf", "editNode", "... on Initiative { revision }", node=node, risks="Two suppliers only.")
    refusal = await alder.do("olaf", "editNode", node=node, risks="None.", expectedRevision="1")
    assert refusal["code"] == "STALE"
    assert refusal["details"] == [f"current revision: {first['revision']}"]
    again = await alder.do("olaf", "editNode", node=node, risks="None.", expectedRevision=first["revision"])
    assert again["__typename"] == "Initiative"


async def test_an_edit_that_changes_nothing_records_nothing(alder: Company) -> None:
    node = alder.node("Full service")
    await alder.do("olaf", "editNode", node=node, tags=["service"])
    before = await alder.revision()
    await alder.do("olaf", "editNode", node=node, tags=["service"])
    assert await alder.revision() == before


async def test_a_retry_with_the_same_key_has_one_effect(alder: Company) -> None:
    asked = {"parent": alder.node("Growth"), "name": "Once", "idempotencyKey": "k1"}
    first = await alder.do("lea", "createPortfolio", "... on Portfolio { id }", **asked)
    before = await alder.revision()
    assert await alder.do("lea", "createPortfolio", "... on Portfolio { id }", **asked) == first
    refusal = await alder.do("lea", "createPortfolio", **(asked | {"name": "Twice"}))
    assert refusal["code"] == "KEY_REUSED"
    assert await alder.revision() == before


async def test_a_node_cannot_move_into_its_own_branch(alder: Company) -> None:
    await alder.create(Level.OBJECTIVE, "Margin", "Growth")
    refusal = await alder.do("lea", "moveNode", node=alder.node("Growth"), parent=alder.node("Margin"))
    assert refusal["message"] == "“Margin” stands below “Growth”; a node cannot move into its own branch."
    moved = await alder.do("lea", "moveNode", node=alder.node("Service"), parent=alder.node("Margin"))
    assert moved["__typename"] == "Portfolio"
    seen = await alder.ask("eve", NODE, id=alder.node("DACH"))
    above = [node["name"] for node in seen["node"]["ancestors"]]
    assert above == ["Growth", "Margin", "Service", "Contracts", "Full service"]


async def test_a_program_with_an_open_measure_is_not_cancelled(alder: Company) -> None:
    refusal = await alder.do("lea", "cancelNode", node=alder.node("Contracts"), reason="No budget.")
    assert (refusal["code"], refusal["details"]) == ("WRONG_STAGE", ["DACH", "Full service"])
    await alder.create(Level.PROGRAM, "Empty", "Service")
    done = await alder.do(
        "lea", "cancelNode", "... on Program { standing }", node=alder.node("Empty"), reason="No budget."
    )
    assert done["standing"] == "CANCELLED"


async def test_the_second_organization_does_not_exist_for_the_first(alder: Company, birch: Company) -> None:
    nothing = ids.issue("node", birch.id)
    foreign = birch.node("Full service")
    for wrong in (foreign, nothing, "bm8", "", "x" * 500):
        assert (await alder.ask("eve", NODE, id=wrong))["node"] is None
    refusals = [await alder.do("lea", "editNode", node=wrong, name="Ours") for wrong in (foreign, nothing)]
    assert refusals[0] == refusals[1]
    assert refusals[0]["code"] == "NOT_FOUND"
    named = "{ organization { nodes(first: 100) { totalCount edges { node { id } } } } }"
    seen = (await alder.ask("eve", named))["organization"]["nodes"]
    assert seen["totalCount"] == 5
    assert not {edge["node"]["id"] for edge in seen["edges"]} & {birch.node(name) for name in birch.nodes}


async def test_a_seat_opens_its_branch_and_the_names_above_it(alder: Company) -> None:
    await alder.create(Level.PROGRAM, "Elsewhere", "Service")
    ada = await alder.viewer("ada")
    alder.people["bo"] = await _add(alder, "Bo")
    await perform(
        ada, grant_seat, alder.now, person=alder.people["bo"], role=Role.VIEWER, node=alder.nodes["Contracts"]
    )
    shown = """query ($id: ID!) { node(id: $id) { ... on CascadeNode {
        name description owner { name } children { edges { node { name } } } } } }"""
    inside = (await alder.ask("bo", shown, id=alder.node("Contracts")))["node"]
    assert inside["owner"] == {"name": "Lea"}
    above = (await alder.ask("bo", shown, id=alder.node("Service")))["node"]
    assert above == {"name": "Service", "description": None, "owner": None,
                     "children": {"edges": [{"node": {"name": "Contracts"}}]}}  # fmt: skip
    assert (await alder.ask("bo", shown, id=alder.node("Elsewhere")))["node"] is None


async def test_acts_say_what_may_be_done_and_why_not(alder: Company) -> None:
    document = "query ($id: ID!) { node(id: $id) { ... on CascadeNode { acts { act allowed why } } } }"
    acts = (await alder.ask("sam", document, id=alder.node("Full service")))["node"]["acts"]
    by_name = {act["act"]: act for act in acts}
    assert by_name["holdMeasure"] == {"act": "holdMeasure", "allowed": True, "why": None}
    assert by_name["editNode"] == {"act": "editNode", "allowed": False, "why": "Only the owner may do this."}


async def test_a_page_costs_the_same_number_of_statements_for_10_and_1000_initiatives(
    alder: Company, statements: Any
) -> None:
    document = """query ($id: ID!) { node(id: $id) { ... on CascadeNode { children(first: 100) { totalCount edges {
        node {
        name owner { name } parent { name } ancestors { name } acts { act } externalIds { id }
        ... on Measure { stage sponsor { name } milestones { edges { node { name } } } } } } } } } }"""
    for number in range(10):
        await alder.create(Level.INITIATIVE, f"Measure {number}", "Contracts")
    with statements() as few:
        await alder.ask("eve", document, id=alder.node("Contracts"))

    async def make_many(work: Work) -> UUID:
        for number in range(10, 1000):
            fields = {"name": f"Measure {number}"}
            await create_node(work, level=Level.INITIATIVE, parent=alder.nodes["Contracts"], fields=fields)
        return alder.nodes["Contracts"]

    await perform(await alder.viewer("lea"), make_many, alder.now)
    with statements() as many:
        answer = await alder.ask("eve", document, id=alder.node("Contracts"))
    assert answer["node"]["children"]["totalCount"] == 1001
    assert len(many) == len(few)


async def test_every_page_of_every_order_holds_each_node_once(alder: Company) -> None:
    for number in range(7):
        await alder.create(Level.INITIATIVE, f"Same name {number % 2}", "Contracts")
    document = """query ($id: ID!, $after: String, $order: CascadeOrder!) { node(id: $id) { ... on CascadeNode {
        children(first: 3, after: $after, orderBy: $order) {
            pageInfo { hasNextPage endCursor } edges { node { id } } } } } }"""
    for order in ("NAME", "PLAN_DESC", "AGE_IN_STAGE_DESC", "UPDATED_DESC"):
        found, after = [], None
        while True:
            asked = {"id": alder.node("Contracts"), "after": after, "order": order}
            page = (await alder.ask("eve", document, **asked))["node"]["children"]
            found += [edge["node"]["id"] for edge in page["edges"]]
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert len(found) == len(set(found)) == 8


async def test_a_cursor_that_we_did_not_give_is_refused(alder: Company) -> None:
    document = """query ($after: String, $order: CascadeOrder!) {
        organization { nodes(after: $after, orderBy: $order) { totalCount } } }"""
    wrong = ("", "no", "[1]", '["a", "b"]', '["a", 1]', "[true, null]", f'[{2**70}, "{UUID(int=0)}"]', '{"a": 1}')
    for key, order in product(wrong, ("NAME", "PLAN_DESC", "AGE_IN_STAGE_DESC", "UPDATED_DESC")):
        answer = await alder.result("eve", document, after=urlsafe_b64encode(key.encode()).decode(), order=order)
        assert "no cursor of this list" in answer["errors"][0]["message"], (key, order)


async def _add(alder: Company, name: str) -> Any:
    made = await alder.do("ada", "addPerson", "... on Person { id }", name=name)
    return alder.uuid(made["id"])


async def test_a_fact_tells_amounts_as_money(alder: Company) -> None:
    estimate = {"amount": "520000", "currency": "EUR"}
    await alder.do("olaf", "editNode", node=alder.node("Full service"), estimatedValue=estimate)
    document = "{ ledger(first: 1) { edges { node { sentence changes { field before after } } } } }"
    fact = (await alder.ask("eve", document))["ledger"]["edges"][0]["node"]
    assert {"field": "estimated", "before": None, "after": "520,000.00 EUR"} in fact["changes"]


async def test_several_things_are_asked_for_in_their_order_and_not_too_many(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    answer = await alder.result("eve", document, ids=[alder.node("DACH")] * 101)
    assert "101 ids are too many" in answer["errors"][0]["message"]
    asked = [alder.node("DACH"), "nothing", alder.node("Growth"), alder.person("sam")]
    with statements() as counted:
        found = (await alder.ask("eve", document, ids=asked))["nodes"]
    assert found == [{"id": asked[0]}, None, {"id": asked[2]}, {"id": asked[3]}]
    assert len(counted) == 3  # who asks, the nodes, the person
