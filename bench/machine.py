"""The machine: which core runs what, and the CPU time that processes have used, by the kernel's own clocks."""

import os
import platform
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

SERVER, CLIENT = 0, 1
"""The cores of the measured server and of the load clients; PostgreSQL and Redis go where the kernel puts them."""


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Start processes on one core: they inherit it. Where there is only one core, all share it."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core} & before or before)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def end_in_order() -> None:
    """End by SIGTERM as by Ctrl-C: with the servers, clusters and folders that were made for the run."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def log_nothing() -> None:
    """Keep what verbs that run in this process log out of what is printed."""

    def drop(*_: object) -> dict[str, object]:
        raise structlog.DropEvent

    structlog.configure(processors=[drop])


def cpu(pid: int) -> float:
    """The seconds of CPU that all threads of a process have used, ended ones too, to the nanosecond."""
    return time.clock_gettime((~pid << 3) | 2)  # the kernel's id of another process's clock (clock_getcpuclockid)


def family_cpu(pid: int) -> float:
    """The same of a process with its children, those that have ended included (to 10 ms): a PostgreSQL, say."""
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    ended = (int(stat[13]) + int(stat[14])) / os.sysconf("SC_CLK_TCK")
    return cpu(pid) + ended + sum(_alive(child) for child in children(pid))


def children(pid: int) -> Iterable[int]:
    """The children of a process."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(each) for each in told.split()]


def _alive(pid: int) -> float:
    try:
        return family_cpu(pid)
    except OSError:
        return 0.0  # it ended meanwhile, and its parent counts it


def memory(pid: int) -> float:
    """What a process holds in memory, in KB, by the kernel's count."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def described() -> dict[str, str]:
    """The machine as the results name it."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in cpus if line.startswith("model name")), platform.machine())
    total = next(iter(Path("/proc/meminfo").read_text(encoding="ascii").splitlines())).split()[1]
    return {
        "cpu": f"{os.cpu_count()} × {model}",
        "memory": f"{int(total) / 1048576:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "load": " ".join(f"{each:.1f}" for each in os.getloadavg()),
        "commit": _commit(),
    }


def _commit() -> str:
    said = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False, cwd=Path(__file__).parent
    )
    return said.stdout.strip() or "unknown"
