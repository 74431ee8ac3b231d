"""Small organizations in which anything happens that moves a roll-up, fast enough for thousands of them."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from hypothesis import strategies as st
from tortoise.backends.base.client import BaseDBAsyncClient

from server.actions.actual_rates import set_actual_rate
from server.actions.cascade import create_node, move_node
from server.actions.cycles import reset_lights
from server.actions.holding import cancel_measure, hold_measure, resume_measure
from server.actions.lights import set_light
from server.actions.rates import set_plan_rate
from server.actions.sales import replace_quota
from server.actions.values import add_value_line, store_months
from server.domain.cascade import Level
from server.domain.facts import FactKind
from server.domain.figures import Period
from server.domain.lights import Light, LightKind, Pair
from server.domain.months import Month
from server.domain.people import Role, SeatHeld, Viewer
from server.domain.policy import DEFAULT, PolicyState
from server.domain.policy_form import plain
from server.domain.refusals import Refused
from server.domain.stages import STAGES
from server.domain.values import Series, ValueKind
from server.live.work import Work, perform
from server.models import keeping, light_cells, pages, rollups, sales_figures
from server.models.cascade import Node
from server.models.lights import Ground
from server.models.people import Organization, Person
from server.models.policies import PolicyVersion, policy_in_force
from server.models.row import new_id
from server.models.sales import Quota
from server.models.values import ValueLine
from tests.support.company import NOW

MONTHS = [Month(202610), Month(202611), Month(202701)]
YEARS = (Period(Month(202601), Month(202612)), Period(Month(202701), Month(202712)))
EVER = Period(MONTHS[0], Month(202712))
PERIODS = (Period(MONTHS[0], MONTHS[1]), Period(MONTHS[1], MONTHS[2]), *YEARS, EVER)
CURRENCIES = ("EUR", "USD")
SPOKEN_FOR = (
    *(Role.SALES_MANAGER, Role.PORTFOLIO_LEAD, Role.EXECUTIVE, Role.SPONSOR, Role.CONTROLLER, Role.PROGRAM_LEAD),
    Role.OWNER,
)
MOVES = (
    (Level.INITIATIVE, Level.PROGRAM),
    (Level.SALES_PLAN, Level.INITIATIVE),
    (Level.PROGRAM, Level.PORTFOLIO),
    (Level.PORTFOLIO, Level.OBJECTIVE),
    (Level.OBJECTIVE, Level.OBJECTIVE),
)

Act: TypeAlias = tuple[str, int, int, int]


class Kept:
    """An organization, and one person who holds every role, so that little of what they try is refused."""

    def __init__(self, organization: Organization, viewer: Viewer, done: Counter[str]) -> None:
        self.organization, self.viewer, self.done = organization, viewer, done
        self.at: dict[Level, list[UUID]] = {level: [] for level in Level}
        self.lines: list[UUID] = []

    @classmethod
    async def founded(cls, done: Counter[str]) -> "Kept":
        """Two portfolios with a program each, an initiative with a sales plan, and its lines in two currencies."""
        told = {"name": "Alder Pumps", "reporting_currency": "EUR", "time_zone": "Europe/Berlin"}
        organization = Organization(id=new_id(), **told)
        await organization.save(force_create=True)
        person = await Person.create(id=new_id(), organization_id=organization.id, name="Eve")
        seats = tuple(SeatHeld(role, None, NOW.date(), None, ratified=True) for role in SPOKEN_FOR)
        kept = cls(organization, Viewer(person.id, organization.id, "Eve", seats), done)
        await kept.take([], begin=True)
        return kept

    @property
    def nodes(self) -> list[UUID]:
        """Every node there is."""
        return [node for level in Level for node in self.at[level]]

    async def revision(self) -> int:
        """The last fact's."""
        return int((await Organization.get(id=self.organization.id)).revision)

    async def take(self, acts: Sequence[Act], *, begin: bool = False) -> None:
        """Let acts happen in one transaction; where the law refuses one of them, none has happened."""
        before = {level: [*nodes] for level, nodes in self.at.items()}, [*self.lines]
        try:
            await perform(self.viewer, self._all, NOW, None, acts=acts, begin=begin)
        except Refused:
            self.at, self.lines = before
        else:
            for word, *_ in acts:
                self.done[word] += 1

    async def _all(self, work: Work, *, acts: Sequence[Act], begin: bool) -> UUID:
        if begin:
            await self._begin(work)
        for act in acts:
            word, *numbers = act
            await ACTS[word](self, work, *numbers)
        return self.organization.id

    async def _begin(self, work: Work) -> None:
        goals = [await self._made(work, Level.OBJECTIVE, None) for _ in range(2)]
        portfolios = [await self._made(work, Level.PORTFOLIO, goal) for goal in goals]
        programs = [await self._made(work, Level.PROGRAM, portfolio) for portfolio in portfolios]
        await set_plan_rate(work, fiscal_year=2026, currency="USD", rate=Decimal("0.9"))
        await set_plan_rate(work, fiscal_year=2027, currency="USD", rate=Decimal("0.8"))
        for program in programs:
            initiative = await self._made(work, Level.INITIATIVE, program)
            await self._line(work, initiative, ValueKind.MARGIN, "USD", recurring=True)
        await self._made(work, Level.SALES_PLAN, self.at[Level.INITIATIVE][-1])

    async def _made(self, work: Work, level: Level, parent: UUID | None) -> UUID:
        fields = {"name": f"{level.spoken} {len(self.at[level])}"}
        self.at[level].append(await create_node(work, level=level, parent=parent, fields=fields))
        return self.at[level][-1]

    async def _line(self, work: Work, initiative: UUID, kind: ValueKind, currency: str, *, recurring: bool) -> None:
        named: dict[str, Any] = {"kind": kind, "currency": currency, "recurring": recurring}
        self.lines.append(await add_value_line(work, initiative=initiative, fields={"name": "x"}, **named))

    async def _create(self, work: Work, _which: int, where: int, _amount: int) -> None:
        await self._made(work, Level.INITIATIVE, _one(self.at[Level.PROGRAM], where))

    async def _plan_under(self, work: Work, _which: int, where: int, _amount: int) -> None:
        await self._made(work, Level.SALES_PLAN, _one(self.at[Level.INITIATIVE], where))

    async def _add_line(self, work: Work, which: int, where: int, amount: int) -> None:
        kind, currency = _one(list(ValueKind), amount), _one(CURRENCIES, where)
        await self._line(work, _one(self.at[Level.INITIATIVE], which), kind, currency, recurring=bool(amount % 2))

    async def _write_month(self, work: Work, which: int, where: int, amount: int) -> None:
        await self._written(work, [_one(self.lines, which)], _one(list(Series), amount), [where], amount)

    async def _clear_month(self, work: Work, which: int, where: int, amount: int) -> None:
        await self._written(work, [_one(self.lines, which)], _one(list(Series), amount), [where], None)

    async def _write_many(self, work: Work, which: int, _where: int, amount: int) -> None:
        await self._written(work, self.lines, _one(list(Series), which), range(len(MONTHS)), amount)

    async def _stage(self, work: Work, which: int, where: int, _amount: int) -> None:
        await self._staged(work, [self._measure(which)], where)

    async def _stage_all(self, work: Work, _which: int, where: int, _amount: int) -> None:
        await self._staged(work, self.measures, where)

    async def _plan_rate(self, work: Work, which: int, _where: int, amount: int) -> None:
        rate = Decimal(abs(amount) + 1) / 1000
        await set_plan_rate(work, fiscal_year=2026 + which % 2, currency="USD", rate=rate)

    async def _actual_rate(self, work: Work, _which: int, where: int, amount: int) -> None:
        rate = Decimal(abs(amount) + 1) / 1000 if amount % 5 else None
        await set_actual_rate(work, month=_one(MONTHS, where), currency="USD", rate=rate)

    async def _hold(self, work: Work, which: int, _where: int, _amount: int) -> None:
        tomorrow = work.today + timedelta(days=1)
        await hold_measure(work, measure=self._measure(which), review_on=tomorrow, reason="x")

    async def _cancel(self, work: Work, which: int, _where: int, _amount: int) -> None:
        await cancel_measure(work, measure=self._measure(which), reason="x")

    async def _resume(self, work: Work, which: int, _where: int, _amount: int) -> None:
        await resume_measure(work, measure=self._measure(which))

    async def _move(self, work: Work, which: int, where: int, amount: int) -> None:
        level, under = _one(MOVES, amount)
        await move_node(work, node=_one(self.at[level], which), parent=_one(self.at[under], where))

    async def _quota(self, work: Work, _which: int, where: int, amount: int) -> None:
        plan = await Node.get(id=_one(self.at[Level.SALES_PLAN], where), using_db=work.db)
        stored = await Quota.filter(node_id=plan.id).using_db(work.db)
        wanted = {(MONTHS[amount % 3], "", ""): abs(amount)} if amount % 4 else {}
        await replace_quota(work, plan, [row.row for row in stored], wanted)
        await work.record(FactKind.QUOTA_CHANGED, "set quota.", on=plan)

    async def _light(self, work: Work, which: int, where: int, amount: int) -> None:
        colour = _one((None, Light.AMBER, Light.RED, Light.GREEN), where)
        light = _one(list(LightKind), amount)
        await set_light(work, measure=self._measure(which), light=light, colour=colour, reason=str(amount))

    async def _reset(self, work: Work, _which: int, _where: int, _amount: int) -> None:
        await reset_lights(work)
        await work.record(FactKind.CYCLE_CLOSED, "closed a cycle.", on=work.organization)

    async def _propose(self, work: Work, which: int, where: int, amount: int) -> None:
        lit = Pair(_one(list(Light), where), _one(list(Light), amount))
        await keeping.propose(work.db, work.organization, {self._measure(which): lit})

    async def _headline(self, work: Work, _which: int, where: int, amount: int) -> None:
        """Put another policy in force, without the people whom that takes."""
        kinds = [_one(list(ValueKind), where), *([ValueKind.MARGIN] if amount % 2 else [])]
        before = PolicyVersion.filter(organization_id=self.organization.id, state=PolicyState.IN_FORCE.value)
        if old := await before.using_db(work.db).first():
            await work.alter(old, state=PolicyState.RETIRED.value)
        number = await PolicyVersion.filter(organization_id=self.organization.id).using_db(work.db).count()
        made = PolicyVersion(
            organization_id=self.organization.id,
            version=number + 1,
            state=PolicyState.IN_FORCE.value,
            document=plain(replace(DEFAULT, headline_kinds=tuple(dict.fromkeys(kinds)))),
            drafted_by_id=self.viewer.person_id,
            drafted_at=NOW,
        )
        await work.add(made)
        work.redefine()
        await work.record(FactKind.POLICY_CHANGED, "put a policy in force.", on=made)

    @property
    def measures(self) -> list[UUID]:
        """Every initiative and sales plan."""
        return self.at[Level.INITIATIVE] + self.at[Level.SALES_PLAN]

    def _measure(self, which: int) -> UUID:
        measure: UUID = _one(self.measures, which)
        return measure

    async def _written(
        self, work: Work, lines: Sequence[UUID], series: Series, where: Sequence[int], amount: int | None
    ) -> None:
        """Write months as every verb of money does, at whatever stage: values, corrections, changes, imports."""
        months: Mapping[Month, int | None] = {_one(MONTHS, each): amount for each in where}
        for key in lines:
            line = await ValueLine.get(id=key, using_db=work.db)
            if await store_months(work, line, series, months):
                await work.touch(line)
                await work.record(FactKind.VALUE_CHANGED, "wrote months.", on=line, node_id=line.node_id)

    async def _staged(self, work: Work, measures: Sequence[UUID], where: int) -> None:
        """Put measures at a stage, without the gates that lead there."""
        for measure in measures:
            node = await Node.get(id=measure, using_db=work.db)
            if await work.alter(node, stage=_one(STAGES, where).value):
                await work.record(FactKind.STAGE_CHANGED, "put it at a stage.", on=node)

    def readers(self, sequence: Sequence[Sequence[Act]]) -> list[Viewer]:
        """Who sees all of it; who sees branches with all their amounts; and who may read the amounts of a part only."""
        drawn = [number for acts in sequence for _, *numbers in acts for number in numbers][:6] or [0]
        at = [_one(self.nodes, number) for number in drawn]

        def viewer(*seats: tuple[Role, UUID | None]) -> Viewer:
            held = tuple(SeatHeld(role, node, NOW.date(), None, ratified=True) for role, node in seats)
            return Viewer(self.viewer.person_id, self.organization.id, "Bo", held)

        owns = [(Role.OWNER, node) for node in at]
        return [
            self.viewer,
            viewer(*owns),
            viewer((Role.VIEWER, None), owns[0]),
            viewer((Role.VIEWER, at[0]), *owns[1:]),
        ]


