"""Finding a job without knowing its id: from a message's menu."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.chat import RUNNING, Chat, button, choose

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_messages_menu_checks_the_job_it_names(chat: Chat) -> None:
    """The card stands in the message's thread."""
    message = chat.message("The support-tone run is")
    await message.hover()
    await message.get_by_test_id("message-menu").click()
    await chat.page.get_by_role("menuitem", name="Check training job").click()
    await message.get_by_test_id("reply-count").click()
    await expect(chat.reply("support-tone-llama-8b").last).to_be_visible()


async def test_a_job_is_picked_by_a_word_of_its_name(chat: Chat) -> None:
    """By the keyboard alone: bare `/job`, a few letters, Enter twice."""
    await chat.ask("/job")
    field = chat.get("modal").get_by_role("combobox")
    await expect(field).to_be_focused()
    options = chat.get("menu-options").get_by_role("option")
    await chat.page.keyboard.press("ArrowDown")
    await expect(options.first).to_be_visible()
    await chat.page.keyboard.type("support tone")
    await expect(options).to_have_count(1)
    await chat.page.keyboard.press("Enter")
    await expect(field).to_have_value("🔵 support-tone-llama-8b")
    await chat.get("modal-submit").click()
    await expect(chat.get("modal")).to_be_hidden()
    await expect(chat.message("support-tone-llama-8b").last).to_contain_text("Only visible to you")


async def test_words_that_nothing_was_chosen_for_are_no_answer(chat: Chat) -> None:
    """The window stays, and says so."""
    await chat.ask("/job")
    await chat.get("modal").get_by_role("combobox").fill("no such job")
    await expect(chat.get("menu-options")).to_contain_text("No results")
    await chat.page.keyboard.press("Tab")
    await chat.get("modal-submit").click()
    await expect(chat.get("modal")).to_contain_text("Please fill this in.")
    await chat.get("modal-cancel").click()
    await expect(chat.get("modal")).to_be_hidden()


async def test_the_home_tab_shows_what_is_followed_and_stops_it(chat: Chat) -> None:
    """What runs is there from the start."""
    await chat.get("home-tab").click()
    home = chat.get("home")
    await expect(home).to_contain_text("Running and queued")
    await expect(home).to_contain_text("You have no subscriptions")
    await chat.get("chat-tab").click()
    await chat.ask(f"/job subscribe {RUNNING}")
    await expect(chat.message("support-tone-llama-8b").first).to_be_visible()
    await chat.get("home-tab").click()
    await choose(home.locator(".block--section", has_text="🔔").first, "Unsubscribe")
    await expect(home).to_contain_text("You have no subscriptions")


async def test_leaving_where_one_does_not_follow_says_where_one_does(chat: Chat) -> None:
    """And the button there stops it."""
    await chat.ask(f"/job subscribe {RUNNING} dm")
    await expect(chat.message("direct message").first).to_be_visible()
    await chat.ask(f"/job unsubscribe {RUNNING}")
    answer = chat.message("You're subscribed in a direct message")
    await button(answer, "Stop").click()
    await expect(chat.message("You've unsubscribed from support-tone-llama-8b")).to_be_visible()
