"""What a closed review cycle locks, and the controller's correction of it, kept for ever (law §4, §8)."""

from datetime import UTC, date, datetime
from typing import Any

from server.models.cadence import ReviewCycle
from tests.support.company import Company
from tests.support.measures import done, line, series

CORRECTIONS = "corrections { month before { amount } after { amount } reason at by { name } }"
LINE = f"... on ValueLine {{ id months {{ month actual {{ amount }} }} {CORRECTIONS} acts {{ act allowed why }} }}"
BELOW = """query ($id: ID!) { node(id: $id) { ... on CascadeNode { corrections { totalCount edges { node {
    month line { name initiative { name } } reason } } } } } }"""


def months(*amounts: tuple[str, str | None]) -> list[dict[str, str | None]]:
    return [{"month": month, "amount": amount} for month, amount in amounts]


async def locked(company: Company, through: int) -> None:
    """A review cycle that is closed and has locked the actuals up to a month."""
    await ReviewCycle.create(
        organization_id=company.id,
        number=1,
        starts=date(2026, 10, 1),
        ends=date(2026, 10, 31),
        due=date(2026, 11, 7),
        opened_at=datetime(2026, 10, 1, tzinfo=UTC),
        closed_at=datetime(2026, 11, 9, tzinfo=UTC),
        locked_through=through,
    )


async def recorded(company: Company) -> str:
    """A line with an actual in October, which is locked then."""
    made = await line(company, "MARGIN", "Margin", {"2026-10": "100", "2026-11": "100"})
    await series(company, "olaf", "recordActual", made, {"2026-10": "90"})
    await locked(company, 202610)
    return made


async def test_a_locked_month_is_changed_by_nobody_but_a_controller_with_a_reason(alder: Company) -> None:
    made = await recorded(alder)
    before = await alder.revision()
    for who in ("olaf", "carl"):
        refusal = await alder.do(who, "recordActual", line=made, months=months(("2026-10", "95"), ("2026-11", "1")))
        assert (refusal["code"], refusal["path"]) == ("FROZEN", ["months"])
        assert refusal["message"] == (
            "The actual of “Margin” on “Full service” for 2026-10 is frozen: review cycle 1 is closed and has locked "
            "the actuals through 2026-10. A controller changes it with a reason (correctActual)."
        )
    asked: dict[str, Any] = {"line": made, "months": months(("2026-10", "95"))}
    assert (await alder.do("olaf", "correctActual", **asked, reason="A credit note"))["code"] == "FORBIDDEN"
    faults = await alder.do("carl", "correctActual", **(asked | {"months": months(("2026-12", "1"))}), reason=" ")
    assert faults["code"] == "INVALID"
    assert [faults["details"][0][:6], faults["details"][1][:7]] == ["reason", "2026-12"]
    assert await alder.revision() == before
    shown = await done(alder, "carl", "correctActual", LINE, **asked, reason="A credit note of 5.00 EUR")
    assert shown["months"][0]["actual"]["amount"] == "95.00"
    assert shown["corrections"] == [{
        "month": "2026-10", "before": {"amount": "90.00"}, "after": {"amount": "95.00"},
        "reason": "A credit note of 5.00 EUR", "at": "2026-11-16T09:00:00.000Z", "by": {"name": "Carl"},
    }]  # fmt: skip
    (fact,) = (await alder.ask("eve", "{ ledger(first: 1) { edges { node { kind sentence } } } }"))["ledger"]["edges"]
    assert fact["node"] == {
        "kind": "VALUE_CORRECTED",
        "sentence": "Carl made a correction and raised the October 2026 actual of “Margin” on “Full service” from "
        "90.00 to 95.00 EUR: A credit note of 5.00 EUR",
    }


async def test_what_is_open_and_what_changes_nothing_is_still_recorded_by_its_owner(alder: Company) -> None:
    made = await recorded(alder)
    await series(alder, "olaf", "recordActual", made, {"2026-10": "90", "2026-11": "40"})
    assert await alder.revision() > 0
    unchanged = await alder.revision()
    await done(alder, "carl", "correctActual", line=made, months=months(("2026-10", "90")), reason="Checked")
    assert await alder.revision() == unchanged


async def test_corrections_are_listed_at_every_place_above_and_their_amounts_are_a_right(alder: Company) -> None:
    made = await recorded(alder)
    for amount in ("95", None):
        asked: dict[str, Any] = {"line": made, "months": months(("2026-10", amount)), "reason": "It was 5.00 EUR"}
        await done(alder, "carl", "correctActual", **asked)
    for name in ("Growth", "Service", "Full service"):
        found = (await alder.ask("vera", BELOW, id=alder.node(name)))["node"]["corrections"]
        assert found["totalCount"] == 2
        assert [edge["node"]["reason"] for edge in found["edges"]] == ["It was an amount"] * 2
        assert found["edges"][0]["node"]["line"] == {"name": "Margin", "initiative": {"name": "Full service"}}
    whole = f"{{ organization {{ corrections(first: 1) {{ edges {{ cursor node {{ {CORRECTIONS[14:-2]} }} }} }} }} }}"
    (newest,) = (await alder.ask("eve", whole))["organization"]["corrections"]["edges"]
    assert (newest["node"]["before"], newest["node"]["after"]) == ({"amount": "95.00"}, None)
    (older,) = (await alder.ask("eve", whole.replace("first: 1", f'first: 1, after: "{newest["cursor"]}"')))[
        "organization"
    ]["corrections"]["edges"]
    assert (older["node"]["before"], older["node"]["after"]) == ({"amount": "90.00"}, {"amount": "95.00"})
