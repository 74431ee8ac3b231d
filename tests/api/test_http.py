"""`/graphql` over HTTP: the specification's media types and status codes, and an answer for whatever is sent."""

import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from server.api.requests import Bounds
from tests.support.edge import Edge, edge

JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"
ADA = {"Authorization": "Bearer ada"}
BEN = {"Cookie": "session=Ben"}


@pytest.fixture
def made() -> Edge:
    return edge(bounds=Bounds(body_bytes=10_000, upload_bytes=50_000), origins=("https://friend.example",))


@pytest.fixture
async def client(made: Edge) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(made.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://stageline.test") as opened:
        yield opened


async def ask(client: httpx.AsyncClient, query: str, accept: str = RESPONSE_JSON, **more: Any) -> httpx.Response:
    headers = {"Accept": accept, **more.pop("headers", {})}
    return await client.post("/graphql", json={"query": query, **more}, headers=headers)


def codes(response: httpx.Response) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        ("application/json; charset=utf-8", JSON),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{RESPONSE_JSON}, {JSON};q=0.9", RESPONSE_JSON),
        (f"{JSON}, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"{RESPONSE_JSON};q=0.2, {JSON};q=0.8", JSON),
        ("text/html, */*;q=0.1", JSON),
        (f"{RESPONSE_JSON.upper()}", RESPONSE_JSON),
    ],
)
async def test_the_answer_comes_as_it_is_accepted(client: httpx.AsyncClient, accept: str | None, kind: str) -> None:
    request = client.build_request("POST", "/graphql", json={"query": "{hello}"})
    if accept is None:
        del request.headers["accept"]
    else:
        request.headers["accept"] = accept
    response = await client.send(request)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    assert response.json() == {"data": {"hello": "Hello you"}, "extensions": {"cost": {"requested": 0}}}


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml", f"{JSON};q=0", "application/json; charset=latin1", ","]
)
async def test_what_cannot_be_accepted_gets_406(client: httpx.AsyncClient, accept: str) -> None:
    response = await ask(client, "{hello}", accept)
    assert (response.status_code, codes(response)) == (406, ["NOT_ACCEPTABLE"])


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{hello", {}, "GRAPHQL_PARSE_FAILED"),
        ("{nope}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("{long(size: 1e3)}", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query($n:Int!){long(size:$n)}", {"n": "x"}, "BAD_USER_INPUT"),
        ("query($n:Int!){long(size:$n)}", {}, "BAD_USER_INPUT"),
        ("query A{hello} query B{hello}", {}, "OPERATION_UNKNOWN"),
        ("fragment f on Query{hello}", {}, "GRAPHQL_VALIDATION_FAILED"),
        (
            "{thing{parent{parent{parent{parent{parent{parent{parent{parent{parent{parent{parent{name}}}}}}}}}}}}}",
            {},
            "LIMITED",
        ),
    ],
)
async def test_what_does_not_run_has_no_data(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any], code: str
) -> None:
    """400 where the media type says what happened, 200 where it cannot."""
    response = await ask(client, query, variables=variables)
    assert (response.status_code, codes(response)) == (400, [code])
    assert "data" not in response.json()
    assert (await ask(client, query, JSON, variables=variables)).status_code == 200


