"""Charts, as the playground draws them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.chat import COMPLETED, RUNNING, Chat, button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DARK = {"color_scheme": "dark"}
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def test_the_button_draws_the_loss(chat: Chat) -> None:
    """A line for each series, named in the legend, with what they come to beneath."""
    await button(await chat.card(RUNNING), "Metrics").click()
    drawn = chat.message("Metrics · ").last
    await expect(drawn.get_by_role("img", name="Loss: train_loss, eval_loss")).to_be_visible()
    await expect(drawn.locator(".chart__line path")).to_have_count(2)
    await expect(drawn.locator(".chart__line--0 circle")).to_have_count(20)
    await expect(drawn).to_contain_text("best")


async def test_a_workspace_without_charts_gets_little_bars(chat: Chat) -> None:
    """The same message, as text."""
    await chat.switch("slack_no_charts", on=True)
    await chat.ask(f"/job metrics {COMPLETED} loss learning_rate")
    drawn = chat.message("Metrics · ").last
    await expect(drawn).to_contain_text("█")
    await expect(drawn).to_contain_text("learning_rate")
    await expect(drawn.locator(".chart")).to_have_count(0)


@pytest.mark.parametrize("looks", [DARK, PHONE], ids=["dark", "phone"])
async def test_a_chart_fits_every_theme_and_width(chat: Chat, looks: dict[str, Any]) -> None:
    """Its lines can be told from the ground, and nothing reaches beyond the edge."""
    assert looks
    await chat.ask(f"/job metrics {RUNNING}")
    await expect(chat.message("Metrics · ").last.locator(".chart__picture")).to_be_visible()
    assert await chat.overflowing("[data-testid=message]") == []
    ink = await chat.page.locator(".chart__line--0 path").evaluate("node => getComputedStyle(node).stroke")
    assert ink not in {"none", ""}
