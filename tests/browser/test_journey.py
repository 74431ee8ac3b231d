"""Several people at once, each in a browser of their own, against the served product."""

import re

import pytest
from playwright.async_api import StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import GWEN, JULIAN, KATHARINA, UTE, Visitor

pytestmark = pytest.mark.browser

PLAN, MILESTONE = "Availability contracts DACH 2026/27", "Sixty plants under contract"
WAITING = "Class approvals in one bundle"  # implemented; the controller alone decides whether it is closed


async def test_a_milestone_achieved_elsewhere_is_on_the_executives_board_without_a_reload(visit: Visit) -> None:
    executive, manager = await visit(), await visit()

    await executive.page.goto("/")
    await executive.fill_in(KATHARINA, "not her password")
    await expect(executive.page.get_by_role("alert")).to_contain_text("do not belong together")
    await expect(executive.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await executive.fill_in(KATHARINA)
    await executive.settled()

    figures = executive.page.get_by_role("region", name=re.compile("^Figures"))
    await expect(figures.get_by_role("heading")).to_have_text(["Plan", "Outlook", "Actual", "Confirmed", "Gap"])
    await expect(figures.locator(".v")).to_have_text([re.compile(r"\d\s?M\s€")] * 5)
    waterfall = executive.region("Degree of implementation")
    await expect(waterfall.get_by_role("img")).to_have_accessible_name(re.compile("adding up to an outlook of"))
    await expect(waterfall.get_by_role("listitem").first).to_contain_text("5Closed")
    activity = executive.page.get_by_role("complementary", name="Live activity")
    news = activity.get_by_role("listitem").filter(has_text=f"achieved the milestone “{MILESTONE}”")
    await expect(news).to_have_count(0)
    await executive.stay()
    await executive.keep("journey-1-board-before")

    await manager.sign_in(JULIAN, "/plans")
    await manager.page.get_by_role("link", name=PLAN).click()
    await manager.page.get_by_role("link", name="Stage and gate", exact=True).click()
    await _achieve(manager)
    await expect(news).to_contain_text("Julian Haas achieved the milestone")
    assert await executive.stayed()
    await executive.keep("journey-4-board-after")

    await activity.get_by_role("link", name=PLAN).first.click()
    await expect(executive.page.get_by_role("heading", level=1)).to_contain_text(PLAN)
    await executive.page.get_by_role("link", name="Stage and gate", exact=True).click()
    line = executive.page.get_by_test_id("milestone").filter(has_text=MILESTONE)
    await expect(line).to_contain_text("Achieved")
    await expect(line).to_contain_text("60 of 60 plants")
    assert await executive.stayed()


async def _achieve(manager: Visitor) -> None:
    """Achieve the milestone on the open page: first without evidence, then with too little, then with enough."""
    line = manager.page.get_by_test_id("milestone").filter(has_text=MILESTONE)
    await line.get_by_role("button", name=f"Achieve: {MILESTONE}").click()
    dialog = manager.page.get_by_role("dialog", name=f"Achieve “{MILESTONE}”")
    await dialog.get_by_label("Source").fill("Contract register")
    send = dialog.get_by_role("button", name="Achieve with this evidence")
    await send.click()
    await expect(dialog.get_by_role("alert")).to_contain_text(f"“{MILESTONE}” needs evidence")
    await manager.keep("journey-2-refused")
    await dialog.get_by_label("Reading, plants").fill("59")
    await send.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("59 plants does not reach the target of 60")
    await expect(line).to_contain_text("58 of 60 plants")

    await dialog.get_by_label("Reading, plants").fill("60")
    await dialog.get_by_label("Link to the document").fill("https://docs.wendelau.example/register.pdf")
    await send.click()
    await expect(dialog).to_have_count(0)
    await expect(line).to_contain_text("Achieved")
    await expect(line).to_contain_text("60 of 60 plants")
    await manager.keep("journey-3-achieved")


async def test_a_gate_decided_elsewhere_moves_the_stage_on_the_executives_open_page(
    visit: Visit, executive: StorageState
) -> None:
    watcher, controller = await visit(storage_state=executive), await visit()
    address = await watcher.address_of(WAITING)
    await watcher.open(address)
    await expect(watcher.stage).to_contain_text("Implemented")
    gate = watcher.region("Next gate")
    await expect(gate).to_contain_text("You are not among those who decide the gate")
    await expect(gate.get_by_role("button", name="Vote Go")).to_have_count(0)
    await watcher.stay()

    await controller.sign_in(UTE, address)
    vote = controller.region("Next gate").get_by_role("button", name="Vote Go")
    amount = controller.page.get_by_label("Confirmed amount, EUR")
    await amount.fill("-1")
    await vote.click()
    await expect(controller.region("Next gate").get_by_role("alert")).to_contain_text("-1.00 EUR lies below zero")
    await controller.keep("gate-1-refused")
    await expect(controller.stage).to_contain_text("Implemented")
    await expect(watcher.stage).to_contain_text("Implemented")

    await amount.fill("152 000.50")
    await vote.click()
    await expect(controller.stage).to_contain_text("Closed")
    await expect(watcher.stage).to_contain_text("Closed")
    await expect(watcher.region("Next gate")).to_contain_text("Every gate is passed")
    await expect(watcher.region("Ledger")).to_contain_text("152,000.50")
    assert await watcher.stayed()
    await watcher.keep("gate-2-closed-live")


async def test_a_button_that_may_not_be_pressed_says_why(visit: Visit, executive: StorageState) -> None:
    visitor = await visit(storage_state=executive)
    await visitor.open(await visitor.address_of("Availability contracts, installed base"))
    edit = visitor.page.get_by_role("button", name="Edit", exact=True)
    await expect(edit).to_be_disabled()
    why = await edit.evaluate("button => document.getElementById(button.getAttribute('aria-describedby')).innerText")
    tip = visitor.page.get_by_role("tooltip").filter(has_text=why)
    await expect(tip.first).to_be_hidden()
    await edit.focus()
    await expect(tip.first).to_be_visible()
    await expect(edit).to_have_accessible_description(re.compile("owner"))
    await edit.press("Enter")
    await expect(visitor.page.get_by_role("dialog")).to_have_count(0)


async def test_the_cascade_is_walked_by_arrow_keys_and_its_address_holds_what_is_open(
    visit: Visit, executive: StorageState
) -> None:
    visitor = await visit(storage_state=executive)
    await visitor.open("/cascade")
    grid = visitor.page.get_by_role("treegrid", name="Cascade")
    await expect(grid.locator("[tabindex='0']")).to_have_count(1)
    portfolio = grid.get_by_role("row", name="Aftermarket")
    program = grid.get_by_role("row", name="Field service productivity")
    await expect(portfolio).to_have_attribute("aria-expanded", "false")
    before = await grid.get_by_role("row").count()

    await grid.locator("[tabindex='0']").focus()
    await visitor.page.keyboard.press("Home")
    focused = grid.locator("[role=row]:focus")
    while "Aftermarket" not in await focused.inner_text():
        above = await focused.get_attribute("aria-rowindex")
        await visitor.page.keyboard.press("ArrowDown")
        await expect(focused).not_to_have_attribute("aria-rowindex", str(above))
    await visitor.page.keyboard.press("ArrowRight")
    await expect(portfolio).to_have_attribute("aria-expanded", "true")
    await expect(program).to_be_visible()
    await visitor.page.keyboard.press("ArrowRight")
    await expect(focused).to_have_attribute("aria-level", "3")
    await expect(grid.locator("[tabindex='0']")).to_have_count(1)

    copied = await visit(storage_state=executive)
    await copied.open(visitor.page.url)
    there = copied.page.get_by_role("treegrid").get_by_role("row", name="Aftermarket")
    await expect(there).to_have_attribute("aria-expanded", "true")
    names = "[data-row] .t"
    await expect(copied.page.locator(names)).to_have_text(await grid.locator(names).all_inner_texts())
    await copied.keep("cascade-copied-link")

    await visitor.page.keyboard.press("ArrowLeft")
    await visitor.page.keyboard.press("ArrowLeft")
    await expect(portfolio).to_have_attribute("aria-expanded", "false")
    await expect(grid.get_by_role("row")).to_have_count(before)
    await expect(program).to_have_count(0)
    await visitor.page.keyboard.press("Tab")
    assert await grid.locator(":focus").count() == 0


async def test_who_signed_out_sees_nothing_any_more(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(JULIAN, "/plans")
    await visitor.page.get_by_role("button", name=re.compile("Julian Haas")).click()
    await visitor.keep("account-menu")
    await visitor.page.get_by_role("button", name="Sign out", exact=True).click()
    await expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await visitor.page.goto("/plans")
    await expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert "Wendelau" not in await visitor.page.inner_text("body")


async def test_the_other_organizations_executive_sees_nothing_of_the_first(
    visit: Visit, executive: StorageState
) -> None:
    insider, neighbour = await visit(storage_state=executive), await visit()
    foreign = await insider.address_of(PLAN, "plan")
    await neighbour.sign_in(GWEN)
    await expect(neighbour.page.get_by_role("banner")).to_contain_text("Morwen Foods")
    await neighbour.keep("other-organization-board")
    for path in ("/", "/cascade", "/plans", "/milestones?whose=all", "/ledger"):
        await neighbour.open(path)
        seen = await neighbour.page.inner_text("body")
        assert "Morwen Foods" in seen, path
        assert not re.search("Wendelau|Katharina|Aftermarket|Availability", seen), path

    await neighbour.open(foreign)
    await expect(neighbour.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    told = await neighbour.page.inner_text("main")
    await neighbour.open("/plan/an-id-never-issued")
    await expect(neighbour.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert await neighbour.page.inner_text("main") == told
