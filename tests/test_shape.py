"""The house keeps its shape: the arrow, a pure law, one contract, a right for every act, locks that name no place."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from graphql import build_schema, specified_scalar_types
from packaging.requirements import Requirement

from server.domain.rights import RIGHTS
from server.settings import table
from tests.support.imports import ROOT, Import, imports, layer, sources

# Lowest first: a layer may import itself and what stands before it.
ORDER = (
    "domain models live actions sample exchange schema resolvers partners logs metrics workers wire auth api app "
    "commands __main__"
).split()
SETTINGS = {"__main__", "commands", "app", "api", "auth", "settings"}  # the wiring; all else is handed what it needs
BELL = "server/live/bell*.py"
PLACES = {"/", "/app", "/home", "/mnt", "/opt", "/root", "/srv", "/tmp", "/usr", "/var"}  # noqa: S108 - folders of every machine
PURE_MODULES = set(
    "abc bisect calendar collections contextlib dataclasses datetime decimal enum fractions functools graphlib hashlib "
    "itertools math operator re statistics string textwrap types typing unicodedata uuid".split()
)
IMPURE_CALLS = set("now utcnow today uuid1 uuid4 uuid7 open print input".split())


def breaches(found: Import) -> str | None:
    """Why an import breaks the arrow, or None."""
    here, there = layer(found.path), found.target
    if there == "settings" and here not in SETTINGS:
        return f"{found}: settings are handed down by {', '.join(sorted(SETTINGS - {'settings'}))}"
    if found.module.split(".")[0] == "broadcaster" and not found.path.match(BELL):
        return f"{found}: broadcaster stands behind {BELL}"
    if here in {"__init__", "settings"}:
        return f"{found}: {here} imports nothing of ours" if there not in {"", here} else None
    if there in {"", "settings"}:
        return None
    for name in (here, there):
        if name not in ORDER:
            return f"{found}: {name} has no place in ORDER; give it one"
    return f"{found}: upward, from {here} to {there}" if ORDER.index(there) > ORDER.index(here) else None


def impurities(path: Path, text: str) -> list[str]:
    """What a module of the law does beyond computing: waiting, importing a world, asking the clock."""
    found = [str(each) for each in imports(path, text) if not _pure(each)]
    for node in ast.walk(ast.parse(text, str(path))):
        match node:
            case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
                found.append(f"{path}:{node.lineno} waits")
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in IMPURE_CALLS:
                found.append(f"{path}:{node.lineno} calls {name}()")
    return found


def _pure(found: Import) -> bool:
    return found.target == "domain" or found.module.split(".")[0] in PURE_MODULES


def test_imports_run_downward_only() -> None:
    assert not [broken for path, text in sources() for found in imports(path, text) if (broken := breaches(found))]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("server/domain/gates.py", "from server.models import gates"),
        ("server/models/gates.py", "def f():\n    from server.actions import gates"),
        ("server/schema/gates.py", "x: Annotated['Y', strawberry.lazy('server.resolvers.gates')]"),
        ("server/live/work.py", "from ..actions.gates import submit_gate"),
        ("server/resolvers/gates.py", "if TYPE_CHECKING:\n    import server.app"),
        ("server/actions/gates.py", "from server.settings import Settings"),
        ("server/actions/gates.py", "from server import helpers"),
        ("server/app.py", "import broadcaster"),
        ("server/settings.py", "from server.domain import money"),
    ],
)
def test_a_breach_of_the_arrow_is_seen(path: str, text: str) -> None:
    assert [broken for found in imports(Path(path), text) if (broken := breaches(found))]


def test_the_law_is_pure() -> None:
    assert not [broken for path, text in sources() if layer(path) == "domain" for broken in impurities(path, text)]


@pytest.mark.parametrize(
    "text",
    ["import os", "import tortoise", "async def f(): ...", "at = datetime.now(UTC)", "from uuid import UUID\nuuid4()"],
)
def test_an_impure_law_is_seen(text: str) -> None:
    assert impurities(Path("server/domain/gates.py"), text)


def test_the_printed_schema_is_the_one_that_is_served() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server", "schema"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = (ROOT / "server/schema/schema.graphql").read_text(encoding="utf-8")
    assert printed == done.stdout, "run: python -m server schema > server/schema/schema.graphql"


def test_every_act_has_a_right_and_every_right_an_act() -> None:
    schema = build_schema((ROOT / "server/schema/schema.graphql").read_text(encoding="utf-8"))
    assert schema.mutation_type
    assert set(schema.mutation_type.fields) == set(RIGHTS)


def test_locks_pin_what_the_project_asks_for_with_hashes_only() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    serving = _pins("requirements.txt")
    testing = _pins("requirements-test.txt")
    extras = project["project"]["optional-dependencies"].values()
    for asked in [*project["project"]["dependencies"], *chain.from_iterable(extras), *groups["build"]]:
        assert _meets(asked, serving), f"requirements.txt does not meet {asked}: ./run lock"
    for asked in groups["test"]:
        assert _meets(asked, testing), f"requirements-test.txt does not meet {asked}: ./run lock"
    assert serving.items() <= testing.items(), "the two locks disagree: ./run lock"


def test_no_tracked_file_names_a_registry_or_a_place_of_this_machine() -> None:
    forbidden = [re.compile(rf"(?<![\w.-]){re.escape(name)}") for name in (*_registries(), *_places())]
    found = [
        f"{path}:{number} {line.strip()[:100]}"
        for path, text in _tracked()
        for number, line in enumerate(text.splitlines(), 1)
        if any(pattern.search(line) for pattern in forbidden)
    ]
    assert not found


def test_npm_locks_name_no_place_to_download_from() -> None:
    locks = [(path, text) for path, text in _tracked() if path.name == "package-lock.json"]
    assert locks
    for path, text in locks:
        packages = json.loads(text)["packages"]
        assert not [name for name, package in packages.items() if "resolved" in package], path
        assert not [name for name, package in packages.items() if name and "integrity" not in package], path


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", text, re.MULTILINE))
    entries = re.findall(r"^[a-z0-9][^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
    assert len(pins) == len(entries), f"{name} holds an entry without version or hash"
    return pins


def _meets(asked: str, pins: dict[str, str]) -> bool:
    wanted = Requirement(asked)
    return wanted.name.lower() in pins and wanted.specifier.contains(pins[wanted.name.lower()])


def _registries() -> set[str]:
    """The public registries, in parts so that this file passes itself, and those that this machine is set up with."""
    hosts = {"pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "yarnpkg" + ".com"}
    asked = _said(sys.executable, "-m", "pip", "config", "list") + _said("npm", "config", "get", "registry")
    hosts |= {urlsplit(url).hostname or "" for url in re.findall(r"https?://[^\s'\"]+", asked)}
    return {host.removeprefix("registry.").removeprefix("files.") for host in hosts} - {"", "localhost", "127.0.0.1"}


def _places() -> set[str]:
    """Where this checkout stands, as it would be written in a path; not what stands on every machine."""
    return {f"{place}/" for place in (ROOT, ROOT.parent) if str(place) not in PLACES}


def _said(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _tracked() -> list[tuple[Path, str]]:
    """Every text file that git holds, by its path from the root."""
    names = _said("git", "-C", str(ROOT), "ls-files", "-z").split("\0")
    paths = [Path(name) for name in names if name and (ROOT / name).is_file()]
    if not paths:
        pytest.skip("this is no git checkout: nothing tells which files are tracked")
    contents = [(path, (ROOT / path).read_bytes()) for path in paths]
    return [(path, content.decode(errors="replace")) for path, content in contents if b"\0" not in content]


def test_everything_in_the_contract_says_what_it_means() -> None:
    contract = build_schema((ROOT / "server/schema/schema.graphql").read_text(encoding="utf-8"))
    silent = []
    for name, kind in contract.type_map.items():
        if name.startswith("__") or name in specified_scalar_types:
            continue
        parts = {name: kind} | {f"{name}.{each}": part for each, part in getattr(kind, "fields", {}).items()}
        parts |= {f"{name}.{each}": part for each, part in getattr(kind, "values", {}).items()}
        for field, part in list(parts.items()):
            parts |= {f"{field}({each})": argument for each, argument in getattr(part, "args", {}).items()}
        silent += [each for each, part in parts.items() if not part.description]
    assert not silent


def test_the_readme_shows_every_setting() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("<!-- settings -->")[2].partition("<!-- /settings -->")[0].strip()
    assert shown == table(), "print it with `stageline settings` and put it between the README's settings marks"
