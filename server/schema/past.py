"""Reading as of a revision or a time: below one root field everything answers as it stood then, with rights as of now.

The root field's resolver asks for the context of then; the executor hands that context to everything below the field,
and only there, so that now and then can stand side by side in one operation.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated, Any

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.language import FieldNode
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from server.domain.refusals import RefusalCode, Refused
from server.models.database import rows
from server.schema.context import Context, Info
from server.schema.scalars import Revision

AsOf = Annotated[
    Revision | None,
    strawberry.argument(description="Answer as it stood at this revision, everything below included; default: now."),
]
AsOfTime = Annotated[
    datetime | None, strawberry.argument(description="Answer as it stood at this time; instead of `asOf`.")
]


async def context_of(info: Info, as_of: Revision | None, as_of_time: datetime | None) -> Context:
    """The context in which a root field and all below it answers: of then where that is asked, else of now.

    Raises Refused (INVALID) for both at once, for what has not come yet, and for what came before the ledger or before
    the past was kept.
    """
    context: Context = info.context
    if as_of is None and as_of_time is None:
        return context
    if as_of is not None and as_of_time is not None:
        raise _no("Ask as of a revision or as of a time, not both.", "asOf")
    past = await (_at_revision(context, as_of) if as_of is not None else _at_time(context, as_of_time))
    context.pasts[root_of(info.path).key] = past
    return past


async def info_of(info: Info, as_of: Revision | None, as_of_time: datetime | None) -> Info:
    """What the resolver of a root field goes on with: itself, in the context of `context_of`."""
    context = await context_of(info, as_of, as_of_time)
    return info if context is info.context else replace(info, _raw_info=info._raw_info._replace(context=context))


def root_of(path: Path) -> Path:
    """The first step of a path: the response key of its root field."""
    while path.prev is not None:
        path = path.prev
    return path


async def _at_revision(context: Context, revision: int) -> Context:
    return context.as_of(revision, await check_revision(context, revision, "asOf"))


async def check_revision(context: Context, revision: int, field: str) -> datetime:
    """The instant of a revision whose past can be read. Raises Refused (INVALID) for any other; `field` holds it."""
    organization = await context.organization()
    if revision > organization["revision"]:
        newest = organization["revision"]
        raise _no(f"Revision {revision} has not come yet; the newest is {newest}.", field)
    sql = "SELECT at FROM ledger_entry WHERE organization_id = :organization AND revision = :revision"
    found = await rows(context.db, sql, organization=organization["id"], revision=revision)
    if not found:
        raise _no(f"There is no revision {revision}; the first is 1.", field)
    await _check_kept(context, revision, field)
    at: datetime = found[0]["at"]
    return at


async def _at_time(context: Context, time: datetime | None) -> Context:
    assert time is not None  # noqa: S101 — one of the two was given
    if not context.has_come(time):
        raise _no(f"{time.isoformat()} has not come yet; ask for a time that has passed.", "asOfTime")
    sql = """SELECT revision FROM ledger_entry WHERE organization_id = :organization AND at <= :time
             ORDER BY at DESC, revision DESC LIMIT 1"""
    found = await rows(context.db, sql, organization=context.viewer.organization_id, time=time.astimezone(UTC))
    if not found:
        raise _no(f"{time.isoformat()} lies before the ledger's first entry; ask for a later time.", "asOfTime")
    await _check_kept(context, found[0]["revision"], "asOfTime")
    return context.as_of(found[0]["revision"], time)


async def _check_kept(context: Context, revision: int, field: str) -> None:
    """Of what stood before a database was upgraded to keep its past nothing is said rather than something wrong."""
    sql = "SELECT since FROM past_kept WHERE organization_id = :organization AND since > :revision"
    found = await rows(context.db, sql, organization=context.viewer.organization_id, revision=revision)
    if found:
        kept = f"The past is kept from revision {found[0]['since']} on, when this server was upgraded"
        raise _no(f"{kept}; revision {revision} came before. The ledger tells what happened until then.", field)


def _no(message: str, field: str) -> Refused:
    return Refused(RefusalCode.INVALID, message, [field])


def context_below(context: Any, root_key: str | int) -> Any:
    """The context of what is below a root field: that of then, where the field was asked as of then."""
    pasts: dict[str | int, Context] | None = getattr(context, "pasts", None)
    return pasts.get(root_key, context) if pasts else context


class Execution(StrawberryGraphQLCoreExecutionContext):
    """Strawberry's executor; below a root field that was asked as of then, resolvers get the context of then."""

    def build_resolve_info(
        self, field_def: GraphQLField, field_nodes: list[FieldNode], parent_type: GraphQLObjectType, path: Path
    ) -> GraphQLResolveInfo[Any]:
        """What a resolver is handed."""
        info = super().build_resolve_info(field_def, field_nodes, parent_type, path)
        if path.prev is None:
            return info
        context = context_below(self.context_value, root_of(path).key)
        return info if context is self.context_value else info._replace(context=context)
