"""Governing in a browser: who may do what is granted by one person and let into effect by another."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import KATHARINA, Visitor

pytestmark = pytest.mark.browser

JULE = "jule.hansen@wendelau.example"  # admin
NEWCOMER = "Ottilie Brandt"


async def test_a_seat_is_granted_by_one_and_ratified_by_another_who_sees_it_come(visit: Visit) -> None:
    admin, executive = await visit(), await visit()
    await executive.sign_in(KATHARINA, "/governance/seats?show=waiting")
    grant = executive.page.get_by_role("button", name="Grant a seat")
    await grant.hover()
    await expect(grant).to_have_accessible_description(re.compile("Only the admin may do this"))
    await executive.stay()

    await admin.sign_in(JULE, "/governance")
    await _make_known(admin.page)
    await _grant(admin.page)
    line = _line(admin)
    await expect(line).to_contain_text("To be ratified")
    await expect(line.get_by_role("button", name="Ratify")).to_have_accessible_description(
        re.compile("Only the executive may do this")
    )

    theirs = _line(executive)
    await expect(theirs).to_contain_text("Sponsor")
    await executive.keep("governance-seat-waits")
    await theirs.get_by_role("button", name="Ratify").click()
    await executive.page.get_by_role("button", name="Ratify the seat").click()
    await expect(theirs).to_have_count(0)
    assert await executive.stayed()

    await expect(line).not_to_contain_text("To be ratified")
    await line.get_by_role("button", name=f"More about the seat of {NEWCOMER}").click()
    await admin.page.get_by_role("button", name="End this seat").click()
    await admin.page.get_by_role("button", name="End the seat").click()
    await expect(line).to_have_count(0)
    await admin.page.get_by_role("button", name="With those that are over").click()
    await expect(line).to_contain_text("Over")


def _line(visitor: Visitor) -> Locator:
    return visitor.region("Seats").get_by_role("listitem").filter(has_text=NEWCOMER)


async def _make_known(page: Page) -> None:
    await page.get_by_role("button", name="Make a person known").click()
    await page.get_by_label("Full name").fill(NEWCOMER)
    await page.get_by_label("E-mail").fill("no address")
    await page.get_by_label("First password").fill("short")
    await page.get_by_role("button", name="Make known").click()
    await page.get_by_label("E-mail").fill("ottilie.brandt@wendelau.example")
    await page.get_by_role("button", name="Make known").click()
    await expect(page.get_by_role("alert")).to_contain_text("at least")
    await page.get_by_label("First password").fill("a long enough password")
    await page.get_by_role("button", name="Make known").click()


async def _grant(page: Page) -> None:
    """Grant the newcomer, whom the dialog already names, a seat with a vote."""
    dialog = page.get_by_role("dialog", name="Grant a seat")
    await expect(dialog.get_by_label("Person")).to_have_value(re.compile(NEWCOMER))
    await dialog.get_by_label("Role").select_option("SPONSOR")
    await dialog.get_by_label("Where").fill("Aftermarket")
    await expect(dialog.get_by_text("It holds there and everywhere below.")).to_be_visible()
    await dialog.get_by_role("button", name="Grant the seat").click()
