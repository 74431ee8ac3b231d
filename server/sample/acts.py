"""An act: a verb of somebody on a day. The tables become lists of acts; `telling` performs them in time order."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.domain.sales import IncentiveShare

Ids = dict[str, UUID]  # what was made, by its key in the tables; people as `@key`


class Ref(str):
    """Stands for the id of what has this key, until it is known."""

    __slots__ = ()


def who(key: str) -> Ref:
    """The person with this key."""
    return Ref(f"@{key}")


@dataclass(frozen=True, slots=True)
class Pay:
    """An incentive measure whose ids are not known yet."""

    seller: Ref
    name: str
    weight: int
    rewards: Ref | None


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody (by key) performs a verb so many days ago; its answer is kept under `key`."""

    ago: int
    by: str
    verb: Callable[..., Awaitable[UUID | dict[str, Any]]]
    given: dict[str, Any]
    key: str | None = None

    def arguments(self, ids: Ids) -> dict[str, Any]:
        """What the verb is called with."""
        return {name: _known(value, ids) for name, value in self.given.items()}


def _known(value: Any, ids: Ids) -> Any:
    match value:
        case Ref():
            return ids[value]
        case Pay():
            rewards = ids[value.rewards] if value.rewards else None
            return IncentiveShare(ids[value.seller], value.name, Decimal(value.weight), rewards)
        case dict():
            return {name: _known(each, ids) for name, each in value.items()}
        case list():
            return [_known(each, ids) for each in value]
    return value
