"""Waiting for a value, and a finding of the run doctor that somebody does not want to hear of."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.playground.training_suite import IDS
from tests.browser.chat import Chat, button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ILL = IDS["diverges"]
NAME = "reviews-full-3b"


async def test_a_value_comes_and_a_finding_is_silenced(chat: Chat) -> None:
    """Both in the thread of the job; the list has what is waited for; the button does its work and goes."""
    await chat.ask(f"/job subscribe {ILL} milestones when train_loss > 3")
    await expect(chat.message("I'll ping you once, as soon as train_loss > 3")).to_be_visible()
    await chat.ask(f"/job subscribe {ILL} when eval_loss < 0.2")
    await expect(chat.message("I'll ping you once, as soon as eval_loss < 0.2")).to_be_visible()
    await chat.ask("/job subscriptions")
    await expect(chat.message("alert when")).to_contain_text("eval_loss < 0.2")
    card = chat.message("1 person subscribed").filter(has_text=NAME)
    await card.get_by_test_id("reply-count").click()
    told = chat.reply("your alert: train_loss > 3")
    await expect(told).to_have_count(1)
    await expect(told).to_contain_text("@ada")
    finding = chat.reply("Loss is diverging").last
    await expect(finding).to_contain_text("train_loss rose from")
    await button(finding, "Hide this warning").click()
    await expect(finding).to_contain_text("I won't mention this again for this job")
    await expect(button(finding, "Hide this warning")).to_have_count(0)
    assert await chat.overflowing("[data-testid=message]") == []
