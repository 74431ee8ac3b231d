"""The sample company obeys the law, has something worth seeing everywhere, and comes out the same every time."""

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from server.actions.milestones import achieve_milestone
from server.domain.cascade import Standing
from server.domain.figures import Period
from server.domain.milestones import MilestoneState, state
from server.domain.months import fiscal_range
from server.domain.people import Role, Viewer
from server.domain.policy import DEFAULT
from server.domain.refusals import RefusalCode, Refused
from server.domain.stages import STAGES, Stage
from server.live.proof import broken_ledgers
from server.live.upkeep import unkept
from server.live.work import perform
from server.models import rollups
from server.models.database import reading, rows
from server.models.scope import visible
from server.models.viewers import viewer_of
from server.sample import Company, build, standing
from server.sample.calendar import Calendar
from server.sample.company import history
from tests.support.company import opened
from tests.support.imports import ROOT

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MILLION = 100_000_000  # minor units
DIGEST = """
import hashlib, sys
from datetime import date
from server.sample.calendar import Calendar
from server.sample.company import history
acts = history(Calendar(date.fromisoformat(sys.argv[1])), "hash")
told = "".join(f"{act.ago} {act.by} {act.verb.__name__} {act.given} {act.key}" for act in acts)
print(hashlib.sha256(told.encode()).hexdigest())
"""


@pytest.fixture(scope="module")
async def company(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Company]:
    """Made once; no test but the last changes it."""
    folder: Path = tmp_path_factory.mktemp("sample")
    async with opened(f"sqlite://{folder}/sample.sqlite3"):
        assert await standing() is None
        yield await build(TODAY, "hash")


async def person(email: str, at: datetime = NOW) -> Viewer:
    """Who signs in with an email."""
    (row,) = await rows(reading(), "SELECT id FROM person WHERE email = :email", email=email)
    viewer = await viewer_of(reading(), row["id"], at)
    assert viewer is not None
    return viewer


async def executive(company: Company) -> Viewer:
    """The first who is printed."""
    return await person(company.sign_ins[0].email)


async def counted(organization: UUID, level: str) -> Counter[tuple[Stage, Standing]]:
    """How many measures of a level stand where."""
    sql = "SELECT stage, standing FROM node WHERE organization_id = :organization AND level = :level"
    found = await rows(reading(), sql, organization=organization, level=level)
    return Counter((Stage(row["stage"]), Standing(row["standing"])) for row in found)


async def test_it_knows_that_it_stands_and_prints_who_may_sign_in(company: Company) -> None:
    assert await standing() == company
    roles = [(await person(one.email)).seats[0].role for one in company.sign_ins]
    expected = {Role.EXECUTIVE, Role.SALES_MANAGER, Role.OWNER, Role.SPONSOR, Role.CONTROLLER, Role.PORTFOLIO_LEAD}
    assert expected | {Role.PROGRAM_LEAD, Role.ADMIN, Role.VIEWER} == set(roles)
    found = await rows(reading(), "SELECT DISTINCT password_hash FROM person WHERE email IS NOT NULL")
    assert [row["password_hash"] for row in found] == ["hash"]


async def test_measures_stand_in_every_stage_and_standing(company: Company) -> None:
    organization = (await executive(company)).organization_id
    initiatives, plans = await counted(organization, "INITIATIVE"), await counted(organization, "SALES_PLAN")
    active = {stage: (initiatives[stage, Standing.ACTIVE], plans[stage, Standing.ACTIVE]) for stage in STAGES}
    assert active == {
        Stage.DEFINED: (3, 2),
        Stage.IDENTIFIED: (7, 3),
        Stage.DETAILED: (9, 4),
        Stage.DECIDED: (17, 11),
        Stage.IMPLEMENTED: (13, 3),
        Stage.CLOSED: (7, 1),
    }
    apart = {standing: [each for each in (*initiatives, *plans) if each[1] is standing] for standing in Standing}
    assert {stage for stage, _ in apart[Standing.ON_HOLD]} == {Stage.IDENTIFIED, Stage.DETAILED, Stage.DECIDED}
    assert {stage for stage, _ in apart[Standing.CANCELLED]} == {Stage.DETAILED, Stage.DECIDED}


@pytest.mark.usefixtures("company")
async def test_what_is_kept_of_its_roll_ups_is_what_they_come_to() -> None:
    assert await rows(reading(), "SELECT 1 AS one FROM kept_sum WHERE plan <> 0")
    assert await unkept() == []


