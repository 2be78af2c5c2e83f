"""The page's API, with a bot that answers as it is told."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.cards.gallery.gallery import samples
from bot.handlers.entry.registry import Dispatch
from bot.playground.training_suite import IDS
from bot.playground.workspace import (
    BETWEEN_THREE,
    BETWEEN_TWO,
    BOT,
    DM,
    GRACE,
    HIDDEN,
    ME,
    ML_OPS,
    TRAINING,
    Message,
)
from tests.playground.opened_page import OpenedPage, opened_page
from tests.playground.slack_side import CARD, MODAL, WITH_BUTTON


@pytest.fixture
async def browser() -> AsyncIterator[OpenedPage]:
    """The page, opened."""
    async with opened_page() as found:
        yield found


async def test_the_page_and_its_files(browser: OpenedPage) -> None:
    """Served with headers that keep everything on this machine; nothing else of the disk is."""
    async with browser.session.get("/") as response:
        assert "<!doctype html>" in (await response.text()).lower()
        assert response.headers["Content-Security-Policy"] == "default-src 'self'"
    async with browser.session.get("/static/%2e%2e/server.py") as response:
        assert response.status in {403, 404}
    async with browser.session.get("/", headers={"Host": "evil.example"}) as response:
        assert response.status == 403


async def test_the_state_has_everything_the_page_starts_with(browser: OpenedPage) -> None:
    """As agreed with the page."""
    state = await browser.state()
    assert state["me"] == {"id": ME, "name": "ada"}
    assert state["bot"] == {"id": BOT, "name": "jobbot", "is_running": True}
    assert state["slash_command"] == "/job"
    assert state["slash_hint"].startswith("<job>")
    assert {command["usage"] for command in state["commands"]} >= {"help"}
    assert state["users"][BOT] == {"name": "jobbot", "is_bot": True}
    kinds = {one["id"]: (one["kind"], one["bot_is_member"]) for one in state["channels"]}
    assert kinds[TRAINING] == ("public", True)
    assert kinds[HIDDEN] == ("private", False)
    assert kinds[DM] == ("dm", True)
    assert kinds[BETWEEN_TWO] == kinds[BETWEEN_THREE] == ("people", False)
    assert [job["request_id"] for job in state["jobs"]] == list(IDS.values())
    assert state["switches"] == {
        "latency_seconds": 0,
        "down": False,
        "rate_limited": False,
        "html": False,
        "server_error": False,
        "key_expired": False,
        "list_refused": False,
        "list_down": False,
        "list_html": False,
        "list_null": False,
        "list_bare": False,
        "list_old": False,
        "old_words": False,
        "is_waiting": False,
        "soft_errors": False,
        "slack_few_reads": False,
        "slack_no_charts": False,
        "slack_rate_limited": False,
        "slack_server_error": False,
        "speed": 60,
    } | {key: state["switches"][key] for key in ("html_status", "list_status", "retry_after_seconds")}


async def test_a_person_sees_what_is_theirs(browser: OpenedPage) -> None:
    """Nobody else's ephemeral messages and windows."""
    board = browser.workspace.board
    root = board.post(Message(board.next_ts(), TRAINING, BOT, "mine", CARD["blocks"], ephemeral_to=ME))
    board.post(Message(board.next_ts(), TRAINING, BOT, "hers", ephemeral_to=GRACE))
    board.open_view(ME, MODAL)
    board.open_view(GRACE, MODAL)
    state = await browser.state()
    (message,) = state["messages"]
    assert (message["ts"], message["ephemeral"], message["reply_count"]) == (root.ts, True, 0)
    assert message["blocks"][0]["block_id"]
    (view,) = state["views"]
    assert view["title"] == MODAL["title"]
    assert view["type"] == "modal"


async def test_saying_and_commanding(browser: OpenedPage) -> None:
    """A mention by name and a slash command reach the bot."""
    browser.bot.answers.append(web.Response())
    browser.bot.answers.append(web.json_response(CARD))
    assert await browser.post("say", {"channel_id": TRAINING, "text": "@jobbot help"}) == {"ok": True}
    assert await browser.post("command", {"channel_id": ML_OPS, "text": " /job  help "}) == {"ok": True}
    event, command = browser.bot.payloads
    assert event["event"]["text"] == f"<@{BOT}> help"
    assert (command["command"], command["text"]) == ("/job", "help")
    assert [one["text"] for one in (await browser.state())["messages"]] == [f"<@{BOT}> help", "A card"]


async def test_pressing_buttons(browser: OpenedPage) -> None:
    """In a message and in a window."""
    board = browser.workspace.board
    card = board.post(Message(board.next_ts(), TRAINING, BOT, "x", WITH_BUTTON["blocks"]))
    view = board.open_view(ME, {**MODAL, "blocks": WITH_BUTTON["blocks"]})
    action = {"action_id": "go", "block_id": "row", "value": "1", "type": "button"}
    place = {"channel_id": TRAINING, "message_ts": card.ts}
    assert await browser.post("click", {**place, "action": action}) == {"ok": True}
    assert await browser.post("click", {"channel_id": TRAINING, "view_id": view.id, "action": action}) == {
        "ok": True
    }
    assert [one["container"]["type"] for one in browser.bot.payloads] == ["message", "view"]


