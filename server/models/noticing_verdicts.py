"""Whether the hypotheses of objectives fail, as findings see it, and what is planned below those that do."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.indicators import Judged, Verdict, verdict, verdict_so_far
from server.domain.months import EARLIEST, LATEST, Month
from server.domain.people import NOBODY, Role, SeatHeld, Viewer
from server.models.looks import Look
from server.models.measured import Measured, Reader, indicators
from server.models.rollups import cells


def _reader(here: Look) -> Viewer:
    """Who reads for findings: nobody, and everything; what a person may read of them is asked when they do."""
    everywhere = SeatHeld(Role.CONTROLLER, None, here.today, None, ratified=True)
    return Viewer(NOBODY, here.organization["id"], "Stageline", (everywhere,))


async def verdicts_on(db: BaseDBAsyncClient, here: Look, objectives: list[UUID]) -> dict[UUID, Judged]:
    """What the indicators of objectives say of their hypotheses: those that decide, or else all."""
    if not objectives:
        return {}
    currency, kinds = here.organization["reporting_currency"], here.policy.headline_kinds
    every: dict[UUID, list[Measured]] = defaultdict(list)
    for one in await indicators(db, Reader(_reader(here), here.today, currency, kinds), nodes=objectives):
        every[one.row["node_id"]].append(one)
    found: dict[UUID, Judged] = {}
    for node, those in every.items():
        deciding = [one.indicator for one in those if one.row["decides"]] or [one.indicator for one in those]
        found[node] = verdict_so_far([(one, verdict(one, here.today)) for one in deciding])
    return found


async def planned_below(db: BaseDBAsyncClient, here: Look, judged: Mapping[UUID, Judged]) -> dict[UUID, int]:
    """What active measures plan below the objectives whose hypothesis fails: the headline kinds, over all months."""
    failing = [node for node, one in judged.items() if one.verdict is Verdict.FAILING]
    if not failing:
        return {}
    found = await cells(db, _reader(here), failing, Period(Month.of(EARLIEST, 1), Month.of(LATEST, 12)))
    kinds = here.policy.headline_kinds
    return {
        node: sum(cell.plan for cell in those if cell.standing is Standing.ACTIVE and cell.kind in kinds)
        for node, those in found.items()
    }
