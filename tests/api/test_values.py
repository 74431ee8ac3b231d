"""Values through the API: who writes which series when, and roll-ups that are exact on both databases (law §4)."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from server.actions.cascade import create_node
from server.actions.seats import grant_seat
from server.actions.values import add_value_line, set_plan
from server.domain.cascade import Level, Standing
from server.domain.figures import Period
from server.domain.months import Month
from server.domain.people import Role
from server.domain.rollups import Cell
from server.domain.stages import STAGES, Stage
from server.domain.values import MonthAmount, ValueKind, outlook
from server.live.work import Work, perform
from server.models import rollups
from server.models.cascade import Node
from server.models.database import reading, writing
from server.models.keeping import recompute
from server.models.people import Organization
from server.models.row import new_id
from server.models.values import MonthValue, ValueLine
from server.schema import ids
from tests.support.company import Company

LINE = "... on ValueLine { id revision months { month plan { amount } actual { amount } outlook { amount currency } } }"
HEADLINE = """headline { plan { value { amount } formula inputs { name value } } outlook { value { amount } }
    confirmed { value { amount } } gap { value { amount } } }"""
ROLL_UP = f"""query ($id: ID!, $from: Month, $to: Month) {{ node(id: $id) {{ ... on CascadeNode {{
    rollUp(from: $from, to: $to) {{ from to {HEADLINE} }} }} }} }}"""
WATERFALL = """{ organization { rollUp { leakage { name measures(compared: true) amount { value { amount } } }
    funnel { stage measures plan { value { amount } } } weighted { value { amount } }
    spend { value { amount } } spendBeforeDecision { value { amount } }
    byKind { kind runRate { value { amount } } }
    waiting { into measures oldestDays value { value { amount } inputs { name value source { __typename } } } } } } }"""


async def line_of(alder: Company, kind: str = "MARGIN", under: str = "Full service", **fields: Any) -> str:
    """A new value line of an initiative."""
    asked = {"kind": kind, "name": kind.capitalize(), **fields}
    made = await alder.do("olaf", "addValueLine", "... on ValueLine { id }", initiative=alder.node(under), **asked)
    assert made["__typename"] == "ValueLine", made
    return str(made["id"])


async def stand(alder: Company, name: str, stage: Stage, standing: Standing = Standing.ACTIVE) -> None:
    """Put a measure at a stage, without the gates that lead there."""
    held = {"review_on": "2027-01-01"} if standing is Standing.ON_HOLD else {}
    reason = {} if standing is Standing.ACTIVE else {"standing_reason": "No budget."}
    changed = {"stage": stage.value, "standing": standing.value, **reason, **held}
    await Node.filter(id=alder.nodes[name]).update(**changed)
    await recompute(writing(), alder.id)


def months(*amounts: tuple[str, str | None]) -> list[dict[str, str | None]]:
    """Month amounts as the API takes them."""
    return [{"month": month, "amount": amount} for month, amount in amounts]


def amounts(figures: dict[str, Any]) -> dict[str, str]:
    """The amounts of several figures."""
    return {name: figure["value"]["amount"] for name, figure in figures.items()}


async def sentence(alder: Company) -> str:
    """What the ledger told last."""
    document = "{ ledger(first: 1) { edges { node { kind sentence } } } }"
    (edge,) = (await alder.ask("eve", document))["ledger"]["edges"]
    return f"{edge['node']['kind']}: {edge['node']['sentence']}"


async def test_a_plan_is_written_once_and_read_back_exactly(alder: Company) -> None:
    line = await line_of(alder)
    plan = months(("2026-11", "170000.10"), ("2026-12", "-0.01"))
    shown = await alder.do("olaf", "setPlan", LINE, line=line, months=plan)
    assert shown["months"] == [
        {"month": "2026-11", "plan": {"amount": "170000.10"}, "actual": None,
         "outlook": {"amount": "170000.10", "currency": "EUR"}},
        {"month": "2026-12", "plan": {"amount": "-0.01"}, "actual": None,
         "outlook": {"amount": "-0.01", "currency": "EUR"}},
    ]  # fmt: skip
    assert await sentence(alder) == (
        "VALUE_CHANGED: Olaf set the plan of “Margin” on “Full service”: 2 months, 170,000.09 EUR in all."
    )
    assert int(shown["revision"]) == await alder.revision()
    again = await alder.do("olaf", "setPlan", LINE, line=line, months=plan)
    assert again == shown
    await alder.do("olaf", "setPlan", LINE, line=line, months=months(("2026-11", "180000"), ("2026-12", "-0.01")))
    assert "raised the November 2026 plan of “Margin” on “Full service” from 170,000.10 to 180,000.00 EUR." in (
        await sentence(alder)
    )
    cleared = await alder.do("olaf", "setPlan", LINE, line=line, months=months(("2026-11", None)))
    assert [month["month"] for month in cleared["months"]] == ["2026-12"]


@pytest.mark.parametrize("amount", ["NaN", "1e400", "Infinity", "ten", "1,5", "", "0" * 70, None, 1.5, True])
async def test_what_is_no_amount_is_an_error_that_names_the_field(alder: Company, amount: Any) -> None:
    line = await line_of(alder)
    before = await alder.revision()
    document = "mutation ($input: SetPlanRateInput!) { setPlanRate(input: $input) { __typename } }"
    asked = {"fiscalYear": 2026, "currency": "USD", "rate": amount}
    answer = await alder.result("carl", document, input=asked)
    assert "rate" in answer["errors"][0]["message"]
    if amount is not None:  # which clears a month
        document = "mutation ($input: SetPlanInput!) { setPlan(input: $input) { __typename } }"
        answer = await alder.result("olaf", document, input={"line": line, "months": months(("2026-11", amount))})
        assert "amount" in answer["errors"][0]["message"]
    assert await alder.revision() == before


async def test_all_faults_of_the_months_are_told_at_once_and_nothing_is_written(alder: Company) -> None:
    line = await line_of(alder, "REVENUE")
    before = await alder.revision()
    bad = months(
        ("2026-11", "0.001"),
        ("2026-12", "1.000000000000000000000000000001"),
        ("2027-01", "99999999999999"),
        ("2027-02", "-1"),
        ("2027-03", "1"),
        ("2027-03", "1"),
        ("2027-04", "-0"),
    )
    refusal = await alder.do("olaf", "setPlan", line=line, months=bad)
    assert (refusal["code"], refusal["path"]) == ("INVALID", ["months", "0", "amount"])
    assert len(refusal["details"]) == 5
    assert await alder.revision() == before


async def test_each_series_has_its_writer_and_its_time(alder: Company) -> None:
    line = await line_of(alder)
    now, soon = months(("2026-11", "5")), months(("2026-12", "5"))
    before = await alder.revision()
    assert (await alder.do("pia", "setPlan", line=line, months=now))["code"] == "FORBIDDEN"
    assert (await alder.do("olaf", "setForecast", line=line, months=soon))["code"] in {"FROZEN", "WRONG_STAGE"}
    assert (await alder.do("olaf", "recordActual", line=line, months=soon))["code"] == "INVALID"
    assert (await alder.do("carl", "confirmValue", line=line, months=now))["code"] == "WRONG_STAGE"
    assert await alder.revision() == before
    await alder.do("olaf", "setPlan", line=line, months=now)
    await stand(alder, "Full service", Stage.DECIDED)
    assert (await alder.do("olaf", "setPlan", line=line, months=now))["code"] == "FROZEN"
    assert (await alder.do("olaf", "addValueLine", initiative=alder.node("Full service"), kind="CAPEX", name="x"))[
        "code"
    ] == "FROZEN"
    past = await alder.do("olaf", "setForecast", line=line, months=months(("2026-10", "5")))
    assert (past["code"], "record its actual instead" in past["message"]) == ("INVALID", True)
    assert (await alder.do("olaf", "setForecast", LINE, line=line, months=soon))["__typename"] == "ValueLine"
    assert (await alder.do("carl", "recordActual", LINE, line=line, months=now))["__typename"] == "ValueLine"
    await stand(alder, "Full service", Stage.IMPLEMENTED)
    assert (await alder.do("olaf", "confirmValue", line=line, months=now))["code"] == "FORBIDDEN"
    assert (await alder.do("carl", "confirmValue", LINE, line=line, months=now))["__typename"] == "ValueLine"
    assert (await sentence(alder)).startswith("VALUE_CONFIRMED: Carl recorded the November 2026 confirmed value")


async def test_a_figure_that_was_handed_in_at_a_gate_does_not_move(alder: Company) -> None:
    line = await line_of(alder)
    node = alder.node("Full service")
    estimate = {"amount": "500000", "currency": "EUR"}
    await alder.do("olaf", "editNode", node=node, description="Contracts for all.", estimatedValue=estimate)
    submitted = await alder.do("olaf", "submitGate", "... on Gate { id }", measure=node, into="IDENTIFIED")
    assert submitted["__typename"] == "Gate", submitted
    before = await alder.revision()
    refusal = await alder.do("olaf", "setPlan", line=line, months=months(("2026-11", "5")))
    assert (refusal["code"], "Retract the submission first" in refusal["message"]) == ("FROZEN", True)
    assert await alder.revision() == before
    await alder.do("olaf", "retractSubmission", gate=submitted["id"])
    done = await alder.do("olaf", "setPlan", LINE, line=line, months=months(("2026-11", "5")))
    assert done["__typename"] == "ValueLine"


async def test_a_stale_line_is_refused_and_a_retry_has_one_effect(alder: Company) -> None:
    line = await line_of(alder)
    asked = {"line": line, "months": months(("2026-11", "5")), "idempotencyKey": "once"}
    first = await alder.do("olaf", "setPlan", LINE, **asked)
    before = await alder.revision()
    assert await alder.do("olaf", "setPlan", LINE, **asked) == first
    stale = await alder.do("olaf", "setPlan", line=line, months=months(("2026-11", "6")), expectedRevision="1")
    assert (stale["code"], stale["details"]) == ("STALE", [f"current revision: {first['revision']}"])
    assert (await alder.do("olaf", "setPlan", **(asked | {"months": []})))["code"] == "KEY_REUSED"
    assert await alder.revision() == before


async def test_a_baseline_is_edited_until_it_is_frozen(alder: Company) -> None:
    line = await line_of(alder, baseline="100", baselineSource="Ledger 2025", baselineDate="2026-01-31")
    shown = "... on ValueLine { name baseline { amount currency } baselineSource baselineDate }"
    wrong = {"name": " ", "baseline": "0.001", "baselineDate": "2030-01-01"}
    refusal = await alder.do("olaf", "editValueLine", line=line, **wrong)
    assert len(refusal["details"]) == 3
    edited = await alder.do("olaf", "editValueLine", shown, line=line, name="Margin of service", baseline=None)
    assert edited == {"__typename": "ValueLine", "name": "Margin of service", "baseline": None,
                      "baselineSource": "Ledger 2025", "baselineDate": "2026-01-31"}  # fmt: skip
    await stand(alder, "Full service", Stage.DETAILED)
    assert (await alder.do("olaf", "editValueLine", line=line, baseline="1"))["code"] == "FROZEN"


async def test_another_currency_needs_the_plan_rate_of_the_fiscal_year(alder: Company) -> None:
    line = await line_of(alder, currency="USD")
    refusal = await alder.do("olaf", "setPlan", line=line, months=months(("2026-11", "10.01"), ("2027-01", "1")))
    assert len(refusal["details"]) == 2
    assert "no plan rate of USD into EUR for fiscal year 2027" in refusal["details"][1]
    asked = {"fiscalYear": 2026, "currency": "USD", "rate": "0.85"}
    assert (await alder.do("olaf", "setPlanRate", **asked))["code"] == "FORBIDDEN"
    assert (await alder.do("carl", "setPlanRate", fiscalYear=2026, currency="EUR", rate="0"))["details"][1:]
    rate = await alder.do("carl", "setPlanRate", "... on PlanRate { fiscalYear currency rate }", **asked)
    assert rate == {"__typename": "PlanRate", **asked}
    await alder.do("olaf", "setPlan", LINE, line=line, months=months(("2026-11", "10.01")))
    shown = (await alder.ask("eve", ROLL_UP, id=alder.node("Growth")))["node"]["rollUp"]
    assert shown["headline"]["plan"]["value"]["amount"] == "8.51"
    await alder.do("carl", "setPlanRate", **(asked | {"rate": "2"}))
    assert (await sentence(alder)).endswith("from 0.85 to 2 EUR, and converted 1 amounts again.")
    shown = (await alder.ask("eve", ROLL_UP, id=alder.node("Growth")))["node"]["rollUp"]
    assert shown["headline"]["plan"]["value"]["amount"] == "20.02"


async def test_a_roll_up_is_the_same_at_every_level_and_explains_itself(alder: Company) -> None:
    margin, saving = await line_of(alder), await line_of(alder, "COST_SAVING")
    await line_of(alder, "COST_AVOIDANCE")
    await alder.do("olaf", "setPlan", line=margin, months=months(("2026-11", "1000.10"), ("2027-01", "7")))
    await alder.do("olaf", "setPlan", line=saving, months=months(("2026-12", "200")))
    await alder.do("olaf", "recordActual", line=margin, months=months(("2026-11", "900")))
    for place in ("Growth", "Service", "Contracts", "Full service"):
        shown = (await alder.ask("eve", ROLL_UP, id=alder.node(place)))["node"]["rollUp"]
        assert (shown["from"], shown["to"]) == ("2026-01", "2026-12")
        plan = shown["headline"]["plan"]
        assert plan["inputs"] == [
            {"name": "Margin", "value": "1,000.10 EUR"},
            {"name": "Cost saving", "value": "200.00 EUR"},
        ]
        assert plan["formula"] == (
            "margin + cost saving, 2026-01 to 2026-12: plan of every measure, whatever its standing"
        )
        assert amounts(shown["headline"]) == {
            "plan": "1200.10", "outlook": "1100.00", "confirmed": "0.00", "gap": "-100.10"
        }  # fmt: skip
    later = (await alder.ask("eve", ROLL_UP, id=alder.node("Growth"), **{"from": "2027-01"}))["node"]["rollUp"]
    assert (later["to"], later["headline"]["plan"]["value"]["amount"]) == ("2027-12", "7.00")
    below = (await alder.ask("eve", ROLL_UP, id=alder.node("DACH")))["node"]["rollUp"]
    assert below["headline"]["plan"]["value"]["amount"] == "0.00"


@pytest.mark.parametrize(("first", "last"), [("2026-02", "2026-01"), ("1950-01", "2100-01")])
async def test_a_period_that_is_none_is_an_error(alder: Company, first: str, last: str) -> None:
    answer = await alder.result("eve", ROLL_UP, id=alder.node("Growth"), **{"from": first, "to": last})
    assert "The period" in answer["errors"][0]["message"]
    assert answer["errors"][0]["extensions"]["code"] == "INVALID"


async def test_a_fiscal_year_may_begin_in_april(alder: Company) -> None:
    await Organization.filter(id=alder.id).update(fiscal_year_start=4)
    shown = (await alder.ask("eve", ROLL_UP, id=alder.node("Growth")))["node"]["rollUp"]
    assert (shown["from"], shown["to"]) == ("2026-04", "2027-03")
    shown = (await alder.ask("eve", ROLL_UP, id=alder.node("Growth"), to="2026-02"))["node"]["rollUp"]
    assert (shown["from"], shown["to"]) == ("2025-04", "2026-02")
    answer = await alder.result("eve", ROLL_UP, id=alder.node("Growth"), to="1900-02")
    assert "The fiscal year of 1900-02 is out of reach" in answer["errors"][0]["message"]


async def test_the_board_shows_funnel_waterfall_weight_spend_and_what_waits(alder: Company) -> None:
    shape = {
        "Held": (Stage.DETAILED, Standing.ON_HOLD, "300"),
        "Cancelled": (Stage.DEFINED, Standing.CANCELLED, "200"),
        "Waits": (Stage.DEFINED, Standing.ACTIVE, "40"),
    }
    for name, (stage, standing, plan) in shape.items():
        named: dict[str, Any] = {
            "owner": alder.people["olaf"],
            "sponsor": alder.people["sam"],
            "controller": alder.people["carl"],
        }
        estimate: dict[str, Any] = {"description": "…", "estimatedValue": (Decimal(1), "EUR")}
        await alder.create(Level.INITIATIVE, name, "Contracts", **named, businessUnit="Service", **estimate)
        line = await line_of(alder, under=name)
        await alder.do("olaf", "setPlan", line=line, months=months(("2026-11", plan)))
        await stand(alder, name, stage, standing)
    margin, capex = await line_of(alder), await line_of(alder, "CAPEX")
    await alder.do("olaf", "setPlan", line=margin, months=months(("2026-11", "1000"), ("2026-12", "100")))
    await alder.do("olaf", "recordActual", line=capex, months=months(("2026-10", "60")))
    await stand(alder, "Full service", Stage.IMPLEMENTED)
    await alder.do("olaf", "recordActual", line=margin, months=months(("2026-11", "900")))
    await alder.do("carl", "confirmValue", line=margin, months=months(("2026-11", "700")))
    late = await line_of(alder, "RUN_COST", under="Waits")
    await alder.do("olaf", "recordActual", line=late, months=months(("2026-10", "5")))
    submitted = await alder.do("olaf", "submitGate", measure=alder.node("Waits"), into="IDENTIFIED")
    assert submitted["__typename"] == "Gate", submitted
    alder.later(days=6, hours=23)
    board = (await alder.ask("eve", WATERFALL))["organization"]["rollUp"]
    steps = [(step["name"], step["measures"], step["amount"]["value"]["amount"]) for step in board["leakage"]]
    assert steps == [
        ("Plan", 5, "1640.00"),
        ("On hold", 1, "-300.00"),
        ("Cancelled", 1, "-200.00"),
        ("Below plan", 1, "-100.00"),
        ("Outlook", 3, "1040.00"),
        ("Not yet confirmed", 3, "-340.00"),
        ("Confirmed", 5, "700.00"),
    ]
    funnel = [(step["stage"], step["measures"], step["plan"]["value"]["amount"]) for step in board["funnel"]]
    document = "{ organization { rollUp { funnel { stage measures plan { value { amount } } } } } }"
    alone = (await alder.ask("eve", document))["organization"]["rollUp"]["funnel"]
    assert alone == board["funnel"], "it reads active measures only, and others where the leakage beside it counts them"
    document = "{ organization { rollUp { leakage { measures } } } }"
    cheap = (await alder.ask("eve", document))["organization"]["rollUp"]["leakage"]
    assert [step["measures"] for step in cheap] == [5, 1, 1, None, 3, 3, 5], "what is no sum is counted when asked for"
    assert funnel[0] == ("DEFINED", 2, "40.00")  # a sales plan is a measure too
    assert funnel[4] == ("IMPLEMENTED", 1, "1100.00")
    assert amounts({name: board[name] for name in ("weighted", "spend", "spendBeforeDecision")}) == {
        "weighted": "994.00", "spend": "65.00", "spendBeforeDecision": "5.00"
    }  # fmt: skip
    rates = {kind["kind"]: kind["runRate"]["value"]["amount"] for kind in board["byKind"]}
    assert (rates["MARGIN"], rates["CAPEX"]) == ("1200.00", "0.00")
    waiting = {"name": "Waits", "value": "40.00 EUR", "source": {"__typename": "Initiative"}}
    assert board["waiting"] == [
        {
            "into": "IDENTIFIED",
            "measures": 1,
            "oldestDays": 6,
            "value": {"value": {"amount": "40.00"}, "inputs": [waiting]},
        }
    ]


async def test_a_seat_sees_the_value_of_its_branch_only(alder: Company) -> None:
    await alder.create(Level.PROGRAM, "Elsewhere", "Service")
    await alder.create(Level.INITIATIVE, "Other", "Elsewhere", owner=alder.people["olaf"])
    for name, plan in (("Full service", "10"), ("Other", "5")):
        line = await line_of(alder, under=name)
        await alder.do("olaf", "setPlan", line=line, months=months(("2026-11", plan)))
    made = await alder.do("ada", "addPerson", "... on Person { id }", name="Bo")
    alder.people["bo"] = ids.expect("person", made["id"], "id")
    bo, place, ada = alder.people["bo"], alder.nodes["Elsewhere"], await alder.viewer("ada")
    await perform(ada, grant_seat, alder.now, person=bo, role=Role.VIEWER, node=place, reads_money=True)
    document = "{ organization { rollUp { headline { plan { value { amount } } } } } }"
    seen = [(await alder.ask(who, document))["organization"]["rollUp"]["headline"]["plan"] for who in ("eve", "bo")]
    assert [figure["value"]["amount"] for figure in seen] == ["15.00", "5.00"]
    above = (await alder.ask("bo", ROLL_UP, id=alder.node("Growth")))["node"]["rollUp"]
    assert above["headline"]["plan"]["value"]["amount"] == "5.00"


async def test_the_second_organization_neither_sees_nor_writes_a_line(alder: Company, birch: Company) -> None:
    line, unissued = await line_of(birch), ids.issue("line", new_id())
    refusals = [
        await alder.do("olaf", verb, line=wrong, months=months(("2026-11", "1")))
        for verb in ("setPlan", "recordActual")
        for wrong in (line, unissued)
    ]
    assert refusals == [refusals[0]] * 4
    assert refusals[0]["code"] == "NOT_FOUND"
    document = "query ($id: ID!) { node(id: $id) { id } }"
    assert (await alder.ask("eve", document, id=line))["node"] is None
    assert (await birch.ask("eve", document, id=line))["node"] == {"id": line}
    await birch.do("olaf", "setPlan", line=line, months=months(("2026-11", "1")))
    document = "{ organization { rollUp { headline { plan { value { amount } } } } } }"
    ours = (await alder.ask("eve", document))["organization"]["rollUp"]["headline"]["plan"]
    assert ours["value"]["amount"] == "0.00"


async def test_the_database_computes_what_the_law_says(alder: Company) -> None:
    """Random lines under random measures: every cell of every place equals the law's own outlook, added in Python."""
    chance = random.Random(20261116)  # noqa: S311 — reproducible, no secret
    await alder.create(Level.PROGRAM, "Second", "Service")
    kept: list[tuple[UUID, Stage, Standing, ValueKind, int, dict[str, int | None]]] = []
    for number in range(24):
        program = chance.choice(["Contracts", "Second"])
        await alder.create(Level.INITIATIVE, f"M{number}", program)
        stage, standing = chance.choice(STAGES), chance.choice(list(Standing))
        await stand(alder, f"M{number}", stage, standing)
        kind = chance.choice(list(ValueKind))
        node = alder.nodes[f"M{number}"]
        line = await ValueLine.create(organization_id=alder.id, node_id=node, kind=kind.value, name="x", currency="EUR")
        for month in range(202601, 202613):
            four = {
                name: chance.choice([None, chance.randrange(-(10**12), 10**12)])
                for name in ("plan", "forecast", "actual", "confirmed")
            }
            stored: dict[str, Any] = {f"{name}_reporting": units for name, units in four.items()}
            await MonthValue.create(line_id=line.id, month=month, **stored)
            if 202603 <= month <= 202610:
                places = (alder.id, alder.nodes["Growth"], alder.nodes[program], node)
                kept.extend((place, stage, standing, kind, month, four) for place in places)
    expected: dict[UUID, dict[tuple[ValueKind, Stage, Standing], list[int]]] = {}
    for place, stage, standing, kind, month, four in kept:
        sums = expected.setdefault(place, {}).setdefault((kind, stage, standing), [0, 0, 0, 0, 0, 0])
        hoped = outlook(stage, four["plan"], four["forecast"], four["actual"])
        last = hoped if month == 202610 else None
        for index, units in enumerate((four["plan"], hoped, four["actual"], four["confirmed"], 0, last)):
            sums[index] += units or 0
    await recompute(writing(), alder.id)
    period, viewer = Period(Month(202603), Month(202610)), await alder.viewer("eve")
    found = await rollups.cells(reading(), viewer, list(alder.nodes.values()), period)
    found |= await rollups.cells(reading(), viewer, None, period)
    checked = set(expected)
    assert len(checked) == 28
    for place in checked:
        assert sorted(found[place], key=str) == sorted(
            (Cell(kind, stage, standing, *sums) for (kind, stage, standing), sums in expected[place].items()), key=str
        )


