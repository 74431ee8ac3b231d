"""Queries answered from what is kept, and clients told that what they have is still right (`live/answers`)."""

from datetime import datetime
from typing import Protocol, cast

from starlette.requests import Request
from starlette.responses import Response

from server import metrics
from server.api.callers import Caller, Reply
from server.api.middleware import SAID
from server.api.operations import Operations
from server.api.reading import Asked
from server.api.renewing import Renewing
from server.api.tags import still_right, tag
from server.api.writing import JSON, encoded, respond, unchanged
from server.live.answers import Answers, Asking, Made, Question

_answered = metrics.operations.labels("query", "ok")


class Depending(Protocol):
    """What a context tells of its execution (`schema/dependence`)."""

    def stands_at(self, revision: int) -> None:
        """Learn the revision that stood when the caller was let in."""
        ...

    @property
    def began(self) -> datetime:
        """When it began."""
        ...

    @property
    def until(self) -> datetime | None:
        """Until when time changes nothing."""
        ...

    @property
    def personal(self) -> bool:
        """Whether it is its viewer's alone."""
        ...


class Kept:
    """Answers queries of callers who are known."""

    def __init__(self, operations: Operations, answers: Answers) -> None:
        self._operations, self.answers = operations, answers
        self._renewing = Renewing(operations.schema)

    async def response(self, request: Request, asked: Asked, caller: Caller, media_type: str) -> Response:
        """The response to a query.

        To a GET it has a tag, by which the client may keep it and ask whether it is still right; to a POST it has none:
        only GET is conditional (RFC 9110, 13.1.2).
        """
        question, asking = asked.question, caller.asking
        assert question is not None  # noqa: S101 - who calls has looked
        assert asking is not None  # noqa: S101
        condition = request.headers.get("if-none-match") if request.method == "GET" else None
        if condition and (right := still_right(condition, question, media_type, asking)):
            return unchanged(_revalidated(right))
        made = self.answers.find(question, asking)
        if made:
            name = asked.operation.node.name
            request.scope[SAID] = {"kept": True, "operation": name.value if name else None}
            _answered.inc()
        else:
            made = await self.answers.answer(question, asking, lambda: self._made(asked, caller, question, asking))
        if request.method != "GET" or not made.good:
            status = 200 if made.ran or media_type == JSON else 400
            return respond(made.body, media_type, status, {"Cache-Control": "no-store"})
        return respond(made.body, media_type, 200, _revalidated(tag(question, media_type, asking, made)))

    async def _made(self, asked: Asked, caller: Caller, question: Question, asking: Asking) -> Made:
        known = self.answers.outdated(question, asking)
        renewed = known and await self._renewing.renewed(*known, asked, caller, asking)
        if renewed:
            self.answers.told.renewed += 1
            _answered.inc()
            return renewed
        context = caller.context(Reply())
        told = cast("Depending", context)
        told.stands_at(asking.revision)
        answer = await self._operations.run_in(asked.operation, asked.variables, context)
        good = "errors" not in answer.body
        cut = self._renewing.cut(asked.operation, answer.body) if good and self.answers.most else None
        body, parts = cut or (encoded(answer.body), None)
        return Made(body, told.began, told.until, told.personal, good, answer.ran, parts)


def _revalidated(right: str) -> dict[str, str]:
    """One caller's to keep, and to ask before each use whether it is still right."""
    return {"ETag": right, "Cache-Control": "private, no-cache"}
