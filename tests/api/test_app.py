"""The served product at its edge: sign-in, sockets that end with the session, probes, pages, logs, a clean stop."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from starlette.requests import Request
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from server import app as application
from server.actions import passwords
from server.actions.founding import Founder, found
from server.api.assembly import make_schema
from server.api.pages import Pages
from server.domain.people import Role
from server.models.database import close_database, migrate, open_database
from server.settings import Settings, reference
from tests.support.served import ROOT, Served, served

PASSWORD = "correct horse battery staple"
SIGN_IN = """mutation($password:String!,$email:String="eve@alder.example"){
    signIn(input:{email:$email password:$password}){
        __typename ...on Viewer{person{name} organization{name}} ...on Refusal{code message}}}"""
VIEWER = "{viewer{person{name}}}"
SIGN_OUT = "mutation{signOut(input:{everywhere:true}){...on SignedOut{sessions}}}"


async def prepare(folder: Path) -> None:
    """A database with one organization, and Eve, who can sign in."""
    await open_database(f"sqlite://{folder}/stageline.sqlite3")
    await migrate()
    eve = Founder("Eve", "eve@alder.example", await passwords.hashed(PASSWORD), (Role.EXECUTIVE,))
    at = datetime.now(UTC)
    await found(name="Alder", currency="EUR", time_zone="UTC", fiscal_year_start=1, founders=[eve], at=at)
    await close_database()


@pytest.fixture(scope="module")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """A running product."""
    folder = tmp_path_factory.mktemp("product")
    await prepare(folder)
    with served(folder) as running:
        yield running


@pytest.fixture
async def client(product: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's visit: it keeps its cookies."""
    async with httpx.AsyncClient(base_url=product.url, trust_env=False) as opened:
        yield opened


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    assert response.status_code == 200, response.text
    return response.json()["data"]


async def test_a_visitor_signs_in_and_out(client: httpx.AsyncClient) -> None:
    assert await ask(client, VIEWER) == {"viewer": None}
    refused = (await ask(client, SIGN_IN, password="wrong"))["signIn"]
    assert (refused["__typename"], refused["code"]) == ("Refusal", "FORBIDDEN")
    assert not client.cookies
    response = await client.post("/graphql", json={"query": SIGN_IN, "variables": {"password": PASSWORD}})
    signed_in = {"__typename": "Viewer", "person": {"name": "Eve"}, "organization": {"name": "Alder"}}
    assert response.json()["data"] == {"signIn": signed_in}
    flags = response.headers["set-cookie"].split("; ")[1:]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} < set(flags)
    assert await ask(client, VIEWER) == {"viewer": {"person": {"name": "Eve"}}}
    session = dict(client.cookies)
    assert (await ask(client, SIGN_OUT))["signOut"]["sessions"] >= 1
    assert not client.cookies
    client.cookies.update(session)
    assert await ask(client, VIEWER) == {"viewer": None}, "the session ended, not only its cookie"


async def test_guessing_within_one_document_is_throttled(client: httpx.AsyncClient) -> None:
    guess = 'signIn(input:{email:"guessed@alder.example" password:"%d"}){...on Refusal{code}}'
    data = await ask(client, "mutation{" + " ".join(f"a{n}:{guess % n}" for n in range(12)) + "}")
    assert [each["code"] for each in data.values()] == ["FORBIDDEN"] * 10 + ["LIMITED"] * 2


async def test_who_is_not_signed_in_gets_the_one_error(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "{organization{name}}"})
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"


@asynccontextmanager
async def socket_of(client: httpx.AsyncClient) -> AsyncIterator[ClientConnection]:
    """A socket that the session's cookie opens."""
    url = str(client.base_url).replace("http://", "ws://").rstrip("/") + "/graphql"
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    protocols = [Subprotocol("graphql-transport-ws")]
    async with connect(url, subprotocols=protocols, additional_headers={"Cookie": cookie}, proxy=None) as socket:
        await socket.send('{"type":"connection_init"}')
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def closing_code(socket: ClientConnection) -> int | None:
    async with asyncio.timeout(10):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None


async def test_signing_out_ends_the_sockets_of_the_session(client: httpx.AsyncClient) -> None:
    await ask(client, SIGN_IN, password=PASSWORD)
    async with socket_of(client) as socket:
        await ask(client, SIGN_OUT)
        assert await closing_code(socket) == 4403


