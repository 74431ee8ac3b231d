"""The past on the screen: the proof of the ledger, what moved a figure, and any page as it stood."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import StorageState, expect

from tests.browser.conftest import Visit
from tests.browser.visitor import SCREENSHOTS

pytestmark = pytest.mark.browser
TODAY = datetime.now(UTC).date()  # the sample's history ends today


async def test_the_ledger_proves_itself_and_explains_what_moved_a_figure(visit: Visit, executive: StorageState) -> None:
    katharina = await visit(storage_state=executive)
    page = katharina.page
    await katharina.open("/ledger")
    await expect(page.get_by_text("verified")).to_be_visible()
    card = page.get_by_role("region", name="What moved a figure")
    since = TODAY - timedelta(days=30)
    await card.get_by_label("From the end of").fill(since.isoformat())
    await card.get_by_role("button", name="Explain").click()
    await expect(card.get_by_role("row").last).to_contain_text("Difference between")
    assert await card.get_by_role("row").count() > 3
    await page.screenshot(path=SCREENSHOTS / "ledger-difference.png")


async def test_a_page_is_read_as_it_stood_and_nothing_can_be_changed_there(
    visit: Visit, executive: StorageState
) -> None:
    katharina = await visit(storage_state=executive)
    page = katharina.page
    await katharina.open("/")
    now = await page.get_by_role("main").inner_text()
    await page.get_by_role("button", name="As of today").click()
    then = TODAY - timedelta(days=200)
    await page.get_by_label("As it stood at the end of").fill(then.isoformat())
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_text("with your rights of today")).to_be_visible()
    await katharina.settled()
    assert f"asOf={then.isoformat()}" in page.url
    assert await page.get_by_role("main").inner_text() != now
    await page.screenshot(path=SCREENSHOTS / "board-as-of.png")
    await page.get_by_role("link", name="Cascade").first.click()
    await expect(page.get_by_text("with your rights of today")).to_be_visible()
    await katharina.settled()
    await page.get_by_role("button", name="Back to today").click()
    await expect(page.get_by_text("with your rights of today")).to_have_count(0)
    assert "asOf" not in page.url