def _one(things: Sequence[Any], number: int) -> Any:
    return things[number % len(things)]


async def figures_of(db: BaseDBAsyncClient, viewer: Viewer, nodes: list[UUID]) -> list[Any]:
    """Everything that a viewer can read of roll-ups, of every node and of the organization."""
    found: list[Any] = []
    policy = await policy_in_force(db, viewer.organization_id)
    kinds, ground = policy.headline_kinds, Ground(viewer.organization_id, NOW.date(), policy, 1)
    for places in (nodes, None):
        found.append(_sorted(await light_cells.shown(db, viewer, places, ground)))
        wanted = pages.Asked(deep=True, levels=(Level.INITIATIVE,), order="PLAN_DESC", headline=kinds)
        listed = await pages.page(db, viewer, places, wanted, 50, None)
        found.append([(row["under_id"], row["id"], int(row["sort_key"])) for row in listed])
        found.append(await pages.counts(db, viewer, places, replace(wanted, stages=("DEFINED", "DECIDED"))))
        found.append(_sorted(await rollups.counts(db, viewer, places)))
        for period in PERIODS:
            found.append(_sorted(await rollups.cells(db, viewer, places, period)))
            found.append(await rollups.behind(db, viewer, places, period, kinds))
            found.append(await sales_figures.planned(db, viewer, places, period))
            found.append(await rollups.waiting(db, viewer, places, period, kinds))
    return found


def _sorted(found: Mapping[UUID, list[Any]]) -> dict[UUID, list[Any]]:
    return {place: sorted(each, key=str) for place, each in found.items()}


ACTS: dict[str, Callable[..., Awaitable[None]]] = {
    "create": Kept._create,
    "plan under": Kept._plan_under,
    "add line": Kept._add_line,
    "write month": Kept._write_month,
    "clear month": Kept._clear_month,
    "write many": Kept._write_many,
    "stage": Kept._stage,
    "stage all": Kept._stage_all,
    "plan rate": Kept._plan_rate,
    "actual rate": Kept._actual_rate,
    "hold": Kept._hold,
    "cancel": Kept._cancel,
    "resume": Kept._resume,
    "move": Kept._move,
    "quota": Kept._quota,
    "light": Kept._light,
    "reset lights": Kept._reset,
    "propose": Kept._propose,
    "headline": Kept._headline,
}
_ACT = st.tuples(
    st.sampled_from([*ACTS, "write month", "write month", "stage", "move", "move"]),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(-(10**9), 10**9),
)
sequences = st.lists(st.lists(_ACT, min_size=1, max_size=3), min_size=2, max_size=8)
