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
    await modal.get_by_label("Who can subscribe in channels?").select_option("These people")
    await expect(modal.get_by_label("People who can subscribe")).to_be_visible()
    await chat.get("modal-submit").click()
    await expect(modal).to_contain_text("Please fill this in.")
    await modal.get_by_label("People who can subscribe").select_option(["grace"])
    await chat.get("modal-submit").click()
    await expect(modal).to_contain_text("Saved for the whole workspace.")
    await chat.page.keyboard.press("Escape")
    await chat.ask(f"/job subscribe {IDS['dpo']}")
    await expect(chat.message("can subscribe to jobs in this channel")).to_contain_text("@grace")
    await chat.ask("/job setup")
    chosen = modal.get_by_label("People who can subscribe").locator("option:checked")
    await expect(chosen).to_have_text(["grace"])


@pytest.mark.parametrize("looks", [{"viewport": {"width": 390, "height": 844}}])
async def test_what_is_typed_and_chosen_stays_when_a_field_comes(chat: Chat) -> None:
    """On a phone, where nothing of it is wider than the screen: each right has its own people and group."""
    await chat.ask("/job setup")
    modal = chat.get("modal")
    await modal.get_by_label("Time zone").fill("Europe/Berlin")
    await modal.get_by_label("API key").fill("half-a-key")
    await modal.get_by_label("Who can subscribe in channels?").select_option("These people")
    people = modal.get_by_label("People who can subscribe")
    await people.select_option(["ada", "grace"])
    await modal.get_by_label("Who can see cost?").select_option("A user group")
    await expect(modal.get_by_label("User group that can see cost")).to_be_visible()
    await expect(people.locator("option:checked")).to_have_text(["ada", "grace"])
    await expect(modal.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    await expect(modal.get_by_label("API key")).to_have_value("half-a-key")
    body = modal.locator(".dialog__body")
    assert await body.evaluate("each => each.scrollWidth <= each.clientWidth")
