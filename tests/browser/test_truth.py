"""One version of the truth in a browser: lights, findings, the review, matching and imports."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import KATHARINA

pytestmark = pytest.mark.browser

EMEKA = "emeka.obi@wendelau.example"  # portfolio lead
GEORG = "georg.pichler@wendelau.example"  # owns initiatives
TRACKER = """measure;january
A measure nobody asked for;12
"""


async def test_findings_open_their_numbers_and_the_entry_that_brought_them(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(KATHARINA, "/")
    card = visitor.region("Findings")
    await card.get_by_role("link", name=re.compile("All .* finding")).click()
    await expect(visitor.page.get_by_role("heading", name="Findings", level=1)).to_be_visible()
    first = visitor.page.locator(".finds > li").first
    await first.locator("summary").click()
    await expect(first).to_contain_text("Opened by")
    await visitor.keep("findings-open")
    kind = visitor.page.get_by_label("Kind of finding")
    await kind.select_option("GATE_STALLED")
    for code in await visitor.page.locator(".finds code").all_inner_texts():
        assert code == "GATE_STALLED"


async def test_a_light_better_than_proposed_asks_for_its_reason(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(GEORG, "/")
    mine = await visitor.ask(
        """{ organization { viewer { person { id } } nodes(first: 100, filter: {levels: [INITIATIVE],
             standing: [ACTIVE]}) { edges { node { id owner { id } ... on Measure { lights {
             implementation { proposed } potential { proposed } } acts { act allowed } } } } } } }"""
    )
    me = mine["organization"]["viewer"]["person"]["id"]
    owned = [
        edge["node"]
        for edge in mine["organization"]["nodes"]["edges"]
        if edge["node"]["owner"] and edge["node"]["owner"]["id"] == me
    ]
    behind = next(
        node
        for node in owned
        if node["lights"]["implementation"]["proposed"] != "GREEN"
        and {"act": "setLight", "allowed": True} in node["acts"]
    )
    await visitor.open(f"/measure/{behind['id']}")
    lights = visitor.region("Lights")
    await lights.get_by_role("button", name="Set implementation").click()
    dialog = visitor.page.get_by_role("dialog")
    await dialog.get_by_label("Light", exact=True).select_option("GREEN")
    await dialog.get_by_role("button", name="Set the light").click()
    await expect(dialog).to_be_visible()  # the browser asks for the reason
    await dialog.get_by_label("Reason").fill("The supplier has confirmed the new date.")
    await dialog.get_by_role("button", name="Set the light").click()
    await expect(lights).to_contain_text("The supplier has confirmed the new date.")
    await visitor.keep("light-set")
    await visitor.open("/review")
    card = visitor.region("Better than proposed")
    months = card.get_by_role("listitem").filter(has_text="Georg").get_by_role("img", name=re.compile("By month"))
    await expect(months).to_have_accessible_name(re.compile(r"[1-9]\d* in [A-Z][a-z]+ \d{4}"))
    await months.scroll_into_view_if_needed()
    await visitor.keep("better-by-month")


async def test_a_sales_figure_leads_down_to_its_deals(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(KATHARINA, "/")
    await visitor.region("Sales").get_by_role("button", name="Explain Won").click()
    figure = visitor.page.get_by_role("dialog")
    await figure.get_by_role("button", name="Show what is behind").click()
    await expect(figure.locator(".below").first).to_contain_text(re.compile(r"\d.* r\d+"))
    await visitor.keep("behind-won")
    assert await visitor.violations() == []


async def test_the_review_says_who_owes_what_and_is_closed_by_the_portfolio_lead(visit: Visit) -> None:
    executive, lead = await visit(), await visit()
    await executive.sign_in(KATHARINA, "/review")
    close = executive.page.get_by_role("button", name="Close the review")
    await close.hover()
    await expect(close).to_have_accessible_description(re.compile("Only the portfolio lead may do this"))
    title = await executive.page.get_by_role("region", name="The open review").get_by_role("heading").inner_text()

    await lead.sign_in(EMEKA, "/review")
    await expect(lead.region("What is missing")).to_contain_text("input")
    await lead.keep("review-open")
    await lead.page.get_by_role("button", name="Close the review").click()
    await lead.page.get_by_role("dialog").get_by_role("button", name="Close the review").click()
    await expect(lead.region("Reviews that are closed")).to_contain_text(title.removeprefix("Review "))
    await expect(executive.region("The open review")).not_to_contain_text(title)  # another person's page, live
    await lead.keep("review-closed")


async def test_a_deal_is_tried_before_it_comes(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(KATHARINA, "/plans")
    await visitor.page.get_by_role("link", name="Which deals count").click()
    tester = visitor.region("Try a deal")
    await tester.get_by_label("Product", exact=True).fill("A product nobody sells")
    await tester.get_by_role("button", name="Where would it go?").click()
    await expect(tester.get_by_role("status")).to_contain_text("This deal would go to no plan")
    await visitor.keep("matching")


async def test_a_file_that_cannot_be_read_is_refused_with_the_reason(visit: Visit) -> None:
    visitor = await visit()
    await visitor.sign_in(EMEKA, "/imports")
    page = visitor.page
    await page.get_by_label("Files").set_input_files(
        {"name": "tracker.csv", "mimeType": "text/csv", "buffer": TRACKER.encode()}
    )
    await page.get_by_label("What the columns mean").fill("system: nowhere\n")
    await page.get_by_role("button", name="Try it: a dry run").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await visitor.keep("import-refused")
