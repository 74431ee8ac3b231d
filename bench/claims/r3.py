"""R3: the tree again, when nothing has changed, and when one of its 1,000 initiatives has."""

import statistics

import httpx

from bench.contestants import OURS, Contestant, ours
from bench.ground import Filled, Ground
from bench.machine import cpu
from bench.questions import TREE
from bench.reading_table import lines
from bench.reads import FEW, Cost, costs
from bench.telling import Outcome
from server.domain.stages import Stage
from server.schema import ids

AGAIN, CHANGED = 0.4, 1.0  # ms of CPU of server and database
EDIT = """mutation Edit($input: EditNodeInput!) { editNode(input: $input) {
    __typename ... on Refusal { message } } }"""


def measure(ground: Ground) -> Outcome:
    """One objective's tree of 1,000: asked again and again; with If-None-Match; and after each of some edits."""
    on = ground.filled(ground.small)
    with ours(on, ground.folder) as (pid, port):
        headers = {"Authorization": f"Bearer {on.tokens['eve']}"}
        asked = Contestant(f"{OURS}, again", pid, port, "/graphql", TREE.bodies(on, None)[:1], headers)
        first = asked.response()
        told = costs(ground, [asked], connections=FEW)
        etag = first.headers.get("etag")
        if etag:
            known = Contestant(
                f"{OURS}, again, 304", pid, port, "/graphql", asked.bodies, headers | {"If-None-Match": etag}
            )
            told |= costs(ground, [known], connections=FEW)
        told[f"{OURS}, one changed"] = _after_edits(ground, asked, on)
    again, changed = told[f"{OURS}, again"].total, told[f"{OURS}, one changed"].total
    aim, met = f"≤ {AGAIN} / ≤ {CHANGED:.0f} ms in all", again <= AGAIN and changed <= CHANGED
    measured = f"{again:.2f} / {changed:.2f} ms in all"
    return Outcome("R3", "tree again: unchanged / one changed", aim, measured, met, {}, lines(told))


def _after_edits(ground: Ground, asked: Contestant, on: Filled) -> Cost:
    """An edit, then the tree, in turn; only the tree's CPU is counted."""
    spent: list[tuple[float, float, float]] = []
    size, edits = 0, on.active(Stage.DEFINED, Stage.IDENTIFIED)
    with httpx.Client(timeout=60, trust_env=False) as client:
        url = f"http://127.0.0.1:{asked.port}/graphql"
        for number in range(10 if ground.quick else 40):
            edited = edits[number % 10]
            owner = {"Authorization": f"Bearer {on.tokens[on.owner(edited)]}"}
            wanted = {"input": {"node": ids.issue("node", on.large.measures[edited]), "description": f"Edit {number}"}}
            done = client.post(url, json={"query": EDIT, "variables": wanted}, headers=owner).json()
            assert done["data"]["editNode"]["__typename"] == "Initiative", done
            server, database = cpu(asked.pid), ground.database_cpu()
            answer = client.post(
                url, content=asked.bodies[0], headers=asked.headers | {"Content-Type": "application/json"}
            )
            spent.append((cpu(asked.pid) - server, ground.database_cpu() - database, answer.elapsed.total_seconds()))
            size = len(answer.content)
    server, database, took = (statistics.median(column) * 1e3 for column in zip(*spent, strict=True))
    worst = max(each[2] for each in spent) * 1e3
    return Cost(server, database, took, worst, 1e3 / took, size, 0.0)
