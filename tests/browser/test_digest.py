"""A digest: what it would say is shown to whoever asks, and when it comes is told to all."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.playground.training_suite import IDS
from tests.browser.chat import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

JOB = IDS["dpo"]


async def test_a_digest_is_previewed_set_and_switched_off(chat: Chat) -> None:
    """The preview names what failed and why; only who asks sees it."""
    await chat.page.locator(f"[data-testid=job-menu][data-request-id='{JOB}']").click()
    await chat.page.get_by_role("menuitem", name="Make it fail").click()
    await chat.ask(f"/job {JOB}")
    await expect(chat.message("Failed").first).to_be_visible()
    await chat.ask("/job digest")
    preview = chat.message("Preview for you: the last 24 hours")
    await expect(preview).to_contain_text("No digest in this channel yet")
    await expect(preview).to_contain_text("safety-dpo-second-try")
    await expect(preview).to_contain_text("failed")
    await chat.ask("/job digest daily 9am berlin")
    await expect(chat.message("turned on the digest")).to_be_visible()
    await expect(chat.message("every day at 09:00 (Europe/Berlin)").first).to_be_visible()
    await chat.ask("/job digest off")
    await expect(chat.message("turned off the daily digest")).to_be_visible()
    assert await chat.overflowing("[data-testid=message]") == []
