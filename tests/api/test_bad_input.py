"""Whatever is sent, the answer is a coded no that names what is wrong; nothing moves, and nothing inside shows."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import orjson
import pytest

from server.actions import credentials, passwords
from server.models.people import Person
from server.schema import ids
from tests.support.company import Company, mutation
from tests.support.house import House, answer, opened_house

NODE = "query ($id: ID!) { node(id: $id) { id } }"
PASSWORD = "correct horse battery staple"


@pytest.fixture
async def house(alder: Company, tmp_path: Path) -> AsyncIterator[House]:
    """The application; every answer it gives is searched for leaks."""
    async with opened_house(alder, tmp_path) as opened:
        yield opened


@pytest.fixture
async def lea(house: House, alder: Company) -> httpx.AsyncClient:
    """The portfolio lead of Alder Pumps."""
    return await house.member(alder, "lea")


async def post(client: httpx.AsyncClient, query: str, /, **variables: Any) -> httpx.Response:
    return await client.post("/graphql", json={"query": query, "variables": variables})


async def result(client: httpx.AsyncClient, verb: str, /, **asked: Any) -> dict[str, Any]:
    """A mutation's result."""
    return await answer(client, verb, asked)


async def errors(client: httpx.AsyncClient, query: str, /, **variables: Any) -> list[dict[str, Any]]:
    """The errors of what could not be run."""
    body = (await post(client, query, **variables)).json()
    assert not any((body.get("data") or {}).values())
    found: list[dict[str, Any]] = body["errors"]
    return found


async def wrong(client: httpx.AsyncClient, verb: str, /, **asked: Any) -> str:
    """The message of the one error that a mutation's wrong value gets."""
    (error,) = await errors(client, mutation(verb), input=asked)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    message: str = error["message"]
    return message


async def test_a_foreign_id_gets_the_answer_of_one_never_issued(
    house: House, alder: Company, birch: Company, lea: httpx.AsyncClient
) -> None:
    theirs = await house.member(birch, "lea")
    before = await birch.revision()
    unknown = str(ids.issue("node", uuid4()))
    assert (await post(theirs, NODE, id=birch.node("Growth"))).json()["data"]["node"] == {"id": birch.node("Growth")}
    for asked in (
        birch.node("Growth"),
        unknown,
        "",
        "garbage",
        "ÄÖÜ",
        "x" * 10_000,
        alder.person("eve")[:-1],
        "bm9kZQ",
    ):
        assert (await post(lea, NODE, id=asked)).json()["data"] == {"node": None}
    foreign, never = [
        await result(lea, "editNode", node=node, name="Taken") for node in (birch.node("Growth"), unknown)
    ]
    assert foreign == never
    assert (foreign["code"], foreign["path"]) == ("NOT_FOUND", ["node"])
    assert await birch.revision() == before


async def test_an_id_of_another_kind_is_no_id(alder: Company, lea: httpx.AsyncClient) -> None:
    for asked in (alder.person("eve"), str(ids.issue("organization", alder.id))):
        assert (await result(lea, "editNode", node=asked, name="Taken"))["code"] == "NOT_FOUND"


async def test_what_is_no_amount_is_an_error_that_names_field_and_value(alder: Company, lea: httpx.AsyncClient) -> None:
    before = await alder.revision()
    for amount in ("NaN", "sNaN", "-Infinity", "1e400", "-1e-400", "", " ", "1,5", "0x10", "9" * 5_000):
        message = await wrong(lea, "editNode", node=alder.node("Growth"), target=amount)
        assert "target" in message
        assert amount[:40] in message
        assert "such as 1250.50" in message
    assert await alder.revision() == before


