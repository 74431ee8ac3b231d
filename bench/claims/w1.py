"""W1: a gate decision end to end, against a bare transaction of the very rows that it leaves."""

import asyncio
import json
from dataclasses import dataclass

import asyncpg

from bench.bare import Bare, Rows, Spent
from bench.contestants import OURS, Contestant, ours
from bench.ground import Filled, Ground
from bench.loads import Load, load
from bench.telling import Cell, Outcome, ratio
from server.actions.gates import submit_gate
from server.app import now
from server.domain.stages import Stage
from server.live.work import perform
from server.models.database import reading
from server.models.viewers import viewer_of
from server.schema import ids
from tests.support.company import opened

TIMES, RATE, SIZE = 3.0, 200.0, 2_000
INTO = Stage.IDENTIFIED
DECIDERS = {"sam", "carl", "pia"}  # who decides owns nothing of it
DECIDE = (
    "mutation Decide($input: DecideGateInput!) { decideGate(input: $input) { __typename ... on Refusal { message } } }"
)
_READY = """UPDATE node SET description = 'Contracts instead of repairs', risks = 'Two suppliers only',
    "overlaps" = 'none', sponsor_id = $1, controller_id = $2 WHERE stage IS NOT NULL AND owner_id NOT IN ($1, $2)"""


@dataclass(frozen=True)
class Decided:
    """What was measured: seconds for each decision."""

    alone: Spent
    many: Load
    bare: Spent
    rows: list[Rows]


def measure(ground: Ground) -> Outcome:
    """Submissions are prepared by the verbs; each decision is one vote that completes it and moves the measure."""
    on = ground.filled(SIZE, purpose="decisions")
    decided = _decided(ground, on, asyncio.run(_prepared(ground, on)))
    cost, rate = decided.alone.cpu / decided.bare.cpu, decided.many.requests / decided.many.seconds
    written = {each.table: each.count for each in decided.rows}
    table: list[dict[str, Cell]] = [
        {
            "a decision": name,
            "writer CPU ms": spent.writer * 1e3,
            "PostgreSQL CPU ms": spent.database * 1e3,
            "together": spent.cpu * 1e3,
            "on the clock ms": spent.wall * 1e3,
        }
        for name, spent in ((OURS, decided.alone), ("bare transaction", decided.bare))
    ]
    table.append({"a decision": "rows: " + ", ".join(f"{name} {count}" for name, count in written.items())})
    measured = f"{cost:.1f} × a bare transaction; {rate:.0f}/s by eight at once"
    aim, met = f"≤ {TIMES:.0f} × a bare transaction; {RATE:.0f}/s", cost <= TIMES and rate >= RATE
    versus = {"limit": ratio(decided.alone.cpu, decided.bare.cpu)}
    return Outcome("W1", "gate decision", aim, measured, met, versus, table)


async def _prepared(ground: Ground, on: Filled) -> list[str]:
    """Submit what can be submitted; the ids of the gates."""
    connection = await asyncpg.connect(on.url)
    await connection.execute(_READY, on.people["sam"], on.people["carl"])
    await connection.close()
    wanted = 40 if ground.quick else 240
    defined = [each for each in on.active(Stage.DEFINED) if on.owner(each) not in DECIDERS][:wanted]
    async with opened(on.url):
        for number in defined:
            viewer = await viewer_of(reading(), on.people[on.owner(number)], now())
            assert viewer is not None
            await perform(viewer, submit_gate, now(), measure=on.large.measures[number], into=INTO)
    return [str(ids.issue_gate(on.large.measures[number], INTO)) for number in defined]


def _decided(ground: Ground, on: Filled, gates: list[str]) -> Decided:
    bodies = [json.dumps({"query": DECIDE, "variables": {"input": {"gate": gate, "outcome": "GO"}}}) for gate in gates]
    first, half = 3, len(bodies) // 2
    headers = {"Authorization": f"Bearer {on.tokens['pia']}"}
    with ours(on, ground.folder) as (pid, port):
        server = Contestant(OURS, pid, port, "/graphql", bodies, headers)
        rows = asyncio.run(_left(ground, on, server))
        for number in range(1, first):
            _went_through(server, number)
        before, database = server.cpu(), ground.database_cpu()
        alone = load(port, "/graphql", bodies[first:half], headers, seconds=120, connections=1, most=half - first)
        count = alone.requests
        spent = Spent((server.cpu() - before) / count, (ground.database_cpu() - database) / count, alone.p50_ms / 1e3)
        rest = bodies[half:-1]
        many = load(port, "/graphql", rest, headers, seconds=120, connections=8, most=len(rest))
        _went_through(server, len(bodies) - 1)
    return Decided(spent, many, asyncio.run(_bare(ground, on, rows)), rows)


def _went_through(server: Contestant, number: int) -> None:
    said = server.answer(number)
    assert said.get("data", {}).get("decideGate", {}).get("__typename") == "Gate", said


async def _left(ground: Ground, on: Filled, server: Contestant) -> list[Rows]:
    """What one decision leaves."""
    connection = await asyncpg.connect(on.url)
    bare = Bare(connection, ground.database_cpu)
    await bare.watch()
    await asyncio.to_thread(_went_through, server, 0)
    rows = await bare.left()
    await bare.prepare(rows)
    await connection.close()
    return rows


async def _bare(ground: Ground, on: Filled, rows: list[Rows]) -> Spent:
    connection = await asyncpg.connect(on.url)
    found = await Bare(connection, ground.database_cpu).transactions(rows, 30 if ground.quick else 100)
    await connection.close()
    return found
