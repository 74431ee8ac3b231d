"""Reading what findings look at: the subjects of any set of nodes in a fixed number of statements (law §9)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise.backends.base.client import BaseDBAsyncClient

from server.domain.cascade import Level, Standing
from server.domain.findings_value import STOP_AFTER_RED_CYCLES
from server.domain.lights import LightKind, Pair
from server.domain.months import Month
from server.domain.pending import stake_of
from server.domain.stages import Stage
from server.domain.subjects import (
    ACTIVITY_DAYS,
    Activity,
    Amounts,
    Blocker,
    Missing,
    Motion,
    Results,
    Selling,
    Subject,
    Waiting,
)
from server.domain.values import ValueKind
from server.domain.votes import waiting_on
from server.models import noticing_reads as sql
from server.models.cases import cases
from server.models.database import rows
from server.models.lights import Ground, proposals, settings
from server.models.looks import Look, Row
from server.models.noticing_sales import per_plan, selling
from server.models.noticing_verdicts import planned_below, verdicts_on
from server.models.submissions import submissions, submitted


async def subjects(db: BaseDBAsyncClient, here: Look, node_ids: Collection[UUID]) -> list[Subject]:
    """The objectives, initiatives and sales plans among these nodes, with all that findings ask of them."""
    asked = here.asked | {"ids": list(node_ids)}
    nodes = await rows(db, sql.NODES, **asked)
    if not nodes:
        return []
    asked["ids"] = [row["id"] for row in nodes]
    sold, activities = await selling(db, asked)
    amounts: dict[UUID, dict[ValueKind, Amounts]] = defaultdict(dict)
    for row in await rows(db, sql.AMOUNTS, **asked):
        node, kind = row.pop("node_id"), ValueKind(row.pop("kind"))
        amounts[node][kind] = Amounts(**row)
    missing = _missing(await rows(db, sql.MISSING, **asked), here)
    closing = {row["node_id"]: row["confirmed_units"] for row in await rows(db, sql.CLOSING, **asked)}
    waiting = await _waiting(db, here, asked)
    motion = await _motion(db, asked, activities)
    blockers = _by(await rows(db, sql.BLOCKERS, **asked))
    red = _red_cycles(await rows(db, sql.CYCLES, **asked, cycles=STOP_AFTER_RED_CYCLES))
    lights = await _lights(db, here, nodes)
    verdicts = await verdicts_on(db, here, [row["id"] for row in nodes if row["level"] == Level.OBJECTIVE])
    below = await planned_below(db, here, verdicts)
    return [
        replace(
            _subject(row, here),
            amounts=amounts.get(row["id"], {}),
            selling=sold.get(row["id"], Selling()),
            closing_amount=closing.get(row["id"]),
            waiting=waiting.get(row["id"]),
            motion=motion.get(row["id"], Motion()),
            blockers=tuple(
                Blocker(each["milestone"], each["awaits"], each["awaits_id"], each["due"], bool(each["elsewhere"]))
                for each in blockers.get(row["id"], ())
            ),
            missing=missing.get(row["id"], ()),
            red_cycles=red.get(row["id"], 0),
            lights=lights.get(row["id"], _DARK)[0],
            proposed=lights.get(row["id"], _DARK)[1],
            verdict=verdicts.get(row["id"]),
            value_below=below.get(row["id"], 0),
        )
        for row in nodes
    ]


async def whole(db: BaseDBAsyncClient, here: Look) -> Subject:
    """The organization itself as a subject: the results of no plan, and what sellers spend their time on."""
    asked = here.asked
    (results,) = await rows(db, sql.RESULTS, **asked)
    since = {"since": here.today - timedelta(days=ACTIVITY_DAYS)}
    (logged,) = await rows(db, sql.ACTIVITY, **asked | since)
    plans = await rows(db, sql.DECIDED_PLANS, **asked)
    sold = await per_plan(db, asked, [row["id"] for row in plans])
    timed = logged["timed"] == logged["number"]
    return Subject(
        id=here.organization["id"],
        name=here.organization["name"],
        level=None,
        currency=here.organization["reporting_currency"],
        today=here.today,
        policy=here.policy,
        results=Results(**results),
        activity=Activity(
            logged["aligned_minutes"] if timed else logged["aligned_number"],
            logged["minutes"] if timed else logged["number"],
            "minutes" if timed else "number",
            sum(one.quota_left for one in sold.values()),
        ),
    )


def _subject(row: Row, here: Look) -> Subject:
    return Subject(
        id=row["id"],
        name=row["name"],
        level=Level(row["level"]),
        currency=here.organization["reporting_currency"],
        today=here.today,
        policy=here.policy,
        stage=Stage(row["stage"]) if row["stage"] else None,
        standing=Standing(row["standing"]),
        gap_explained=bool((row["gap_explanation"] or "").strip()),
    )


def _by(found: Iterable[Row]) -> dict[UUID, list[Row]]:
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    for row in found:
        grouped[row["node_id"]].append(row)
    return grouped


def _missing(found: Iterable[Row], here: Look) -> dict[UUID, tuple[Missing, ...]]:
    """What is due and has not come: actuals of months that are over, and the forecast of the running one."""
    running = Month.containing(here.today)
    months: dict[UUID, dict[str, list[Month]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        month = Month(row["month"])
        months[row["node_id"]]["the forecast" if month == running else "the actuals"].append(month)
    return {
        node: tuple(Missing(what, tuple(those)) for what, those in sorted(kinds.items()))
        for node, kinds in months.items()
    }


async def _waiting(db: BaseDBAsyncClient, here: Look, asked: dict[str, Any]) -> dict[UUID, Waiting]:
    """The oldest open submission of each measure."""
    organization = here.organization["id"]
    wanted = [row["id"] for row in await rows(db, sql.OPEN, **asked)]
    found = await submissions(db, organization, wanted, column="id") if wanted else []
    every = await cases(db, organization, [row["node_id"] for row in found], here.today) if found else {}
    zone = ZoneInfo(here.organization["time_zone"])
    waiting: dict[UUID, Waiting] = {}
    for row in found:  # newest first, so that the oldest stays
        law = submitted(row)
        owed = waiting_on(law.votes, law.deciders)
        waiting[row["node_id"]] = Waiting(
            law.matter,
            row["submitted_at"].astimezone(zone).date(),
            stake_of(every[row["node_id"]], here.policy, readable=True).units,
            tuple(dict.fromkeys(party.name for one in owed for party in one.people)),
        )
    return waiting


async def _motion(
    db: BaseDBAsyncClient, asked: dict[str, Any], activities: Mapping[UUID, Mapping[int, int]]
) -> dict[UUID, Motion]:
    """Activities and readings of activities, against the outcomes and outputs that moved or stood still."""
    still: dict[UUID, list[str]] = defaultdict(list)
    moved: dict[UUID, int] = defaultdict(int)
    counts: dict[UUID, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in await rows(db, sql.STANDING_STILL, **asked):
        if row["achieved_on"] is None:
            still[row["node_id"]].append(row["name"])
        else:
            moved[row["node_id"]] += 1
    for row in await rows(db, sql.READINGS, **asked):
        if row["measure_type"] == "ACTIVITY":
            counts[row["node_id"]][row["recent"]] += row["number"]
        elif row["recent"]:
            moved[row["node_id"]] += row["number"]
    for node, own in activities.items():
        for recent, number in own.items():
            counts[node][recent] += number
    return {
        node: Motion(counts[node][1], counts[node][0], moved[node], tuple(still[node]))
        for node in {*still, *moved, *counts}
    }


def _red_cycles(newest_first: Iterable[Row]) -> dict[UUID, int]:
    """How many closed cycles running each measure's potential was red, counted back from the last."""
    run: dict[UUID, int] = {}
    ended: set[UUID] = set()
    for row in newest_first:
        if row["potential"] != "RED":
            ended.add(row["node_id"])
        elif row["node_id"] not in ended:
            run[row["node_id"]] = run.get(row["node_id"], 0) + 1
    return run


async def _lights(db: BaseDBAsyncClient, here: Look, nodes: list[Row]) -> dict[UUID, tuple[Pair, Pair]]:
    """The two lights of each measure: as somebody set them, else as they are proposed; and as they are proposed."""
    measures = [row for row in nodes if row["stage"]]
    start = here.organization["fiscal_year_start"]
    ground = Ground(here.organization["id"], here.today, here.policy, start)
    proposed = await proposals(db, measures, ground) if measures else {}
    set_by_hand = await settings(db, list(proposed))
    found: dict[UUID, tuple[Pair, Pair]] = {}
    for node, readings in proposed.items():
        made = {kind: reading.light for kind, reading in readings.items()}
        stand = made | {kind: setting.light for kind, setting in set_by_hand.get(node, {}).items()}
        found[node] = Pair(*(stand[kind] for kind in LightKind)), Pair(*(made[kind] for kind in LightKind))
    return found


_DARK: tuple[Pair, Pair | None] = (Pair(), None)