async def test_what_ran_is_200_also_with_errors(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{hello refused}")
    assert response.status_code == 200
    assert response.json()["data"] == {"hello": "Hello you", "refused": None}
    assert codes(response) == ["NOT_FOUND"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"5",
        b'"{hello}"',
        b"true",
        b"[]",
        b'[{"query":"{hello}"}]',
        b"{}",
        b'{"query":null}',
        b'{"query":""}',
        b'{"query":"  "}',
        b'{"query":5}',
        b'{"query":["{hello}"]}',
        b'{"query":{"a":1}}',
        b'{"query":"{hello}","variables":[]}',
        b'{"query":"{hello}","variables":"{}"}',
        b'{"query":"{hello}","operationName":5}',
        b'{"query":"{hello}","extensions":[]}',
        b'{"query":"{hello}","variables":{"n":NaN}}',
        b'{"query":"{hello}","variables":{"n":-Infinity}}',
        b'{"query":"{hello}","variables":{"n":1e400}}',
        b'{"query":"{hello}","query":"{me}"}',
        b'{"query":"{hello}","variables":{"a":1,"a":2}}',
        b'{"query":"{hello}","variables":{"n":' + b"1" * 5_000 + b"}}",
        b'{"query":"\xff{hello}"}',
        b'{"query":"{hello(name:\\"\\ud800\\")}"}',
        b'{"query":"{hello}","variables":{"n":"\\u0000"}}',
        b'{"query":"{hello(name:\\"\\\\u0000\\")}"}',
        b'{"query":"{hello(name:\\"\\\\u{0}\\")}"}',
        b"\xef\xbb\xbf{}",
        b"[" * 9_000,
        b'{"a":' * 1_500,
        b"{'query':'{hello}'}",
        gzip.compress(b'{"query":"{hello}"}', mtime=0),
    ],
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_what_is_no_request_gets_400(client: httpx.AsyncClient, body: bytes, accept: str) -> None:
    response = await client.post("/graphql", content=body, headers={"Content-Type": JSON, "Accept": accept})
    assert response.status_code == 400, response.text
    assert len(response.json()["errors"]) == 1
    assert "data" not in response.json()


async def test_null_parameters_are_as_if_left_out(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{hello}", variables=None, operationName=None, extensions=None)
    assert response.json()["data"] == {"hello": "Hello you"}
    assert (await ask(client, "{hello}", operationName="", extensions={"any": 1})).status_code == 200


async def test_an_operation_is_chosen_by_its_name(client: httpx.AsyncClient) -> None:
    both = "query A{a:hello} query B{b:hello}"
    assert (await ask(client, both, operationName="B")).json()["data"] == {"b": "Hello you"}
    refused = await ask(client, both, operationName="C")
    assert "it has: A, B" in refused.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("content_type", "more"),
    [
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("application/graphql", {}),
        ("application/json; charset=utf-16", {}),
        (JSON, {"Content-Encoding": "gzip"}),
        ("", {}),
    ],
)
async def test_a_body_of_another_kind_gets_415(
    client: httpx.AsyncClient, content_type: str, more: dict[str, str]
) -> None:
    headers = {"Content-Type": content_type, **more}
    response = await client.post("/graphql", content=b'{"query":"{hello}"}', headers=headers)
    assert (response.status_code, codes(response)) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


async def test_utf8_may_be_named(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    response = await client.post("/graphql", content='{"query":"{hello(name:\\"Zoë 🙂\\")}"}'.encode(), headers=headers)
    assert response.json()["data"] == {"hello": "Hello Zoë 🙂"}


async def test_a_body_beyond_the_limit_gets_413(client: httpx.AsyncClient) -> None:
    """Before it is read where its length is told, else as soon as it is too long."""
    response = await ask(client, "{hello}" + " " * 10_000)
    assert (response.status_code, codes(response)) == (413, ["TOO_LARGE"])
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1_000
            yield b" " * 1_000

    response = await client.post("/graphql", content=endless(), headers={"Content-Type": JSON})
    assert response.status_code == 413


async def test_queries_may_come_by_get(client: httpx.AsyncClient) -> None:
    params = {"query": "query Q($n:String!){hello(name:$n)}", "variables": '{"n":"Bo"}', "operationName": "Q"}
    response = await client.get("/graphql", params=params)
    assert response.json()["data"] == {"hello": "Hello Bo"}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"query": ""},
        {"query": "{hello}", "variables": "x"},
        {"query": "{hello}", "variables": "[]"},
        {"query": "\0"},
    ],
)
async def test_a_get_that_is_no_request_gets_400(client: httpx.AsyncClient, params: dict[str, str]) -> None:
    assert (await client.get("/graphql", params=params)).status_code == 400


