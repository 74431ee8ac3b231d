"""What moved a figure between two revisions: entry by entry, and the parts add up exactly (law §10)."""

import tempfile
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server.actions.cascade import move_node
from server.actions.rates import set_plan_rate
from server.actions.values import add_value_line, confirm_value, record_actual, set_forecast, set_plan
from server.domain import rollups as law
from server.domain.cascade import Level, Standing
from server.domain.differences import Asked, RollUpFigure
from server.domain.facts import FactKind
from server.domain.figures import Figure, Period
from server.domain.months import Month
from server.domain.people import Viewer
from server.domain.policy import DEFAULT, PolicyState
from server.domain.policy_form import plain
from server.domain.refusals import Refused
from server.domain.rollups import Sums
from server.domain.stages import STAGES, Stage
from server.domain.values import MonthAmount, ValueKind
from server.live.work import Work, perform
from server.models import rollups
from server.models.database import reading
from server.models.differences import moved_by
from server.models.past import Past
from server.models.policies import PolicyVersion, policy_in_force
from tests.support.company import Company, company, copied, opened
from tests.support.measures import done, line, series

PERIOD = Period(Month(202601), Month(202612))
INITIATIVES = ("Full service", "Spare parts", "Remote")
Step: TypeAlias = tuple[str, int, int, int]


async def stand(work: Work, *, node: UUID, stage: Stage, standing: Standing) -> UUID:
    """Put a measure anywhere, leaving what the gates' verbs leave: one fact, or two in one transaction."""
    found = await work.node(node)
    if await work.alter(found, stage=stage.value):
        await work.record(FactKind.STAGE_CHANGED, f"put “{found.name}” at {stage.spoken}.", on=found)
    held = {"standing_reason": "Because", "review_on": work.today} if standing is not Standing.ACTIVE else {}
    if await work.alter(found, standing=standing.value, **held):
        await work.record(FactKind.STANDING_CHANGED, f"made “{found.name}” {standing.lower()}.", on=found)
    return node


async def rule(work: Work, *, document: dict[str, Any]) -> UUID:
    """Bring a policy into force, leaving what its ratification leaves."""
    versions = await PolicyVersion.filter(organization_id=work.organization.id).using_db(work.db).order_by("version")
    for each in versions:
        await work.alter(each, state=PolicyState.RETIRED.value)
    made = PolicyVersion(
        organization_id=work.organization.id,
        version=len(versions) + 1,
        state=PolicyState.IN_FORCE.value,
        document=document,
        drafted_by_id=work.viewer.person_id,
        drafted_at=work.at,
    )
    await work.add(made)
    await work.record(FactKind.POLICY_CHANGED, f"brought version {made.version} into force.", on=made)
    return made.id


class World:
    """A company in which random things happen; what the law refuses does not."""

    def __init__(self, alder: Company) -> None:
        self.alder = alder
        self.lines: list[UUID] = []

    async def begin(self) -> None:
        """Three initiatives under two programs of two portfolios, each with lines of three kinds in two currencies."""
        alder = self.alder
        await alder.create(Level.PORTFOLIO, "Parts", "Growth")
        await alder.create(Level.PROGRAM, "Wear", "Parts")
        named: dict[str, Any] = {"owner": alder.people["olaf"], "controller": alder.people["carl"]}
        await alder.create(Level.INITIATIVE, "Spare parts", "Wear", **named)
        await alder.create(Level.INITIATIVE, "Remote", "Contracts", **named)
        await self.does("carl", set_plan_rate, fiscal_year=2026, currency="USD", rate=Decimal("0.9"))
        for name in INITIATIVES:
            for kind, currency in (("MARGIN", "USD"), ("COST_SAVING", "EUR"), ("CAPEX", "EUR")):
                asked = {"kind": ValueKind(kind), "recurring": False, "currency": currency, "fields": {"name": kind}}
                made = await self.does("olaf", add_value_line, initiative=alder.nodes[name], **asked)
                assert made is not None
                self.lines.append(made)

    async def does(self, who: str, verb: Callable[..., Awaitable[UUID]], **named: Any) -> UUID | None:
        """Do it, if the law lets them."""
        try:
            return await perform(await self.alder.viewer(who), verb, self.alder.now, None, **named)
        except Refused:
            return None

    async def take(self, step: Step) -> None:
        """Let one thing happen."""
        what, which, where, amount = step
        initiative = self.alder.nodes[INITIATIVES[which % len(INITIATIVES)]]
        on = self.lines[(which * 3 + amount) % len(self.lines)]
        months = [MonthAmount(Month(202601 + where % 12), Decimal(amount) / 100 if amount else None)]
        match what:
            case "stand":
                stage, standing = STAGES[where % len(STAGES)], list(Standing)[amount % 3]
                await self.does("lea", stand, node=initiative, stage=stage, standing=standing)
            case "move":
                target = self.alder.nodes[("Contracts", "Wear")[where % 2]]
                await self.does("lea", move_node, node=initiative, parent=target)
            case "move program":
                target = self.alder.nodes[("Service", "Parts")[where % 2]]
                await self.does("lea", move_node, node=self.alder.nodes["Contracts"], parent=target)
            case "rate":
                rate = Decimal(amount + 1) / 100
                await self.does("carl", set_plan_rate, fiscal_year=2026, currency="USD", rate=rate)
            case "policy":
                await self.ratify(where, amount)
            case _:
                who, verb = WRITERS[what]
                await self.does(who, verb, line=on, months=months)

    async def ratify(self, where: int, amount: int) -> None:
        """Bring another policy into force: other headline kinds, other weights."""
        headline = [["MARGIN"], ["COST_SAVING", "MARGIN"], ["REVENUE", "MARGIN", "CAPEX"]][where % 3]
        weights = {stage.value: min(100, amount % 40 + 10 * stage.degree) for stage in STAGES}
        document = plain(DEFAULT) | {"headlineKinds": headline, "stageWeights": weights}
        assert await self.does("eve", rule, document=document)


