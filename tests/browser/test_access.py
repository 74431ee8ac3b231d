"""Every screen in light, in dark and on a phone: axe finds no violation, and a picture is kept."""

import re

import pytest
from playwright.async_api import StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import PHONE, Visitor

pytestmark = pytest.mark.browser

INITIATIVE, PLAN = "Availability contracts, installed base", "Availability contracts DACH 2026/27"
GOVERNANCE = {
    "policy": "/governance/policy",
    "policy-file": "/governance/policy?view=file",
    "seats": "/governance/seats",
    "delegations": "/governance/delegations",
    "rights": "/governance/rights",
}
SCREENS = (
    "board",
    "program",
    "cascade",
    "measure",
    "gate",
    "sales-plan",
    "sales-plans",
    "milestones",
    "decisions",
    "decision",
    "ledger",
    "objective",
    "review",
    "findings",
    "matching",
    "imports",
    *GOVERNANCE,
)
COLOUR = ("color-contrast", "link-in-text-block")  # the rules that another theme can break

SIGNS = re.compile("[\u2190\u2192\u2580-\u25ff\u2713-\u2718]")  # no font that we send holds these: they are drawn


async def _address(visitor: Visitor, screen: str) -> str:
    """Where a screen is, with something on it that is worth seeing."""
    match screen:
        case "program" | "objective":
            above = await visitor.above(INITIATIVE)
            return f"/board/{above[-1] if screen == 'program' else above[0]}"
        case "cascade":
            return f"/cascade?open={','.join(await visitor.above(PLAN))}"
        case "measure" | "gate":
            return await visitor.address_of(INITIATIVE if screen == "measure" else "Remanufactured gear sets")
        case "sales-plan":
            return await visitor.address_of(PLAN, "plan")
        case "decision":
            asked = await visitor.ask("{ organization { viewer { decisions { edges { node { id } } } } } }")
            return f"/decisions?sel={asked['organization']['viewer']['decisions']['edges'][0]['node']['id']}"
        case _:
            paths = {"board": "/", "sales-plans": "/plans", "decisions": "/decisions"}
            paths["milestones"] = "/milestones?whose=all"
            paths |= {
                "review": "/review",
                "findings": "/findings",
                "matching": "/plans/matching",
                "imports": "/imports",
            }
            return (paths | GOVERNANCE).get(screen, "/ledger")


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen_is_open_to_everybody_in_light_and_in_dark(
    screen: str, visit: Visit, executive: StorageState
) -> None:
    visitor = await visit(storage_state=executive, color_scheme="light")
    await visitor.open(await _address(visitor, screen))
    await visitor.keep(f"{screen}-light", whole=True)
    assert SIGNS.findall(await visitor.page.inner_text("body")) == []
    assert await visitor.violations() == []
    await visitor.turn_dark()
    await visitor.keep(f"{screen}-dark", whole=True)
    assert await visitor.violations(*COLOUR) == []


@pytest.mark.parametrize("screen", SCREENS)
async def test_a_screen_is_open_to_everybody_on_a_phone(screen: str, visit: Visit, executive: StorageState) -> None:
    visitor = await visit(storage_state=executive, viewport=PHONE, is_mobile=True, has_touch=True)
    await visitor.open(await _address(visitor, screen))
    await visitor.keep(f"{screen}-phone")
    assert await visitor.width() <= PHONE["width"], "it scrolls sideways"
    assert await visitor.violations() == []


async def test_the_sign_in_is_open_to_everybody(visit: Visit) -> None:
    desk, phone = await visit(color_scheme="light"), await visit(viewport=PHONE, is_mobile=True, has_touch=True)
    for visitor, look in ((desk, "light"), (phone, "phone")):
        await visitor.page.goto("/")
        await expect(visitor.page.get_by_role("heading", name="Sign in")).to_be_visible()
        await visitor.keep(f"sign-in-{look}")
        assert await visitor.violations() == []
    assert await phone.width() <= PHONE["width"], "it scrolls sideways"
    await desk.turn_dark()
    await desk.keep("sign-in-dark")
    assert await desk.violations(*COLOUR) == []


async def test_what_opens_over_a_screen_is_open_to_everybody(visit: Visit, executive: StorageState) -> None:
    visitor = await visit(storage_state=executive)
    await visitor.open("/")
    await visitor.page.get_by_role("button", name="Explain").first.click()
    await expect(visitor.page.get_by_text("Formula")).to_be_visible()
    await visitor.keep("explained-light")
    assert await visitor.violations() == []
    await visitor.page.keyboard.press("Escape")
    await visitor.page.keyboard.press("Control+k")
    await visitor.page.get_by_role("combobox", name="Search or jump to").fill("contracts")
    await expect(visitor.page.get_by_role("option").nth(3)).to_be_visible()
    await visitor.keep("palette-light")
    assert await visitor.violations() == []