async def test_every_role_is_held(company: Company) -> None:
    organization = (await executive(company)).organization_id
    sql = "SELECT role, ratified_by_id FROM seat WHERE organization_id = :organization"
    found = await rows(reading(), sql, organization=organization)
    assert {row["role"] for row in found} == set(Role)


async def test_the_headline_of_the_fiscal_year_reads_like_a_company(company: Company) -> None:
    viewer = await executive(company)
    calendar = Calendar(TODAY)
    year = Period(*fiscal_range(calendar.fiscal_year, calendar.fiscal_start))
    cells = (await rollups.cells(reading(), viewer, None, year))[viewer.organization_id]
    headline = [cell for cell in cells if cell.kind in DEFAULT.headline_kinds]
    active = [cell for cell in headline if cell.standing is Standing.ACTIVE]
    plan, outlook = sum(cell.plan for cell in headline), sum(cell.outlook for cell in active)
    actual, confirmed = sum(cell.actual for cell in headline), sum(cell.confirmed for cell in headline)
    assert 40 * MILLION < outlook < plan < 62 * MILLION
    assert 5 * MILLION < confirmed < actual < outlook / 2
    assert {cell.stage for cell in active if cell.outlook > MILLION // 2} == set(STAGES)


async def test_a_gate_has_been_stalled_for_weeks_and_others_wait(company: Company) -> None:
    viewer = await executive(company)
    sql = """SELECT n.name, s."into" AS gate, s.submitted_at FROM submission s JOIN node n ON n.id = s.node_id
             WHERE s.ended_at IS NULL AND s.organization_id = :organization ORDER BY s.submitted_at"""
    found = await rows(reading(), sql, organization=viewer.organization_id)
    assert found[0]["name"] == "Contracts for marine fleets"
    assert NOW - found[0]["submitted_at"] > timedelta(weeks=4)
    assert {row["gate"] for row in found} >= {Stage.DETAILED, Stage.DECIDED, Stage.IMPLEMENTED, Stage.CLOSED}


async def test_a_quota_stays_below_its_business_case_and_says_why(company: Company) -> None:
    viewer = await executive(company)
    sql = """SELECT n.name, n.gap_explanation,
               (SELECT SUM(v.plan_reporting) FROM value_line l JOIN month_value v ON v.line_id = l.id
                WHERE l.node_id = n.id AND l.kind = 'REVENUE') AS case_units,
               (SELECT SUM(q.units) FROM node p JOIN quota q ON q.node_id = p.id WHERE p.parent_id = n.id) AS quota
             FROM node n WHERE n.organization_id = :organization AND n.stage = 'DECIDED' AND n.level = 'INITIATIVE'"""
    found = await rows(reading(), sql, organization=viewer.organization_id)
    short = [row for row in found if row["case_units"] and row["quota"] < row["case_units"]]
    assert [row["name"] for row in short] == ["Monitoring retrofit, installed base"]
    assert short[0]["gap_explanation"]


async def test_milestones_are_late_moved_achieved_and_verified(company: Company) -> None:
    viewer = await executive(company)
    found = await rows(reading(), "SELECT * FROM milestone WHERE organization_id = :id", id=viewer.organization_id)
    states = Counter(
        state(due=row["due"], today=TODAY, achieved_on=row["achieved_on"], cancelled=False, over=False) for row in found
    )
    assert all(states[each] >= 5 for each in set(MilestoneState) - {MilestoneState.MISSED, MilestoneState.CANCELLED})
    assert {row["measure_type"] for row in found} == {"OUTCOME", "OUTPUT", "ACTIVITY"}
    assert sum(row["original_due"] not in {None, row["due"]} for row in found) >= 10
    assert sum(row["verified_by_id"] is not None for row in found) >= 40


async def test_money_comes_in_two_currencies_and_some_was_spent_before_the_decision(company: Company) -> None:
    viewer = await executive(company)
    sql = """SELECT l.currency, n.stage, SUM(v.actual_reporting) AS spent
             FROM value_line l JOIN month_value v ON v.line_id = l.id JOIN node n ON n.id = l.node_id
             WHERE n.organization_id = :organization GROUP BY l.currency, n.stage"""
    found = await rows(reading(), sql, organization=viewer.organization_id)
    assert {row["currency"] for row in found} == {"EUR", "USD"}
    assert sum(row["spent"] or 0 for row in found if row["stage"] == Stage.DETAILED) > MILLION // 2


async def test_sales_plans_have_deals_by_the_hundred_and_some_match_no_plan(company: Company) -> None:
    viewer = await executive(company)
    sql = (
        "SELECT node_id, state, COUNT(*) AS deals FROM opportunity WHERE organization_id = :id GROUP BY node_id, state"
    )
    found = await rows(reading(), sql, id=viewer.organization_id)
    by_plan: Counter[UUID | None] = Counter()
    for row in found:
        by_plan[row["node_id"]] += row["deals"]
    assert by_plan[None] == 12
    assert sum(deals > 100 for deals in by_plan.values()) >= 12
    assert {row["state"] for row in found} == {"WON", "LOST", "OPEN"}


async def test_both_ledgers_are_whole_and_run_forward_in_time(company: Company) -> None:
    assert await broken_ledgers() == []
    found = await rows(reading(), "SELECT organization_id, at FROM ledger_entry ORDER BY organization_id, revision")
    for before, after in pairwise(found):
        assert before["organization_id"] != after["organization_id"] or before["at"] <= after["at"]
    viewer = await executive(company)
    own = [row["at"].date() for row in found if row["organization_id"] == viewer.organization_id]
    assert own[0] < TODAY - timedelta(days=720)
    assert TODAY - timedelta(days=4) < own[-1] < TODAY


async def test_the_other_organization_sees_nothing_of_it(company: Company) -> None:
    viewer, other = await executive(company), await person(company.sign_ins[-1].email)
    assert other.organization_id != viewer.organization_id
    nodes = await rows(reading(), "SELECT id FROM node WHERE organization_id = :id", id=viewer.organization_id)
    assert await visible(reading(), other, [row["id"] for row in nodes]) == frozenset()
    assert (await counted(other.organization_id, "INITIATIVE")).total() == 0


def acts(today: date) -> list[Any]:
    """The history as it would be performed."""
    return list(history(Calendar(today), "hash"))


def test_the_same_day_makes_the_same_company_in_another_process() -> None:
    told = "".join(f"{act.ago} {act.by} {act.verb.__name__} {act.given} {act.key}" for act in acts(TODAY))
    done = subprocess.run(
        [sys.executable, "-c", DIGEST, str(TODAY)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(told.encode()).hexdigest()


@pytest.mark.parametrize("month", range(1, 13))
def test_today_lies_in_the_middle_of_the_fiscal_year(month: int) -> None:
    calendar = Calendar(date(2027, month, 28))
    first, last = fiscal_range(calendar.fiscal_year, calendar.fiscal_start)
    assert first.plus(4) <= calendar.later(0) <= first.plus(6) < last


async def test_the_sales_manager_achieves_the_due_milestone_with_evidence(company: Company) -> None:
    manager = await person(company.sign_ins[1].email)
    sql = """SELECT m.id, m.due, m.target, n.owner_id FROM milestone m JOIN node n ON n.id = m.node_id
             WHERE m.name = 'Sixty plants under contract' AND m.assignee_id = :manager"""
    (due,) = await rows(reading(), sql, manager=manager.person_id)
    assert TODAY <= due["due"] <= TODAY + timedelta(days=7)
    assert due["owner_id"] == manager.person_id
    at, said = NOW, {"milestone": due["id"], "source": "Contract register, CRM", "on": TODAY}
    with pytest.raises(Refused) as refused:
        await perform(manager, achieve_milestone, at, **said, reading=Decimal(58))
    assert refused.value.code is RefusalCode.CRITERIA_UNMET
    await perform(manager, achieve_milestone, at, **said, reading=Decimal(due["target"]))
    (last,) = await rows(
        reading(),
        "SELECT kind, sentence FROM ledger_entry WHERE organization_id = :id ORDER BY revision DESC LIMIT 1",
        id=manager.organization_id,
    )
    assert last["kind"] == "MILESTONE_ACHIEVED"
    assert last["sentence"].startswith("Julian Haas achieved the milestone “Sixty plants under contract”")


async def test_a_half_made_sample_is_told_apart(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    sign_ins = (company.sign_ins[0], type(company.sign_ins[0])("Nobody", "nobody@wendelau.example", "not made"))
    monkeypatch.setattr("server.sample.company._company", lambda: Company(company.name, sign_ins))
    with pytest.raises(Refused, match="only half there"):
        await standing()
