"""A refusal as a value: the `Refusal` member of every mutation's result, and the one way a mutation runs a verb."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import strawberry

from server.domain.refusals import RefusalCode, Refused
from server.live.work import Answer, Work, perform
from server.schema.context import Info

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Function = TypeVar("Function", bound=Callable[..., Any])

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


def mutation(description: str) -> Callable[[Function], Function]:
    """A root field that changes something: an expected no, wherever raised, comes back as the `Refusal` it is."""

    def refusable(function: Function) -> Function:
        @wraps(function)
        async def answering(*arguments: Any, **named: Any) -> Any:
            try:
                return await function(*arguments, **named)
            except Refused as refused:
                return Refusal.of(refused)

        return cast("Function", strawberry.mutation(description=description)(answering))

    return refusable


async def change(
    info: Info,
    verb: Callable[Concatenate[Work, Arguments], Awaitable[Answer]],
    shown: Callable[[Info, Answer], Awaitable[Result]],
    key: str | None,
    *arguments: Arguments.args,
    **named: Arguments.kwargs,
) -> Result:
    """Run a verb for the viewer and show what it changed. Raises what it refuses; `mutation` makes that a value."""
    context = info.context
    answer = await perform(context.viewer, verb, context.at, key, *arguments, **named)
    await context.renew()
    return await shown(info, answer)


def given(**fields: Any) -> dict[str, Any]:
    """Of an input's fields those that the caller wrote; what was left out is unchanged, null clears."""
    return {name: value for name, value in fields.items() if value is not strawberry.UNSET}
