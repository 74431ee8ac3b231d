"""A refusal as a value: the `Refusal` member of every mutation's result, and the one way a mutation runs a verb."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import strawberry

from server.domain.refusals import RefusalCode, Refused
from server.live.work import Answer, Work, perform
from server.schema.context import Info
from server.schema.fields import spoken

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")
Function = TypeVar("Function", bound=Callable[..., Any])

spoken(
    RefusalCode,
    "What kind of no it is. Programs branch on the code; people read the message.",
    FORBIDDEN="The viewer has not the right; the message says who has.",
    NOT_FOUND="There is no such thing, or the viewer may not see it: the two cannot be told apart.",
    STALE="It has changed since the caller read it; read it again, then repeat the change.",
    WRONG_STAGE="Its stage or its standing does not allow this now.",
    CRITERIA_UNMET="Something that has to be true first is not; `details` lists all of it.",
    NO_APPROVER="A role that must decide has nobody who may.",
    SAME_PERSON="Two parts that must be two persons' would be one's.",
    FROZEN="A gate, or an open submission, has frozen what would change.",
    POLICY_NOT_LOCKED="No gate opens before a policy is locked.",
    ALREADY_DECIDED="It was decided before; `details` says who decided what and when.",
    INVALID="The input is at fault; `details` lists every fault at once.",
    KEY_REUSED="The idempotency key came with other content in the last 24 hours.",
    LIMITED="Too much or too often; the message says what the limit is.",
    UNAVAILABLE="The database cannot be reached or written now. Retry with the same idempotency key: it happens once.",
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

        field = strawberry.mutation(description=description)(answering)
        for argument in field.arguments:
            argument.description = argument.description or "What is to be done, and to what."
        return cast("Function", field)

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
