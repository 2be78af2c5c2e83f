"""What axe, the usual set of rules, finds in the page: nothing."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.browser.chat import COMPLETED, FAILED, HOSTILE, RUNNING, Chat, choose

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STILL: dict[str, Any] = {"reduced_motion": "reduce"}
"""What is still fading in has less contrast than it will have."""
LIGHT = {**STILL, "color_scheme": "light"}
DARK = {**STILL, "color_scheme": "dark"}
PHONE = {**STILL, "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


async def broken_rules(chat: Chat, where: str) -> list[str]:
    """Each rule that is broken, the element that breaks it, and why."""
    found = await Axe().run(chat.page)
    return [
        f"{where}: {rule['id']}: {node['html'][:200]}: {node['failureSummary']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("looks", [LIGHT, DARK, PHONE], ids=["light", "dark", "phone"])
async def test_every_view_keeps_the_rules(chat: Chat, looks: dict[str, Any]) -> None:
    """The chat with cards and a thread, a dialog, the list of suggestions, Home, the gallery."""
    is_phone, broken = "is_mobile" in looks, []
    broken += await broken_rules(chat, "as it opens")
    for request_id in (RUNNING, COMPLETED, HOSTILE):
        await chat.card(request_id)
    failed = await chat.card(FAILED)
    await chat.ask("/job list")
    await expect(chat.message("jobs").last).to_be_visible()
    await chat.ask("/job help")
    broken += await broken_rules(chat, "cards")
    await chat.get("composer").fill("/job ")
    await chat.get("composer").press("End")
    broken += await broken_rules(chat, "suggestions")
    await chat.get("composer").fill("")
    await choose(failed, "Details")
    await expect(chat.get("modal")).to_contain_text("Job details")
    broken += await broken_rules(chat, "a dialog")
    await chat.get("modal-close").click()
    await chat.ask(f"/job subscribe {RUNNING}")
    await chat.page.get_by_role("button", name="repl").last.click()
    await expect(chat.get("thread-pane")).to_be_visible()
    broken += await broken_rules(chat, "a thread")
    if is_phone:
        await chat.get("thread-close").click()
        await chat.get("nav-toggle").click()
        broken += await broken_rules(chat, "the channels on a phone")
        await chat.page.keyboard.press("Escape")
    await chat.get("panel-toggle").click()
    broken += await broken_rules(chat, "the panel")
    await chat.get("home-tab").click()
    await expect(chat.get("home")).to_be_visible()
    await expect(chat.get("home").get_by_role("button").first).to_be_visible()
    broken += await broken_rules(chat, "Home")
    await chat.get("gallery-tab").click()
    await expect(chat.get("sample").first).to_be_visible()
    broken += await broken_rules(chat, "the gallery")
    assert broken == [], "\n".join(broken)
