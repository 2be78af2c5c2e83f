"""The window of `setup`, filled in by hand; what it sets counts with the next question."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.playground.training_suite import IDS
from tests.browser.chat import Chat

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_admin_keeps_subscribing_to_somebody(chat: Chat) -> None:
    """A mistake is shown in its field; then it is saved, and the admin isn't on the list."""
    await chat.ask("/job setup")
    modal = chat.get("modal")
    await expect(modal).to_contain_text("Key set on")
    await modal.get_by_label("Who can subscribe in channels?").select_option("The people below")
    await chat.get("modal-submit").click()
    await expect(modal).to_contain_text("Choose at least one person.")
    await modal.get_by_label("People").select_option(["grace"])
    await chat.get("modal-submit").click()
    await expect(modal).to_contain_text("Saved for the whole workspace.")
    await chat.page.keyboard.press("Escape")
    await chat.ask(f"/job subscribe {IDS['dpo']}")
    await expect(chat.message("can subscribe to jobs in this channel")).to_contain_text("@grace")
    await chat.ask("/job setup")
    chosen = modal.get_by_label("People").locator("option:checked")
    await expect(chosen).to_have_text(["grace"])
