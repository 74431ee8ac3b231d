"""Value lines and their months by the thousand, as imports bring them: by the law of `set_plan` and `record_actual`.

One fact for each initiative; few statements, however many months.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from server.actions.actual_rates import actual_rates
from server.actions.rates import plan_rates
from server.actions.standing import refusal
from server.domain.cascade import Level, Standing
from server.domain.corrections import Lock, check_unlocked
from server.domain.facts import FactKind
from server.domain.months import Month
from server.domain.rates import ActualRates, PlanRates
from server.domain.refusals import Refused
from server.domain.rights import Situation, standing_at
from server.domain.stages import Stage
from server.domain.values import (
    NEVER_RECURRING,
    MonthChange,
    Series,
    ValueKind,
    may_be_negative,
    month_fault,
)
from server.live.work import Work
from server.models import bulk
from server.models.cadence import lock_of
from server.models.cascade import Node
from server.models.database import rows
from server.models.scope import paths
from server.models.submissions import Opened, open_submissions
from server.models.values import BROUGHT, MonthRow, ValueLine, store_months

_BULK, _ASKED = 500, 5_000
_ACTS = {Series.PLAN: "setPlan", Series.ACTUAL: "recordActual"}
LineName = tuple[ValueKind, str]
"""A line of an initiative by its kind and its name in lower case."""


@dataclass(frozen=True, slots=True)
class LineFigures:
    """A line as a file states it: months in minor units of its currency (None: not known), the baseline and its month.

    It is the line of the initiative that has its kind and name, or a new one.
    """

    kind: ValueKind
    name: str
    currency: str
    recurring: bool
    months: Mapping[Series, Mapping[Month, int | None]]
    baseline: tuple[int, Month] | None = None

    @property
    def key(self) -> LineName:
        """By what it is found again."""
        return self.kind, self.name.casefold()


@dataclass(slots=True)
class Brought:
    """What became of the figures; `left` has what was not taken: initiative, line, and the reason."""

    lines: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    left: list[tuple[UUID, LineName, str]] = field(default_factory=list)


async def bring_figures(
    work: Work,
    wanted: Mapping[UUID, Sequence[LineFigures]],
    *,
    source: str,
    made: Collection[UUID] = (),
    progress: Callable[[int], Awaitable[None]],
) -> Brought:
    """Write what a file states of many initiatives, in the order given; what the law bars is told and left as it was.

    An initiative in `made` was made by the same import, and its first figures come with it. Of one whose owner has no
    sign-in nobody else could keep the figures: there whoever imports stands in for the owner. `progress` hears how many
    initiatives are done.
    """
    bringing = await _Bringing.begin(work, wanted, source, frozenset(made))
    for done, (node_id, lines) in enumerate(wanted.items(), 1):
        await bringing.node(node_id, lines)
        await progress(done)
    await bringing.store()
    return bringing.brought


class _Bringing:
    """One run, with all that stands read at its beginning."""

    def __init__(self, work: Work, source: str, made: frozenset[UUID]) -> None:
        self.work, self.source, self.made, self.brought = work, source, made, Brought()
        self.this_month = Month.containing(work.today)
        self._nodes: dict[UUID, dict[str, Any]] = {}
        self._here: dict[UUID, Situation] = {}
        self._lines: dict[UUID, dict[LineName, ValueLine]] = {}
        self._months: dict[UUID, dict[int, MonthRow]] = {}
        self._new_lines: list[ValueLine] = []
        self._touched: dict[UUID, ValueLine] = {}
        self._written: dict[tuple[UUID, int], MonthRow] = {}
        self._rates: PlanRates
        self._actual: dict[str, ActualRates] = {}
        self._lock: Lock | None = None

    @classmethod
    async def begin(
        cls, work: Work, wanted: Mapping[UUID, Sequence[LineFigures]], source: str, made: frozenset[UUID]
    ) -> "_Bringing":
        self, ids = cls(work, source, made), list(wanted)
        sql = """SELECT n.id, n.name, n.stage, n.standing, n.owner_id, p.email FROM node n
                 LEFT JOIN person p ON p.id = n.owner_id WHERE n.id IN :ids AND n.level = 'INITIATIVE'"""
        self._nodes = {row["id"]: row for row in await rows(work.db, sql, ids=ids)}
        for start in range(0, len(ids), _ASKED):
            part = ids[start : start + _ASKED]
            for line in await ValueLine.filter(node_id__in=part).using_db(work.db):
                self._lines.setdefault(line.node_id, {})[ValueKind(line.kind), line.name.casefold()] = line
        sql = """SELECT v.* FROM month_value v JOIN value_line l ON l.id = v.line_id WHERE l.node_id IN :ids"""
        for row in await rows(work.db, sql, ids=ids):
            self._months.setdefault(row["line_id"], {})[row["month"]] = row
        await self._look(ids)
        every = [line for lines in wanted.values() for line in lines]
        self._rates = await plan_rates(work, {line.currency for line in every})
        for currency in {line.currency for line in every}:
            months = {month for line in every for month in line.months.get(Series.ACTUAL, ())}
            self._actual[currency] = await actual_rates(work, currency, months)
        self._lock = await lock_of(work.db, work.organization.id)
        return self

    async def _look(self, ids: list[UUID]) -> None:
        """How the viewer stands at every initiative."""
        work = self.work
        work.learn(await paths(work.db, ids))
        opened = await open_submissions(work.db, ids)
        for node_id, row in self._nodes.items():
            one = opened.get(node_id, Opened())
            owner = work.viewer.person_id if row["email"] is None else row["owner_id"]
            self._here[node_id] = standing_at(
                work.viewer,
                await work.path(node_id),
                level=Level.INITIATIVE,
                stage=Stage(row["stage"]),
                standing=Standing(row["standing"]),
                owner_id=owner,
                submitted=one.own,
                purpose=one.purpose,
                above_submitted=one.above,
            )

    async def node(self, node_id: UUID, lines: Sequence[LineFigures]) -> None:
        """The figures of one initiative, and the fact that tells of them."""
        told = Counter[str]()
        for stated in lines:
            line = self._lines.get(node_id, {}).get(stated.key)
            if line is None:
                line = self._begun(node_id, stated)
                told["new lines"] += line is not None
            elif await self._baseline(line, stated):
                told["baselines"] += 1
            if line is None:
                continue
            for series, months in stated.months.items():
                changes = self._changes(line, series, months)
                self._write(line, series, changes)
                told[f"months of {series.spoken}"] += len(changes)
        if told.total():
            row = self._nodes[node_id]
            parts = [f"{number:,} {what}" for what, number in told.items() if number]
            sentence = f"took the figures of “{row['name']}” from {self.source}: {', '.join(parts)}."
            await self.work.record(FactKind.VALUE_CHANGED, sentence, on=Node(id=node_id, name=row["name"]))
            self.work.revalued(node_id)

    async def store(self) -> None:
        """Store all of it."""
        db = self.work.db
        await bulk.store(db, self._new_lines)
        if self._touched:
            touched = list(self._touched.values())
            await ValueLine.bulk_create(
                touched, batch_size=_BULK, on_conflict=["id"], update_fields=["revision"], using_db=db
            )
        await store_months(db, self._written)

    def _begun(self, node_id: UUID, stated: LineFigures) -> ValueLine | None:
        """A new line of an initiative; None, and told, where the law bars it."""
        if not self._may("addValueLine", node_id, stated.key):
            return None
        line = ValueLine(
            organization_id=self.work.organization.id,
            node_id=node_id,
            kind=stated.kind.value,
            name=stated.name,
            recurring=stated.recurring and stated.kind not in NEVER_RECURRING,
            currency=stated.currency,
            **self._baseline_columns(stated),
        )
        self.work.stage(line)
        self._new_lines.append(line)
        self._lines.setdefault(node_id, {})[stated.key] = line
        self.brought.lines += 1
        return line

    def _baseline_columns(self, stated: LineFigures) -> dict[str, Any]:
        if stated.baseline is None:
            return {}
        units, month = stated.baseline
        day = min(month.first_day, self.work.today)  # a baseline is what was
        return {"baseline_units": units, "baseline_source": self.source, "baseline_date": day}

    async def _baseline(self, line: ValueLine, stated: LineFigures) -> bool:
        """Change the baseline of a line that stands; whether that changed something."""
        if stated.baseline is None or line.baseline_units == stated.baseline[0]:
            return False
        if not self._may("editValueLine", line.node_id, stated.key):
            return False
        return await self.work.alter(line, **self._baseline_columns(stated))

    def _changes(self, line: ValueLine, series: Series, wanted: Mapping[Month, int | None]) -> list[MonthChange]:
        """The months that differ and may be written; the others are counted or told."""
        stored, column = self._months.get(line.id, {}), series.value.lower()
        changes = [
            MonthChange(month, before, after)
            for month, after in sorted(wanted.items())
            if (before := stored.get(month, {}).get(column)) != after
        ]
        self.brought.unchanged += len(wanted) - len(changes)
        key = ValueKind(line.kind), line.name.casefold()
        if not changes or not self._may(_ACTS[series], line.node_id, key):
            return []
        taken = []
        for change in changes:
            if fault := self._fault(line, series, change):
                self._leave(line.node_id, key, fault)
            else:
                taken.append(change)
        return taken

    def _fault(self, line: ValueLine, series: Series, change: MonthChange) -> str | None:
        """Why the law bars one month of a series, if it does (law §4)."""
        kind = ValueKind(line.kind)
        if change.after is not None and change.after < 0 and not may_be_negative(kind, series):
            return f"{change.month}: the {series.spoken} of {kind.spoken} cannot be negative."
        try:
            if self._lock is not None:
                check_unlocked(series, f"“{line.name}”", [change], self._lock)
            if change.after is not None:
                self._rates.convert(change.after, line.currency, change.month)
        except Refused as refused:
            return refused.message
        except ValueError as error:
            return f"{change.month}: {error}."
        return month_fault(series, change.month, self.this_month)

    def _write(self, line: ValueLine, series: Series, changes: Sequence[MonthChange]) -> None:
        column, known = series.value.lower(), self._months.setdefault(line.id, {})
        since, thing, currency = self.work.next_revision, str(line.id), line.currency
        for month, before, after in changes:
            row = known.get(month)
            if row is None:
                row = known[month] = dict.fromkeys(BROUGHT)
            row["since"], row[column] = since, after
            row[f"{column}_reporting"] = after and self._rates.convert(after, currency, month)
            if series is Series.ACTUAL:
                row["actual_current"] = after and self._actual[currency].convert(after, currency, month)
            self._written[line.id, month] = row
            self.work.note(
                thing="month_value",
                id=thing,
                field=column,
                month=int(month),
                currency=currency,
                before=before,
                after=after,
            )
            self.brought.created += before is None
            self.brought.changed += before is not None
        if changes and line.revision != since:
            line.revision = since
            self._touched[line.id] = line

    def _may(self, act: str, node_id: UUID, line: LineName) -> bool:
        """Whether the law opens an act at an initiative; told where it does not."""
        if node_id in self.made:
            return True
        refused = refusal(act, self._here[node_id], self._nodes[node_id]["name"])
        if refused:
            self._leave(node_id, line, refused.message)
        return refused is None

    def _leave(self, node_id: UUID, line: LineName, reason: str) -> None:
        if (node_id, line, reason) not in self.brought.left:
            self.brought.left.append((node_id, line, reason))
