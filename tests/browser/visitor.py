"""A person at a screen: their own browser context, and what they do more than once."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.async_api import ConsoleMessage, Error, Locator, Page, ViewportSize, expect

from server.sample import Company

SCREENSHOTS = Path(__file__).resolve().parent.parent / "output" / "screenshots"
AXE = Path(__file__).resolve().parent / "node_modules" / "axe-core" / "axe.min.js"

KATHARINA = "katharina.voss@wendelau.example"  # executive
JULIAN = "julian.haas@wendelau.example"  # sales manager
UTE = "ute.bergmann@wendelau.example"  # controller
GWEN = "gwen.pascoe@morwen.example"  # executive of the other organization

DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)

expect.set_options(timeout=20_000)  # a busy machine with two cores; a fact that is there is not waited for


class Visitor:
    """One person in one browser context.

    Attributes:
        page: Their screen.
        faults: What their browser complained about so far: exceptions, refused scripts, failed requests.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", self._threw)
        page.on("console", self._said)

    async def open(self, path: str) -> None:
        """Load an address, until all of it is there and live."""
        await self.page.goto(path)
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is loading any more and the live line stands."""
        await expect(self.page.get_by_test_id("live-badge")).to_contain_text("Live")
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)

    async def fill_in(self, email: str, password: str = Company.password) -> None:
        """Fill in the sign-in form and send it."""
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()

    async def sign_in(self, email: str, path: str = "/") -> None:
        """Sign in at an address, which is shown then."""
        await self.page.goto(path)
        await self.fill_in(email)
        await self.settled()

    async def keep(self, name: str, *, whole: bool = False) -> None:
        """Keep a picture of the screen (or of the whole page) as test output."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole, animations="disabled")

    async def stay(self) -> None:
        """Mark this very page load, so that `stayed` can tell whether there was another one."""
        await self.page.evaluate("window.stayed = true")

    async def stayed(self) -> bool:
        """Whether nothing was loaded anew since `stay`."""
        return bool(await self.page.evaluate("window.stayed === true"))

    def region(self, name: str) -> Locator:
        """A card, by its name."""
        return self.page.get_by_role("region", name=name, exact=True)

    @property
    def stage(self) -> Locator:
        """The stage that the open measure has come to."""
        return self.region("Stage").locator("[aria-current=step]")

    async def address_of(self, name: str, screen: str = "measure") -> str:
        """The path of a screen that shows the node with this name."""
        return f"/{screen}/{(await self._found(name))['id']}"

    async def above(self, name: str) -> list[str]:
        """The ids of the nodes above the node with this name, from the objective down."""
        return [node["id"] for node in (await self._found(name))["ancestors"]]

    async def _found(self, name: str) -> Any:
        asked = (
            "query ($name: String!) { search(text: $name, first: 9) { edges { node { id name ancestors { id } } } } }"
        )
        found = (await self.ask(asked, name=name))["search"]["edges"]
        return next(edge["node"] for edge in found if edge["node"]["name"] == name)

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of a query under this person's session."""
        answer = await self.page.context.request.post("/graphql", data={"query": query, "variables": variables})
        body = await answer.json()
        assert "errors" not in body, body
        return body["data"]

    async def turn_dark(self) -> None:
        """Let the system want dark, which the page follows."""
        await self.page.emulate_media(color_scheme="dark")
        await expect(self.page.locator("html")).to_have_attribute("data-theme", "dark")

    async def width(self) -> int:
        """How wide the page is, in CSS pixels: more than the screen means that it scrolls sideways."""
        return int(await self.page.evaluate("document.documentElement.scrollWidth"))

    async def violations(self, *rules: str) -> list[str]:
        """What axe finds wrong with the page, one line each: by all its rules, or by some."""
        asked = {"resultTypes": ["violations"], "preload": False}
        asked |= {"runOnly": {"type": "rule", "values": rules}} if rules else {}
        found = await self.page.evaluate("options => axe.run(document, options)", asked)
        return [_told(rule) for rule in found["violations"]]

    def _threw(self, error: Error) -> None:
        self.faults.append(f"{self.page.url} threw {error}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(f"{self.page.url} said {message.text}")


def _told(rule: dict[str, Any]) -> str:
    nodes: Sequence[dict[str, Any]] = rule["nodes"]
    places = os.linesep.join(f"    {node['html'][:200]}\n      {node['failureSummary']}" for node in nodes[:5])
    return f"{rule['id']}: {rule['help']}, {len(nodes)} places\n{places}"
