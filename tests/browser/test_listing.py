"""Finding a job by a part of its name, and looking through all of them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat, button, choose

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_part_of_a_name_is_asked_about_and_chosen(chat: Chat) -> None:
    """The chosen job's card takes the place of the question."""
    await chat.ask("/job safety-dpo")
    asked = chat.message("Which one?")
    await expect(asked).to_have_count(1)
    await asked.get_by_test_id("block-button").first.click()
    await expect(asked).to_have_count(0)
    await expect(button(chat.message("H100").last, "Metrics")).to_be_visible()


async def test_the_list_turns_its_page_and_opens_a_card(chat: Chat) -> None:
    """The list stays where it is."""
    await chat.ask("/job list")
    listed = chat.message("newest first")
    await expect(listed).to_contain_text("Page 1 of")
    await listed.get_by_role("button", name="Next").click()
    await expect(listed).to_contain_text("Page 2 of")
    await choose(listed.locator(".block--section").nth(1), "Card")
    await expect(button(chat.message("H100").last, "Metrics")).to_be_visible()
    await button(listed, "Newer").click()
    await expect(listed).to_contain_text("Page 1 of")
    assert await chat.overflowing('[data-testid="message"]') == []