WRITERS: dict[str, tuple[str, Callable[..., Awaitable[UUID]]]] = {
    "plan": ("olaf", set_plan),
    "forecast": ("olaf", set_forecast),
    "actual": ("olaf", record_actual),
    "confirm": ("carl", confirm_value),
}
WORDS = [*WRITERS, "plan", "actual", "stand", "stand", "move", "move program", "rate", "policy"]
STEPS = st.tuples(st.sampled_from(WORDS), st.integers(0, 20), st.integers(0, 20), st.integers(0, 12345))


async def figures(viewer: Viewer, place: UUID | None, revision: int) -> dict[Asked, int]:
    """Every figure of a place as of a revision, as `rollUp` comes by it."""
    db = Past(reading(), viewer.organization_id, revision)
    policy = await policy_in_force(db, viewer.organization_id)
    places, kinds = ([place] if place else None), policy.headline_kinds
    found = await rollups.cells(db, viewer, places, PERIOD)
    counts = (await rollups.counts(db, viewer, places)).get(place or viewer.organization_id, [])
    sums = Sums(found.get(place or viewer.organization_id, ()), PERIOD, "EUR")
    told: dict[Asked, Figure] = {}
    for kind, five in ((None, law.headline(sums, kinds)), *((kind, law.by_kind(sums, kind)) for kind in ValueKind)):
        for name in ("plan", "outlook", "actual", "confirmed", "gap"):
            told[Asked(RollUpFigure(name.upper()), kind)] = getattr(five, name)
    for step in law.funnel(sums, counts, kinds):
        for name in ("plan", "outlook", "confirmed"):
            told[Asked(RollUpFigure(name.upper()), stage=step.stage)] = getattr(step, name)
    for bar in law.leakage(sums, counts, kinds):
        name = bar.name.upper().replace(" ", "_")
        if Asked(RollUpFigure(name)) not in told:
            told[Asked(RollUpFigure(name))] = bar.amount
    told[Asked(RollUpFigure.WEIGHTED)] = law.weighted(sums, kinds, policy.stage_weights)
    told[Asked(RollUpFigure.SPEND)] = law.spend(sums)
    told[Asked(RollUpFigure.SPEND_BEFORE_DECISION)] = law.spend_before_decision(sums)
    return {asked: figure.units for asked, figure in told.items()}


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(steps=st.lists(STEPS, min_size=10, max_size=40), draw=st.randoms(use_true_random=False))
async def test_the_parts_add_up_to_the_difference(migrated_file: Path, steps: list[Step], draw: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with opened(copied(migrated_file, Path(folder))) as bell:
            alder = await company("Alder Pumps", bell)
            await alder.cascade()
            world = World(alder)
            await world.begin()
            for step in steps:
                await world.take(step)
            newest = await alder.revision()
            viewer = await alder.viewer("eve")
            for place in (None, alder.nodes["Service"], alder.nodes["Wear"]):
                span = sorted((draw.randint(1, newest), draw.randint(1, newest)))
                before, after = [await figures(viewer, place, revision) for revision in span]
                assert {each.figure for each in before} == set(RollUpFigure)
                for asked, units in before.items():
                    parts = await moved_by(reading(), viewer, place, asked, PERIOD, (span[0], span[1]))
                    assert sum(part for _, part in parts) == after[asked] - units, (asked, span)
                    assert all(part for _, part in parts)
                    revisions = [revision for revision, _ in parts]
                    assert revisions == sorted(set(revisions))
                    assert all(span[0] < revision <= span[1] for revision in revisions)


CHANGES = """query (
        $from: Revision!, $to: Revision!, $under: ID!, $figure: RollUpFigure!, $kind: ValueKind, $most: Int!) {
    changesBetween(from: $from, to: $to, under: $under, figure: $figure, kind: $kind, most: $most,
        firstMonth: "2027-01", lastMonth: "2027-12") { name value source { ... on Fact { revision kind } } } }"""


async def asked_of(alder: Company, who: str, since: int, under: str, **more: Any) -> list[tuple[str, str]]:
    """The parts since a revision, as (name, value)."""
    asks: dict[str, Any] = {"from": str(since), "to": str(await alder.revision()), "under": alder.node(under)}
    asks |= {"figure": "PLAN", "kind": "REVENUE", "most": 200} | more
    parts = (await alder.ask(who, CHANGES, **asks))["changesBetween"]
    return [(part["name"], part["value"]) for part in parts]


async def test_a_difference_is_told_by_its_facts(alder: Company) -> None:
    since = await alder.revision()
    contracts = await line(alder, "REVENUE", "Contracts", {"2027-01": "100", "2027-02": "50"})
    await series(alder, "olaf", "setPlan", contracts, {"2027-01": "70"})
    await alder.create(Level.PORTFOLIO, "Parts", "Growth")
    await done(alder, "lea", "moveNode", node=alder.node("Contracts"), parent=alder.node("Parts"))
    told = [
        ("Olaf set the plan of “Contracts” on “Full service”: 2 months, 150.00 EUR in all.", "150.00 EUR"),
        ("Olaf lowered the January 2027 plan of “Contracts” on “Full service” from 100.00 to 70.00 EUR.", "-30.00 EUR"),
    ]
    moved = "Lea moved “Contracts” under “Parts”."
    assert await asked_of(alder, "eve", since, "Growth") == told
    assert await asked_of(alder, "eve", since, "Service") == [*told, (moved, "-120.00 EUR")]
    assert await asked_of(alder, "eve", since, "Parts") == [(moved, "120.00 EUR")]
    assert await asked_of(alder, "eve", since, "Service", most=1) == [
        told[0],
        ("2 smaller changes together", "-150.00 EUR"),
    ]
    assert await asked_of(alder, "eve", since, "Service", figure="SPEND", kind=None) == []


@pytest.mark.parametrize(
    ("wrong", "code", "message"),
    [
        ({"from": "9", "to": "8"}, "INVALID", "from is 9, and to is 8; name the earlier one first."),
        ({"from": "0"}, "INVALID", "There is no revision 0; the first is 1."),
        ({"to": "999"}, "INVALID", "Revision 999 has not come yet; the newest is"),
        ({"most": 0}, "INVALID", "most is 0; ask for 1 to 1000 parts."),
        ({"figure": "SPEND"}, "INVALID", "No roll-up has SPEND by kind; only PLAN, OUTLOOK, ACTUAL, CONFIRMED, GAP."),
        ({"under": "bm9uZQ"}, "NOT_FOUND", "There is no such thing, or you may not see it. Check the id."),
    ],
)
async def test_what_cannot_be_explained_is_refused(
    alder: Company, wrong: dict[str, Any], code: str, message: str
) -> None:
    asks = {"from": "1", "to": "4", "under": alder.node("Growth"), "figure": "PLAN", "kind": "REVENUE", "most": 200}
    (error,) = (await alder.result("eve", CHANGES, **asks | wrong))["errors"]
    assert error["extensions"]["code"] == code
    assert error["message"].startswith(message)


async def test_who_reads_no_amounts_gets_no_parts(alder: Company, birch: Company) -> None:
    since = await alder.revision()
    await line(alder, "REVENUE", "Contracts", {"2027-01": "100"})
    asks = {"from": str(since), "to": str(since + 1), "under": alder.node("Growth"), "figure": "PLAN", "most": 200}
    (error,) = (await alder.result("vera", CHANGES, **asks))["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    (error,) = (await birch.result("eve", CHANGES, **asks))["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
