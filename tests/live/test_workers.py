"""`serve --workers N`: one port, several processes, and to the outside one product that loses nobody."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from redis import Redis as RedisClient

from server.metrics import FOLDER
from server.models.database import alone, close_database, open_database, reading, rows
from server.models.row import new_id
from server.settings import Settings
from server.workers import PAUSES, SILENT_SECONDS, START_SECONDS, Worker
from tests.support.clients import by_gql
from tests.support.company import opened
from tests.support.deployed import Caller, Deployment, deployed
from tests.support.measures import handed_in
from tests.support.postgres import Postgres
from tests.support.process import free_port
from tests.support.redis import Redis
from tests.support.served import ROOT, Served

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
PATIENCE = 90
ACTIVITY = "subscription ($after: Revision) { activity(after: $after) { revision } }"
WAITING, CHANGES = 12, 4
KEPT = """SELECT kind, COALESCE(node_id, organization_id) AS node_id, sentence FROM ledger_entry
    WHERE kind LIKE 'FINDING%' OR kind = 'REMINDER_SENT'"""


async def _migrated(url: str) -> None:
    async with opened(url):
        pass


@pytest.fixture(scope="module")
async def template(postgres: Postgres) -> str:
    """A database that is migrated once."""
    return await postgres.template("migrated", _migrated)


@pytest.fixture(scope="module")
async def deployment(
    postgres: Postgres, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Deployment]:
    """Alder Pumps on PostgreSQL, whose ledger is whole in the end."""
    async with postgres.database(template) as url:
        made = await deployed(url, tmp_path_factory.mktemp("deployment"))
        yield made
        assert await made.fault() is None


def figure(text: str, name: str) -> float:
    """A figure of Prometheus' text, summed over its labels; 0 where nothing is counted yet."""
    return sum(map(float, re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", text, re.MULTILINE)))


async def figures(product: Served) -> str:
    """A scrape over a connection of its own: whichever worker takes it answers."""
    async with httpx.AsyncClient(base_url=product.url, trust_env=False) as client:
        return (await client.get("/metrics")).text


async def answers(client: httpx.AsyncClient) -> bool:
    """Whether anybody answers on the port."""
    try:
        return (await client.get("/healthz", headers={"Connection": "close"})).is_success
    except httpx.TransportError:
        return False


async def comes_to(product: Served, name: str, value: float) -> None:
    """Wait until a figure has come to a value."""
    async with asyncio.timeout(PATIENCE):
        while figure(await figures(product), name) != value:
            pass


POSTGRES = {"database_url": "postgres://nobody@127.0.0.1:1/none"}
REDIS = {"redis_url": "redis://127.0.0.1:1/0"}


@pytest.mark.parametrize(
    ("given", "next_steps"),
    [
        ({}, ["STAGELINE_DATABASE_URL to postgres://", "STAGELINE_REDIS_URL to redis://"]),
        (POSTGRES, ["STAGELINE_REDIS_URL to redis://"]),
        (REDIS, ["STAGELINE_DATABASE_URL to postgres://"]),
    ],
)
def test_several_workers_without_postgresql_or_redis_are_refused(given: dict[str, str], next_steps: list[str]) -> None:
    """With the rule and the next step."""
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({"workers": 2, **given})
    (fault,) = refused.value.errors()
    assert "2 workers share one PostgreSQL and one Redis." in fault["msg"]
    assert "or serve with 1 worker" in fault["msg"]
    assert [fault["msg"].count(each) for each in next_steps] == [1] * len(next_steps)
    assert fault["msg"].count(" to ") == len(next_steps)
    assert Settings.model_validate({"workers": 1, **given}).workers == 1
    assert Settings.model_validate({"workers": 2, **POSTGRES, **REDIS}).workers == 2


def test_the_command_refuses_before_anything_is_opened() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STAGELINE_")}
    command = [sys.executable, "-m", "server", "serve", "--workers", "2"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "2 workers share one PostgreSQL and one Redis." in done.stderr


async def test_a_dead_worker_is_replaced_and_a_scrape_of_any_tells_of_all(deployment: Deployment, redis: Redis) -> None:
    """What was counted stays counted when its worker dies; what was open there is not open any more."""
    with deployment.served(redis.url, workers=2) as product:
        before = figure(await figures(product), "stageline_operations_total")
        for number in range(8):
            async with deployment.caller(product, "lea") as lea:
                await lea.create(f"Objective {number}")
        await comes_to(product, "stageline_bell_connected", 1)
        for _ in range(8):
            told = await figures(product)
            assert figure(told, "stageline_operations_total") == before + 8
            assert figure(told, "stageline_workers") == 2
        first, second = product.process.children
        async with AsyncExitStack() as stack:
            for _ in range(8):
                client = await stack.enter_async_context(by_gql(product.url, deployment.tokens["eve"]))
                await anext(await stack.enter_async_context(aclosing(client.follow(ACTIVITY, after="0"))))
            await comes_to(product, "stageline_sockets", 8)
            for number, worker in enumerate((first, second), 1):  # one of them may have all the sockets
                os.kill(worker, signal.SIGKILL)
                await comes_to(product, "stageline_worker_restarts_total", number)
                await comes_to(product, "stageline_workers", 2)
            assert figure(await figures(product), "stageline_sockets") == 0
        assert not {first, second} & {*product.process.children}
        assert figure(await figures(product), "stageline_operations_total") >= before + 8
        assert "died (exit code -9)" in product.process.said()


async def test_sigterm_lets_all_workers_go_with_success(deployment: Deployment, redis: Redis) -> None:
    """Every stream ends as complete, wherever it is followed, in less than ten seconds."""
    with deployment.served(redis.url, workers=2) as product:
        workers = product.process.children
        listening = asyncio.Barrier(9)

        async def listen() -> None:
            async with by_gql(product.url, deployment.tokens["eve"]) as client:
                answers = client.follow(ACTIVITY, after="0")
                await anext(answers)
                await listening.wait()
                async for _ in answers:  # LostError where it does not end by `complete`
                    pass

        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for _ in range(8):
                group.create_task(listen())
            await listening.wait()
            assert await asyncio.to_thread(product.process.end, seconds=10) == 0
        for pid in workers:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


async def test_workers_leave_when_their_supervisor_is_killed(deployment: Deployment, redis: Redis) -> None:
    """Nobody would start them again, and the port would stay taken."""
    with deployment.served(redis.url, workers=2) as product:
        product.process.kill()
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=product.url, trust_env=False) as client:
            while await answers(client):
                pass
        product.start()


FLAPPING = """
import os, signal, sys, time
from pathlib import Path
from server.workers import Crew

def serve(lifeline):
    lifeline.beat()
    told = Path(sys.argv[1])
    with told.open("a") as lines:
        print(time.monotonic(), file=lines)
    if len(told.read_text().splitlines()) == 5:
        os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()
    sys.exit(7)

sys.exit(Crew(1, serve, patience=5, on_ready=lambda: print("ready")).run())
"""


def test_a_worker_that_dies_again_and_again_is_started_with_longer_and_longer_pauses(tmp_path: Path) -> None:
    """And a supervisor that is asked to stop meanwhile succeeds, and has said once that all was ready."""
    told = tmp_path / "told"
    environment = os.environ | {FOLDER: str(tmp_path)}
    command = [sys.executable, "-c", FLAPPING, str(told)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    assert (done.returncode, done.stdout) == (0, "ready\n"), done.stderr
    begun = list(map(float, told.read_text(encoding="utf-8").split()))
    assert all(late - early >= pause for (early, late), pause in zip(pairwise(begun), PAUSES, strict=False))
    assert len(begun) == 5


def test_a_worker_that_is_silent_hangs() -> None:
    """It has longer until it serves; and an empty place hangs never."""
    assert not Worker(pid=7, heard=100, serves=True).hangs(100 + SILENT_SECONDS)
    assert Worker(pid=7, heard=100, serves=True).hangs(101 + SILENT_SECONDS)
    assert not Worker(pid=7, heard=100, serves=False).hangs(101 + SILENT_SECONDS)
    assert Worker(pid=7, heard=100, serves=False).hangs(101 + START_SECONDS)
    assert not Worker(heard=100).hangs(1_000)


async def test_who_cannot_start_says_so_and_is_not_started_again(
    postgres: Postgres, redis: Redis, tmp_path: Path
) -> None:
    """A folder that cannot be made, say: all workers would fail alike, and whoever runs us should know."""
    (tmp_path / "data").touch()
    chosen = {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": postgres.url(),
        "REDIS_URL": redis.url,
        "PORT": str(free_port()),
        "WORKERS": "2",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STAGELINE_")}
    environment |= {f"STAGELINE_{name}": value for name, value in chosen.items()}
    command = [sys.executable, "-m", "server", "serve"]
    done = await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 3
    assert "A worker could not start" in done.stderr


@pytest.mark.parametrize("workers", [1, 3])
async def test_a_change_costs_one_message_however_many_workers(
    deployment: Deployment, own_redis: Redis, workers: int
) -> None:
    """Redis counts what is published; each worker hears of each change once."""
    with (
        deployment.served(own_redis.url, workers=workers) as product,
        RedisClient.from_url(own_redis.url, decode_responses=True) as broker,
    ):
        async with deployment.caller(product, "lea") as lea:
            await comes_to(product, "stageline_bell_connected", 1)
            async with asyncio.timeout(PATIENCE):
                while sum(number for _, number in broker.pubsub_numsub(*broker.pubsub_channels())) < workers:
                    await figures(product)  # a worker that does not listen yet has not told of it in its figures
            assert "cmdstat_publish" not in broker.info("commandstats")
            for number in range(1, CHANGES + 1):
                await lea.create(f"Change {number} of {workers}")
                await comes_to(product, "stageline_bell_heard", number * workers)
        assert broker.info("commandstats")["cmdstat_publish"]["calls"] == CHANGES


async def _planned(deployment: Deployment, lea: Caller, olaf: Caller, number: int) -> None:
    """An initiative that plans revenue without a sales plan: a finding."""
    under = deployment.alder.node("Contracts")
    owner = deployment.alder.person("olaf")
    asked = {"parent": under, "name": f"Retrofit {number}", "owner": owner, "businessUnit": "Service"}
    made = await lea.do("createInitiative", "... on Initiative { id }", **asked)
    kits = {"initiative": made["id"], "kind": "REVENUE", "name": "Kits", "recurring": True}
    line = await olaf.do("addValueLine", "... on ValueLine { id }", **kits)
    planned = await olaf.do("setPlan", line=line["id"], months=[{"month": "2027-01", "amount": "1000"}])
    assert planned["__typename"] == "ValueLine", planned


async def test_two_workers_remind_and_notice_once(
    postgres: Postgres, template: str, redis: Redis, tmp_path: Path
) -> None:
    """Both look twenty times a second, and hear of the same changes at the same moment."""
    async with postgres.database(template) as url:
        deployment = await deployed(url, tmp_path, days_ago=4)
        async with opened(deployment.database):
            await handed_in(deployment.alder, (f"Waiting {number}" for number in range(WAITING)))
        with deployment.served(redis.url, workers=2, notice_seconds=0.05, remind_seconds=0.05) as product:
            async with AsyncExitStack() as stack:
                lea, olaf = [
                    await stack.enter_async_context(deployment.caller(product, who)) for who in ("lea", "olaf")
                ]
                for wave in range(0, 12, 4):
                    await asyncio.gather(*(_planned(deployment, lea, olaf, wave + number) for number in range(4)))
                await _noticed(lea, "NO_SALES_PLAN", 12)
        async with opened(url):
            kept = await rows(reading(), KEPT)
        told = Counter((row["kind"], row["node_id"], row["sentence"]) for row in kept)
        assert [each for each, times in told.items() if times > 1] == []
        assert sum(row["kind"] == "REMINDER_SENT" for row in kept) == WAITING
        assert await deployment.fault() is None


async def _noticed(caller: Caller, code: str, number: int) -> None:
    """Wait until so many findings of a kind stand open."""
    asked = "{ organization { findings(first: 100) { edges { node { code } } } } }"
    async with asyncio.timeout(PATIENCE):
        while True:
            found = (await caller.ask(asked))["organization"]["findings"]["edges"]
            if sum(each["node"]["code"] == code for each in found) == number:
                return


async def test_of_many_processes_one_does_a_work_and_its_death_lets_another(postgres: Postgres) -> None:
    async with postgres.database() as url:
        await open_database(url)
        try:
            async with alone("sweeping") as first, alone("sweeping") as second, alone("washing") as other:
                assert (first, second, other) == (True, False, True)
                await rows(
                    reading(),
                    "SELECT pg_terminate_backend(pid, 10000) AS ended FROM pg_locks "
                    "WHERE locktype = 'advisory' AND granted",  # waits, 10 s at most, until each is gone
                )
                async with alone("sweeping") as next_one:
                    assert next_one
            async with alone("sweeping") as again:
                assert again
        finally:
            await close_database()


def _ids(pipe: Any) -> None:
    pipe.send([new_id() for _ in range(2_000)])


def test_forked_workers_never_make_the_same_id() -> None:
    """A generator that goes on in each child where the parent's stood would."""
    new_id()
    context, found = get_context("fork"), []
    for _ in range(4):
        here, there = context.Pipe()
        child = context.Process(target=_ids, args=(there,))
        child.start()
        found += here.recv()
        child.join()
    assert len(set(found)) == 8_000
