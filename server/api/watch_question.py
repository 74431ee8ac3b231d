"""Live queries (`watch`), as cohorts ask them: one by one, or many that differ in their variables in one execution."""

import asyncio
from collections.abc import Hashable, Sequence
from functools import cached_property
from secrets import token_hex
from typing import Any
from uuid import UUID

import orjson
from graphql import GraphQLError

from server.api.shared import Shared, ending
from server.api.watching import key_of, leaves_branch, stamps
from server.domain.people import Viewer
from server.live.questions import Answer
from server.models.database import is_unavailable
from server.resolvers.ledger import Watched, watched
from server.schema import ids
from server.schema.context import Context

STAMP = token_hex(16)
"""Stands where the revision is stamped until an answer is sent; nobody can have put it into a text."""
_STAMPED = STAMP.encode()


class WatchQuestion(Shared):
    """A live query."""

    _errors: tuple[object, list[dict[str, object]]] = ((), [])
    _alone = False
    """Whether its plan did not answer it the last time: it would spoil the execution that it has part in."""

    @cached_property
    def key(self) -> tuple[str, str | None, bytes]:
        """What it asks."""
        return self.key_with(self.variables)

    @cached_property
    def kin(self) -> Hashable:
        """What it has in common with those that are answered in one execution with it: all but its variables."""
        return self.operation.text, self.operation.name, self.operation.plans.choice(self.given.variables)

    @cached_property
    def branch(self) -> UUID | None:
        """The node it is about, unless its answer goes beyond the node's branch."""
        known = ids.read(self.arguments["id"])
        return None if known is None or known[0] != "node" or leaves_branch(self.operation) else known[1]

    @cached_property
    def _stamps(self) -> set[str]:
        return stamps(self.operation)[key_of(self.node)]

    async def answer(self, viewer: Viewer, revision: int) -> Answer:
        """Its answer now."""
        context = self.context(viewer)
        try:
            event = await watched(context, self.arguments["id"], revision)
        except Exception as error:
            raise ending(error) from error
        planned = await self.planned([self.given], [event], context)
        self._alone = planned is None
        if planned:
            return self._answer(planned[0], (), revision, context)
        result = await self.stock(event, context)
        return self._answer(result.data, result.errors or (), revision, context)

    async def answers(
        self, viewer: Viewer, revision: int, questions: "Sequence[WatchQuestion]"
    ) -> list[Answer | Exception]:
        """The answers of its kin now, or what ends each of them. Raises what says nothing about any: no database."""
        told = {one: await one._told(viewer, revision) for one in questions if one._alone}
        told |= await self._together(viewer, revision, [one for one in questions if not one._alone])
        return [told[one] for one in questions]

    async def _together(
        self, viewer: Viewer, revision: int, questions: "Sequence[WatchQuestion]"
    ) -> "dict[WatchQuestion, Answer | Exception]":
        """One execution for all; where it does not go well, two for a half each, until what spoils it is alone."""
        if len(questions) <= 1:
            return {one: await one._told(viewer, revision) for one in questions}
        context = self.context(viewer)
        things = await _things(context, revision, [one.arguments["id"] for one in questions])
        there = [one for one in questions if isinstance(things[one.arguments["id"]], Watched)]
        events = [things[one.arguments["id"]] for one in there]
        planned = await self.planned([one.given for one in there], events, context) if there else []
        if planned is None:
            half = len(questions) // 2
            first = await self._together(viewer, revision, questions[:half])
            return first | await self._together(viewer, revision, questions[half:])
        told: dict[WatchQuestion, Answer | Exception] = {
            one: thing for one in questions if isinstance(thing := things[one.arguments["id"]], Exception)
        }
        for one, data in zip(there, planned, strict=True):
            told[one] = one._answer(data, (), revision, context)
        return told

    async def _told(self, viewer: Viewer, revision: int) -> Answer | Exception:
        try:
            return await self.answer(viewer, revision)
        except Exception as error:
            if is_unavailable(error):
                raise
            return error

    def _answer(
        self, data: dict[str, Any] | None, errors: Sequence[GraphQLError], revision: int, context: Context
    ) -> Answer:
        root, stamped = data and data.get(key_of(self.node)), self._stamps
        if stamped and isinstance(root, dict) and root.keys() - stamped:  # the stamp alone is told as it is
            for key in stamped & root.keys():
                root[key] = STAMP
        text = orjson.dumps(data)
        same = (text, tuple((error.message, tuple(error.path or ())) for error in errors)) if errors else text
        told = text.replace(_STAMPED, b"%d" % revision) if stamped else text
        payload = self._with_errors(errors, same, told) if errors else b'{"data":' + told + b"}"
        return Answer(same, payload, context.personal, context.until)

    def _with_errors(self, errors: Sequence[GraphQLError], same: object, data: bytes) -> bytes:
        if self._errors[0] != same:  # a bug is logged once, and not at every turn
            self._errors = same, self.shown(errors)
        return b'{"errors":' + orjson.dumps(self._errors[1]) + b',"data":' + data + b"}"


async def _things(context: Context, revision: int, ids_: Sequence[str]) -> dict[str, Watched | Exception]:
    """What is watched under each id, or what ends that. Raises what says nothing about any of them."""
    asked = list(dict.fromkeys(ids_))
    found = await asyncio.gather(*(watched(context, each, revision) for each in asked), return_exceptions=True)
    things: dict[str, Watched | Exception] = {}
    for each, thing in zip(asked, found, strict=True):
        if isinstance(thing, BaseException) and (not isinstance(thing, Exception) or is_unavailable(thing)):
            raise thing
        things[each] = ending(thing) if isinstance(thing, Exception) else thing
    return things