async def test_choosing_in_a_menu(browser: OpenedPage) -> None:
    """The option is sent, as the menu has it."""
    option = {"text": {"type": "plain_text", "text": "Refresh"}, "value": "job.refresh run-7"}
    menu = {"type": "overflow", "action_id": "job.more", "options": [option]}
    blocks = [{"type": "actions", "block_id": "row", "elements": [menu]}]
    board = browser.workspace.board
    card = board.post(Message(board.next_ts(), TRAINING, BOT, "x", blocks))
    action = {"type": "overflow", "action_id": "job.more", "block_id": "row", "selected_option": option}
    place = {"channel_id": TRAINING, "message_ts": card.ts}
    assert await browser.post("click", {**place, "action": action}) == {"ok": True}
    (payload,) = browser.bot.payloads
    assert payload["actions"][0]["selected_option"] == option


async def test_submitting_and_closing(browser: OpenedPage) -> None:
    """The app's errors come back by block; a closed window is closed."""
    view = browser.workspace.board.open_view(ME, MODAL)
    browser.bot.answers.append(web.json_response({"response_action": "errors", "errors": {"row": "No"}}))
    refused = await browser.post("submit", {"view_id": view.id, "values": {}})
    assert (refused["ok"], refused["errors"]) == (False, {"row": "No"})
    assert await browser.post("close", {"view_id": view.id}) == {"ok": True}
    assert (await browser.post("close", {"view_id": view.id}))["ok"] is False


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("say", []),
        ("say", {"channel_id": TRAINING, "text": " "}),
        ("say", {"channel_id": TRAINING, "text": "x" * 12_001}),
        ("say", {"channel_id": "C0NOWHERE1", "text": "x"}),
        ("say", {"channel_id": 5, "text": "x"}),
        ("command", {"channel_id": TRAINING, "text": "/other"}),
        ("click", {"channel_id": TRAINING, "message_ts": "1.0", "action": {"action_id": "go"}}),
        ("click", {"channel_id": TRAINING, "message_ts": "1.0"}),
        ("click", {"view_id": "V1", "action": {"action_id": "go"}}),
        ("submit", {}),
        ("switches", {"down": "yes"}),
        ("switches", {"speed": 0}),
        ("switches", {"speed": True}),
        ("switches", {"no such": True}),
    ],
)
async def test_what_cannot_be_done_is_said_plainly(browser: OpenedPage, name: str, body: object) -> None:
    """One sentence, and the bot hears nothing."""
    answer = await browser.post(name, body)
    assert answer["ok"] is False
    assert answer["error"]
    assert browser.bot.bodies == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"channel_id": TRAINING, "message_ts": "1.0", "action": {"action_id": "go"}}, 200),
        ({"view_id": "V1", "action": {"action_id": "go"}}, 200),
        ({"channel_id": TRAINING, "message_ts": "1.0"}, 400),
        ({"channel_id": 5, "message_ts": "1.0", "action": {"action_id": "go"}}, 400),
    ],
)
async def test_a_button_that_has_gone_is_no_bad_request(
    browser: OpenedPage, body: object, status: int
) -> None:
    """A card may change as somebody presses: they are told, and the browser reports no fault."""
    async with browser.session.post("/playground/click", json=body) as response:
        assert response.status == status
        assert (await response.json())["ok"] is False


async def test_switches_and_speed(browser: OpenedPage) -> None:
    """A part of them at a time."""
    assert (await browser.post("switches", {"down": True, "speed": 1}))["ok"]
    switches = (await browser.state())["switches"]
    assert (switches["down"], switches["speed"], switches["html"]) == (True, 1, False)
    assert browser.suite.switches.down


async def test_the_stream_tells_what_happens(browser: OpenedPage) -> None:
    """Messages, windows, switches, Slack's own lines; it ends with a reset, so that the page asks anew."""
    board = browser.workspace.board
    async with browser.session.get("/playground/events") as stream:
        assert stream.content_type == "text/event-stream"
        assert (await stream.content.readline()).startswith(b":")
        message = board.post(Message(board.next_ts(), TRAINING, GRACE, "hello"))
        board.post(Message(board.next_ts(), TRAINING, BOT, "not mine", ephemeral_to=GRACE))
        board.edit(message, {"text": "bye"})
        board.delete(message)
        view = board.open_view(ME, MODAL)
        board.update_view(view, MODAL)
        board.close_view(view)
        board.tell(TRAINING, ME, "operation_timeout")
        await browser.post("switches", {"html": True})
        await browser.post("reset", {})
        lines = (await stream.content.read()).decode().splitlines()
    events = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert [event["type"] for event in events if event["type"] != "jobs"] == [
        "message",
        "message_changed",
        "message_deleted",
        "view_opened",
        "view_updated",
        "view_closed",
        "note",
        "switches",
        "message",
    ]
    assert events[0]["message"]["text"] == "hello"
    assert not browser.suite.switches.html


async def test_the_gallery_has_every_sample(browser: OpenedPage) -> None:
    """Messages with text and blocks, windows with their view."""
    async with browser.session.get("/playground/gallery") as response:
        shown = (await response.json())["samples"]
    assert [one["name"] for one in shown] == [sample.name for sample in samples(Dispatch().help)]
    assert all(one["blocks"] and (one["kind"] != "modal" or one["view"]["title"]) for one in shown)
