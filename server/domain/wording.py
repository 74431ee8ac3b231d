"""How several things are told in one sentence."""

from collections.abc import Iterable, Sequence
from typing import Protocol

SHOWN = 5
Path = tuple[str | int, ...]
"""The way to a part of a document: keys of mappings and places in lists."""


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def listed(words: Sequence[str], joint: str = "and") -> str:
    """`a, b and c`; of more than five the rest is counted."""
    shown = [*words[:SHOWN], f"{len(words) - SHOWN} more"] if len(words) > SHOWN else list(words)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


def spoken_path(path: Path) -> str:
    """A path as read in a sentence: `plans[0].branch[2].owner`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def quoted(things: Iterable[_Named]) -> str:
    """The names of things, quoted and listed."""
    return listed([f"“{thing.name}”" for thing in things])
