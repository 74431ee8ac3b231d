"""The board pack as data: everything that its three files show, gathered once and never computed twice.

An amount is an exact decimal in the organization's reporting currency, or None where the reader may not read it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Amount = Decimal | None
LIGHTS = ("GREEN", "AMBER", "RED", "GREY")
"""The colours of a light, best first; grey is “not reported”."""


@dataclass(frozen=True, slots=True)
class Five:
    """The figures of a node, a kind or a measure. `gap` is outlook − plan."""

    plan: Amount
    outlook: Amount
    actual: Amount
    confirmed: Amount
    gap: Amount

    @property
    def in_order(self) -> tuple[Amount, ...]:
        """The five as `FIVE` names them."""
        return self.plan, self.outlook, self.actual, self.confirmed, self.gap


FIVE = ("Plan", "Outlook", "Actual", "Confirmed", "Gap")


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of value line; `headline` is whether the policy adds it up."""

    kind: str
    headline: bool
    five: Five
    run_rate: Amount


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the headline value."""

    month: str
    plan: Amount
    outlook: Amount
    actual: Amount


@dataclass(frozen=True, slots=True)
class StageRow:
    """The active measures of one stage."""

    stage: str
    name: str
    measures: int
    plan: Amount
    outlook: Amount
    confirmed: Amount


@dataclass(frozen=True, slots=True)
class Step:
    """A bar of the waterfall from plan to confirmed."""

    name: str
    measures: int
    amount: Amount
    total: bool
    """Whether it stands on the ground; else it is added to what stands before it."""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """An initiative with its headline figures. Its lights are colours."""

    id: str
    name: str
    parent: str
    stage: str
    standing: str
    owner: str
    implementation: str
    potential: str
    five: Five


@dataclass(frozen=True, slots=True)
class SalesRow:
    """A sales plan: its quota and what came of it."""

    id: str
    name: str
    parent: str
    stage: str
    standing: str
    owner: str
    implementation: str
    potential: str
    quota: Amount
    won: Amount
    open_pipeline: Amount
    weighted: Amount


@dataclass(frozen=True, slots=True)
class Lights:
    """The light matrix of active measures: (implementation, potential) → how many, and their headline plan.

    `proposed` is whether the server's proposals are shown, because nobody has set a light since the last review.
    """

    cells: Mapping[tuple[str, str], tuple[int, Amount]]
    proposed: bool


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What the system noticed."""

    code: str
    severity: str
    on: str
    sentence: str
    at_stake: Amount
    since: date


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A measure that waits at a gate. `late` is whether it has waited longer than the policy's cadence bears."""

    measure: str
    into: str
    waits_for: str
    since: date
    days: int
    late: bool
    value: Amount


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """An entry of the ledger that moved the outlook, and by how much."""

    sentence: str
    at: datetime | None
    by: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved the outlook since a revision; `why_not` is the sentence where it cannot be told."""

    since: datetime | None
    revision: int | None
    after: str
    """What happened then, in words: `review cycle 3 closed`; empty where a day was asked for."""
    rows: tuple[ChangeRow, ...] = ()
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """How many there are of what a pack lists only the largest of."""

    measures: int
    sales_plans: int
    findings: int


@dataclass(frozen=True, slots=True)
class About:
    """What a pack is about, as of when, made by whom, and by which rules."""

    organization: str
    place: str
    level: str | None
    above: tuple[str, ...]
    currency: str
    places: int
    """Decimals of the currency."""
    first: str
    last: str
    revision: int
    as_of: datetime
    """In the organization's time zone."""
    of_then: bool
    """Whether it was asked as of then; else it is how things stand."""
    made_at: datetime
    made_by: str
    standing: str
    """The seats of who made it, in words: what they see and read is in the pack."""
    policy: str
    kinds: tuple[str, ...]
    rates: tuple[tuple[int, str, str], ...]
    """Fiscal year, currency, and what one unit of it is planned to cost."""
    priced: bool
    omitted: int
    formulas: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BoardPack:
    """The whole pack."""

    about: About
    five: Five
    kinds: tuple[KindRow, ...]
    months: tuple[MonthRow, ...]
    funnel: tuple[StageRow, ...]
    leakage: tuple[Step, ...]
    measures: tuple[MeasureRow, ...]
    sales: tuple[SalesRow, ...]
    lights: Lights
    findings: tuple[FindingRow, ...]
    decisions: tuple[DecisionRow, ...]
    changes: Changes
    listed: Listed

    @property
    def adds_up(self) -> bool:
        """Whether the listed measures are all there are, so that their sums are the pack's figures."""
        return self.about.priced and all(
            total(getattr(row.five, name) for row in self.measures) == getattr(self.five, name)
            for name in ("plan", "outlook", "actual", "confirmed", "gap")
        )


def total(amounts: Iterable[Amount]) -> Amount:
    """The sum of amounts; None where one of them may not be read."""
    together = Decimal(0)
    for amount in amounts:
        if amount is None:
            return None
        together += amount
    return together


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a waterfall as a stacked column draws it: what lifts it off the ground, and its two parts."""

    name: str
    lift: Decimal
    above: Decimal
    below: Decimal
    amount: Decimal
    look: str
    """`total`, `worse` or `better`."""


def bars(steps: Sequence[Step]) -> list[Bar]:
    """The bars of a waterfall, where it crosses zero, too. Steps without an amount have none."""
    drawn, standing = [], Decimal(0)
    for step in steps:
        if step.amount is None:
            continue
        begin = Decimal(0) if step.total else standing
        standing = begin + step.amount
        low, high = min(begin, standing), max(begin, standing)
        lift = max(Decimal(0), low) + min(Decimal(0), high)
        above = max(Decimal(0), high) - max(Decimal(0), low)
        below = min(Decimal(0), low) - min(Decimal(0), high)
        look = "total" if step.total else "worse" if step.amount < 0 else "better"
        drawn.append(Bar(step.name, lift, above, below, step.amount, look))
    return drawn


LABEL = 12
"""A label stands on its bar in an unseen bar that is so many times smaller than the largest."""


def label_height(steps: Sequence[Step]) -> Decimal:
    """How high the unseen bars are that carry the labels of a waterfall."""
    return max((step.amount or Decimal(0) for step in steps), default=Decimal(0)) / LABEL
