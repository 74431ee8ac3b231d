"""`./run lock`: the Python locks anew from pyproject.toml. What is locked stays, but for --upgrade."""

import shutil
import subprocess

from python_env import NODE, SERVING, TESTING
from say import ROOT, Stop

# No header and no source: a lock names packages and hashes, never a registry.
COMPILE = ["pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-header", "--python-version", "3.11"]
PROJECT = ["pyproject.toml", "--all-extras"]


def lock(words: list[str]) -> int:
    """Compile the three locks with uv."""
    if set(words) - {"--upgrade"}:
        raise Stop("./run lock takes --upgrade or nothing.")
    uv = shutil.which("uv") or shutil.which("uv", path=str(ROOT / ".venv" / "bin"))
    if not uv:
        raise Stop("./run lock needs uv, which nothing else here does: .venv/bin/pip install uv")
    for source, output in (
        ([*PROJECT, "--group", "build"], SERVING),
        ([*PROJECT, "--group", "build", "--group", "test", "--constraints", SERVING], TESTING),
        ([".run/requirements-node.in", "--no-annotate"], NODE),
    ):
        if subprocess.run([uv, *COMPILE, *words, *source, "--output-file", output], cwd=ROOT, check=False).returncode:
            raise Stop(f"uv could not make {output}: see above.")
    return 0
