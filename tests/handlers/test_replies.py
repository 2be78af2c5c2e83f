"""The ways back, where Slack does not say what became of an answer."""

from __future__ import annotations

from typing import cast

import pytest

from bot.cards.kit.card import Card
from bot.domain.errors import (
    SlackConversationError,
    SlackGoneError,
    SlackPassingError,
    SlackPermissionError,
    SlackPersonError,
)
from bot.domain.ports import SlackGateway
from bot.handlers.kit.command import Place
from bot.handlers.kit.replies import (
    in_thread,
    privately,
    privately_in,
    to_asker,
    to_one,
    to_person,
    whoever_asked,
)
from bot.handlers.kit.work import Reply
from tests.handlers.neighbours import Neighbourhood

URL, PLACE = "https://hooks.slack.com/1", Place("T1", "C1", "U1", "5.0")
CARD = Card("a card", [])
POSTING = ("post_message", "post_ephemeral", "respond")


def _ways(made: Neighbourhood) -> list[Reply]:
    slack = cast("SlackGateway", made.slack)
    return [
        privately(slack, URL),
        privately_in(slack, URL, PLACE),
        in_thread(slack, "C1", "5.0"),
        to_one(slack, "C1", "U1", "5.0"),
        to_asker(slack, PLACE, "5.0"),
    ]


@pytest.mark.parametrize("way", range(5))
async def test_an_answer_that_may_stand_is_given_no_other_way(way: int) -> None:
    """Not through another door, and not to all; those that follow it are given."""
    made = Neighbourhood()
    made.slack.refuses = dict.fromkeys(POSTING, SlackPassingError("timeout"))
    reply = _ways(made)[way]
    await reply(CARD)
    assert made.slack.asked.total() == 1
    made.slack.refuses = {}
    await reply(CARD)
    assert len(made.slack.sent) == 1


@pytest.mark.parametrize("way", range(5))
async def test_an_answer_that_surely_does_not_stand_is_told(way: int) -> None:
    """Where no way is open."""
    made = Neighbourhood()
    made.slack.refuses = dict.fromkeys(POSTING, SlackPassingError("no route", may_have_happened=False))
    with pytest.raises(SlackPassingError):
        await _ways(made)[way](CARD)


async def test_a_private_answer_outside_of_its_thread_is_better_than_none() -> None:
    """Where the bot is no member."""
    made = Neighbourhood()
    made.slack.refuses["post_ephemeral"] = SlackConversationError(slack_code="not_in_channel")
    await privately_in(cast("SlackGateway", made.slack), URL, PLACE)(CARD)
    ((method, where, said),) = made.slack.sent
    assert (method, where, said["response_type"], said["thread_ts"]) == ("respond", URL, "ephemeral", "5.0")


async def test_without_a_thread_the_response_url_answers() -> None:
    """It works everywhere."""
    made = Neighbourhood()
    place = Place("T1", "C1", "U1")
    await privately_in(cast("SlackGateway", made.slack), URL, place)(CARD)
    assert [method for method, _, _ in made.slack.sent] == ["respond"]


IN_HOME = {"type": "block_actions", "user": {"id": "U1"}, "trigger_id": "t1", "container": {"type": "view"}}


async def test_where_no_window_opens_any_more_it_is_a_direct_message() -> None:
    """A trigger lives for 3 s, and the database may take longer to say that it does not answer."""
    made = Neighbourhood()
    reply = whoever_asked(cast("SlackGateway", made.slack), IN_HOME)
    await reply(CARD)
    made.slack.refuses = {"open_view": SlackGoneError(slack_code="expired_trigger_id")}
    await reply(CARD)
    assert [sent[:2] for sent in made.slack.sent] == [("open_view", "t1"), ("post_message", "DU1")]


async def test_a_window_that_may_be_open_is_told_nowhere_else() -> None:
    """They may read it there."""
    made = Neighbourhood()
    made.slack.refuses = {"open_view": SlackPassingError("timeout")}
    await whoever_asked(cast("SlackGateway", made.slack), IN_HOME)(CARD)
    assert made.slack.asked == {"open_view": 1}


async def test_without_the_scope_to_open_direct_messages_a_person_is_written_to_by_their_id() -> None:
    """What else Slack says against it is no reason to."""
    made = Neighbourhood()
    made.slack.refuses = {"open_dm": SlackPermissionError(slack_code="missing_scope", needed="im:write")}
    reply = to_person(cast("SlackGateway", made.slack), "U1")
    await reply(CARD)
    assert [sent[:2] for sent in made.slack.sent] == [("post_message", "U1")]
    made.slack.refuses = {"open_dm": SlackPersonError(slack_code="user_disabled")}
    with pytest.raises(SlackPersonError):
        await reply(CARD)
