"""What ./run tells a person: a line for each step, the log of one that failed, a sentence when it cannot go on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOG_LINES = 60


class Stop(Exception):
    """Ends ./run with a sentence that says what to do."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is going on, and how many seconds it took."""
    start = time.monotonic()
    again = ""
    if sys.stdout.isatty():
        print(f"  {title} …", end="", flush=True)
        again = "\r"
    yield
    print(f"{again}  {title:<44}{time.monotonic() - start:6.1f} s", flush=True)


def quietly(
    command: Sequence[str | Path], otherwise: str, *, cwd: Path = ROOT, env: dict[str, str] | None = None
) -> None:
    """Run a command without its output; when it fails, show the end of that and stop with the sentence `otherwise`."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        log = "\n".join(done.stdout.splitlines()[-LOG_LINES:])
        raise Stop(f"\n\n{log}\n\n{no_space() or otherwise}")


def no_space() -> str | None:
    """The sentence for a full disk, if it is one."""
    disk = os.statvfs(ROOT)
    free = disk.f_bavail * disk.f_frsize
    if free > 20 << 20:
        return None
    full = f"The disk that holds {ROOT} is full ({free >> 20} MiB free); the set-up takes about 1 GiB."
    return f"{full} Make room, then type ./run again."
