"""Finding a job without knowing its id: from a message's menu."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_messages_menu_checks_the_job_it_names(chat: Chat) -> None:
    """The card stands in the message's thread."""
    message = chat.message("The support-tone run is")
    await message.hover()
    await message.get_by_test_id("message-menu").click()
    await chat.page.get_by_role("menuitem", name="Check training job").click()
    await message.get_by_test_id("reply-count").click()
    await expect(chat.reply("support-tone-llama-8b").last).to_be_visible()
