"""A sweep, from the panel: one table for its jobs, which edits itself, and the ranking at its end."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat, button, choose

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_sweep_has_one_card(chat: Chat) -> None:
    """With a row a job; whoever presses [Subscribe] on it is told that they are already."""
    await chat.get("start-sweep").click()
    card = chat.message("Best eval first").last
    await expect(card.get_by_role("table")).to_contain_text("lr1e4-r16")
    await expect(card.get_by_role("row")).to_have_count(5)
    assert await chat.overflowing("[data-testid=message]") == []
    await button(card, "Subscribe").click()
    await expect(chat.message("already subscribed").last).to_contain_text("name:sweep-*")
    await choose(card, "Change what I get")
    window = chat.page.get_by_role("dialog")
    await expect(window).to_contain_text("Each failure, and the ranking at the end")
    await window.get_by_text("Final result").click()
    await window.get_by_role("button", name="Save").click()
    await expect(chat.message("nothing before that").last).to_contain_text("already subscribed")


async def test_a_workspace_without_tables_gets_lines(chat: Chat) -> None:
    """The same card, as text."""
    await chat.switch("slack_no_charts", on=True)
    await chat.get("start-sweep").click()
    card = chat.message("Best eval first").last
    await expect(card).to_contain_text("sweep-lr1e4-r16")
    await expect(card.get_by_role("table")).to_have_count(0)
