"""How several things are told in one sentence."""

from collections.abc import Iterable, Sequence
from typing import Protocol

SHOWN = 5


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def listed(words: Sequence[str], joint: str = "and") -> str:
    """`a, b and c`; of more than five the rest is counted."""
    shown = [*words[:SHOWN], f"{len(words) - SHOWN} more"] if len(words) > SHOWN else list(words)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} {joint} {shown[-1]}"


def quoted(things: Iterable[_Named]) -> str:
    """The names of things, quoted and listed."""
    return listed([f"“{thing.name}”" for thing in things])
