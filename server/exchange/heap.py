"""The garbage collector rests while an import is under way.

An import makes a million values that stay until it ends, and looking through them again and again for garbage costs a
quarter of its time. What others leave in circles meanwhile is collected afterwards.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_resting = 0


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector at rest until the last import that runs at the same time is done."""
    global _resting  # noqa: PLW0603 — there is one collector in a process
    if _resting == 0 and not gc.isenabled():
        yield  # it rests for reasons of somebody else
        return
    _resting += 1
    gc.disable()
    try:
        yield
    finally:
        _resting -= 1
        if not _resting:
            gc.enable()
