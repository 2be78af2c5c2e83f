"""How it looks: the themes, and a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.chat import FAILED, HOSTILE, RUNNING, Chat, choose

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DARK = {"color_scheme": "dark"}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def _brightness(chat: Chat) -> int:
    """Of the surface that messages stand on: 0 is black, 255 white."""
    colour = await chat.page.evaluate(
        "getComputedStyle(document.querySelector('#conversation')).backgroundColor"
    )
    return sum(int(part) for part in colour.strip("rgba()").split(",")[:3]) // 3


async def test_the_page_loads_in_light(chat: Chat) -> None:
    """The channel, a first message and jobs to try are there."""
    assert await _brightness(chat) > 200
    await expect(chat.get("channel-name")).to_have_text("training")
    await expect(chat.message("The support-tone run is")).to_be_visible()
    assert await chat.get("job-chip").count() >= 12


@pytest.mark.parametrize("looks", [DARK])
async def test_the_page_follows_a_dark_system(chat: Chat, looks: dict[str, Any]) -> None:
    """And the switch at the top overrules it."""
    assert looks["color_scheme"] == "dark"
    assert await _brightness(chat) < 60
    await chat.get("theme-toggle").click()
    await expect(chat.page.locator("html")).to_have_attribute("data-theme", "light")
    assert await _brightness(chat) > 200


@pytest.mark.parametrize("looks", [PHONE])
async def test_a_phone_shows_all_of_a_card(chat: Chat, looks: dict[str, Any]) -> None:
    """Nothing reaches beyond the edge: no card, whatever its names, no thread, no window."""
    assert looks["viewport"]["width"] == 360
    for request_id in (RUNNING, FAILED, HOSTILE):
        await chat.card(request_id)
    assert await chat.overflowing("[data-testid=message]") == []
    await choose(chat.message(RUNNING[:8]).last, "Details")
    await expect(chat.get("modal")).to_contain_text("Job details")
    assert await chat.overflowing("[data-testid=modal]") == []
    await chat.get("modal-close").click()
    width = await chat.page.evaluate("document.documentElement.scrollWidth")
    assert width == 360


@pytest.mark.parametrize("looks", [PHONE])
async def test_a_phone_shows_the_whole_gallery(chat: Chat, looks: dict[str, Any]) -> None:
    """Every sample fits the width."""
    assert looks["is_mobile"]
    await chat.get("gallery-tab").click()
    await expect(chat.get("sample").first).to_be_visible()
    assert await chat.overflowing("[data-testid=sample]") == []
