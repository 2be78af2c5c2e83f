"""Asking: by command, by mention, in a thread, in a direct message, and without a mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.cards.gallery.gallery import samples
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.playground.workspace import BETWEEN_TWO, DM
from tests.browser.chat import COMPLETED, HOSTILE, RUNNING, Chat, button

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_command_is_completed_and_answered_privately(chat: Chat) -> None:
    """Typing the beginning of a name offers its id; the card is for the asker's eyes only."""
    await chat.get("composer").press_sequentially("/job supp")
    await expect(chat.get("completion").first).to_contain_text("support-tone-llama-8b")
    await chat.page.keyboard.press("Tab")
    await expect(chat.get("composer")).to_have_value(f"/job {RUNNING}")
    await chat.page.keyboard.press("Enter")
    card = chat.message("Running · support-tone-llama-8b")
    await expect(card).to_have_attribute("data-ephemeral", "true")
    await expect(card).to_contain_text("Only visible to you")
    await expect(card).to_contain_text(RUNNING[:8])


async def test_a_slash_completes_the_command_and_its_hint_and_then_all_commands(chat: Chat) -> None:
    """As Slack does it; Enter sends what was typed, whatever is suggested."""
    await chat.get("composer").press_sequentially("/")
    suggestions = chat.get("completion").first.get_by_role("option")
    await expect(suggestions).to_have_count(1)
    await expect(suggestions.first).to_contain_text("<job>")
    await chat.page.keyboard.press("Tab")
    await expect(chat.get("composer")).to_have_value("/job ")
    for command in COMMANDS:
        await expect(suggestions.filter(has_text=command.summary.replace("`", "")).first).to_be_attached()
    await chat.get("composer").press_sequentially("hel")
    await expect(suggestions.first).to_contain_text("help")
    await chat.page.keyboard.press("Enter")
    await expect(chat.get("composer")).to_have_value("")
    await expect(chat.get("completion").first).to_be_hidden()
    await expect(chat.message("Only visible to you").last).to_be_visible()


async def test_three_steps_lead_in(chat: Chat) -> None:
    """Ask, subscribe, break it: each by one click, from a world that waits for the first."""
    await expect(chat.get("steps")).to_contain_text("wait for your first step")
    await chat.get("step-ask").click()
    await expect(chat.message("support-tone-llama-8b").last).to_be_visible()
    await expect(chat.get("steps")).not_to_contain_text("wait for your first step")
    await chat.get("step-subscribe").click()
    card = chat.message("1 person subscribed")
    await expect(card).to_be_visible()
    await expect(chat.get("step-ask")).to_contain_text("done")
    await chat.get("step-break").click()
    await expect(chat.get("steps")).to_be_hidden()
    await expect(chat.message("replied to a thread")).to_contain_text("OutOfMemoryError", timeout=20_000)


async def test_a_mention_is_answered_in_the_thread(chat: Chat) -> None:
    """The channel shows one reply; the thread's pane shows the card, for everyone."""
    await chat.ask(f"@jobbot how is {COMPLETED} doing?")
    asked = chat.message("how is")
    await asked.get_by_test_id("reply-count").click()
    card = chat.reply("Completed · invoice-reader-vlm")
    await expect(card).to_be_visible()
    await expect(card).not_to_have_attribute("data-ephemeral", "true")
    await expect(chat.message("Completed · invoice-reader-vlm")).to_have_count(0)


async def test_a_mention_without_an_id_answers_for_the_threads_job(chat: Chat) -> None:
    """The root names the job, so the mention need not."""
    root = chat.message("The support-tone run is")
    await root.hover()
    await root.get_by_test_id("reply-in-thread").click()
    await chat.get("thread-composer").fill("@jobbot")
    await chat.get("thread-send").click()
    await expect(chat.reply("Running · support-tone-llama-8b")).to_be_visible()


async def test_a_direct_message_needs_no_mention(chat: Chat) -> None:
    """The id alone is enough where only the bot listens."""
    await chat.page.locator(f"#direct-messages [data-channel-id={DM}]").click()
    await chat.ask(RUNNING)
    await expect(chat.message("Running · support-tone-llama-8b")).to_be_visible()


async def test_direct_messages_of_people_are_without_the_bot(chat: Chat) -> None:
    """A slash command works there all the same; nobody can invite the bot, and nobody is told to."""
    await chat.page.locator(f"#direct-messages [data-channel-id={BETWEEN_TWO}]").click()
    await expect(chat.page.locator("#channel-topic")).to_have_text(
        "The bot is not here, and cannot be invited."
    )
    await expect(chat.get("channel-name")).to_have_text("Ada Park, Grace Okafor")
    await chat.ask(f"/job subscribe {RUNNING}")
    told = chat.message("I'm not in this conversation")
    await expect(told).to_contain_text("Get it in a direct message")
    await expect(told).not_to_contain_text("/invite")


async def test_several_ids_get_a_card_each(chat: Chat) -> None:
    """In the order they were asked for."""
    await chat.ask(f"/job {COMPLETED}, {RUNNING}")
    await expect(chat.message("Only visible to you").first).to_contain_text("invoice-reader-vlm")
    await expect(chat.message("Running · support-tone-llama-8b")).to_be_visible()


async def test_words_that_are_no_command_get_a_suggestion(chat: Chat) -> None:
    """A slip of the finger is met with what was meant."""
    await chat.ask(f"/job statsu {RUNNING}")
    await expect(chat.message("Did you mean")).to_contain_text(f"/job status {RUNNING[:8]}")


async def test_the_keyboard_is_enough(chat: Chat) -> None:
    """From the freshly loaded page to a card and its window and back, without a mouse."""
    press = chat.page.keyboard.press
    await press("Tab")
    await expect(chat.page.locator(".skip")).to_be_focused()
    await press("Enter")
    await press("Tab")
    await expect(chat.get("composer")).to_be_focused()
    await chat.page.keyboard.type(f"/job {RUNNING}")
    await press("Enter")
    card = chat.message("Running · support-tone-llama-8b")
    await expect(card).to_be_visible()
    menu = button(card, "More actions")
    for _ in range(20):  # far more than there are stops in between
        await press("Shift+Tab")
        if await menu.and_(chat.page.locator(":focus")).count():
            break
    await press("Enter")
    details = card.get_by_role("menuitem", name="Details", exact=True)
    for _ in range(5):  # a menu has at most five options
        if await details.and_(chat.page.locator(":focus")).count():
            break
        await press("ArrowDown")
    await press("Enter")
    await expect(chat.get("modal")).to_contain_text("Base model")
    await press("Escape")
    await expect(menu).to_be_focused()


async def test_names_are_text_whatever_they_hold(chat: Chat) -> None:
    """Markup in a name is shown as it is: no mention, no link, no element."""
    card = await chat.card(HOSTILE)
    await expect(card).to_contain_text("<!channel> *urgent* retrain & 'ship' <https:…")
    await expect(card.locator("a")).to_have_count(0)
    await chat.ask("<img src=x onerror=alert(1)> <b>bold</b>")
    said = chat.message("onerror")
    await expect(said).to_contain_text("<img src=x onerror=alert(1)> <b>bold</b>")
    await expect(said.locator("img, b")).to_have_count(0)


async def test_the_gallery_shows_every_card(chat: Chat) -> None:
    """All samples are drawn, and every block of them is known to the page."""
    await chat.get("gallery-tab").click()
    await expect(chat.get("sample")).to_have_count(len(samples(Dispatch().help)))
    await expect(chat.page.locator(".unsupported")).to_have_count(0)
    assert "unsupported" not in await chat.get("gallery").inner_text()
