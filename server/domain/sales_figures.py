"""Sales figures: from the counts that the database makes to the figures that compare results with quota (law §5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.behind import Behind, Place, SalesRows
from server.domain.figures import Figure, Period, Term, of_terms
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
class Ground:
    """What the figures of a place and period are made of.

    `readable`: whether any of it may be read; `place`: where it was counted, for whoever walks down to the rows.
    """

    period: Period
    currency: str
    quota: Quotas = NONE_SET
    tally: Tally = NOTHING
    readable: bool = True
    place: Place | None = None

    def figure(self, units: int, formula: str, terms: Iterable[Term], omitted: int = 0) -> Figure:
        """A figure of this ground."""
        return of_terms(units, terms, self.currency, formula, omitted, readable=self.readable)

    def amount(self, name: str, units: int, rows: SalesRows) -> Term:
        """An amount as an input, with the rows that come to it."""
        return name, units, str(Money(units, self.currency)), self._behind(rows)

    def number(self, name: str, count: int, rows: SalesRows) -> Term:
        """How many rows a figure adds up, as an input."""
        return name, count, f"{count:,}", self._behind(rows)

    @property
    def won(self) -> Term:
        """What was won, as an input."""
        return self.amount("Won", self.tally.won_units, SalesRows.WON)

    def _behind(self, rows: SalesRows) -> Behind | None:
        return Behind(rows, self.place, self.period.first, self.period.last) if self.place else None


@dataclass(frozen=True, slots=True)
class Explained:
    """The five amounts of a sales figure, each with its formula."""

    quota: Figure
    won: Figure
    gap: Figure
    open_pipeline: Figure
    weighted_pipeline: Figure


def explained(ground: Ground) -> Explained:
    """Quota, won, gap and both pipelines of a period."""
    quotas, tally, period = ground.quota, ground.tally, ground.period
    opened = f"open opportunities expected to close in {period}, or with no expected close"
    missing, hidden = max(quotas.units - tally.won_units, 0), quotas.hidden + tally.won_hidden
    counted = "Open opportunities"
    return Explained(
        ground.figure(
            quotas.units,
            f"Σ quota of sales plans that are not cancelled, {period}",
            [ground.number("Quota lines", quotas.lines, SalesRows.QUOTA)],
            quotas.hidden,
        ),
        ground.figure(
            tally.won_units,
            f"Σ amount of opportunities won in {period}",
            [ground.number("Won opportunities", tally.won, SalesRows.WON)],
            tally.won_hidden,
        ),
        ground.figure(
            missing,
            f"max(quota − won, 0), {period}",
            [ground.amount("Quota", quotas.units, SalesRows.QUOTA), ground.won],
            hidden,
        ),
        ground.figure(
            tally.open_units,
            f"Σ amount of {opened}",
            [ground.number(counted, tally.open, SalesRows.OPEN)],
            tally.unpriced,
        ),
        ground.figure(
            tally.weighted,
            f"Σ amount × probability of {opened}",
            [ground.number(counted, tally.open, SalesRows.WEIGHTED)],
            tally.unlikely,
        ),
    )
