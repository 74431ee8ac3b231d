"""What a viewer may do with a thing, as spoken: the very table of rights that the verbs ask."""

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

import strawberry
from strawberry.extensions import FieldExtension

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.cases import Party
from server.domain.delegation import why_not_lent
from server.domain.milestones import Progress, why_not
from server.domain.people import Role, SeatHeld
from server.domain.rights import MILESTONE_ACTS, SEAT_ACTS, may, standing_at
from server.domain.seating import why_not_ratified
from server.domain.stages import Stage
from server.models.scope import paths
from server.models.submissions import Opened, open_submissions
from server.schema.context import Context, Info


class InThePast(FieldExtension):
    """Answers otherwise below a root field that was asked as of then: whoever asks, nothing can be done any more."""

    def __init__(self, then: bool | str) -> None:
        self.then = then

    def resolve(self, next_: Callable[..., Any], source: Any, info: Info, **arguments: Any) -> Any:
        """The field's own value, or what holds in the past."""
        past = info.context.past
        if past is None:
            return next_(source, info, **arguments)
        return self.then.format(past) if isinstance(self.then, str) else self.then


@strawberry.type(description="What the viewer may do here, and why not. Acts are named as their mutations.")
class Permission:
    """See the description."""

    act: str = strawberry.field(description="The act: the name of its mutation.")
    allowed: bool = strawberry.field(description="Whether the viewer may do it now.", extensions=[InThePast(False)])
    why: str | None = strawberry.field(
        description="Why not, as a sentence.",
        extensions=[InThePast("This is how it stood at revision {}; acts are done in the present.")],
    )


async def path_of(context: Context, node_id: UUID) -> frozenset[UUID]:
    """The ids of a node and all above it."""
    return await context.one(_paths, node_id) or frozenset()


async def _paths(context: Context, node_ids: list[UUID]) -> dict[UUID, frozenset[UUID]]:
    return await paths(context.db, node_ids)


async def _submitted(context: Context, node_ids: list[UUID]) -> dict[UUID, Opened]:
    return await open_submissions(context.db, node_ids)


async def permissions(
    info: Info, row: dict[str, Any], acts: tuple[str, ...], *, assignee_id: UUID | None = None
) -> list[Permission]:
    """What the viewer may do at a node: the very table that the verbs ask."""
    level = Level(row["level"])
    opened = await info.context.one(_submitted, row["id"]) or Opened()
    here = standing_at(
        info.context.viewer,
        await path_of(info.context, row["id"]),
        level=level,
        stage=Stage(row["stage"]) if level in MEASURES and row["stage"] else None,
        standing=Standing(row["standing"] or Standing.ACTIVE),
        owner_id=row["owner_id"],
        assignee_id=assignee_id,
        submitted=opened.own,
        purpose=opened.purpose,
        above_submitted=opened.above,
    )
    return [_permission(act, may(act, here)) for act in acts]


def _permission(act: str, verdict: Literal[True] | str) -> Permission:
    return Permission(act=act, allowed=verdict is True, why=None if verdict is True else verdict)


async def milestone_permissions(info: Info, row: dict[str, Any]) -> list[Permission]:
    """What the viewer may do with a milestone: by right there or as its assignee, and by how far it has come."""
    measure = {name: row[name] for name in ("level", "stage", "standing", "owner_id")} | {"id": row["node_id"]}
    rights = await permissions(info, measure, MILESTONE_ACTS, assignee_id=row["assignee_id"])
    verified = row["verified_by_id"] is not None
    progress = Progress(row["name"], row["achieved_on"], row["achieved_by_id"], verified, row["cancelled_reason"])
    for each in rights:
        refused = why_not(each.act, progress, info.context.viewer.person_id) if each.allowed else None
        if refused:
            each.allowed, each.why = False, refused[1]
    return rights


async def seat_permissions(
    info: Info, seat: dict[str, Any], node: dict[str, Any] | None, seated: str
) -> list[Permission]:
    """What the viewer may do with a seat: by right where it is held (`node`), and by the two persons' rule."""
    if node:
        rights = await permissions(info, node, SEAT_ACTS)
    else:
        here = standing_at(info.context.viewer, frozenset())
        rights = [_permission(act, may(act, here)) for act in SEAT_ACTS]
    ratified = seat["ratified_by_id"] is not None
    by = info.context.viewer.person_id
    refused = why_not_ratified(Role(seat["role"]), seated, ratified, (seat["person_id"], seat["granted_by_id"]), by)
    held = SeatHeld(Role(seat["role"]), seat["node_id"], seat["starts"], seat["ends"], ratified)
    against = {"ratifySeat": refused, "delegateVote": why_not_lent(by, Party(seat["person_id"], seated), held)}
    for each in rights:
        if (why := against.get(each.act)) and each.allowed:
            each.allowed, each.why = False, why[1]
    return rights
