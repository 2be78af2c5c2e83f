"""Samples of what is said of a channel's feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from bot.cards.channels.feed import (
    feed_announcement,
    feed_card,
    feed_end_announcement,
    feed_off_card,
    feed_on_card,
    not_switched_on,
)
from bot.cards.gallery.updates import UpdateSample
from bot.cards.kit.error import error_card
from bot.cards.subscriptions.cannot_post import cannot_post_here_card
from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.errors import NotUnderstoodError, UpstreamFailedError

_SLASH: Final = "/job"
_USER: Final = "U0123ABC"


def _feed(*words: str) -> Feed:
    query = read_feed_query(words)
    return Feed("T1", "C0123ABC", "org", _USER, query, datetime(2025, 11, 3, 13, 16, tzinfo=UTC))


def feed_samples() -> tuple[UpdateSample, ...]:
    """All of them, the same at every call."""
    usual, chosen = _feed(), _feed("status:running,failed,unknown", "model:llama,qwen", "name:eval")
    hostile = replace(usual, query=replace(usual.query, names=("<!here>", "*x*", "`y`")))
    down = error_card(UpstreamFailedError(status=503), reference="ab12cd34", slash_command=_SLASH)
    try:
        read_feed_query(("status:broken",))
    except NotUnderstoodError as error:
        wrong = error_card(error, reference="ab12cd34", slash_command=_SLASH)
    return (
        UpdateSample("feed-none", "No feed is on", feed_card(None, slash_command=_SLASH)),
        UpdateSample("feed", "What a channel's feed posts", feed_card(usual, slash_command=_SLASH)),
        UpdateSample("feed-on", "A feed is on", feed_on_card(usual, is_new=True, slash_command=_SLASH)),
        UpdateSample(
            "feed-changed", "A feed is changed", feed_on_card(chosen, is_new=False, slash_command=_SLASH)
        ),
        UpdateSample(
            "feed-hostile",
            "A feed of hostile words",
            feed_on_card(hostile, is_new=True, slash_command=_SLASH),
        ),
        UpdateSample("feed-off", "A feed is off", feed_off_card(chosen, slash_command=_SLASH)),
        UpdateSample(
            "feed-announced",
            "A feed is announced",
            feed_announcement(chosen, _USER, is_new=True, slash_command=_SLASH),
        ),
        UpdateSample("feed-ended", "Its end is announced", feed_end_announcement(_USER)),
        UpdateSample("feed-no-list", "A feed without a list", not_switched_on(down)),
        UpdateSample("feed-not-understood", "A feed of a status nobody knows", wrong),
        UpdateSample(
            "feed-not-in",
            "A feed where the bot is not",
            cannot_post_here_card("not_in_channel", again=f"{_SLASH} feed on", bot_name="jobbot"),
        ),
        UpdateSample(
            "feed-between-people",
            "A feed in direct messages of people",
            cannot_post_here_card(
                "channel_not_found", again=f"{_SLASH} feed on", bot_name="jobbot", takes_invitations=False
            ),
        ),
        UpdateSample(
            "feed-shared", "A feed in a shared channel", cannot_post_here_card("", again="", bot_name="")
        ),
    )
