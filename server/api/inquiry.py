"""Our own documents, run in a person's name: what exports ask, so that sight, amounts and as-of are the API's own."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import cache
from typing import Any

from graphql import GraphQLError

from server.api.assembly import make_schema
from server.api.callers import Reply
from server.api.operations import ApiSchema
from server.domain.people import Viewer
from server.domain.refusals import Refused
from server.live.bell import Bell
from server.schema.context import Context


def inquiry(viewer: Viewer, at: datetime) -> Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]:
    """What asks as this viewer, at this instant: `await ask(document, variables)` answers the data.

    It raises the first error as itself: Refused where the API refuses.
    """
    bell = Bell.open()  # nothing is written here, so it never rings

    async def ask(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        context = Context(viewer, clock=lambda: at, bell=bell, reply=Reply())
        answer = await _schema().execute(document, variable_values=variables, context_value=context)
        if answer.errors:
            raise _first(answer.errors)
        data: dict[str, Any] = answer.data or {}
        return data

    return ask


@cache
def _schema() -> ApiSchema:
    """A schema of our own: a deployment may set its limits for strangers' documents lower than ours are."""
    return make_schema()


def _first(errors: list[GraphQLError]) -> BaseException:
    causes = [error.original_error for error in errors]
    refused = next((cause for cause in causes if isinstance(cause, Refused)), None)
    return refused or causes[0] or errors[0]
