"""One Chromium for all tests here; for each of them a playground of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.playground.server import playground
from tests.browser.chat import Chat

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("no Chromium on this machine; install it with: sudo apt-get install chromium")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    """Started once: that is what takes time."""
    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture
def looks() -> dict[str, Any]:
    """How the browser is set; a test may ask for more by parametrizing this."""
    return {}


@pytest_asyncio.fixture(loop_scope="session")
async def chat(browser: Browser, looks: dict[str, Any]) -> AsyncIterator[Chat]:
    """The page, loaded. Afterwards it must have been quiet: no errors, no other host."""
    options = {"locale": "en-US", "timezone_id": "UTC", "viewport": {"width": 1280, "height": 900}, **looks}
    async with playground() as address, await browser.new_context(**options) as context:
        chat = Chat(await context.new_page(), address)
        await chat.open()
        yield chat
        assert chat.troubles == []
        assert chat.foreign_requests == []
