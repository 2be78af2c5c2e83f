"""Answers: once in effect, also while Slack is slow, and never where nobody asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.errors import SlackPassingError, SlackStrayError, may_have_happened
from bot.playground.workspace import ME, TRAINING
from bot.playground.workspace.expiring_tokens import Origin
from bot.playground.workspace.faults import FaultKind
from bot.slack.web_api.methods import REPEATABLE, UNSEEN
from tests.slack.connected import CARD, Connected, connected

POST = "chat.postMessage"
MAYBE: tuple[FaultKind, ...] = ("server_error", "html", "lost", "lost_answer", "timeout")
"""How a call can fail that may have been done all the same."""
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "A view"}, "blocks": CARD["blocks"]}


@pytest.mark.parametrize("in_thread", [True, False])
@pytest.mark.parametrize("kind", MAYBE)
async def test_one_answer_however_the_call_fails(kind: FaultKind, *, in_thread: bool) -> None:
    """It is looked for before it is posted again."""
    async with connected(timeout_seconds=0.3 if kind == "timeout" else 10) as slack:
        thread_ts = slack.said().ts if in_thread else None
        slack.workspace.faults.fail_next(1, kind, method=POST)
        ts = await slack.gateway.post_message(TRAINING, CARD, thread_ts=thread_ts)
        answers = [one for one in slack.workspace.messages(TRAINING) if one.text == CARD["text"]]
        assert [(one.ts, one.thread_ts) for one in answers] == [(ts, thread_ts)]


@pytest.mark.parametrize("kind", MAYBE)
async def test_slack_that_stays_slow_gets_one_answer_and_no_doubt_about_it(kind: FaultKind) -> None:
    """Tried four times at the most; in the end it is known whether it stands."""
    async with connected(timeout_seconds=0.2 if kind == "timeout" else 10) as slack:
        slack.workspace.faults.fail_next(9, kind, method=POST)
        if kind in {"lost_answer", "timeout"}:
            await slack.gateway.post_message(TRAINING, CARD)
            assert len(slack.workspace.messages(TRAINING)) == 1
            return
        with pytest.raises(SlackPassingError) as caught:
            await slack.gateway.post_message(TRAINING, CARD)
        assert not may_have_happened(caught.value)
        assert slack.workspace.messages(TRAINING) == []
        assert len([one for one in range(9) if slack.workspace.faults.next_for(POST)]) == 5


async def test_where_nobody_can_look_it_is_posted_once(slack: Connected) -> None:
    """Without the scope, or while the history fails as well: whoever asked is told that nobody knows."""
    slack.workspace.scopes.discard("channels:history")
    slack.workspace.faults.fail_next(1, "lost_answer", method=POST)
    with pytest.raises(SlackPassingError) as caught:
        await slack.gateway.post_message(TRAINING, CARD)
    assert may_have_happened(caught.value)
    assert len(slack.workspace.calls_of(POST)) == 1


async def test_a_long_thread_is_looked_through_to_its_end(slack: Connected) -> None:
    """With others who talk meanwhile."""
    root = slack.said()
    slack.workspace.faults.reads_little = True
    for _ in range(40):
        slack.said(thread_ts=root.ts)
    slack.workspace.faults.fail_next(1, "lost_answer", method=POST)
    await slack.gateway.post_message(TRAINING, CARD, thread_ts=root.ts)
    assert len(slack.workspace.calls_of("conversations.replies")) == 3
    assert len(slack.workspace.calls_of(POST)) == 1


Call = Callable[[Connected], Awaitable[object]]


async def _ephemeral(slack: Connected) -> None:
    await slack.gateway.post_ephemeral(TRAINING, ME, CARD)


async def _open(slack: Connected) -> None:
    await slack.gateway.open_view(slack.workspace.world.triggers.issue(ME), VIEW)


async def _respond(slack: Connected) -> None:
    await slack.gateway.respond(slack.workspace.world.response_url(Origin(TRAINING, ME)), CARD)


def _shown(slack: Connected) -> int:
    return len(slack.workspace.messages(TRAINING)) + len(slack.workspace.views_of(ME))


@pytest.mark.parametrize(
    ("method", "call"),
    [("chat.postEphemeral", _ephemeral), ("views.open", _open), ("response_url", _respond)],
)
@pytest.mark.parametrize("kind", MAYBE)
async def test_what_cannot_be_looked_for_is_done_once(kind: FaultKind, method: str, call: Call) -> None:
    """A message for one person, a window: nobody can find out, so nobody does it again."""
    async with connected(timeout_seconds=0.3 if kind == "timeout" else 10) as slack:
        slack.workspace.faults.fail_next(1, kind, method=method)
        with pytest.raises(SlackPassingError) as caught:
            await call(slack)
        assert may_have_happened(caught.value)
        assert _shown(slack) == (kind in {"lost_answer", "timeout"})


@pytest.mark.parametrize("method", sorted(UNSEEN))
async def test_nobody_wonders_whether_something_was_read(slack: Connected, method: str) -> None:
    """A question that fails is told as a failure, whatever became of it."""
    slack.workspace.faults.fail_next(4, "server_error", method=method)
    calls = slack.gateway._calls  # noqa: SLF001  (every method, also those that no caller needs by itself)
    with pytest.raises(SlackPassingError) as caught:
        await calls.call(method, {})
    assert not may_have_happened(caught.value)


def test_what_posts_is_not_repeatable() -> None:
    """Nothing that leaves a second message or window is in the list."""
    assert not {"chat.postMessage", "chat.postEphemeral", "views.open", "views.push"} & REPEATABLE


@pytest.mark.parametrize("kind", [None, "lost_answer"])
async def test_an_answer_to_what_was_deleted_does_not_stay(slack: Connected, kind: FaultKind | None) -> None:
    """Slack moves it to the channel, where nobody asked for it."""
    root = slack.said()
    slack.workspace.delete_message(TRAINING, root.ts)
    if kind is not None:
        slack.workspace.faults.fail_next(1, kind, method=POST)
        slack.workspace.faults.fail_next(2, "server_error", method="chat.delete")
    with pytest.raises(SlackStrayError):
        await slack.gateway.post_message(TRAINING, CARD, thread_ts=root.ts)
    assert slack.workspace.messages(TRAINING) == []
    assert len(slack.workspace.calls_of(POST)) == 1


async def test_a_stray_that_cannot_be_removed_is_known_as_one(slack: Connected) -> None:
    """And nothing is posted in its place."""
    slack.workspace.faults.refuse_next(1, "cant_delete_message", method="chat.delete")
    with pytest.raises(SlackStrayError):
        await slack.gateway.post_message(TRAINING, CARD, thread_ts="1.0")
    assert len(slack.workspace.messages(TRAINING)) == 1


async def test_an_answer_can_be_found_and_tells_nothing(slack: Connected) -> None:
    """Its metadata, which every app can read, is an opaque id."""
    for _ in range(2):
        await slack.gateway.post_message(TRAINING, CARD)
    first, second = (one.metadata or {} for one in slack.workspace.messages(TRAINING))
    assert list(first["event_payload"]) == ["id"]
    assert first != second


async def test_a_refused_message_was_not_posted(slack: Connected) -> None:
    """Nobody looks for it."""
    message: dict[str, Any] = {"text": "t", "blocks": [{"type": "hologram"}]}
    with pytest.raises(Exception, match="invalid_blocks"):
        await slack.gateway.post_message(TRAINING, message)
    assert slack.workspace.calls_of("conversations.history") == []
