"""Mercurius and PostGraphile from npm, installed outside the repository; skipped aloud where that cannot be."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.ground import Filled, Ground
from bench.questions import PEERS, Question
from tests.support.process import free_port

if TYPE_CHECKING:
    from bench.contestants import Contestant

MERCURIUS, POSTGRAPHILE = "Mercurius", "PostGraphile"
HERE = Path(__file__).parent / "peers"
INSTALLED = Path(tempfile.gettempdir()) / "stageline-node-peers"
NEWEST = {MERCURIUS: (20, 0), POSTGRAPHILE: (22, 0)}
_EIGHT = """id: rowId name stage standing revision businessUnit owner: personByOwnerId { name }
    amount: estimated currency"""
POSTGRAPHILES = {
    "Phone": """query Phone($id: Int!) { initiative: initiativeByRowId(rowId: $id) { id: rowId name stage standing
        owner: personByOwnerId { name } amount: estimated currency
        milestones: milestonesByInitiativeIdList(first: 3, orderBy: [DUE_ASC, PRIMARY_KEY_ASC]) {
            id: rowId name due } } }""",
    "Tree": f"""query Tree($id: Int!) {{ objective: objectiveByRowId(rowId: $id) {{ id: rowId name
        portfolios: portfoliosByObjectiveIdList {{ id: rowId name programs: programsByPortfolioIdList {{ id: rowId name
        initiatives: initiativesByProgramIdList {{ {_EIGHT} }} }} }} }} }}""",
    "Funnel": "query Funnel { funnel: byStageList { stage measures plan outlook } }",
    "Page": f"""query Page($stage: String!) {{ initiatives: allInitiatives(first: 50, condition: {{ stage: $stage }},
        orderBy: [VALUE_DESC, PRIMARY_KEY_ASC]) {{ totalCount edges {{ cursor node {{ {_EIGHT} }} }}
        pageInfo {{ hasNextPage endCursor }} }} }}""",
}
_CHANGED = "id name description stage standing businessUnit revision ownerName amount currency"
NODE_PEERS: dict[str, Callable[[int], list[dict[str, Any]]]] = {
    name: lambda target: [
        {
            "query": f"subscription Changed($id: Int!) {{ changed(id: $id) {{ {_CHANGED} }} }}",
            "variables": {"id": target},
        }
    ]
    for name in (MERCURIUS, POSTGRAPHILE)
}


@cache
def installed() -> Path | None:
    """The folder with the packages, or None, said aloud, where npm or the network is missing."""
    npm = shutil.which("npm")
    if not npm:
        print("  No npm: Mercurius and PostGraphile are skipped.", flush=True)
        return None
    INSTALLED.mkdir(exist_ok=True)
    wanted = (HERE / "package.json").read_text(encoding="utf-8")
    stamp = INSTALLED / ".installed-from"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        (INSTALLED / "package.json").write_text(wanted, encoding="utf-8")
        command = [npm, "install", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=INSTALLED, capture_output=True, text=True, check=False, timeout=600)
        if done.returncode:
            print(f"  npm could not install the Node peers; they are skipped: {done.stderr[-500:]}", flush=True)
            return None
        stamp.write_text(wanted, encoding="utf-8")
    return INSTALLED


@cache
def node_for(name: str) -> str | None:
    """A Node that is new enough for a peer: the machine's, or the one among the packages."""
    folder = installed()
    places = [shutil.which("node"), *([] if folder is None else map(str, folder.glob("node_modules/node-*/bin/node")))]
    for place in places:
        if place and folder:
            said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False).stdout
            if tuple(map(int, said.strip().lstrip("v").split(".")[:2])) >= NEWEST[name]:
                return place
    print(f"  {name} is skipped: it wants Node {NEWEST[name][0]} or newer.", flush=True)
    return None


@contextmanager
def node_peer(name: str, ground: Ground, on: Filled, port: int) -> Iterator[int]:
    """One of them, serving; its process id."""
    from bench.contestants import peer

    program, folder = node_for(name), installed()
    assert program, f"{name} cannot run here"
    assert folder
    env = {
        "DB": on.url,
        "NODE_ENV": "production",
        "GRAPHILE_ENV": "production",
        "NODE_PATH": str(folder / "node_modules"),
    }
    with peer(name, [program, f"{name.lower()}.cjs", str(port)], ground.folder, port, env) as pid:
        yield pid


def here() -> list[str]:
    """Those that can run here."""
    return [name for name in NODE_PEERS if node_for(name)]


def node_peers(stack: ExitStack, ground: Ground, question: Question, on: Filled) -> "list[Contestant]":
    """Those that can run here, ready to be asked."""
    from bench.contestants import Contestant

    found = []
    for name in here():
        port = free_port()
        pid = stack.enter_context(node_peer(name, ground, on, port))
        documents = PEERS if name == MERCURIUS else POSTGRAPHILES
        found.append(Contestant(name, pid, port, "/graphql", question.bodies(on, documents)))
    return found
