"""Runs side by side, one as a message to keep, a link to one, and one that failed as another did."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.playground.training_suite import IDS
from tests.browser.chat import COMPLETED, RUNNING, Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_two_runs_are_set_side_by_side(chat: Chat) -> None:
    """What came of them, and the train and eval loss of both in one chart."""
    await chat.ask(f"/job compare {RUNNING} {COMPLETED}")
    compared = chat.message("Best eval loss").last
    await expect(compared.locator(".chart__picture")).to_be_visible()
    await expect(compared.locator(".chart__line path")).to_have_count(4)
    await expect(compared.get_by_role("table").last).to_contain_text("What differs")
    assert await chat.overflowing("[data-testid=message]") == []


async def test_without_charts_and_tables_there_are_lines(chat: Chat) -> None:
    """Found out at the first of them."""
    await chat.switch("slack_no_charts", on=True)
    await chat.ask(f"/job compare {RUNNING} {COMPLETED}")
    compared = chat.message("What differs").last
    await expect(compared.get_by_role("table")).to_have_count(0)


async def test_a_run_is_told_in_one_message(chat: Chat) -> None:
    """Its configuration, outcome and curves."""
    await chat.ask(f"/job report {COMPLETED}")
    report = chat.message("Report").last
    await expect(report).to_contain_text("GPU-hours")
    await expect(report.locator(".chart__picture").first).to_be_visible()
    assert await chat.overflowing("[data-testid=message]") == []


async def test_a_link_to_a_job_gets_a_short_card(chat: Chat) -> None:
    """Below the message, for everyone there."""
    await chat.ask(f"look: https://training.app.simplismart.ai/jobs/{COMPLETED}?tab=logs")
    below = chat.message("look: ").last.get_by_test_id("unfurl")
    await expect(below).to_be_visible()
    await expect(below).to_contain_text("Completed")


async def test_a_failure_names_the_one_before_it(chat: Chat) -> None:
    """Two runs that ran out of memory, one after the other."""
    for request_id in (IDS["dpo"], IDS["vlm"]):
        await chat.page.locator(f"[data-testid=job-menu][data-request-id='{request_id}']").click()
        await chat.page.get_by_role("menuitem", name="Make it fail").click()
        await expect(await chat.card(request_id)).to_contain_text("Failed")
    await expect(chat.message("Same cause in").last).to_contain_text("safety-dpo-second-try")
