"""Noticing: what opened, changed and resolved since the last look becomes findings, each a fact of its own (law §9).

Who looks is Stageline itself. What a look has to change is found outside the organization's order, so that a large
organization goes on being written, and found again inside it, so that of many workers one writes each finding.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from server.domain.facts import FactKind
from server.domain.findings import Differences, differences, notice
from server.domain.lights import Pair
from server.domain.noticed import Noticed
from server.domain.people import house
from server.domain.subjects import Subject
from server.live.bell import Bell
from server.live.work import Work, perform
from server.models.database import alone, is_unavailable, reading, rows
from server.models.findings import Finding, Looked, looked, note_looked, noticed, open_findings
from server.models.keeping import propose
from server.models.lights import proposed_lights
from server.models.looks import look
from server.models.noticing import subjects, whole
from server.models.touched import Touched, touched

log = logging.getLogger("stageline")
AT_ONCE = 100
"""So many nodes are read, and so many written in one transaction: other acts get their turn in between."""
EVERYTHING_EVERY = timedelta(hours=1)
"""Time opens findings too. No rule knows a span shorter than a day, so everything is looked at when the day changes;
and as often as this, so that nothing stays unseen for longer that no entry has named."""
IDLE_SECONDS = 60.0
"""While nothing rings, the day may change."""


@dataclass(frozen=True, slots=True)
class Found:
    """A node, or the organization itself, on which a look has something to change: findings, or what is proposed."""

    subject: Subject
    differs: Differences
    proposed: Pair | None = None
    """The lights that are proposed for it, where others are kept."""

    @property
    def node_id(self) -> UUID | None:
        """Where its findings stand; None: on the organization."""
        return None if self.subject.level is None else self.subject.id


async def notice_in(organization_id: UUID, at: datetime, *, everything: bool = False) -> int:
    """Look at one organization, at all of it if so asked; how many findings that changed."""
    (state,) = await looked(reading(), organization_id)
    return await _notice(state, at, everything=everything)


async def keep_noticing(every: float, clock: Callable[[], datetime], bell: Bell) -> None:
    """Look whenever something happened, at most `every` so many seconds (0: never); until it is cancelled.

    Of many workers one looks at a time. The others look soon after, and find all of it written, unless it died.
    """
    while every:
        async with bell.listen(None) as rings:
            only = await _look_again(clock())
            await asyncio.sleep(every)  # what rings meanwhile is looked at together
            if only:
                await rings.wait(timeout=IDLE_SECONDS)


async def _look_again(at: datetime) -> bool:
    """Look at every organization in which something happened, or a day has passed. False: another worker looks now."""
    try:
        async with alone("noticing") as only:
            for state in await looked(reading()) if only else ():
                await _look_at(state, at)
    except Exception as error:
        log.log(_level(error), "No findings now.", exc_info=error)
        return True
    return only


async def _look_at(state: Looked, at: datetime) -> None:
    """Look at one organization, so that none is kept waiting by another's trouble."""
    try:
        await _notice(state, at)
    except Exception as error:
        log.log(_level(error), "No findings of one organization now.", exc_info=error)


def _level(error: Exception) -> int:
    """What cannot be written now is found at the next look too. A bug is told, and ends nobody's streams."""
    return logging.WARNING if is_unavailable(error) else logging.ERROR


def _everything_due(state: Looked, at: datetime) -> bool:
    """Whether all of an organization is looked at: never done so, too long ago, or on another day."""
    if state.revision is None or state.at is None:
        return True
    zone = ZoneInfo(state.time_zone)
    return at - state.at >= EVERYTHING_EVERY or at.astimezone(zone).date() != state.at.astimezone(zone).date()


async def _notice(state: Looked, at: datetime, *, everything: bool = False) -> int:
    everything = everything or _everything_due(state, at)
    if not everything and state.revision == state.newest:
        return 0
    happened = await touched(reading(), state.organization_id, state.revision or 0)
    everything = everything or happened.everything is not None
    places: list[UUID | None] = list(await _all_nodes(state.organization_id) if everything else happened.nodes)
    if everything or happened.sales is not None:
        places.append(None)
    changed, viewer = 0, house(state.organization_id)
    for first in range(0, len(places), AT_ONCE):
        differing = [each.node_id for each in await differing_at(state, at, places[first : first + AT_ONCE])]
        if differing:
            changed += (await perform(viewer, notice_findings, at, places=differing))["changed"]
    if everything or places or happened.nodes:
        await perform(viewer, remember, at, through=state.newest, everything=everything)
    return changed


