"""The two lights, the board's light matrix, and who set better than was proposed, as spoken (law §7)."""

from collections.abc import Sequence
from datetime import UTC, datetime, time
from enum import StrEnum
from itertools import product
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import strawberry

from server.domain import figures as law
from server.domain.behind import Behind, LightRows, Place
from server.domain.cascade import MEASURES, Level
from server.domain.lights import Light, LightKind, Lit, Pair, Reading, above, set_by_month
from server.domain.months import Month
from server.domain.refusals import RefusalCode, Refused
from server.models import light_cells
from server.models import lights as reads
from server.models.lights import Ground, Proposals, Row, Setting, Settings
from server.schema.context import Context, Info
from server.schema.fields import edge, spoken
from server.schema.figures import Figure, places_of, reporting_currency
from server.schema.money import priced_at
from server.schema.people import Person, person_of

spoken(
    Light,
    "A light. Grey is not green.",
    GREY="Not set, or not enough data.",
    GREEN="On time, or the value is coming.",
    AMBER="Late, or less value than planned, within the policy's thresholds.",
    RED="Beyond the policy's thresholds.",
)
spoken(
    LightKind,
    "Which of the two lights.",
    IMPLEMENTATION="Is the work on time?",
    POTENTIAL="Is the value still coming?",
)


class LightView(StrEnum):
    """Which lights a matrix counts."""

    SHOWN = "SHOWN"
    PROPOSED = "PROPOSED"


spoken(
    LightView,
    "Which lights a matrix counts.",
    SHOWN="As people have set them since the last review cycle closed; grey where nobody has.",
    PROPOSED="As the server proposes them now.",
)
View = Annotated[LightView, strawberry.argument(description="Which lights are counted.")]


@strawberry.type(description="One light: what is proposed and why, and what somebody has set.")
class LightReading:
    """See the description."""

    proposed: Light = strawberry.field(
        description="What the server proposes. Above measures: red or amber where so coloured measures, worse ones "
        "counted in, hold a tenth of the headline plan of the active measures below; green where green ones hold "
        "half of it; grey else."
    )
    set: Light = strawberry.field(description="What somebody has set; grey where nobody has, and above measures.")
    shown: Light = strawberry.field(
        description="What is shown: of a measure what was set, grey until then; above measures the same rule as for "
        "`proposed`, over what is shown below."
    )
    reason: str | None = strawberry.field(description="Why it was set so.")
    why: str = strawberry.field(description="Why this is proposed. It holds no amounts.")
    set_at: datetime | None = strawberry.field(description="When it was set.")
    by_id: strawberry.Private[UUID | None] = None

    @edge("Who set it.")
    async def set_by(self, info: Info) -> Person | None:
        """See the description."""
        return await person_of(info.context, self.by_id) if self.by_id else None


@strawberry.type(description="The two lights of a node. They return to grey when a review cycle closes.")
class Lights:
    """See the description."""

    implementation: LightReading = strawberry.field(
        description="Is the work on time? Days of delay against the policy's thresholds; red by critical milestones "
        "only, and green takes an outcome or output that was achieved."
    )
    potential: LightReading = strawberry.field(
        description="Is the value still coming? Outlook ÷ plan in the fiscal year against the policy's thresholds; of "
        "costs plan ÷ outlook; of a sales plan won ÷ quota of the months that are over. Grey before DECIDED."
    )


@strawberry.type(description="A cell of the light matrix: the active measures whose lights are these two.")
class LightCell:
    """See the description."""

    implementation: Light = strawberry.field(description="Their implementation light.")
    potential: Light = strawberry.field(description="Their potential light.")
    measures: int = strawberry.field(description="How many active measures the viewer sees there.")
    plan: Figure = strawberry.field(description="Their headline plan in the current fiscal year.")


@strawberry.type(description="How often something happened in a month.")
class MonthTimes:
    """See the description."""

    month: Month = strawberry.field(description="The month.")
    times: int = strawberry.field(description="How often.")


LONGEST_SERIES = 120
Months = Annotated[int, strawberry.argument(description="How many months: 1 to 120.")]


@strawberry.type(description="Somebody who has set lights better than the server proposed then, each with a reason.")
class BetterThanProposed:
    """See the description."""

    times: int = strawberry.field(description="How often.")
    last: datetime = strawberry.field(description="When last.")
    by_id: strawberry.Private[UUID]
    place: strawberry.Private[UUID]
    whole: strawberry.Private[bool]

    @edge("Who.")
    async def person(self, info: Info) -> Person:
        """See the description."""
        return await person_of(info.context, self.by_id)

    @edge("How often in each month up to the running one, the first month first; in the organization's time zone.")
    async def by_month(self, info: Info, months: Months = 12) -> list[MonthTimes]:
        """See the description."""
        if not 1 <= months <= LONGEST_SERIES:
            message = f"months is {months}; ask for 1 to {LONGEST_SERIES} months."
            raise Refused(RefusalCode.INVALID, message, ["months"])
        context = info.context
        zone = ZoneInfo((await context.organization())["time_zone"])
        last = Month.containing(await context.today())
        since = datetime.combine(last.plus(1 - months).first_day, time(), zone).astimezone(UTC)
        found = await context.one(_better_since, self.place, self.whole, since) or {}
        series = set_by_month(found.get(self.by_id, ()), last, months, zone)
        return [MonthTimes(month=month, times=times) for month, times in series]


