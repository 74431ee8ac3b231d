"""What people still owe a review cycle: forecasts, actuals, lights and milestones that are not current (law §8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from server.domain.lights import LightKind
from server.domain.months import Month
from server.domain.wording import listed


class MissingInput(StrEnum):
    """What is missing."""

    FORECAST = "FORECAST"
    ACTUALS = "ACTUALS"
    LIGHTS = "LIGHTS"
    MILESTONE = "MILESTONE"


@dataclass(frozen=True, slots=True)
class Late:
    """A milestone past its date without a reading since."""

    name: str
    due: date


@dataclass(slots=True)
class Lacking:
    """What the rows say of one measure that is decided or on its way; `owner_id` is who brings its input.

    `unforecast` are lines whose forecast is not current for the open month, `stale_deals` open opportunities that were
    expected to close before it, `without_actual` the months of a line that are over and have none.
    """

    node_id: UUID
    owner_id: UUID | None
    unforecast: list[str] = field(default_factory=list)
    stale_deals: int = 0
    without_actual: dict[str, list[Month]] = field(default_factory=dict)
    unset: list[LightKind] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Missing:
    """One input that is missing: of which measure, whose it is (None: nobody owns it), and what, as a sentence."""

    node_id: UUID
    owner_id: UUID | None
    what: MissingInput
    sentence: str


def missing(found: Iterable[Lacking], open_month: Month) -> list[Missing]:
    """All that is missing, measure by measure. No sentence holds an amount."""
    return [
        Missing(one.node_id, one.owner_id, what, sentence) for one in found for what, sentence in _told(one, open_month)
    ]


def _told(one: Lacking, open_month: Month) -> Iterator[tuple[MissingInput, str]]:
    if one.unforecast:
        lines = listed([f"“{name}”" for name in one.unforecast])
        yield MissingInput.FORECAST, f"The forecast of {lines} is not current for {open_month}."
    if one.stale_deals:
        deals = "1 open opportunity was" if one.stale_deals == 1 else f"{one.stale_deals} open opportunities were"
        yield MissingInput.FORECAST, f"{deals} expected to close before {open_month}."
    if one.without_actual:
        lines = listed([f"“{name}” for {listed(_months(months))}" for name, months in one.without_actual.items()])
        yield MissingInput.ACTUALS, f"There is no actual of {lines}."
    if one.unset:
        which = listed([kind.spoken for kind in one.unset])
        lights, are = ("light", "is") if len(one.unset) == 1 else ("lights", "are")
        yield MissingInput.LIGHTS, f"The {which} {lights} {are} not set in this cycle."
    for step in one.late:
        yield MissingInput.MILESTONE, f"“{step.name}” was due on {step.due}, and there is no reading since."


def _months(months: Sequence[Month]) -> list[str]:
    return [str(month) for month in months]


def by_person(found: Iterable[Missing]) -> Mapping[UUID | None, Sequence[Missing]]:
    """What is missing by whose it is; who owes most comes first, what nobody owns last."""
    groups: dict[UUID | None, list[Missing]] = {}
    for one in found:
        groups.setdefault(one.owner_id, []).append(one)
    return dict(sorted(groups.items(), key=lambda item: (item[0] is None, -len(item[1]), str(item[0]))))