async def test_an_amount_finer_than_its_currency_is_refused_and_minus_zero_is_zero(
    house: House, alder: Company, lea: httpx.AsyncClient
) -> None:
    olaf = await house.member(alder, "olaf")
    before = await alder.revision()
    fine = {"amount": "0." + "1" * 30, "currency": "EUR"}
    refusal = await result(olaf, "editNode", node=alder.node("Full service"), estimatedValue=fine)
    assert refusal["code"] == "INVALID"
    assert "has more than the 2 decimals of EUR" in refusal["message"]
    assert await alder.revision() == before
    made = await result(
        olaf, "editNode", node=alder.node("Full service"), estimatedValue={"amount": "-0", "currency": "EUR"}
    )
    assert made["__typename"] == "Initiative"
    shown = "query ($id: ID!) { node(id: $id) { ... on Initiative { estimatedValue { amount } } } }"
    read = (await post(lea, shown, id=alder.node("Full service"))).json()["data"]["node"]
    assert read == {"estimatedValue": {"amount": "0.00"}}


async def test_a_date_that_does_not_exist_is_an_error_that_names_it(alder: Company, lea: httpx.AsyncClient) -> None:
    for day in ("2026-02-30", "2026-13-01", "0000-01-01", "tomorrow", "", "2026-11-31", "10000-01-01"):
        message = await wrong(lea, "editNode", node=alder.node("Growth"), targetDate=day)
        assert "targetDate" in message
        assert day in message


async def test_a_name_of_ten_megabytes_gets_413_and_one_of_a_page_a_refusal(
    alder: Company, lea: httpx.AsyncClient
) -> None:
    before = await alder.revision()
    response = await post(lea, mutation("createObjective"), input={"name": "x" * 10_000_000})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (413, "TOO_LARGE")
    refusal = await result(lea, "createObjective", name="x" * 900_000)
    assert refusal["code"] == "INVALID"
    assert refusal["message"] == "name has 900,000 characters; at most 200 fit."
    assert await alder.revision() == before


async def test_a_node_cannot_be_moved_below_itself(alder: Company, lea: httpx.AsyncClient) -> None:
    below = await result(lea, "createObjective", name="Below", parent=alder.node("Growth"))
    assert below["__typename"] == "Objective"
    before = await alder.revision()
    found = (await post(lea, '{ search(text: "Below") { edges { node { id } } } }')).json()["data"]["search"]
    for parent in (alder.node("Growth"), found["edges"][0]["node"]["id"]):
        refusal = await result(lea, "moveNode", node=alder.node("Growth"), parent=parent)
        assert refusal["code"] == "INVALID"
        assert "Growth" in refusal["message"]
    assert await alder.revision() == before


async def test_a_stale_change_is_refused_with_the_current_state(alder: Company, lea: httpx.AsyncClient) -> None:
    node = alder.node("Growth")
    await result(lea, "editNode", node=node, hypothesis="Service grows faster.")
    before = await alder.revision()
    refusal = await result(lea, "editNode", node=node, name="Grow", expectedRevision="1")
    assert (refusal["code"], refusal["path"]) == ("STALE", ["expectedRevision"])
    assert refusal["details"] == [f"current revision: {before}"]
    assert await alder.revision() == before


async def test_what_is_no_revision_is_an_error(alder: Company, lea: httpx.AsyncClient) -> None:
    for revision in ("-1", "1e3", "", "newest", "9" * 5_000, "٣", 1.5, True):
        message = await wrong(lea, "editNode", node=alder.node("Growth"), name="Grow", expectedRevision=revision)
        assert "expectedRevision" in message


