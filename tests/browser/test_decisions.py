"""A decision from what is asked to the vote, between people in browsers of their own."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

CARLOS = "carlos.ibarra@wendelau.example"  # sales manager, who submits
PRIYA = "priya.raman@wendelau.example"  # sponsor, who decides alone at that gate
PLAN = "Washdown drives, food plants South Europe"
NINA = "nina.falk@wendelau.example"  # owner, who proposes a change
ANNELIESE = "anneliese.krug@wendelau.example"  # sponsor, who decides it with the controller
FABIAN = "fabian.koller@wendelau.example"
DECIDED, LINE = "Parts shop for distributors", "Margin of additional parts sales"
QUESTION, ANSWER = "Who cleans the housings at the plants?", "The integrator does; his offer is in the plan."


async def test_a_decision_comes_live_is_asked_about_and_leaves_when_it_is_decided(visit: Visit) -> None:
    sponsor, manager = await visit(), await visit()
    await sponsor.sign_in(PRIYA, "/decisions")
    listed = sponsor.page.get_by_test_id("decision").filter(has_text=PLAN)
    others = await sponsor.page.get_by_test_id("decision").count()
    await expect(listed).to_have_count(0)
    await sponsor.stay()

    await manager.sign_in(CARLOS)
    await manager.open(await manager.address_of(PLAN))
    await _submit(manager, "The plan follows the three plants that were visited.")
    await expect(listed).to_contain_text("Gate into Detailed")
    rail = sponsor.page.get_by_role("navigation", name="Main", exact=True)
    await expect(rail.get_by_role("link", name="My decisions")).to_contain_text(f"{others + 1} waiting")

    await listed.get_by_role("link").click()
    await expect(sponsor.page.get_by_test_id("decision").locator("[aria-current]")).to_have_count(1)
    asked = sponsor.page.get_by_role("article", name=PLAN)
    await expect(asked).to_contain_text("The plan follows the three plants that were visited.")
    await _ask(sponsor)
    await expect(asked.get_by_test_id("question")).to_contain_text("not yet answered")
    await sponsor.keep("decision-1-asked", whole=True)
    await _answer(manager)
    await expect(asked.get_by_test_id("question")).to_contain_text(ANSWER)

    vote = sponsor.page.get_by_role("complementary", name="Your vote")
    await vote.get_by_role("radio", name="Recycle").check()
    await vote.get_by_role("button", name="Vote Recycle").click()  # without the comment that it needs
    await expect(vote.get_by_role("textbox", name="Comment")).to_be_focused()
    await expect(listed).to_have_count(1)
    await vote.get_by_role("radio", name="Go").check()
    await vote.get_by_role("button", name="Vote Go").click()
    await expect(listed).to_have_count(0)
    await expect(sponsor.page.get_by_test_id("decision")).to_have_count(others)
    await expect(manager.stage).to_contain_text("Detailed")
    assert await sponsor.stayed()
    await sponsor.keep("decision-3-gone")


async def _submit(owner: Visitor, comment: str) -> None:
    await owner.region("Next gate").get_by_role("button", name="Submit into Detailed").click()
    dialog = owner.page.get_by_role("dialog")
    await dialog.get_by_label("What is asked, optional").fill(comment)
    await dialog.get_by_role("button", name="Submit", exact=True).click()


async def _ask(decider: Visitor) -> None:
    await decider.page.get_by_role("button", name="Ask a question").click()
    await decider.page.get_by_label("Question", exact=True).fill(QUESTION)
    await decider.page.get_by_role("button", name="Ask", exact=True).click()


async def _answer(owner: Visitor) -> None:
    question = owner.region("Next gate").get_by_test_id("question").filter(has_text=QUESTION)
    await question.get_by_role("button", name="Answer").click()
    await question.get_by_label("Answer").fill(ANSWER)
    await owner.keep("decision-2-answering", whole=True)
    await question.get_by_role("button", name="Answer", exact=True).click()


async def test_a_change_of_the_plan_is_proposed_decided_by_two_and_compared_with_version_1(visit: Visit) -> None:
    owner, sponsor, controller = await visit(), await visit(), await visit()
    await owner.sign_in(NINA)
    await owner.open(await owner.address_of(DECIDED))
    await expect(owner.region("Plan versions")).to_contain_text("Plan v1")
    month = await _propose(owner)

    for decider, email, amount in ((sponsor, ANNELIESE, None), (controller, FABIAN, "525 000")):
        await decider.sign_in(email, "/decisions")
        listed = decider.page.get_by_test_id("decision").filter(has_text=DECIDED)
        await expect(listed).to_contain_text("Change of the plan")
        await listed.get_by_role("link").click()
        table = decider.page.get_by_role("region", name="What would change")
        await expect(table.get_by_role("row", name=month)).to_contain_text("87,500")
        assert await decider.violations() == []
        await decider.keep(f"change-2-{'sponsor' if amount is None else 'controller'}", whole=True)
        vote = decider.page.get_by_role("complementary", name="Your vote")
        if amount:
            await vote.get_by_label("Validated size of the change, EUR").fill(amount)
        await vote.get_by_role("button", name="Vote Go").click()
        await expect(listed).to_have_count(0)

    versions = owner.region("Plan versions")
    await expect(versions).to_contain_text("Plan v2")
    await expect(owner.region("Proposed change")).to_have_count(0)
    await versions.get_by_role("button", name="Compare").click()
    compared = owner.page.get_by_role("region", name="Version 1 against version 2")
    await expect(compared.get_by_role("row", name=month)).to_contain_text("\u221287,500")
    await owner.keep("change-3-compared")
    assert await owner.violations() == []


async def _propose(owner: Visitor) -> str:
    """Move a line three months from its third month on, which is answered: first nothing, and that is refused."""
    await owner.page.get_by_role("button", name="Change request").click()
    dialog = owner.page.get_by_role("dialog")
    await dialog.get_by_label("Reason").fill("The workshop in Lyon opens three months later.")
    send = dialog.get_by_role("button", name="Propose the change")
    await send.click()
    await expect(dialog.get_by_role("alert")).to_contain_text("changes nothing of the plan")
    await dialog.get_by_role("button", name=LINE).click()
    first = dialog.get_by_label("From")
    month = await first.locator("option").nth(2).inner_text()
    await first.select_option(label=month)
    await dialog.get_by_label("Later by").select_option("3")
    await dialog.get_by_role("button", name="Move").click()
    await expect(dialog).to_contain_text(f"It changes 6\u00a0months of “{LINE}”.")
    assert await owner.violations() == []
    await owner.keep("change-1-proposing")
    await send.click()
    await expect(dialog).to_have_count(0)
    await expect(owner.region("Proposed change")).to_contain_text("The workshop in Lyon opens")
    return month
