"""A refusal as a value: the `Refusal` member of every mutation's result, and the one way a mutation runs a verb."""

from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

import strawberry
import structlog

from server.domain.refusals import RefusalCode, Refused
from server.live.work import Answer, Work, perform
from server.schema.context import Info

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
log = structlog.get_logger("stageline.refusals")

REFUSAL_CODE = strawberry.enum(
    RefusalCode,
    description="What kind of no it is. Programs branch on the code; people read the message.",
)


@strawberry.type(description="An expected no: it names the thing, the rule and the next step. Nothing was changed.")
class Refusal:
    """See the description."""

    code: RefusalCode = strawberry.field(description="What kind of no it is.")
    message: str = strawberry.field(description="A sentence for a person.")
    path: list[str] | None = strawberry.field(description="The input field at fault, where there is one.")
    details: list[str] = strawberry.field(description="Every failed criterion or fault of the input, all at once.")

    @classmethod
    def of(cls, refused: Refused) -> "Refusal":
        """The refusal as the API shows it."""
        path, details = list(refused.path) or None, list(refused.details)
        return cls(code=refused.code, message=refused.message, path=path, details=details)


async def change(
    info: Info,
    verb: Callable[Concatenate[Work, Arguments], Awaitable[Answer]],
    shown: Callable[[Info, Answer], Awaitable[Result]],
    key: str | None,
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Result | Refusal:
    """Run a verb for the viewer and show what it changed; a refusal comes back as the value it is."""
    context = info.context
    try:
        answer = await perform(context.viewer, verb, context.at, key, *arguments, **named)
    except Refused as refused:
        return Refusal.of(refused)
    await context.renew()
    return await shown(info, answer)


def given(**fields: Any) -> dict[str, Any]:
    """Of an input's fields those that the caller wrote; what was left out is unchanged, null clears."""
    return {name: value for name, value in fields.items() if value is not strawberry.UNSET}
