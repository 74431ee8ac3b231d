"""Asking for the ledger, and following it live."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

import strawberry

from server.actions.standing import refusal
from server.domain.facts import FactKind
from server.domain.refusals import RefusalCode, Refused, not_found
from server.domain.rights import standing_at
from server.live.feed import follow, newest_revision, revision_before
from server.live.proof import prove
from server.schema import ids
from server.schema.acts import path_of
from server.schema.cascade import node_of
from server.schema.connections import After, Connection, First
from server.schema.context import Context, Info, NotSignedInError
from server.schema.fields import edge, subscription
from server.schema.ledger import Fact, LedgerProof, facts_in_sight, facts_of, ledgers_below
from server.schema.node import Node, find
from server.schema.scalars import Revision

RESUMED_WITHIN = timedelta(hours=24)  # a follower who lost the line, without the right to the ledger

Under = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only below this node; default: everything in sight.")
]
Kinds = Annotated[list[FactKind] | None, strawberry.argument(description="Only these kinds.")]


@strawberry.type(description="The answer as of a revision; sent again whenever what was selected has changed.")
class Watched:
    """See the description."""

    revision: Revision = strawberry.field(
        description="The organization's revision at which this answer was read, or newer."
    )
    node: Node = strawberry.field(description="What is watched.")


@strawberry.type
class LedgerQuery:
    """Asking for facts."""

    @edge(
        "What happened, newest first, in the branches whose ledger the viewer may read: executives, portfolio leads, "
        "controllers and admins, and viewers whose seat says so."
    )
    async def ledger(
        self, info: Info, under: Under = None, first: First = 20, after: After = None, kinds: Kinds = None
    ) -> Connection[Fact]:
        """See the description."""
        branch = await branch_of(info.context, under)
        await _check_ledger(info.context, branch)
        return await facts_of(info, branch, first, after, kinds)

    @edge("Proves that no entry of the ledger was altered, by walking all of it; for those who may read all of it.")
    async def verify_ledger(self, info: Info) -> LedgerProof:
        """See the description."""
        viewer, organization = info.context.viewer, await info.context.organization()
        refused = refusal("verifyLedger", standing_at(viewer, frozenset()), organization["name"])
        if refused:
            raise refused
        return LedgerProof.of(await prove(viewer.organization_id))


@strawberry.type
class LedgerSubscription:
    """Following what happens."""

    @subscription(
        "Every fact below a node that the viewer sees, in order, once: first those after a revision, then live, "
        "without a seam. It feeds screens, so sight is enough for what happens now and to resume within 24 hours; "
        "further back it is the ledger, which takes a right of its own: without it the stream begins with a RESET."
    )
    async def activity(
        self,
        info: Info,
        under: Under = None,
        after: Annotated[
            Revision | None,
            strawberry.argument(description="Replay what came after this revision; default: only what is new."),
        ] = None,
        kinds: Kinds = None,
    ) -> AsyncGenerator[Fact, None]:
        """See the description."""
        context = info.context
        organization = context.viewer.organization_id
        begin, reset = await begun(context, under, after, await newest_revision(organization))
        if reset:
            yield reset
        async with aclosing(follow(context.bell, organization, begin)) as pages:
            async for page in pages:
                await context.renew()
                for fact in await told(context, page, under, kinds):
                    yield fact

    @subscription("A thing as a live query: its answer now, and again whenever what was selected has changed.")
    async def watch(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="A node, or the organization.")],  # noqa: A002
    ) -> AsyncGenerator[Watched, None]:
        """See the description."""
        context = info.context
        organization = context.viewer.organization_id
        revision = await newest_revision(organization)
        yield await watched(context, id, revision)
        async with aclosing(follow(context.bell, organization, revision)) as pages:
            async for page in pages:
                if page:
                    await context.renew()
                    yield await watched(context, id, page[-1]["revision"])


async def begun(context: Context, under: Any, after: int | None, newest: int) -> tuple[int, Fact | None]:
    """The revision after which a viewer is told what happens, and a RESET where that is not as early as they asked."""
    branch = await branch_of(context, under)
    begin = newest if after is None else after
    earliest = await _earliest(context, branch)
    if begin >= earliest:
        return begin, None
    return earliest, Fact.reset(context.viewer.organization_id, earliest, context.at)


async def told(context: Context, page: list[dict[str, Any]], under: Any, kinds: list[FactKind] | None) -> list[Fact]:
    """Of new facts those that a viewer may know. Raises Refused where they may follow no longer, also of no facts."""
    if not context.signed_in or not context.viewer.seats:
        raise Refused(RefusalCode.FORBIDDEN, "Your last seat has ended, and this stream with it.")
    return await facts_in_sight(context, page, await branch_of(context, under), kinds)


async def watched(context: Context, global_id: str, revision: int) -> Watched:
    """The thing that is watched, stamped with a revision that it is at least as new as."""
    if not context.signed_in:
        raise NotSignedInError
    node = await find(context, global_id)
    if node is None:
        raise not_found("id")
    return Watched(revision=Revision(revision), node=node)


async def _earliest(context: Context, branch: UUID | None) -> int:
    """From which revision on a viewer may have facts replayed: who may not read the ledger resumes within a day."""
    try:
        await _check_ledger(context, branch)
    except Refused:
        return await revision_before(context.viewer.organization_id, context.at - RESUMED_WITHIN)
    return 0


async def _check_ledger(context: Context, branch: UUID | None) -> None:
    """Refuse who may read the ledger nowhere in a branch (None: nowhere at all)."""
    viewer = context.viewer
    path = await path_of(context, branch) if branch else frozenset()
    here = standing_at(viewer, path)
    refused = refusal("ledger", here, await _name(context, branch))
    if refused and not (viewer.ledger_nodes if branch is None else await ledgers_below(context, branch)):
        raise refused


async def _name(context: Context, branch: UUID | None) -> str:
    node = await node_of(context, branch) if branch else None
    return node.name if node else str((await context.organization())["name"])


async def branch_of(context: Context, under: Any) -> UUID | None:
    """The branch asked for; the one NOT_FOUND where the viewer does not see it."""
    organization = context.viewer.organization_id
    if under is None or ids.read(under) == ("organization", organization, b""):
        return None
    branch = ids.expect("node", under, "under")
    if await find(context, under) is None:
        raise not_found("under")
    return branch