async def test_roll_ups_of_10_and_of_100_nodes_cost_the_same_number_of_statements(
    alder: Company, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    document = f"""{{ organization {{ nodes(first: 100) {{ edges {{ node {{ rollUp {{ {HEADLINE} leakage {{ name }}
        byKind {{ kind runRate {{ formula }} }} waiting {{ into }} }}
        ... on Initiative {{ valueLines {{ name months {{ month }} acts {{ act }} }} }} }} }} }} }} }}"""
    await line_of(alder)
    with statements() as few:
        await alder.ask("eve", document)

    async def make_many(work: Work) -> UUID:
        for number in range(95):
            parent, name = alder.nodes["Contracts"], {"name": f"M{number}"}
            node = await create_node(work, level=Level.INITIATIVE, parent=parent, fields=name)
            kind, plan = ValueKind.MARGIN, [MonthAmount(Month(202611), Decimal(number))]
            line = await add_value_line(
                work, initiative=node, kind=kind, recurring=True, currency=None, fields={"name": "Margin"}
            )
            await set_plan(work, line=line, months=plan)
        return alder.nodes["Contracts"]

    await perform(await alder.viewer("lea"), make_many, alder.now)
    with statements() as many:
        answer = await alder.ask("eve", document)
    assert len(answer["organization"]["nodes"]["edges"]) == 100
    assert len(many) == len(few)
