"""One Chromium for all tests here; for each of them a playground of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.playground.server import playground
from tests.browser.chat import Chat
from tests.playground.opened_page import OpenedPage, opened_page

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
    """The page, loaded, with the real bot behind it."""
    async with playground() as address, opened(browser, looks, address) as chat:
        yield chat


@pytest_asyncio.fixture(loop_scope="session")
async def stage(browser: Browser, looks: dict[str, Any]) -> AsyncIterator[tuple[Chat, OpenedPage]]:
    """The page, loaded, with nobody behind it: what comes, comes from the test."""
    async with opened_page() as page, opened(browser, looks, page.address) as chat:
        yield chat, page


@asynccontextmanager
async def opened(browser: Browser, looks: dict[str, Any], address: str) -> AsyncIterator[Chat]:
    """The page at an address. Afterwards it must have been quiet: no errors, no other host."""
    options = {"locale": "en-US", "timezone_id": "UTC", "viewport": {"width": 1280, "height": 900}, **looks}
    async with await browser.new_context(**options) as context:
        chat = Chat(await context.new_page(), address)
        await chat.open()
        yield chat
        assert chat.troubles == []
        assert chat.foreign_requests == []
