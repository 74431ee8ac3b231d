"""Sales figures: from the counts that the database makes to the figures that compare results with quota (law §5)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.domain.figures import Figure, Period
from server.domain.money import Money
from server.domain.months import months_between


@dataclass(frozen=True, slots=True)
class Tally:
    """Opportunities, counted and added in minor units of the reporting currency.

    Won and lost lie in the month of their close. Open are those whose expected close lies in the period or is unknown.
    `unpriced` of them have no amount, `unlikely` no amount or no probability: they add nothing to the sums. Neither do
    those whose amount whoever asks may not read: they count as unpriced and unlikely, of the won ones as `won_hidden`.
    `late` are the open ones that are COMMIT or BEST_CASE, or without a category as likely as not, or more so.
    """

    won: int = 0
    won_units: int = 0
    lost: int = 0
    open: int = 0
    open_units: int = 0
    weighted: int = 0
    unpriced: int = 0
    unlikely: int = 0
    won_hidden: int = 0
    late: int = 0
    late_units: int = 0
    late_unpriced: int = 0

    @property
    def won_told(self) -> int:
        """How many of the won ones are in the sum of what was won."""
        return self.won - self.won_hidden


NOTHING = Tally()


@dataclass(frozen=True, slots=True)
class Quotas:
    """Quota in minor units, of how many quota lines; `hidden` of them whoever asks may not read: they are not in it."""

    units: int = 0
    lines: int = 0
    hidden: int = 0


NONE_SET = Quotas()


@dataclass(frozen=True, slots=True)
class Slice:
    """One segment's share: quota and results side by side. The empty key is what names no segment."""

    key: str
    quota: Quotas
    tally: Tally
    capacity: Quotas | None = None

    @property
    def omitted(self) -> int:
        """How many lines of quota and capacity, won and open opportunities its amounts leave out."""
        hidden = self.quota.hidden + (self.capacity.hidden if self.capacity else 0)
        return hidden + self.tally.won_hidden + self.tally.unpriced


@dataclass(frozen=True, slots=True)
class Parts:
    """Quota and results by segment, and capacity where it is known by that dimension (sellers and months)."""

    quotas: Mapping[str, Quotas]
    tallies: Mapping[str, Tally]
    capacities: Mapping[str, Quotas] | None = None

    def of(self, key: str) -> Slice:
        """One segment's share."""
        capacity = None if self.capacities is None else self.capacities.get(key, NONE_SET)
        return Slice(key, self.quotas.get(key, NONE_SET), self.tallies.get(key, NOTHING), capacity)


def sliced(parts: Parts, also: Iterable[str] = ()) -> list[Slice]:
    """Every segment that has quota, results or capacity, or is named besides, in order; the empty key last."""
    named = {*parts.quotas, *parts.tallies, *(parts.capacities or ()), *also}
    return [parts.of(key) for key in sorted(named, key=lambda key: (not key, key))]


def by_month(period: Period, parts: Parts) -> list[Slice]:
    """Every month of the period. Open opportunities that name no close lie in no month; the total has them."""
    return [parts.of(str(month)) for month in months_between(period.first, period.last)]


@dataclass(frozen=True, slots=True)
class Explained:
    """The five amounts of a sales figure, each with its formula."""

    quota: Figure
    won: Figure
    gap: Figure
    open_pipeline: Figure
    weighted_pipeline: Figure


def explained(quotas: Quotas, tally: Tally, period: Period, currency: str, *, readable: bool = True) -> Explained:
    """Quota, won, gap and both pipelines of a period; `readable`: whether whoever asks may read any of it."""

    def figure(units: int, formula: str, inputs: Sequence[tuple[str, str]], omitted: int = 0) -> Figure:
        return Figure(units, currency, formula, tuple(inputs), omitted, readable)

    opened = f"open opportunities expected to close in {period}, or with no expected close"
    quota = figure(
        quotas.units,
        f"Σ quota of sales plans that are not cancelled, {period}",
        [("Quota lines", f"{quotas.lines:,}")],
        quotas.hidden,
    )
    won = figure(
        tally.won_units,
        f"Σ amount of opportunities won in {period}",
        [("Won opportunities", f"{tally.won:,}")],
        tally.won_hidden,
    )
    missing = max(quotas.units - tally.won_units, 0)
    terms = [("Quota", str(Money(quotas.units, currency))), ("Won", str(Money(tally.won_units, currency)))]
    count = [("Open opportunities", f"{tally.open:,}")]
    return Explained(
        quota,
        won,
        figure(missing, f"max(quota − won, 0), {period}", terms, quotas.hidden + tally.won_hidden),
        figure(tally.open_units, f"Σ amount of {opened}", count, tally.unpriced),
        figure(tally.weighted, f"Σ amount × probability of {opened}", count, tally.unlikely),
    )