async def test_garbage_gets_400(lea: httpx.AsyncClient) -> None:
    deep = b"[" * 100_000
    for body in (b"", b"{", b"null", b"[]", b'"query"', b'{"query": 1}', b"\xff\xfe", deep, b'{"query":"{viewer}",}'):
        response = await lea.post("/graphql", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == 400
        assert len(response.json()["errors"]) == 1


async def test_a_small_document_of_nested_spreads_is_refused_at_once(lea: httpx.AsyncClient) -> None:
    """Each fragment spreads the next one twice: walked naively, this 1 KB is visited a billion times."""
    fragments = [f"fragment f{n} on Viewer{{...f{n + 1} ...f{n + 1}}}" for n in range(30)]
    document = "{viewer{...f0}}" + "".join(fragments) + "fragment f30 on Viewer{__typename}"
    assert len(document) < 1_300
    began = time.perf_counter()
    (error,) = await errors(lea, document)
    assert time.perf_counter() - began < 1
    assert (error["extensions"]["code"], error["extensions"]["what"]) == ("LIMITED", "spreads")


async def test_integers_of_five_thousand_digits_are_errors(lea: httpx.AsyncClient) -> None:
    digits = "9" * 5_000
    literal = f'{{ search(text: "x", first: {digits}) {{ totalCount }} }}'
    variable = b'{"query":"query($n:Int!){search(text:\\"x\\",first:$n){totalCount}}","variables":{"n":%s}}'
    for body in (orjson.dumps({"query": literal}), variable % digits.encode()):
        response = await lea.post("/graphql", content=body, headers={"Content-Type": "application/json"})
        assert response.status_code in (200, 400)
        assert response.json().get("data") is None
        assert len(response.text) < 3_000, "it is not sent back"


async def test_a_page_has_one_to_a_hundred(lea: httpx.AsyncClient) -> None:
    for first in (0, -1, 101, 2**31, 2**63):
        (error,) = await errors(lea, 'query ($n: Int!) { search(text: "x", first: $n) { totalCount } }', n=first)
        assert error["extensions"]["code"] in ("INVALID", "BAD_USER_INPUT", "LIMITED")


async def test_a_mutation_by_get_gets_405(alder: Company, lea: httpx.AsyncClient) -> None:
    before = await alder.revision()
    query = 'mutation { createObjective(input: { name: "By GET" }) { __typename } }'
    response = await lea.get("/graphql", params={"query": query})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert await alder.revision() == before


@pytest.fixture
async def cookie(alder: Company) -> str:
    """Lea's session, as a browser keeps it."""
    person = await Person.get(id=alder.people["lea"])
    person.password_hash = await passwords.hashed(PASSWORD)
    await person.save(update_fields=["password_hash"])
    assert person.email
    issued = await credentials.sign_in(person.email, PASSWORD, address="", at=alder.now)
    return f"{credentials.COOKIE}={issued.secret}"


async def test_another_sites_page_cannot_write_with_the_users_cookie(house: House, alder: Company, cookie: str) -> None:
    """What a page can send without a preflight is refused, and so is what comes from its origin."""
    client = await house.stranger(Cookie=cookie)
    asked = orjson.dumps({"query": mutation("createObjective"), "variables": {"input": {"name": "Forged"}}})
    before = await alder.revision()
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        response = await client.post("/graphql", content=asked, headers={"Content-Type": kind})
        assert response.status_code == 415
    response = await client.post("/graphql", files={"operations": (None, asked), "map": (None, b"{}")})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "PREFLIGHT_REQUIRED")
    json = {"Content-Type": "application/json"}
    for origin in ("https://evil.example", "null"):
        response = await client.post("/graphql", content=asked, headers={**json, "Origin": origin})
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (403, "ORIGIN_REFUSED")
    assert await alder.revision() == before
    own = {**json, "Origin": "http://stageline.test", "X-Stageline": "web"}
    assert (await client.post("/graphql", content=asked, headers=own)).json()["data"]["createObjective"]
    assert await alder.revision() == before + 1


async def test_a_credential_that_is_none_is_a_strangers(house: House) -> None:
    for secret in ("", "x", "sl_token_" + "A" * 43, "x" * 5_000, "' OR 1=1 --"):
        for headers in ({"Authorization": f"Bearer {secret}"}, {"Cookie": f"{credentials.COOKIE}={secret}"}):
            (error,) = await errors(await house.stranger(**headers), "{ organization { name } }")
            assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_token_that_expired_is_a_strangers(alder: Company, lea: httpx.AsyncClient) -> None:
    assert "errors" not in (await post(lea, "{ organization { name } }")).json()
    alder.later(days=2)
    (error,) = await errors(lea, "{ organization { name } }")
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
