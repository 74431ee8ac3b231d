"""The served product with its sample company, and visitors with a browser context each."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, TypeAlias

import pytest
from playwright.async_api import Browser, StorageState

from tests.browser.visitor import AXE, DESK, KATHARINA, Visitor
from tests.support.served import ROOT, Served, served

Visit: TypeAlias = Callable[..., Awaitable[Visitor]]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The product as `./run` serves it, with its sample company: made once for all browser tests."""
    pages = ROOT / "web" / "dist" / "index.html"
    assert pages.exists(), "the web pages are not built: ./run build makes them"
    with served(tmp_path_factory.mktemp("product"), "demo", seconds=180) as product:
        yield product


@pytest.fixture(scope="session")
async def executive(browser: Browser, product: Served) -> StorageState:
    """The cookie of a signed-in executive, for tests that are not about signing in."""
    async with await browser.new_context(base_url=product.url) as context:
        await Visitor(await context.new_page()).sign_in(KATHARINA)
        return await context.storage_state()


@pytest.fixture
async def visit(browser: Browser, product: Served) -> AsyncIterator[Visit]:
    """A person at a screen of their own; afterwards no browser may have complained."""
    visitors: list[Visitor] = []

    async def arrive(**options: Any) -> Visitor:
        chosen = {"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce"} | options
        context = await browser.new_context(base_url=product.url, **chosen)
        await context.add_init_script(path=AXE)
        visitors.append(Visitor(await context.new_page()))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        await visitor.page.context.close()
    assert [fault for visitor in visitors for fault in visitor.faults] == []
