"""A small schema in which everything may go wrong: nulls, raising, wrong results, and every way to wait for a result.

What a field gives is decided by its thing's number and `Chance.faults`, the share of a hundred that is at fault, so it
is the same in every run.
"""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any
from zlib import crc32

import strawberry
from graphql import GraphQLError

from server.api.limits import Limits
from server.api.operations import ApiSchema
from server.schema.loading import Loader
from server.schema.scalars import config


class Colour(StrEnum):
    """An enum."""

    RED = "RED"
    BLUE = "BLUE"


strawberry.enum(Colour)


@dataclass
class Chance:
    """The context: how much goes wrong, and what was done."""

    faults: int = 0
    done: list[str] = field(default_factory=list)
    loader: Loader[int, int] = field(init=False)

    def __post_init__(self) -> None:
        async def load(keys: list[int]) -> dict[int, int]:
            await asyncio.sleep(0)
            return {key: key * 7 for key in keys}

        self.loader = Loader(load)

    def fate(self, number: int, what: str) -> int:
        """0 to 99, for a thing's field; below `faults` it fails."""
        return crc32(f"{number}:{what}".encode()) % 100

    def at_fault(self, number: int, what: str) -> bool:
        """Whether this one fails."""
        return self.fate(number, what) < self.faults


Info = strawberry.Info[Chance, None]


@strawberry.input
class Wish:
    """An input."""

    colours: list[Colour] | None = None
    least: int = 1


def _being(chance: Chance, number: int) -> "Being":
    at_fault = chance.at_fault
    name: Any = (None, 5, GraphQLError("no name", extensions={"code": "NAMELESS"}))[number % 3]
    common: dict[str, Any] = {
        "number": number,
        "id": strawberry.ID(str(number)),
        "name": name if at_fault(number, "name") else f"being {number}",
        "tags": [None] if at_fault(number, "tags") else ["a", "b"][: number % 3],
        "colour": "GREEN" if at_fault(number, "colour") else (Colour.RED, Colour.BLUE, None)[number % 3],
        "weight": object() if at_fault(number, "weight") else (Decimal("1.50"), None)[number % 2],
        "size": 2**40 if at_fault(number, "size") else number % 1000,
    }
    return Cat(**common, lives=9) if number % 2 else Dog(**common, good=True)


@strawberry.interface
class Being:
    """An interface."""

    number: strawberry.Private[int]
    id: strawberry.ID
    name: str
    tags: list[str]
    colour: Colour | None
    weight: Decimal | None
    size: int

    @strawberry.field
    async def friend(self, info: Info) -> "Being | None":
        """Waits twice; raises, or gives what is no being, at fault."""
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if info.context.at_fault(self.number, "friend"):
            if self.number % 2:
                raise LookupError(f"no friend of {self.number}")
            return Stone(weight=Decimal(1))  # type: ignore[return-value]  # the fault
        return None if self.number % 5 == 0 else _being(info.context, self.number * 3 + 1)

    @strawberry.field
    async def friends(self, info: Info, first: int = 2, wish: Wish | None = None) -> list["Being | None"]:
        """A list with nulls in it; no list at fault."""
        if info.context.at_fault(self.number, "friends"):
            return 5  # type: ignore[return-value]  # the fault
        least = wish.least if wish else 1
        found: list[Any] = [_being(info.context, self.number * 5 + each + least) for each in range(first)]
        return [each if each.number % 7 else None for each in found]

    @strawberry.field
    def family(self, info: Info) -> list["Being"]:
        """At once; null in it at fault."""
        found: list[Any] = [_being(info.context, self.number + each) for each in range(1, 3)]
        return found + [None] * info.context.at_fault(self.number, "family")

    @strawberry.field
    def grid(self) -> list[list[int | None]] | None:
        """Lists of lists."""
        return None if self.number % 4 == 0 else [[self.number % 9, None], []]

    @strawberry.field
    def greeting(self, to: str = "you", loud: bool = False) -> str:
        """With arguments; a refusal for an unknown name."""
        if to == "v":
            raise ValueError("nobody is called v")
        return f"hello {to}" + "!" * loud

    @strawberry.field
    async def loaded(self, info: Info) -> int:
        """Through a loader."""
        return await info.context.loader.load(self.number % 50) or 0

    @strawberry.field
    def hidden(self, info: Info) -> str:
        """A plain function whose result must be waited for: not planned for."""

        async def say() -> str:
            return "hidden"

        if info.context.fate(self.number, "hidden") > 20:
            return "plain"
        return say()  # type: ignore[return-value]  # on purpose

    @strawberry.field
    def where(self, info: Info) -> str:
        """Its own path: not planned for below lists."""
        return ".".join(map(str, info.path.as_list()))