async def differing_at(state: Looked, at: datetime, places: Sequence[UUID | None]) -> list[Found]:
    """Where a look has something to change, read outside the organization's order."""
    return await _differing(reading(), state.organization_id, at, places)


async def notice_findings(work: Work, *, places: Sequence[UUID | None]) -> dict[str, Any]:
    """Bring the findings of these nodes (None: of the organization itself) up to date, each change a fact.

    What another worker wrote meanwhile is found written. `changed` counts the facts.
    """
    found = await _differing(work.db, work.organization.id, work.at, places)
    if not found:
        return {"changed": 0}
    (state,) = await looked(work.db, work.organization.id)
    nodes = [each.node_id for each in found if each.node_id is not None]
    happened = await touched(work.db, work.organization.id, state.revision or 0, nodes)
    for each in found:
        await _write(work, each, happened)
    if proposed := {each.subject.id: each.proposed for each in found if each.proposed}:
        await propose(work.db, work.organization, proposed)
    return {"changed": sum(len(one.opened) + len(one.altered) + len(one.resolved) for one in _of(found))}


async def remember(work: Work, *, through: int, everything: bool) -> dict[str, Any]:
    """Note that all up to the revision `through` was looked at, and, if so, everything: now."""
    (state,) = await looked(work.db, work.organization.id)
    seen = max(through, state.revision or 0)
    at = work.at if everything or state.at is None else state.at
    await note_looked(work.db, work.organization.id, seen, max(at, state.at or at))
    return {"through": seen}


def _of(found: Sequence[Found]) -> list[Differences]:
    return [each.differs for each in found]


async def _all_nodes(organization_id: UUID) -> list[UUID]:
    sql = "SELECT id FROM node WHERE organization_id = :organization AND level NOT IN ('PORTFOLIO', 'PROGRAM')"
    return [row["id"] for row in await rows(reading(), sql, organization=organization_id)]


async def _differing(db: Any, organization_id: UUID, at: datetime, places: Collection[UUID | None]) -> list[Found]:
    here = await look(db, organization_id, at)
    nodes = [place for place in places if place is not None]
    seen = await subjects(db, here, nodes) if nodes else []
    if None in places:
        seen.append(await whole(db, here))
    stand, kept = await open_findings(db, organization_id, nodes), await proposed_lights(db, nodes)
    found = []
    for subject in seen:
        place = None if subject.level is None else subject.id
        differs = differences(notice(subject), [noticed(row) for row in stand.get(place, ())])
        anew = subject.proposed if subject.proposed != kept.get(subject.id, Pair()) else None
        if differs or anew:
            found.append(Found(subject, differs, anew))
    return found


async def _write(work: Work, found: Found, happened: Touched) -> None:
    node_id, name = found.node_id, found.subject.name
    cause = happened.cause(node_id)
    for one in found.differs.opened:
        columns = _columns(one) | {"opened_at": work.at, "opened_revision": cause}
        row = Finding(organization_id=work.organization.id, node_id=node_id, currency=found.subject.currency, **columns)
        await work.add(row)
        await work.record(FactKind.FINDING_OPENED, f"noticed: {one.sentence}", on=row, node_id=node_id)
    for one in found.differs.altered:
        row = await _open(work, node_id, one.code)
        await work.alter(row, **_columns(one))
        await work.record(FactKind.FINDING_CHANGED, f"sees now: {one.sentence}", on=row, node_id=node_id)
    for code in found.differs.resolved:
        row = await _open(work, node_id, code)
        await work.alter(row, resolved_at=work.at, resolved_revision=cause)
        told = f"sees “{code.spoken}” of “{name}” resolved."
        await work.record(FactKind.FINDING_RESOLVED, told, on=row, node_id=node_id)


def _columns(one: Noticed) -> dict[str, Any]:
    return {
        "code": one.code.value,
        "severity": one.severity.value,
        "sentence": one.sentence,
        "inputs": [list(pair) for pair in one.inputs],
        "at_stake_units": one.at_stake,
    }


async def _open(work: Work, node_id: UUID | None, code: str) -> Finding:
    return await Finding.get(
        organization_id=work.organization.id, node_id=node_id, code=code, resolved_at=None, using_db=work.db
    )