async def lights_of(info: Info, row: dict[str, Any]) -> Lights:
    """The lights of a node: a measure's own, or what those below come to."""
    if Level(row["level"]) in MEASURES:
        return await info.context.one(_own, row["id"]) or _UNSEEN
    shown, proposed = [await info.context.one(_below, row["id"], False, view) or () for view in LightView]
    return Lights(**{kind.spoken: _place_reading(shown, proposed, kind) for kind in LightKind})


async def light_matrix(info: Info, node_id: UUID | None, view: LightView) -> list[LightCell]:
    """All sixteen cells below a node, or of the organization (None), implementation first, grey to red."""
    context = info.context
    place = node_id or context.viewer.organization_id
    cells = {Pair(*lights): Lit(Pair(*lights), 0, 0, 0) for lights in product(Light, Light)}
    for lot in await context.one(_below, place, node_id is None, view) or ():
        cells[lot.pair] += lot
    currency, readable = await reporting_currency(context), await priced_at(context, place, whole=node_id is None)
    year, kinds = (await _ground(context)).year, tuple((await context.policy()).headline_kinds)

    def plan(lot: Lit) -> Figure:
        formula = f"headline plan of the active measures with these lights, {year}"
        rows = LightRows(lot.pair.implementation, lot.pair.potential, view is LightView.PROPOSED, kinds)
        behind = Behind(rows, Place(place, node_id is None), year.first, year.last)
        terms = [("Measures", lot.measures, f"{lot.measures:,}", behind)]
        return Figure.of(law.of_terms(lot.plan, terms, currency, formula, lot.hidden, readable=readable))

    return [
        LightCell(
            implementation=pair.implementation,
            potential=pair.potential,
            measures=lot.measures,
            plan=plan(lot),
        )
        for pair, lot in cells.items()
    ]


async def better_than_proposed(info: Info, node_id: UUID | None) -> list[BetterThanProposed]:
    """Who set lights better than proposed on the measures below that the viewer sees, most often first."""
    place, whole = node_id or info.context.viewer.organization_id, node_id is None
    found = await info.context.one(_better, place, whole) or []
    return [
        BetterThanProposed(times=row["times"], last=row["at"], by_id=row["by_id"], place=place, whole=whole)
        for row in found
    ]


def _reading(proposed: Reading, set_: Light, shown: Light) -> LightReading:
    return LightReading(
        proposed=proposed.light, set=set_, shown=shown, reason=None, why=proposed.why, set_at=None, by_id=None
    )


_HIDDEN = Reading(Light.GREY, "Only its name is yours to read.")
_UNSEEN = Lights(**{kind.spoken: _reading(_HIDDEN, Light.GREY, Light.GREY) for kind in LightKind})


def _place_reading(shown: Sequence[Lit], proposed: Sequence[Lit], kind: LightKind) -> LightReading:
    light = above(lot.weighed(kind) for lot in shown).light
    return _reading(above(lot.weighed(kind) for lot in proposed), Light.GREY, light)


def _own_reading(proposed: Reading, setting: Setting | None) -> LightReading:
    if setting is None:
        return _reading(proposed, Light.GREY, Light.GREY)
    told = _reading(proposed, setting.light, setting.light)
    told.reason, told.set_at, told.by_id = setting.reason, setting.at, setting.by
    return told


async def _ground(context: Context) -> Ground:
    organization = await context.organization()
    policy = await context.policy()
    return Ground(organization["id"], await context.today(), policy, organization["fiscal_year_start"])


async def _read(context: Context, found: list[Row]) -> tuple[Proposals, Settings]:
    ids = {row["id"] for row in found}
    ground = await _ground(context)
    return await reads.proposals(context.db, found, ground), await reads.settings(context.db, ids)


async def _own(context: Context, ids: list[UUID]) -> dict[UUID, Lights]:
    found = await reads.measures(context.db, context.viewer, ids)
    proposed, standing = await _read(context, found)
    lit: dict[UUID, Lights] = {}
    for row in found:
        own, made = standing.get(row["id"], {}), proposed[row["id"]]
        lit[row["id"]] = Lights(**{kind.spoken: _own_reading(made[kind], own.get(kind)) for kind in LightKind})
    return lit


async def _below(context: Context, places: list[UUID], whole: bool, view: LightView) -> dict[UUID, list[Lit]]:
    read = light_cells.shown if view is LightView.SHOWN else light_cells.proposed
    return await read(context.db, context.viewer, places_of(places, whole), await _ground(context))


async def _better(context: Context, places: list[UUID], whole: bool) -> dict[UUID, list[Row]]:
    return await reads.better(context.db, context.viewer, places_of(places, whole))


async def _better_since(
    context: Context, places: list[UUID], whole: bool, since: datetime
) -> dict[UUID, dict[UUID, list[datetime]]]:
    return await reads.better_since(context.db, context.viewer, places_of(places, whole), since)