@strawberry.type
class Cat(Being):
    """One."""

    lives: int

    @strawberry.field
    async def enemy(self, info: Info) -> "Dog | None":
        """Another type at fault."""
        if info.context.at_fault(self.number, "enemy"):
            return self  # type: ignore[return-value]  # the fault
        return _being(info.context, self.number * 2)  # type: ignore[return-value]  # even numbers are dogs


@strawberry.type
class Dog(Being):
    """Another."""

    good: bool

    @strawberry.field
    async def master(self, info: Info) -> Being:
        """Never null, but at fault."""
        await asyncio.sleep(0)
        if info.context.at_fault(self.number, "master"):
            return None  # type: ignore[return-value]  # the fault
        return _being(info.context, self.number + 11)


@strawberry.type
class Stone:
    """No being."""

    weight: Decimal

    @strawberry.field
    def heap(self) -> list["Stone"]:
        """Of itself."""
        return [self, self]


Thing = Annotated[Cat | Dog | Stone, strawberry.union("Thing")]


def _thing(chance: Chance, number: int) -> Any:
    return Stone(weight=Decimal(number)) if number % 3 == 0 else _being(chance, number)


@strawberry.type
class Query:
    """Where it begins."""

    @strawberry.field
    async def being(self, info: Info, number: int = 3) -> Being | None:
        """One."""
        return _being(info.context, number)

    @strawberry.field
    def beings(self, info: Info, first: int = 3) -> list[Being | None]:
        """Several."""
        return [None if each == 1 else _being(info.context, each * 13) for each in range(first)]

    @strawberry.field
    async def thing(self, info: Info, number: int = 3) -> Thing:
        """One of a union."""
        return _thing(info.context, number) if not info.context.at_fault(number, "thing") else "nothing"  # type: ignore[return-value]  # the fault

    @strawberry.field
    async def things(self, info: Info, first: int = 3) -> list[Thing]:
        """Several of a union."""
        return [_thing(info.context, each + 4) for each in range(first)]

    @strawberry.field
    async def cat(self, info: Info) -> Cat:
        """Null would take the whole answer with it."""
        at_fault = info.context.at_fault(17, f"cat {info.context.faults}")
        return None if at_fault else _being(info.context, 17)  # type: ignore[return-value]  # odd numbers are cats


@strawberry.type
class Done:
    """What was done so far."""

    so_far: str


@strawberry.type
class Mutation:
    """What must be done once, in order."""

    @strawberry.mutation
    async def do(self, info: Info, what: str) -> Done:
        """Note it; "fail" fails afterwards."""
        await asyncio.sleep(0)
        info.context.done.append(what)
        if what == "fail":
            raise ValueError("it failed")
        return Done(so_far=" ".join(info.context.done))


def beings_schema() -> ApiSchema:
    """The schema, within limits that no test meets."""
    limits = Limits(depth=100, cost=10**9, aliases=1000, tokens=100_000, directives=1000)
    return ApiSchema(Query, mutation=Mutation, config=config(), types=[Cat, Dog], limits=limits)