async def test_a_live_query_speaks_when_what_it_watches_changed(client: httpx.AsyncClient) -> None:
    """Not when something else did: the revision moves on, and nothing is sent."""
    await ask(client, SIGN_IN, password=PASSWORD)
    create = "mutation($name:String!){createObjective(input:{name:$name}){...on Objective{id}}}"
    watched = (await ask(client, create, name="Grow"))["createObjective"]["id"]
    async with socket_of(client) as socket, asyncio.timeout(10):
        query = "subscription($id:ID!){watch(id:$id){revision node{...on Objective{name}}}}"
        payload = {"query": query, "variables": {"id": watched}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        first = json.loads(await socket.recv())["payload"]["data"]["watch"]
        assert first["node"] == {"name": "Grow"}
        await ask(client, create, name="Save")
        edit = 'mutation($id:ID!){editNode(input:{node:$id name:"Grow more"}){__typename}}'
        await ask(client, edit, id=watched)
        second = json.loads(await socket.recv())["payload"]["data"]["watch"]
        assert second["node"] == {"name": "Grow more"}
        assert int(second["revision"]) == int(first["revision"]) + 2


async def test_probes_tell_how_it_is(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"alive": True}
    ready = {"ready": True, "database": "ready", "bell": "memory", "stopping": False}
    assert (await client.get("/readyz")).json() == ready
    await client.post("/graphql", json={"query": "{ viewer { person { id } } }"})
    figures = (await client.get("/metrics")).text
    assert "stageline_bell_connected 1.0" in figures
    assert 'stageline_operations_total{outcome="ok",type="query"}' in figures


async def test_the_contract_is_served(client: httpx.AsyncClient) -> None:
    response = await client.get("/schema.graphql")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text.strip() == make_schema().as_str().strip()


async def test_every_response_has_an_id_and_keeps_pages_safe(client: httpx.AsyncClient) -> None:
    for path in ("/", "/healthz", "/nope.js", "/graphql"):
        headers = (await client.get(path, headers={"X-Request-Id": "journey-7"})).headers
        assert headers["x-request-id"] == "journey-7"
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "server" not in headers
    odd = await client.get("/healthz", headers={"X-Request-Id": "a b <script>"})
    assert len(odd.headers["x-request-id"]) == 32


async def test_a_head_beyond_the_limit_gets_431(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz", headers={"X-Long": "x" * 70_000})).status_code == 431
    assert (await client.get("/healthz", headers={"X-Long": "x" * 50_000})).status_code == 200


async def test_logs_are_lines_of_json_without_secrets_and_queries(client: httpx.AsyncClient, product: Served) -> None:
    await client.get("/graphql", params={"query": "query Marked{viewer{person{name}}}"})
    await client.get("/healthz?secret=geheim")
    await ask(client, SIGN_IN, password="a-wrong-secret", email="logged@alder.example")
    await ask(client, SIGN_IN, password=PASSWORD)
    token = client.cookies["stageline_session"]
    await ask(client, VIEWER)
    lines = [json.loads(line) for line in product.process.log.read_text().splitlines()]
    (marked,) = [line for line in lines if line.get("name") == "Marked"]
    assert {line["event"] for line in lines if line.get("request") == marked["request"]} == {"operation", "request"}
    text = json.dumps(lines)
    for secret in (token, PASSWORD, "a-wrong-secret", "geheim", "signIn(", "viewer{"):
        assert secret not in text


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_logged_bug_has_its_trace_and_no_variables(form: str) -> None:
    """The stock renderer of JSON writes every local, passwords included."""
    program = f"""
from server.api import errors, logs
logs.configure({form!r}, "INFO")
def guilty(password):
    raise ValueError("a bug")
try:
    guilty("geh" + "eim")
except ValueError as error:
    print(errors.log_bug(error))
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    incident = done.stdout.split("(id ")[1][:8]
    assert incident in done.stderr
    assert "guilty" in done.stderr
    assert "a bug" in done.stderr
    assert "geheim" not in done.stderr


async def test_sigterm_completes_streams_and_exits_with_success(tmp_path: Path) -> None:
    await prepare(tmp_path)
    with served(tmp_path) as product:
        async with httpx.AsyncClient(base_url=product.url, trust_env=False) as client:
            await ask(client, SIGN_IN, password=PASSWORD)
            async with socket_of(client) as socket:
                query = {"query": "subscription{activity(after:0){sentence}}"}
                await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": query}))
                assert "founded" in str(await socket.recv())
                assert "drafted policy 1" in str(await socket.recv())
                ending = asyncio.create_task(asyncio.to_thread(product.process.end, seconds=10))
                assert json.loads(await socket.recv()) == {"id": "1", "type": "complete"}
                assert await closing_code(socket) == 1012
                assert await ending == 0


async def test_it_starts_without_its_database_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alive, not ready, and no word of where the database is."""
    monkeypatch.setattr(application, "MIGRATION_PATIENCE", 0.1)
    url = "postgres://user:geheim@127.0.0.1:1/name"
    app = application.make_app(Settings(data_dir=tmp_path, database_url=url))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        assert (await client.get("/healthz")).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "unreachable")
        response = await client.post("/graphql", json={"query": SIGN_IN, "variables": {"password": PASSWORD}})
        assert response.status_code == 200
        assert "UNAVAILABLE" in response.text
        assert "geheim" not in response.text
        cookie = {"Cookie": "stageline_session=x"}
        response = await client.post("/graphql", json={"query": VIEWER}, headers=cookie)
        assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (503, "UNAVAILABLE")


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("STAGELINE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("STAGELINE_ENVIRONMENT", "production")


@pytest.mark.usefixtures("production")
def test_production_needs_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for secret in (None, "only-for-development", "short"):
        if secret:
            monkeypatch.setenv("STAGELINE_SECRET", secret)
        with pytest.raises(ValidationError, match="STAGELINE_SECRET must be your own"):
            Settings()
    monkeypatch.setenv("STAGELINE_SECRET", "x" * 32)
    assert Settings().production
    assert "x" * 32 not in repr(Settings())


def test_every_setting_is_described() -> None:
    assert all(name.startswith("STAGELINE_") and len(text) > 20 for name, _, text in reference())


@pytest.fixture
def built(tmp_path: Path) -> Callable[[str], Any]:
    """The answer to a path, of pages built into a folder."""
    (tmp_path / "dist/assets").mkdir(parents=True)
    for name in ("index.html", "graphiql.html", "assets/app-1.js", "logo.svg"):
        (tmp_path / "dist" / name).write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    pages = Pages((tmp_path / "nowhere", tmp_path / "dist"))

    async def page(path: str) -> Any:
        return await pages.page(Request({"type": "http", "path_params": {"path": path}, "headers": []}))

    return page


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("", "index.html"),
        ("measures/abc", "index.html"),
        ("logo.svg", "logo.svg"),
        ("assets/app-1.js", "assets/app-1.js"),
        ("nope.js", None),
        ("../secret.txt", None),
        ("assets/../../secret.txt", None),
        ("/etc/passwd.txt", None),
        ("a\0.js", None),
        ("x" * 10_000 + ".js", None),
    ],
)
async def test_pages_are_files_that_were_built_or_the_application(
    built: Callable[[str], Any], path: str, file: str | None
) -> None:
    response = await built(path)
    assert response.status_code == (200 if file else 404)
    if file:
        assert str(response.path).endswith(file)
        kept = "immutable" if file.startswith("assets/") else "no-cache"
        assert kept in response.headers["cache-control"]


async def test_pages_that_are_not_built_say_how_to_build_them(tmp_path: Path) -> None:
    response = await Pages((tmp_path,)).graphiql(Request({"type": "http"}))
    assert response.status_code == 503
    assert b"./run" in bytes(response.body)


def test_a_server_that_cannot_start_says_why_in_a_sentence(product: Served) -> None:
    port = product.url.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "server", "serve", "--port", port], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Choose another" in done.stderr
    assert "Traceback" not in done.stderr


async def test_pages_built_anew_under_a_running_server_are_served(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("old")
    (dist / "assets" / "old.js").write_text("1")
    pages = Pages((dist,))

    async def status(path: str) -> int:
        request = Request({"type": "http", "path_params": {"path": path}, "headers": []})
        return (await pages.page(request)).status_code

    assert await status("assets/old.js") == 200
    (dist / "assets" / "old.js").rename(dist / "assets" / "new.js")
    assert await status("assets/old.js") == 404
    assert await status("assets/new.js") == 200
