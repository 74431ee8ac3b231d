"""The load clients: compiled by gcc where there is one, else several Python processes. Both stay on their own core."""

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bench.machine import CLIENT, pinned

HERE = Path(__file__).parent
CONNECTIONS = 16
MOST = 2_000_000


@dataclass(frozen=True)
class Load:
    """What a load client saw: counts, times in ms, and its own seconds of CPU."""

    requests: int
    bad: int
    not_modified: int
    bytes: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_s: float


@cache
def client(name: str) -> Path | None:
    """A compiled client, or None where no compiler is; it lives as long as the temporary folder."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if not compiler:
        print(f"No C compiler: Python stands in for bench/clients/{name}.c, and may be the bottleneck.", flush=True)
        return None
    made = Path(tempfile.mkdtemp(prefix="stageline-client-")) / name
    subprocess.run([compiler, "-O2", "-o", made, HERE / "clients" / f"{name}.c"], check=True)
    return made


def load(
    port: int,
    path: str,
    bodies: list[str],
    headers: dict[str, str],
    *,
    seconds: float,
    connections: int = CONNECTIONS,
    most: int = MOST,
) -> Load:
    """POST the bodies in turn over kept connections, until the time or the number of requests is reached."""
    with tempfile.TemporaryDirectory(prefix="stageline-load-") as name:
        asked, head = Path(name) / "bodies", Path(name) / "headers"
        asked.write_text("\n".join(bodies), encoding="utf-8")
        head.write_text("".join(f"{key}: {value}\r\n" for key, value in headers.items()), encoding="utf-8", newline="")
        compiled = client("http")
        program = [str(compiled)] if compiled else [sys.executable, str(HERE / "clients" / "http.py")]
        words = [str(port), path, str(connections), str(seconds), str(most), str(asked), str(head)]
        with pinned(CLIENT):
            done = subprocess.run([*program, *words], capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert done.returncode == 0, f"the load client ended with {done.returncode}: {done.stderr}"
    told: dict[str, Any] = json.loads(done.stdout)
    return Load(**told)