async def test_a_person_who_types_the_address_finds_the_explorer(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (303, "/graphiql")


@pytest.mark.parametrize("query", ["mutation{turn(value:1)}", "subscription{count(to:1)}"])
@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON, "text/event-stream"])
async def test_only_queries_may_come_by_get(client: httpx.AsyncClient, made: Edge, query: str, accept: str) -> None:
    response = await client.get("/graphql", params={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert made.world.revision == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_get_405(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql", json={"query": "{hello}"})
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_a_bug_shows_an_id_and_nothing_else(client: httpx.AsyncClient, caplog: pytest.LogCaptureFixture) -> None:
    response = await ask(client, "{bug hello}")
    (error,) = response.json()["errors"]
    assert response.json()["data"] == {"bug": None, "hello": "Hello you"}
    assert error["extensions"] == {"code": "INTERNAL"}
    assert "SELECT" not in response.text
    assert "Traceback" not in response.text
    incident = error["message"].split("(id ")[1][:8]
    (record,) = [each for each in caplog.records if incident in each.getMessage()]
    assert record.exc_info


async def test_a_stranger_is_told_to_sign_in(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{secret}")
    assert (response.status_code, codes(response)) == (200, ["UNAUTHENTICATED"])
    assert (await ask(client, "{secret me}", headers=ADA)).json()["data"] == {"secret": "treasure", "me": "Ada"}


async def test_resolvers_may_set_a_cookie(client: httpx.AsyncClient) -> None:
    response = await ask(client, "mutation{remember}", headers=ADA)
    assert response.headers["set-cookie"] == "session=Ben; HttpOnly"


async def test_a_foreign_page_cannot_write_with_a_users_cookie(client: httpx.AsyncClient, made: Edge) -> None:
    write = "mutation{turn(value:1)}"
    for foreign in ("https://evil.example", "null", "http://stageline.test:81"):
        refused = await ask(client, write, headers={**BEN, "Origin": foreign})
        assert (refused.status_code, codes(refused)) == (403, ["ORIGIN_REFUSED"])
    assert made.world.revision == 0
    for own in (
        {"Origin": "http://stageline.test"},
        {"Origin": "https://friend.example"},
        {},
        {"Sec-Fetch-Site": "same-origin"},
    ):
        assert (await ask(client, write, headers={**BEN, **own})).status_code == 200
    assert made.world.revision == 4


async def upload(
    client: httpx.AsyncClient, operations: object, places: object, files: dict[str, bytes], **headers: str
) -> httpx.Response:
    sent = [(name, (f"{name}.csv", content, "text/csv")) for name, content in files.items()]
    fields = {"operations": json.dumps(operations), "map": json.dumps(places)}
    return await client.post("/graphql", data=fields, files=sent, headers={"X-Stageline": "1", **headers})


READ = {"query": "mutation($f:Upload!){read(file:$f)}", "variables": {"f": None}}
READ_ALL = {"query": "mutation($f:[Upload!]!){readAll(files:$f)}", "variables": {"f": [None, None]}}


async def test_files_are_uploaded(client: httpx.AsyncClient) -> None:
    response = await upload(client, READ, {"0": ["variables.f"]}, {"0": b"a,b"})
    assert response.json()["data"] == {"read": "a,b"}
    response = await upload(client, READ_ALL, {"x": ["variables.f.0"], "y": ["variables.f.1"]}, {"x": b"1", "y": b"2"})
    assert response.json()["data"] == {"readAll": ["1", "2"]}


@pytest.mark.parametrize(
    ("operations", "places"),
    [
        (READ, {"0": ["variables.g"]}),
        (READ, {"0": ["query"]}),
        (READ, {"0": ["variables"]}),
        (READ, {"0": ["variables.f.x"]}),
        (READ, {"0": [5]}),
        (READ, {"0": None}),
        (READ, {"1": ["variables.f"]}),
        (READ, []),
        (READ, "x"),
        (READ_ALL, {"0": ["variables.f.2"]}),
        (READ_ALL, {"0": ["variables.f.-1"]}),
        (READ_ALL, {"0": ["variables.f." + "9" * 5_000]}),
        ([READ], {"0": ["0.variables.f"]}),
        (None, {"0": ["variables.f"]}),
        ({**READ, "variables": {"f": "taken"}}, {"0": ["variables.f"]}),
        ({**READ, "variables": None}, {"0": ["variables.f"]}),
    ],
)
async def test_a_file_that_has_no_place_gets_400(client: httpx.AsyncClient, operations: Any, places: Any) -> None:
    assert (await upload(client, operations, places, {"0": b"a"})).status_code == 400


@pytest.mark.parametrize("body", [b"", b"--x", b"--x\r\n\r\nhello\r\n--x--", b"--y--\r\n", b'{"query":"{hello}"}'])
async def test_a_broken_multipart_body_gets_400(client: httpx.AsyncClient, body: bytes) -> None:
    for boundary in ("; boundary=x", "", "; boundary="):
        headers = {"Content-Type": f"multipart/form-data{boundary}", "X-Stageline": "1"}
        assert (await client.post("/graphql", content=body, headers=headers)).status_code == 400


async def test_an_upload_needs_the_header_that_foreign_pages_cannot_send(client: httpx.AsyncClient) -> None:
    """A form of another site can send multipart without asking first, also to sign its visitor in."""
    files = {"operations": (None, json.dumps({"query": "mutation{turn(value:1)}"})), "map": (None, "{}")}
    for headers in ({}, BEN):
        response = await client.post("/graphql", files=files, headers=headers)
        assert (response.status_code, codes(response)) == (403, ["PREFLIGHT_REQUIRED"])
    response = await client.post("/graphql", files=files, headers=ADA)
    assert response.json()["data"] == {"turn": 1}, "who sends a token is no foreign page"


async def test_an_upload_beyond_its_own_limit_gets_413(client: httpx.AsyncClient) -> None:
    place, large = {"0": ["variables.f"]}, {"0": b"a" * 40_000}
    assert (await upload(client, READ, place, large, Authorization="Bearer ada")).status_code == 200
    assert (await upload(client, READ, place, large)).status_code == 413  # a stranger's is a body as any other
    larger = {"0": b"a" * 60_000}
    assert (await upload(client, READ, place, larger, Authorization="Bearer ada")).status_code == 413


async def test_answers_are_kept_by_nobody(client: httpx.AsyncClient) -> None:
    response = await ask(client, "{hello}")
    assert response.headers["cache-control"] == "no-store"


async def test_an_event_stream_carries_each_answer_and_its_end(client: httpx.AsyncClient) -> None:
    response = await ask(client, "subscription{count(to:2)}", "text/event-stream")
    assert response.headers["content-type"].startswith("text/event-stream")
    first, second = (f'event: next\ndata: {{"data":{{"count":{number}}}}}\n\n' for number in (1, 2))
    assert response.text == f"{first}{second}event: complete\ndata:\n\n"
    once = await ask(client, "{hello}", "text/event-stream")
    assert once.text.count("event: next") == once.text.count("event: complete") == 1
    wrong = await ask(client, "{nope}", "text/event-stream")
    assert "GRAPHQL_VALIDATION_FAILED" in wrong.text
    assert wrong.text.endswith("event: complete\ndata:\n\n")


async def test_a_stream_that_fails_says_so_and_ends(client: httpx.AsyncClient) -> None:
    bug = await ask(client, "subscription{stumble}", "text/event-stream")
    assert "SELECT" not in bug.text
    assert bug.text.count("event: next") == 2
    assert "INTERNAL" in bug.text
    refused = await ask(client, "subscription{refuse}", "text/event-stream")
    assert "NOT_FOUND" in refused.text
    assert refused.text.endswith("event: complete\ndata:\n\n")


async def test_a_subscription_needs_a_stream(client: httpx.AsyncClient) -> None:
    response = await ask(client, "subscription{count(to:2)}")
    assert (response.status_code, codes(response)) == (406, ["NOT_ACCEPTABLE"])


async def test_each_operation_has_a_context_of_its_own(client: httpx.AsyncClient, made: Edge) -> None:
    await ask(client, "{a:hello b:hello}")
    await ask(client, "{a:hello b:hello}")
    assert len(made.world.contexts) == 2
