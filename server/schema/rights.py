"""The table of rights, rendered for people: which role may do what, on which level, at which stage (law §3)."""

from collections.abc import Iterator
from itertools import product
from typing import Annotated

import strawberry

from server.domain.cascade import MEASURES, Level, Standing
from server.domain.people import Role, Scope
from server.domain.refusals import invalid
from server.domain.rights import READS, RIGHTS, Situation, may
from server.domain.stages import STAGES, Stage
from server.schema.context import Info

GOVERNED = (*RIGHTS, *READS)
_EVERY_SCOPE = frozenset(Scope)
Place = tuple[Level | None, Stage | None]
PLACES: tuple[Place, ...] = (
    (None, None),
    *((level, stage) for level in Level for stage in (STAGES if level in MEASURES else (None,))),
)

Acts = Annotated[list[str] | None, strawberry.argument(description="Only these acts; default: all.")]
Roles = Annotated[list[Role] | None, strawberry.argument(description="Only these roles; default: all.")]
Levels = Annotated[
    list[Level] | None, strawberry.argument(description="Only these levels; default: all, and the organization itself.")
]
Stages = Annotated[list[Stage] | None, strawberry.argument(description="Only measures at these stages; default: all.")]


@strawberry.type(
    description="A cell of the table of rights: what a role may do where it is held, and below. OWNER is whom the "
    "thing names; a PARTNER's token needs the scope besides. What may be done to a measure goes by its stage, while "
    "it is active (to be resumed: on hold) and nothing is submitted."
)
class RightsRow:
    """See the description."""

    act: str = strawberry.field(description="The act: the name of its mutation, or of what is read.")
    role: Role = strawberry.field(description="The role.")
    level: Level | None = strawberry.field(description="The level it is done on; null: the organization.")
    stage: Stage | None = strawberry.field(description="Where a measure stands; null on what is no measure.")
    allowed: bool = strawberry.field(description="Whether the role may do it there.")
    why: str | None = strawberry.field(description="Why not, as a sentence: who may, or what the stage forbids.")


@strawberry.type(description="Something that takes a right.")
class GovernedAct:
    """See the description."""

    act: str = strawberry.field(description="The name of its mutation, or of what is read.")
    sentence: str = strawberry.field(description="What it is, for people.")


def matrix(
    acts: list[str] | None, roles: list[Role] | None, levels: list[Level] | None, stages: list[Stage] | None
) -> list[RightsRow]:
    """Every cell asked for, in the table's order; levels on which an act is not known at all are left out.

    Raises INVALID for an act that there is not.
    """
    for act in acts or ():
        if act not in GOVERNED:
            raise invalid(f"There is no act “{act[:40]}”; `governedActs` lists them.", "acts")
    places = [(level, stage) for level, stage in PLACES if _wanted(levels, level) and _wanted(stages, stage)]
    cells = product([act for act in GOVERNED if _wanted(acts, act)], roles or Role, places)
    return [_row(act, role, place) for act, role, place in cells if _known(act, place[0])]


def _wanted(listed: list[Level] | list[Stage] | list[str] | None, one: str | None) -> bool:
    return listed is None or one in listed


def _known(act: str, level: Level | None) -> bool:
    return any(level in row.levels for row in RIGHTS.get(act) or READS[act])


def _row(act: str, role: Role, place: Place) -> RightsRow:
    level, stage = place
    scopes = _EVERY_SCOPE if role is Role.PARTNER else None
    standing = Standing.ON_HOLD if act == "resumeMeasure" else Standing.ACTIVE
    verdict = may(act, Situation(frozenset({role}), level, stage, standing, scopes=scopes))
    why = None if verdict is True else verdict
    return RightsRow(act=act, role=role, level=level, stage=stage, allowed=verdict is True, why=why)


def governed_acts(info: Info) -> Iterator[GovernedAct]:
    """Every act with what the contract says of it."""
    types = info._raw_info.schema.type_map
    for act in GOVERNED:
        fields = (getattr(types[kind], "fields", {}).get(act) for kind in ("Mutation", "Query", "Organization"))
        field = next(each for each in fields if each is not None)
        yield GovernedAct(act=act, sentence=field.description or act)
