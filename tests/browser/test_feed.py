"""A channel's feed: a job that nobody follows ends, and the channel sees it once."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.playground.training_suite import IDS
from tests.browser.chat import Chat, button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

JOB = IDS["dpo"]
NAME = "safety-dpo-second-try"


async def test_a_job_that_fails_is_posted_once_with_a_thread_of_its_own(chat: Chat) -> None:
    """Switched on, told to all; then the post, with the card in its thread; then off."""
    await chat.ask("/job feed on name:dpo")
    await expect(chat.message("from now on failed and completed jobs")).to_be_visible()
    await expect(chat.message("turned on the feed")).to_be_visible()
    await chat.page.locator(f"[data-testid=job-menu][data-request-id='{JOB}']").click()
    await chat.page.get_by_role("menuitem", name="Make it fail").click()
    posted = chat.message("Failed").filter(has_text=NAME)
    await expect(posted).to_have_count(1)
    await expect(button(posted, "Full error")).to_have_count(0)
    await posted.get_by_test_id("reply-count").click()
    await expect(button(chat.reply(NAME).last, "Full error")).to_be_visible()
    await chat.ask("/job feed off")
    await expect(chat.message("turned off the feed")).to_be_visible()
    await expect(chat.message(NAME).and_(chat.page.locator(":not([data-ephemeral])"))).to_have_count(1)
    assert await chat.overflowing("[data-testid=message]") == []
