"""One set-up at a time in one folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from say import ROOT


@contextmanager
def turn() -> Iterator[None]:
    """Hold the folder while setting up. The lock ends with the process, so an interrupted one leaves none behind."""
    folder = os.open(ROOT / ".run", os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  Another ./run is setting up this folder: waiting for it …", flush=True)
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
