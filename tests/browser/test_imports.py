"""Importing in a browser: a large file is seen to move, in numbers and in words, and then is reported."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

EMEKA = "emeka.obi@wendelau.example"  # portfolio lead
ROWS = 60_000
MAPPING = """
system: spend
currency: EUR
files: {spend: spend.csv}
initiatives:
  branch:
    - objective: Spend
    - portfolio: Plants
    - program: Energy
    - initiative: "{Measure}"
values: {kind: RUN_COST, name: Spend, series: plan, amount: Amount, month: Month, repeated: add}
"""


def spend() -> str:
    """A file that takes a while: many small amounts of a few measures."""
    rows = (f"Measure {row % 40},2027-{row % 12 + 1:02},{row % 97}" for row in range(ROWS))
    return "\n".join(("Measure,Month,Amount", *rows, ""))


async def test_a_large_file_is_seen_to_move_and_then_reported(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(EMEKA, "/imports")
    page = visitor.page
    bar = page.get_by_role("progressbar", name="How far the import has come")
    await expect(bar).to_have_count(0)
    await page.get_by_label("Files").set_input_files(
        {"name": "spend.csv", "mimeType": "text/csv", "buffer": spend().encode()}
    )
    await page.get_by_label("What the columns mean").fill(MAPPING)
    await page.get_by_role("button", name="Try it: a dry run").click()
    await expect(bar).to_have_attribute("aria-valuetext", re.compile(r"^Reading: [1-9][\d,]* of 60,000 rows\.$"))
    assert await bar.get_attribute("max") == str(ROWS)
    assert await visitor.violations() == []
    await visitor.keep("import-progress")
    report = page.get_by_role("status", name="Report")
    await expect(report).to_contain_text("Read 60,000 rows: 120 figures would be created", timeout=60_000)
    await expect(bar).to_have_count(0)
