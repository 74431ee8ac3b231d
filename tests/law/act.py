"""What somebody tries, and where each verb's two sides are kept: what may refuse it, and what it brings about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.law.model import Law


@dataclass(frozen=True)
class Act:
    """Something that somebody tries. `on` is the name of a measure, line, milestone or seat, or of what is made."""

    verb: str
    by: str
    on: str
    said: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value!r}" for name, value in self.said.items())
        return f"{self.by}: {self.verb} {self.on} {said}".rstrip()


Refusing = Callable[[Law, Act], set[str]]
Doing = Callable[[Law, Act], None]
REFUSING: dict[str, Refusing] = {}
DOING: dict[str, Doing] = {}


def rule(verb: str) -> Callable[[type], type]:
    """Register a verb's two sides."""

    def register(sides: type) -> type:
        REFUSING[verb], DOING[verb] = sides.refused, sides.done  # type: ignore[attr-defined]  # both below
        return sides

    return register
