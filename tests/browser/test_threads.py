"""Threads in the page: how they fill, where addresses lead, what is unread, what was deleted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.playground.workspace import BOT, GENERAL, GRACE, ME, ML_OPS, TRAINING, Message
from tests.browser.chat import Chat
from tests.playground.opened_page import OpenedPage
from tests.playground.slack_side import BUTTON

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CONFIRM = {
    "title": {"type": "plain_text", "text": "Stop for all?"},
    "text": {"type": "mrkdwn", "text": "Nobody will hear of *it* there."},
    "confirm": {"type": "plain_text", "text": "Stop"},
    "deny": {"type": "plain_text", "text": "Cancel"},
    "style": "danger",
}


def _post(page: OpenedPage, text: str, thread_ts: str | None = None, *, broadcast: bool = False) -> Message:
    board = page.workspace.board
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    return board.post(
        Message(board.next_ts(), TRAINING, BOT, text, blocks, thread_ts=thread_ts, broadcast=broadcast)
    )


def _address(message: Message, root: str) -> str:
    place = f"archives/{message.channel_id}/p{message.ts.replace('.', '')}"
    return f"https://playground.slack.com/{place}?thread_ts={root}&cid={message.channel_id}"


async def test_a_thread_fills_beside_a_card_that_edits_itself(stage: tuple[Chat, OpenedPage]) -> None:
    """The channel has one card; replies come into the thread; what is broadcast stands in both, once."""
    chat, page = stage
    card = _post(page, "Running at 10%")
    _post(page, "Started", card.ts)
    link = chat.message("Running at 10%").get_by_test_id("reply-count")
    await expect(link.get_by_test_id("unread-replies")).to_be_visible()
    await link.click()
    await expect(chat.reply("Started")).to_be_visible()
    await expect(chat.get("unread-replies")).to_have_count(0)
    for number in range(30):
        _post(page, f"Reply number {number}.", card.ts)
    await expect(chat.reply("Reply number 29.")).to_be_in_viewport()
    new = {"text": "Running at 60%", "blocks": [{"type": "header", "text": {"text": "Running at 60%"}}]}
    page.workspace.board.edit(card, new)
    for shown in (chat.message("Running at 60%"), chat.reply("Running at 60%")):
        await expect(shown).to_contain_text("(edited)")
    _post(page, "Completed", card.ts, broadcast=True)
    told = chat.message("Completed")
    await expect(told).to_contain_text("replied to a thread:Running at 60%")
    await expect(chat.reply("Completed")).not_to_contain_text("replied to a thread")
    await expect(chat.message("Reply number")).to_have_count(0)
    await chat.get("thread-close").click()
    await told.locator(".message__broadcast button").click()
    await expect(chat.reply("Completed")).to_be_in_viewport()


async def test_an_address_of_a_message_opens_its_thread_here(stage: tuple[Chat, OpenedPage]) -> None:
    """From another channel, without leaving the page; any other address leads away as ever."""
    chat, page = stage
    board = page.workspace.board
    card = _post(page, "The card")
    reply = _post(page, "The reply", card.ts)
    text = f"<{_address(reply, card.ts)}|in its thread> <https://x.example/archives/C0/p1|elsewhere>"
    board.post(Message(board.next_ts(), ML_OPS, BOT, text, ephemeral_to=ME))
    await chat.page.locator(f"[data-channel-id={ML_OPS}]").click()
    await expect(chat.get("permalink")).to_have_count(1)
    await chat.get("permalink").click()
    await expect(chat.get("channel-name")).to_have_text("training")
    await expect(chat.reply("The reply")).to_be_in_viewport()
    await expect(chat.message("The card")).to_have_count(1)
    assert chat.page.url.startswith(chat.address)


async def test_channels_are_marked_when_something_came_and_when_they_are_archived(
    stage: tuple[Chat, OpenedPage],
) -> None:
    """A dot, or the number of messages that name the reader; an archived one can be read, not written in."""
    chat, page = stage
    board = page.workspace.board
    board.post(Message(board.next_ts(), GENERAL, GRACE, "lunch?"))
    board.post(Message(board.next_ts(), ML_OPS, GRACE, f"<@{ME}> look"))
    general, ml_ops = (chat.page.locator(f"[data-channel-id={one}]") for one in (GENERAL, ML_OPS))
    await expect(general.get_by_test_id("unread")).to_have_text(", 1 unread")
    await expect(ml_ops.get_by_test_id("unread")).to_have_text("1, 1 unread")
    await expect(chat.page).to_have_title("(2) jobbot playground")
    await general.click()
    await expect(chat.message("lunch?")).to_be_visible()
    await expect(general.get_by_test_id("unread")).to_have_count(0)
    await chat.switch("archived", on=True)
    await expect(chat.get("archived")).to_be_visible()
    await expect(chat.get("composer")).to_be_hidden()
    await expect(chat.message("lunch?")).to_be_visible()
    await chat.switch("archived", on=False)
    await expect(chat.get("composer")).to_be_visible()


async def test_a_deleted_card_leaves_its_thread(stage: tuple[Chat, OpenedPage]) -> None:
    """It is asked for once more; a line stands where the card was, and its replies can be read."""
    chat, page = stage
    card = _post(page, "The card")
    _post(page, "The reply", card.ts)
    shown = chat.message("The card")
    await shown.hover()
    await shown.get_by_test_id("message-menu").click()
    await chat.page.get_by_role("menuitem", name="Delete the message…").click()
    await chat.get("confirm-yes").click()
    gone = chat.message("This message was deleted.")
    await gone.get_by_test_id("reply-count").click()
    await expect(chat.reply("The reply")).to_be_visible()
    assert [one.text for one in page.workspace.messages(TRAINING)] == ["The reply"]


async def test_a_button_may_ask_once_more(stage: tuple[Chat, OpenedPage]) -> None:
    """Called off, nothing is sent; agreed to, it is."""
    chat, page = stage
    board = page.workspace.board
    row = {"type": "actions", "block_id": "row", "elements": [{**BUTTON, "confirm": CONFIRM}]}
    board.post(Message(board.next_ts(), TRAINING, BOT, "A card", [row]))
    press = chat.get("block-button")
    await press.click()
    await expect(chat.get("confirm")).to_contain_text("Nobody will hear of *it* there.")
    await chat.get("confirm-no").click()
    assert page.bot.payloads == []
    await press.click()
    async with chat.page.expect_response("**/playground/click"):
        await chat.get("confirm-yes").click()
    assert [one["actions"][0]["action_id"] for one in page.bot.payloads] == ["go"]
