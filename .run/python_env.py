"""The virtual environment .venv: made when missing, filled from the hashed locks when those changed."""

import hashlib
import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from say import ROOT, Stop, no_space, quietly, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "stageline.json"  # what was installed, by the hash of what asked for it
UNFINISHED = VENV / "unfinished"  # stands while pip works: an environment that holds it was interrupted

SERVING = "requirements.txt"
TESTING = "requirements-test.txt"
NODE = ".run/requirements-node.txt"


def ready(lock: str = SERVING) -> None:
    """Make .venv hold what the lock says, and the command `stageline` of this checkout."""
    if UNFINISHED.exists() or (VENV.exists() and not _runs()):
        with step("Removing a half-made .venv"):
            shutil.rmtree(VENV)
    if not VENV.exists():
        _make()
    install(lock, "Python packages for the tests" if lock == TESTING else "Python packages")
    if lock == TESTING:
        _remember(SERVING)  # the test lock holds all of it, at the same versions
    if not _stands("pyproject.toml"):
        with step("The command .venv/bin/stageline"):
            _pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
        _remember("pyproject.toml")


def install(lock: str, title: str, otherwise: str = "") -> None:
    """Install a lock with pip, unless exactly that was installed already."""
    if _stands(lock):
        return
    with step(title):
        _pip("--require-hashes", "--requirement", str(ROOT / lock), otherwise=otherwise)
    _remember(lock)


def _make() -> None:
    if not (find_spec("venv") and find_spec("ensurepip")):
        raise Stop(
            f"This Python ({sys.executable}) comes without venv and pip. On Debian and Ubuntu: "
            "apt install python3-venv. Or name another one: PYTHON=/path/to/python3.11 ./run"
        )
    with step(f"Python {sys.version.split()[0]} in .venv"):
        VENV.mkdir()
        UNFINISHED.touch()
        quietly([sys.executable, "-m", "venv", VENV], f"The environment {VENV} could not be made: see above.")
        UNFINISHED.unlink()


def _pip(*words: str, otherwise: str = "") -> None:
    UNFINISHED.touch()
    try:
        quietly(
            [PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *words],
            otherwise
            or "pip could not install the packages: see above. Most often there is no network or a proxy is not set; "
            "then type ./run again.",
        )
    except Stop:
        if not no_space():  # pip gave up by itself and put back what it had begun
            UNFINISHED.unlink()
        raise
    UNFINISHED.unlink()


def _runs() -> bool:
    """Whether the environment's Python starts and has pip: its base may be gone, another tool may have made it."""
    try:
        test = "import sys, importlib.util as i; sys.exit(sys.version_info < (3, 11) or not i.find_spec('pip'))"
        return subprocess.run([PYTHON, "-c", test], stderr=subprocess.DEVNULL, check=False).returncode == 0
    except OSError:
        return False


def _stands(name: str) -> bool:
    return _stamps().get(name) == _hash(name)


def _remember(name: str) -> None:
    STAMPS.write_text(json.dumps(_stamps() | {name: _hash(name)}, indent=2), encoding="utf-8")


def _stamps() -> dict[str, str]:
    try:
        return dict(json.loads(STAMPS.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _hash(name: str) -> str:
    """A lock's content, and where the environment stands: scripts in it name their folder."""
    return hashlib.sha256((ROOT / name).read_bytes() + str(Path(VENV)).encode()).hexdigest()
