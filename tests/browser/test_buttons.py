"""What the buttons on a card do, and what people see when the training suite fails."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect
from playwright.async_api import TimeoutError as NotYetError

from bot.cards.kit import actions
from tests.browser.chat import COMPLETED, FAILED, RUNNING, Chat, button, choose

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_details_open_a_window_and_escape_closes_it(chat: Chat) -> None:
    """The window has the whole configuration; the focus comes back to the menu."""
    card = await chat.card(RUNNING)
    await choose(card, "Details")
    modal = chat.get("modal")
    await expect(modal).to_contain_text("Job details")
    await expect(modal).to_contain_text("Learning rate")
    await chat.page.keyboard.press("Escape")
    await expect(modal).to_be_hidden()
    await expect(button(card, "More actions")).to_be_focused()


async def test_the_full_error_hides_the_secrets_in_it(chat: Chat) -> None:
    """A failed job leads with its cause; the window has all of it, redacted."""
    card = await chat.card(FAILED)
    await button(card, "Full error").click()
    modal = chat.get("modal")
    await expect(modal).to_contain_text("Full error")
    await expect(modal).to_contain_text("Traceback")
    await expect(modal).to_contain_text("[redacted]")
    assert "hf_" not in await modal.inner_text()
    await chat.get("modal-close").click()
    await expect(modal).to_be_hidden()


async def test_sharing_shows_the_card_to_everyone(chat: Chat) -> None:
    """The private card gives way to one that says who shared it."""
    card = await chat.card(COMPLETED)
    await choose(card, "Share in channel")
    shared = chat.message("Shared by @ada")
    await expect(shared).to_contain_text("invoice-reader-vlm")
    await expect(shared).not_to_have_attribute("data-ephemeral", "true")
    await expect(chat.message("Only visible to you")).to_have_count(0)


async def test_refresh_keeps_one_card_up_to_date(chat: Chat) -> None:
    """The same message shows more progress, and that it is old when nobody answers any more."""
    card = await chat.card(RUNNING)
    bar = card.locator(".block--section").first
    before = await bar.inner_text()
    await chat.get("switch-speed").select_option("1440")
    await _refresh_until(card, bar.filter(has_not_text=before))
    await chat.switch("down", on=True)
    await expect(chat.get("trouble")).to_contain_text("down")
    await _refresh_until(card, card.filter(has_text="Last known state"))
    await expect(card).to_contain_text("support-tone-llama-8b")
    await expect(chat.message("Only visible to you")).to_have_count(1)


async def _refresh_until(card: Locator, shown: Locator) -> None:
    """Press again and again: the bot asks anew at most every two seconds."""
    for _ in range(40):
        again = button(card, "Try again")
        try:  # the card may become another one meanwhile, without that button or that option
            await (
                again.click(timeout=2_000)
                if await again.count()
                else choose(card, "Refresh", timeout_ms=2_000)
            )
            await shown.wait_for(timeout=200)
        except NotYetError:
            continue
        return
    await expect(shown).to_be_visible()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("html", "Simplismart's answer can't be read"),
        ("server_error", "Simplismart has a problem"),
    ],
)
async def test_a_failure_can_be_tried_again(chat: Chat, name: str, title: str) -> None:
    """It says what happened; when the trouble is over, its button brings the card."""
    await chat.switch(name, on=True)
    await chat.ask(f"/job {COMPLETED}")
    failure = chat.message(title)
    await expect(failure).to_contain_text("Reference")
    await expect(failure).to_contain_text(COMPLETED[:8])
    await chat.switch(name, on=False)
    await failure.locator(f"[data-action-id='{actions.TRY_AGAIN}']").click()
    await expect(chat.message("Completed · invoice-reader-vlm")).to_be_visible()
    await expect(failure).to_have_count(0)


async def test_an_expired_key_names_the_operators_next_step(chat: Chat) -> None:
    """Trying again cannot help, so nothing offers it."""
    await chat.switch("key_expired", on=True)
    await chat.ask(f"/job {COMPLETED}")
    failure = chat.message("The bot has no access")
    await expect(failure).to_contain_text("An admin can enter a new one with /job setup")
    await expect(failure.get_by_role("button")).to_have_count(0)
