"""A kept answer made right again after facts that changed single nodes in it: those are told anew, the rest stands.

What happened since is read from the ledger with each question, so nothing is ever invalidated, and whatever other
process wrote it is known. The ledger holds what columns changed to, so most nodes are not even read. Where a fact
reaches further than the node that it names (`domain/reach`), or a node stands there with others below it, the whole is
asked anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import orjson
import strawberry
from graphql import OperationType

from server.api.callers import Caller, Reply
from server.api.documents import Operation
from server.api.executing import executed
from server.api.plans import Plans
from server.api.reading import Asked
from server.api.shapes import ANEW, Shape, ShapelessError
from server.domain.reach import stays_within
from server.live.answers import Asking, Made
from server.live.parts import Parts
from server.models.database import reading
from server.models.since import facts_since
from server.schema import ids

if TYPE_CHECKING:
    from server.api.kept import Depending

MOST = 20
"""After more facts, or with more things to ask anew, the whole is asked anew."""


class Renewing:
    """Cuts answers into parts, and renews these."""

    def __init__(self, schema: strawberry.Schema) -> None:
        self._schema = schema
        self._shapes: WeakKeyDictionary[Plans, Shape | None] = WeakKeyDictionary()

    def cut(self, operation: Operation, answer: Mapping[str, Any]) -> tuple[bytes, Parts] | None:
        """The body of an answer with its parts; None where it has none that can be told by themselves."""
        shape = self._shape(operation)
        try:
            return shape.cut(answer) if shape else None
        except ShapelessError:
            return None

    async def renewed(self, old: Made, of: Asking, asked: Asked, caller: Caller, asking: Asking) -> Made | None:
        """An answer that was right at an earlier revision, as it is now; None where the whole has to be asked anew."""
        shape, parts = self._shape(asked.operation), old.parts
        if shape is None or parts is None or asking.revision - of.revision > MOST:
            return None
        changed = await _changed(of, asking, caller)
        if changed is None or not parts.others.isdisjoint(changed):
            return None
        anew: dict[int, dict[str, Any]] = {}
        more: dict[int, list[int]] = {}
        for number in parts.of(changed):
            told = shape.places[parts.places[number]].told(changed[parts.ids[number]])
            if told is None:
                more.setdefault(parts.places[number], []).append(number)
            else:
                anew[number] = told
        for place, numbers in more.items():
            asked_anew = await self._told(shape, place, [parts.ids[number] for number in numbers], asked, caller)
            if asked_anew is None:
                return None
            anew |= zip(numbers, asked_anew, strict=True)
        written = {number: _with(parts.told(old.body, number), told) for number, told in anew.items()}
        body, parts = parts.with_told(old.body, written)
        return replace(old, body=body, parts=parts)

    async def _told(
        self, shape: Shape, place: int, nodes: list[str], asked: Asked, caller: Caller
    ) -> list[dict[str, Any]] | None:
        """What is told of nodes at a place now; None where that is no plain answer for all with the viewer's rights."""
        node, document, plans = shape.anew(place)
        operation = Operation("", asked.operation.name, OperationType.QUERY, node, document, 0, plans)
        context = caller.context(Reply())
        depends: Depending = context  # type: ignore[assignment]  # every context of ours does
        result = await executed(self._schema, operation, {**(asked.variables or {}), ANEW: nodes}, context)
        if result.errors or result.data is None or depends.personal or depends.until:
            return None
        found: list[dict[str, Any] | None] = result.data[ANEW]
        return None if not all(found) else [each for each in found if each]

    def _shape(self, operation: Operation) -> Shape | None:
        if operation.plans not in self._shapes:
            try:
                shape = Shape(self._schema._schema, operation.document, operation.node)
            except ShapelessError:
                shape = None
            self._shapes[operation.plans] = shape
        return self._shapes[operation.plans]


def _with(told: bytes, anew: Mapping[str, Any]) -> bytes:
    """A thing as it is told, with what is told anew of what was asked of it."""
    known: dict[str, Any] = orjson.loads(told)
    return orjson.dumps(known | {key: value for key, value in anew.items() if key in known})


async def _changed(of: Asking, asking: Asking, caller: Caller) -> dict[str, dict[str, Any]] | None:
    """To what facts changed columns of nodes, as far as the caller sees them, from one asking to another.

    None where a fact reaches further than its node.
    """
    viewer = caller.viewer
    facts = await facts_since(reading(), viewer, of.revision) if viewer else []
    whole = len(facts) >= asking.revision - of.revision
    if not whole or not all(stays_within(each["kind"], str(each["node_id"]), each["changes"]) for each in facts):
        return None
    found: dict[str, dict[str, Any]] = {}
    for each in facts:
        columns = found.setdefault(ids.issue("node", each["node_id"]), {})
        columns["revision"] = str(each["revision"])  # as its scalar is told
        if each["in_sight"]:
            columns |= {change["field"]: change["after"] for change in each["changes"]}
    return found
