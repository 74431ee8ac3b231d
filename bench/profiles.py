"""What the time of the tree (R2) and of fan-out (F1) is spent on: `python -m bench.profiles [--seconds 10]`.

py-spy samples our server under the same load as the rows of the aims, and the kernel's clocks say how much of its time
is the kernel's. A sample counts for the innermost Python function that it finds there: what C does for a function, such
as orjson or the kernel, is that function's. py-spy is not installed with the tests: `python -m pip install py-spy`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.contestants import FRESH, ours
from bench.fanning import GAP, LIVE, board_variables, our_stage, show
from bench.ground import Ground, ground
from bench.loads import load
from bench.machine import CLIENT, end_in_order, log_nothing, pinned
from bench.questions import TREE
from bench.reads import FEW

RATE = 400
"""Samples a second."""
SUBSCRIBERS = 5_000
TOP = 14
SHARE = 0.01
"""What takes less of the time is not told."""
_ABOVE = re.compile(r".*/(site-packages/|lib/python[0-9.]+/|(?=server/))")


@dataclass
class Profile:
    """Where a server was found, by samples, and the share of its CPU that the kernel took."""

    places: Counter[str] = field(default_factory=Counter)
    rooms: Counter[str] = field(default_factory=Counter)
    kernel: float = 0.0

    def told(self, title: str) -> str:
        """As two tables in Markdown."""
        every = self.places.total() or 1
        lines = [f"**{title}**: {every:,} samples, {self.kernel:.0%} of the CPU in the kernel.", ""]
        for name, counted in (("room", self.rooms), ("innermost function", self.places)):
            lines += [f"| {name} | share |", "|---|--:|"]
            for each, count in counted.most_common(TOP):
                if count / every >= SHARE:
                    lines.append(f"| {each} | {count / every:.0%} |")
            lines.append("")
        return "\n".join(lines)


def profile_of_tree(base: Ground, seconds: float) -> Profile:
    """Objectives of 1,000 initiatives, nothing kept, four at a time."""
    on = base.filled(base.middle)
    headers = {"Authorization": f"Bearer {on.tokens['eve']}"}
    with ours(on, base.folder, FRESH) as (pid, port):
        bodies = TREE.bodies(on, None)
        load(port, "/graphql", bodies, headers, seconds=2, connections=FEW)
        with _sampled(pid, seconds) as found:
            load(port, "/graphql", bodies, headers, seconds=seconds + 1, connections=FEW)
    return found


def profile_of_fan_out(base: Ground, seconds: float) -> Profile:
    """One board, 5,000 subscribers, five changes a second."""
    on, found = base.filled(base.small), Profile()
    with our_stage(base, on, LIVE, board_variables(on), first=1) as stage:
        written = stage.paced

        def paced(count: int, gap: float) -> object:
            if count == 1:  # to see that all hear
                return written(count, gap)
            with _sampled(stage.pid, seconds) as profile:
                told = written(count, gap)
            found.places, found.rooms, found.kernel = profile.places, profile.rooms, profile.kernel
            return told

        show(base, replace(stage, paced=paced), SUBSCRIBERS, changes=int((seconds + 1) / GAP))
    return found


@contextmanager
def _sampled(pid: int, seconds: float) -> Iterator[Profile]:
    """Look at a process from now on for so long; what was found is there at the end."""
    program = shutil.which("py-spy", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if program is None:
        sys.exit("There is no py-spy here: python -m pip install py-spy, then again.")
    found = Profile()
    with tempfile.TemporaryDirectory(prefix="stageline-profile-") as folder:
        raw = Path(folder) / "raw"
        words = f"record --pid {pid} --duration {seconds:.0f} --rate {RATE} --format raw --full-filenames --output"
        command = [program, *words.split(), str(raw)]
        before = _spent(pid)

        def look() -> None:
            with pinned(CLIENT):
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

        looking = threading.Thread(target=look)
        looking.start()
        yield found
        user, kernel = (after - begun for after, begun in zip(_spent(pid), before, strict=True))
        looking.join()
        found.kernel = kernel / max(1, user + kernel)
        for line in raw.read_text(encoding="utf-8").splitlines():
            stack, _, count = line.rpartition(" ")
            function, file = _innermost(stack)
            found.places[f"`{function}` {file}"] += int(count)
            found.rooms[_room(file)] += int(count)


def _spent(pid: int) -> tuple[int, int]:
    """The ticks of CPU that a process has used: its own, and the kernel's for it."""
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(told[11]), int(told[12])


def _innermost(stack: str) -> tuple[str, str]:
    """The function and the file of the last frame of `f (a.py:1);g (b.py:2)`."""
    function, _, place = stack.rpartition(";")[2].partition(" (")
    file = place.rstrip(")").rpartition(":")[0] or place.rstrip(")")
    return function, _ABOVE.sub("", file)


def _room(file: str) -> str:
    """A library, or a room of ours."""
    parts = Path(file).parts
    if parts[:1] == ("server",):
        return "/".join(parts[:2])
    return parts[0] if parts else "?"


def main() -> None:
    """Profile both, and print what was found."""
    options = argparse.ArgumentParser(prog="python -m bench.profiles", description=__doc__)
    options.add_argument("--seconds", type=float, default=10)
    asked = options.parse_args()
    end_in_order()
    log_nothing()
    with ground(quick=False, node=False) as base:
        print(profile_of_tree(base, asked.seconds).told("The tree of 1,000 initiatives, first time (R2)"), flush=True)
        print(profile_of_fan_out(base, asked.seconds).told("A change told to 5,000 sockets (F1)"), flush=True)


if __name__ == "__main__":
    main()
