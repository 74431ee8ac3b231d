"""Governing in a browser: who may do what is granted by one person and let into effect by another."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import KATHARINA, Visitor

pytestmark = pytest.mark.browser

EMEKA = "emeka.obi@wendelau.example"  # portfolio lead
JULE = "jule.hansen@wendelau.example"  # admin
NEWCOMER = "Ottilie Brandt"


async def test_a_seat_is_granted_by_one_and_ratified_by_another_who_sees_it_come(visit: Visit) -> None:
    admin, executive = await visit(), await visit()
    await executive.sign_in(KATHARINA, "/governance/seats?show=waiting")
    grant = executive.page.get_by_role("button", name="Grant a seat")
    await grant.hover()
    await expect(grant).to_have_accessible_description(re.compile("Only the admin may do this"))
    await executive.stay()

    await admin.sign_in(JULE, "/governance/seats")
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


async def test_a_policy_is_written_by_one_and_put_in_force_by_another(visit: Visit) -> None:
    lead, executive = await visit(), await visit()
    await executive.sign_in(KATHARINA, "/governance")
    page = executive.page
    await page.get_by_role("link", name="Version 3 proposed").click()
    await expect(executive.region("What it would change")).to_contain_text("joins above 750,000 EUR")
    await page.get_by_role("button", name="Decline").click()
    await page.get_by_label("Why").fill("Leave the committee where it is.")
    await executive.stay()

    await lead.sign_in(EMEKA, "/governance/policy?v=3")
    ratify = lead.page.get_by_role("button", name="Ratify")
    await expect(ratify).to_have_accessible_description(re.compile("Only the executive may do this"))
    await page.get_by_role("button", name="Decline it").click()
    await lead.page.get_by_role("button", name="More").click()
    await lead.page.get_by_role("button", name="Begin anew with another policy").click()
    await lead.page.get_by_role("button", name="Replace the draft").click()
    changes = lead.region("What it would change")
    await expect(changes).to_contain_text("Nothing: it asks for the very same")
    await _write(lead)
    await lead.page.get_by_role("button", name="Tables").click()
    await _edit_a_gate(lead)
    await expect(changes).to_contain_text("Deciders are reminded after 2 days instead of 3.")
    await expect(changes).to_contain_text("the steering committee joins above 900,000 EUR")
    await expect(changes).to_contain_text(re.compile(r"Of \d+ open measures"))
    await lead.keep("governance-policy-draft", whole=True)
    await lead.page.get_by_role("button", name="Propose").click()
    await lead.page.get_by_role("button", name="Propose it").click()

    await page.get_by_role("button", name="Ratify").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Deciders are reminded after 2 days")
    await executive.keep("governance-policy-ratify")
    await page.get_by_role("button", name="Put it in force").click()
    await expect(executive.region("What it changed")).to_contain_text("Deciders are reminded after 2 days")
    await expect(page.get_by_text("Policy v3, locked")).to_be_visible()
    await expect(lead.page.get_by_role("link", name="Version 2 retired")).to_be_visible()
    assert await executive.stayed()


async def _edit_a_gate(lead: Visitor) -> None:
    """Change who decides in the tables: first with a number that is none, then with one."""
    await lead.page.get_by_role("button", name="Edit the gate into Decided").first.click()
    dialog = lead.page.get_by_role("dialog", name="Gate into Decided")
    above = dialog.get_by_label("Steering committee: only above")
    await above.fill("a million")
    await dialog.get_by_role("button", name="Save in the draft").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("a million")
    await above.fill("900000")
    await dialog.get_by_role("button", name="Save in the draft").click()
    await expect(dialog).to_have_count(0)


async def _write(lead: Visitor) -> None:
    """Change a rule in the file: first with two mistakes, which are told by their lines, then without."""
    page = lead.page
    await page.get_by_role("button", name="File").click()
    file = page.get_by_role("textbox", name="Policy file")
    text = await file.input_value()
    faulty = text.replace("cycle: MONTHLY", "cycle: MONTHLEY").replace("remindAfterDays: 3", "remindAfterDays: soon")
    await file.fill(faulty)
    await page.get_by_role("button", name="Save draft").click()
    told = lead.region("Policy file").get_by_role("alert")
    await expect(told).to_contain_text("2 faults")
    await expect(told).to_contain_text("did you mean “MONTHLY”?")
    await told.get_by_role("button", name="Line").nth(1).click()
    chosen = await file.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert "remindAfterDays: soon" in chosen
    await lead.keep("governance-policy-file")
    await file.fill(text.replace("remindAfterDays: 3", "remindAfterDays: 2"))
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_role("button", name="Undo changes")).to_have_count(0)


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


async def test_a_desk_is_handed_over_once_one_has_seen_what_moves(visit: Visit) -> None:
    admin = await visit()
    await admin.sign_in(JULE, "/governance/seats")
    await admin.page.get_by_role("button", name="Hand over a desk").click()
    dialog = admin.page.get_by_role("dialog", name="Hand over a desk")
    await dialog.get_by_label("Whose desk").fill("Oskar Blume")
    await dialog.get_by_label("Who takes it over").fill("Jule Hansen")
    await expect(dialog.get_by_text("Choose one of the people suggested.")).to_have_count(0)
    await dialog.get_by_role("button", name="Show what would move").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("Nobody seats themselves")
    await dialog.get_by_label("Who takes it over").fill("Nina Falk")
    await expect(dialog.get_by_text("Choose one of the people suggested.")).to_have_count(0)
    await dialog.get_by_role("button", name="Show what would move").click()
    await expect(dialog).to_contain_text(re.compile(r"\d+\sthings would move"))
    await admin.keep("governance-desk")
    await dialog.get_by_label("Why").fill("Leaves the company.")
    await dialog.get_by_role("button", name="Hand it over").click()
    done = admin.page.get_by_role("dialog", name="The desk is handed over")
    await expect(done).to_contain_text("Handed over the desk of Oskar Blume to Nina Falk")
    await done.get_by_role("button", name="Done").click()
    await admin.page.get_by_label("Search the seats").fill("Oskar")
    await expect(admin.page.get_by_text("No seat fits what you look for.")).to_be_visible()
