"""The machine finds what it is for: take one rule out of the product, and it must say where the law is broken.

Each fault replaces one real rule of `server/`, near where it bites; the machine then has 300 steps from a fixed seed.
The same seed without the fault must come as far without a difference: so it is the fault that was found.
"""

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis.errors import Flaky

from tests.law.faults import FAULTS, Fault
from tests.law.machine import govern, hand
from tests.law.world import DiffersError

STEPS, PER_WORLD = 300, 40


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_the_machine_finds_that(fault: Fault, migrated_file: Path, tmp_path: Path, record_property: Any) -> None:
    calls: Counter[str] = Counter()
    with pytest.MonkeyPatch.context() as patch:
        fault.plant(patch, calls)
        found, caught = _governed(fault, migrated_file, tmp_path / "with", STEPS)
    assert found is not None, f"it was not found in {STEPS} steps"
    record_property("found", f"in {caught} steps: {str(found).splitlines()[0]}")
    assert all(calls.values()), "what was replaced is never called"
    without, _ = _governed(fault, migrated_file, tmp_path / "without", caught)
    assert without is None, f"it is not the fault that was found: {without}"


def _governed(fault: Fault, template: Path, folder: Path, steps: int) -> tuple[DiffersError | None, int]:
    """Where product and law parted, if they did, and after how many steps."""
    folder.mkdir()
    with hand(template, folder, 0, max(steps, 1)) as own:
        with suppress(DiffersError, Flaky):
            govern(
                own, fault.start, fault.tries, sensible=0.15, worlds=-(-STEPS // PER_WORLD), steps=PER_WORLD, number=1
            )
        return own.differs, own.caught
