"""Messages to the bot: which job a thread is about, and who sees the answer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    StoreError,
)
from bot.handlers.entry import mentions
from bot.handlers.sentences.thread_jobs import ids_in_message
from tests.handlers.neighbours import Neighbourhood

ROOT = {"text": "started run_id=1, request_id=run-7"}


@pytest.fixture
def made() -> Neighbourhood:
    """Two jobs that run."""
    made = Neighbourhood()
    for request_id in ("run-7", "run-8"):
        made.jobs.give(request_id, status="RUNNING", progress=10)
    return made


async def _say(made: Neighbourhood, text: str, **more: Any) -> list[tuple[str, str, Any]]:
    """What is answered: how, where, and the message with its thread."""
    event = {"type": "app_mention", "user": "U01", "channel": "C1", "ts": "6.0", "text": f"<@U09BOT> {text}"}
    body = {"team_id": "T1", "event": event | more, "event_id": "E1"}
    before = len(made.slack.sent)
    await mentions.answer(made.context, made.dispatch, body)
    return made.slack.sent[before:]


async def test_the_card_goes_to_the_thread_and_nothing_else_is_said(made: Neighbourhood) -> None:
    """Under the mention itself where it stands in no thread."""
    assert await _say(made, "watch run-7") == []
    assert await _say(made, "watch run-8 final", thread_ts="5.0") == []
    assert [(wish.request_id, wish.thread_ts) for wish in made.stored.wishes] == [
        ("run-7", "6.0"),
        ("run-8", "5.0"),
    ]


async def test_a_direct_message_gets_the_card_in_it(made: Neighbourhood) -> None:
    """What else is to be said stands there too."""
    dm = {"type": "message", "channel": "D1", "channel_type": "im"}
    assert await _say(made, "watch run-7", **dm) == []
    assert (made.stored.wishes[0].channel_id, made.stored.wishes[0].thread_ts) == ("D1", None)
    ((method, channel_id, said),) = await _say(made, "watching", **dm)
    assert (method, channel_id, said["thread_ts"]) == ("post_message", "D1", None)


async def test_a_confirmation_is_for_the_asker_alone(made: Neighbourhood) -> None:
    """In the thread it was asked in; in a thread that is not there yet nobody would see it."""
    await _say(made, "watch run-7")
    for place, thread_ts in (({}, None), ({"thread_ts": "5.0"}, "5.0")):
        ((method, channel_id, said),) = await _say(made, "watch run-7", **place)
        assert (method, channel_id) == ("post_ephemeral", "C1")
        assert (said["user"], said["thread_ts"]) == ("U01", thread_ts)


async def test_what_cannot_be_shown_to_one_is_shown_to_all(made: Neighbourhood) -> None:
    """But never in a channel that another company reads."""
    made.slack.refuses["post_ephemeral"] = SlackPermanentError(slack_code="user_not_in_channel")
    ((method, _, said),) = await _say(made, "watching")
    assert (method, said["thread_ts"]) == ("post_message", "6.0")
    body = {"team_id": "T1", "is_ext_shared_channel": True}
    event = {"type": "app_mention", "user": "U01", "channel": "C1", "ts": "6.0", "text": "watching"}
    with pytest.raises(SlackPermanentError):
        await mentions.answer(made.context, made.dispatch, {**body, "event": event})


@pytest.mark.parametrize(("words", "options"), [("watch", None), ("watch quiet", True)])
async def test_a_thread_that_names_a_job_needs_no_id(
    made: Neighbourhood,
    words: str,
    options: bool | None,  # noqa: FBT001  (parametrised)
) -> None:
    """The words beside it are kept."""
    made.slack.root = ROOT
    assert await _say(made, words, thread_ts="5.0") == []
    (wish,) = made.stored.wishes
    assert (wish.request_id, wish.thread_ts, wish.is_quiet) == ("run-7", "5.0", options)


async def test_unwatch_in_a_thread_means_what_is_followed_there(made: Neighbourhood) -> None:
    """Even if the thread began with another job."""
    made.slack.root = ROOT
    await _say(made, "watch run-8", thread_ts="5.0")
    ((_, _, said),) = await _say(made, "unwatch", thread_ts="5.0")
    assert "run-8" in said["text"]
    assert not made.stored.all["s1"].is_active
    ((_, _, said),) = await _say(made, "unwatch", thread_ts="5.0")
    assert "No one is subscribed to run-7" in said["text"]


async def test_a_thread_whose_beginning_cannot_be_read_is_known_by_what_it_follows(
    made: Neighbourhood,
) -> None:
    """Without the scope for its history."""
    await _say(made, "watch run-8", thread_ts="5.0")
    made.slack.refuses["thread_root"] = SlackPermanentError(slack_code="missing_scope")
    ((_, _, said),) = await _say(made, "", thread_ts="5.0")
    assert "run-8" in said["text"]


@pytest.mark.parametrize("words", ["", "watch", "metrics", "is it done?"])
@pytest.mark.parametrize(
    ("error", "why"),
    [
        (SlackPermissionError(slack_code="missing_scope", needed="groups:history"), "`groups:history`"),
        (SlackPassingError(slack_code="timeout"), "isn't answering"),
        (SlackGoneError(slack_code="thread_not_found"), "it is gone"),
        (SlackConversationError(slack_code="not_in_channel"), "`not_in_channel`"),
    ],
)
async def test_a_thread_that_cannot_be_read_is_asked_about(
    made: Neighbourhood, words: str, error: SlackError, why: str
) -> None:
    """Which job is asked, and why: not the whole help, nor that nothing was understood."""
    made.slack.refuses["thread_root"] = error
    ((_, _, said),) = await _say(made, words, thread_ts="5.0")
    assert said["text"].startswith("Which job? I couldn't read this thread's first message")
    assert why in str(said["blocks"])


async def test_a_thread_about_nothing_gets_the_line_to_type(made: Neighbourhood) -> None:
    """Also while the database does not answer."""
    made.stored.fails = StoreError("locked")
    ((_, _, said),) = await _say(made, "watch final", thread_ts="5.0")
    assert "/job subscribe &lt;job&gt; final" in said["text"]


def test_ids_are_found_wherever_a_message_has_words() -> None:
    """Text, blocks, and the attachments that other apps still use; buttons of ours come first."""
    ids = [f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123456"]
    button = {"type": "button", "action_id": "job.refresh", "value": "run-7"}
    message = {
        "text": ids[0],
        "blocks": [
            {"type": "actions", "elements": [button]},
            {
                "type": "rich_text",
                "elements": [{"elements": [{"type": "link", "url": f"https://x.y/{ids[1]}"}]}],
            },
        ],
        "attachments": [
            {"pretext": ids[2], "title": "Run", "title_link": f"https://x.y/jobs/{ids[3]}"},
            {"fields": [{"title": "id", "value": ids[4]}], "fallback": f"request_id={ids[5]}"},
            "nonsense",
        ],
    }
    first, *others = ids_in_message(message)
    assert (first, sorted(others)) == ("run-7", ids)
