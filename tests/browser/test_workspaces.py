"""A second workspace beside the first: installed by a click, set up, asked, and uninstalled again."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from bot.playground.training_suite.second_catalogue import SECOND_TOKEN
from tests.browser.chat import Chat
from tests.browser.test_accessibility import DARK, LIGHT, PHONE, broken_rules

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

THEIRS, OURS = "fruit-picker-vlm", "support-tone-llama-8b"


async def switch_to(chat: Chat, name: str) -> None:
    """Choose the workspace in the sidebar, which a phone has behind a button."""
    if await chat.get("nav-toggle").is_visible():
        await chat.get("nav-toggle").click()
    await chat.get("workspace-link").filter(has_text=name).click()
    await expect(chat.page.locator("html")).to_have_attribute("data-ready", "true")
    await expect(chat.page.locator("[data-testid=workspace-link][aria-current=page]")).to_contain_text(name)


async def install(chat: Chat) -> None:
    """Through the bot's pages and Slack's, back to the workspace."""
    await chat.get("step-install").click()
    await chat.page.get_by_role("link", name="Add to Slack").click()
    await chat.page.get_by_role("button", name="Allow").click()
    await expect(chat.page.get_by_role("heading")).to_have_text("jobbot is installed")
    await chat.page.get_by_role("link", name="Open Slack").click()
    await expect(chat.page.locator("html")).to_have_attribute("data-ready", "true")


async def set_up(chat: Chat) -> None:
    """With the account that the playground has made up."""
    await chat.get("step-setup").click()
    await chat.get("fill-in").click()
    await chat.get("modal-submit").click()
    await expect(chat.get("modal")).to_contain_text("The key works")
    await expect(chat.get("modal")).not_to_contain_text(SECOND_TOKEN)
    await chat.get("modal-close").click()


async def test_both_workspaces_have_their_own(chat: Chat) -> None:
    """Before it is installed nothing answers, before it is set up it says what is missing."""
    await switch_to(chat, "Orchard")
    await expect(chat.get("empty")).to_contain_text("isn't installed in Orchard")
    await install(chat)
    await chat.ask(f"/job {THEIRS}")
    await expect(chat.message("Not set up yet")).to_be_visible()
    await set_up(chat)
    await chat.ask("/job list")
    await expect(chat.message(THEIRS).last).to_be_visible()
    await chat.ask(f"/job {OURS}")
    await expect(chat.message("no job").or_(chat.message("No job")).last).to_be_visible()
    await switch_to(chat, "Playground")
    await expect(chat.message("Our FAQ run died").first).to_be_visible()
    await expect(chat.message("Not set up yet")).to_have_count(0)
    await chat.ask("/job list")
    await expect(chat.message(OURS).last).to_be_visible()
    await expect(chat.message(THEIRS)).to_have_count(0)


async def test_uninstalled_in_one_it_goes_on_in_the_other(chat: Chat) -> None:
    """And it can be installed there again."""
    await switch_to(chat, "Orchard")
    await install(chat)
    await chat.get("uninstall").click()
    await chat.get("confirm-yes").click()
    await expect(chat.get("empty")).to_contain_text("isn't installed in Orchard")
    await expect(chat.get("uninstall")).to_be_hidden()
    await switch_to(chat, "Playground")
    await chat.ask(f"/job {OURS}")
    await expect(chat.message(OURS).last).to_be_visible()
    await switch_to(chat, "Orchard")
    await install(chat)
    await expect(chat.get("uninstall")).to_be_visible()


@pytest.mark.parametrize("looks", [LIGHT, DARK, PHONE], ids=["light", "dark", "phone"])
async def test_every_page_of_it_keeps_the_rules(chat: Chat, looks: dict[str, Any]) -> None:
    """Also those of the installation, which are the bot's and Slack's."""
    broken = []
    await switch_to(chat, "Orchard")
    if "is_mobile" in looks:
        assert await chat.overflowing(".conversation") == []
    broken += await broken_rules(chat, "not installed")
    await chat.get("install").click()
    broken += await broken_rules(chat, "the page where it begins")
    await chat.page.get_by_role("link", name="Add to Slack").click()
    broken += await broken_rules(chat, "Slack's page")
    await chat.page.get_by_role("button", name="Allow").click()
    await expect(chat.page.get_by_role("heading")).to_have_text("jobbot is installed")
    broken += await broken_rules(chat, "the page where it ends")
    await chat.page.get_by_role("link", name="Open Slack").click()
    await expect(chat.page.locator("html")).to_have_attribute("data-ready", "true")
    await chat.get("step-setup").click()
    await expect(chat.get("fill-in")).to_be_visible()
    broken += await broken_rules(chat, "setup")
    assert broken == [], "\n".join(broken)


async def test_by_keyboard_alone(chat: Chat) -> None:
    """From the switch to the first question."""
    page = chat.page
    await chat.get("workspace-link").filter(has_text="Orchard").focus()
    await page.keyboard.press("Enter")
    await chat.get("install").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Add to Slack").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Allow").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Open Slack").focus()
    await page.keyboard.press("Enter")
    await chat.get("step-setup").focus()
    await page.keyboard.press("Enter")
    await chat.get("fill-in").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(chat.get("modal")).to_contain_text("The key works")
    await page.keyboard.press("Escape")
    await expect(chat.get("modal")).to_be_hidden()
