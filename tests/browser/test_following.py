"""Following a job: one card that edits itself, a thread that fills, an end that everybody hears of once."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from bot.playground.training_suite import IDS
from tests.browser.chat import Chat, button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

JOB = IDS["dpo"]
"""Just before 75 %."""
NAME = "safety-dpo-second-try"


def _chip(chat: Chat) -> Locator:
    return chat.page.locator(f"[data-testid=job-chip][data-request-id='{JOB}']")


def _public_card(chat: Chat, words: str) -> Locator:
    return chat.message(words).and_(chat.page.locator(":not([data-ephemeral])")).filter(has_text=NAME)


async def _turn(chat: Chat, name: str) -> None:
    """Let the job take a turn."""
    await chat.page.locator(f"[data-testid=job-menu][data-request-id='{JOB}']").click()
    await chat.page.get_by_role("menuitem", name=name).click()


async def test_the_whole_story(chat: Chat) -> None:
    """Subscribe; the card edits itself and the thread fills; the bot misses the end and tells it once."""
    asked = await chat.card(JOB)
    await button(asked, "Subscribe").click()
    await chat.get("modal").get_by_text("This channel").click()
    await chat.get("modal-submit").click()
    card = _public_card(chat, "1 person subscribed")
    await expect(card).to_have_count(1)
    await expect(button(asked, "Unsubscribe")).to_be_visible()

    await chat.get("switch-speed").select_option("300")
    await expect(card).to_contain_text("(edited)")
    await card.get_by_test_id("reply-count").click()
    await expect(chat.reply("left").filter(has_not_text=NAME).first).to_be_visible()
    await expect(chat.message("left").filter(has_not_text=NAME)).to_have_count(0)

    await chat.get("thread-close").click()
    await chat.switch("bot", on=False)
    await expect(chat.get("trouble")).to_contain_text("The bot: stopped")
    await chat.ask("/job subscriptions")
    await expect(chat.message("/job failed")).to_be_visible()
    await _turn(chat, "Make it fail")
    await expect(_chip(chat)).to_contain_text("Failed")
    assert await chat.message("replied to a thread").count() == 0

    await chat.switch("bot", on=True)
    told = chat.message("replied to a thread")
    await expect(told).to_contain_text("OutOfMemoryError")
    await expect(told).to_contain_text("@ada")
    await expect(_public_card(chat, "1 person subscribed")).to_contain_text("Failed")
    await told.locator(".message__broadcast button").click()
    await expect(chat.reply("@ada")).to_have_count(1)
    await expect(told).to_have_count(1)
    assert await chat.overflowing("[data-testid=message]") == []


async def test_what_slack_refuses_comes_later_and_once(chat: Chat) -> None:
    """Nothing is lost meanwhile; what is quiet stays in the thread; whoever leaves is no longer counted."""
    await chat.ask(f"/job subscribe {JOB} quiet")
    card = _public_card(chat, "1 person subscribed")
    await expect(card).to_have_count(1)
    await chat.switch("slack_rate_limited", on=True)
    await _turn(chat, "Cancel")
    await expect(_chip(chat)).to_contain_text("Cancelled")
    await expect(chat.get("trouble")).to_contain_text("Slack: rate limited")
    await expect(card.get_by_test_id("reply-count")).to_have_count(0)
    await chat.switch("slack_rate_limited", on=False)
    await card.get_by_test_id("reply-count").click()
    told = chat.reply("Cancelled").filter(has_not=chat.page.get_by_test_id("block-button"))
    await expect(told).to_have_count(1)
    await expect(chat.message("replied to a thread")).to_have_count(0)
    await chat.get("thread-close").click()
    await chat.ask(f"/job unsubscribe {JOB}")
    await expect(_public_card(chat, "Updates ended")).to_have_count(1)
