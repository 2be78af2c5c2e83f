"""Samples of what is said of a channel's feed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from bot.cards.channels.feed import (
    feed_announcement,
    feed_card,
    feed_end_announcement,
    feed_off_card,
    feed_on_card,
    not_switched_on,
)
from bot.cards.gallery import documents
from bot.cards.gallery.notifications import logged_losses
from bot.cards.gallery.updates import UpdateSample
from bot.cards.kit.card import Card
from bot.cards.kit.error import error_card
from bot.cards.subscriptions.cannot_post import cannot_post_here_card
from bot.cards.subscriptions.feed_post import feed_post_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.channels.feed import Feed, UserGroup, read_feed_query, without_mention
from bot.domain.errors import NotUnderstoodError, UpstreamFailedError
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.subscriptions.subscription import Subscription

_SLASH: Final = "/job"
_USER: Final = "U0123ABC"
_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_UNKNOWN: Final = documents.FAILED | {"error_message": "RuntimeError: shard 3 has no labels_v2"}
_SILENT: Final = documents.FAILED | {"error_message": None}


def _feed(*words: str) -> Feed:
    query = read_feed_query(words)
    return Feed("T1", "C0123ABC", "org", _USER, query, _NOW)


_POSTS: Final = (
    ("failed", "A feed posts a failure", documents.FAILED, ()),
    ("failed-unknown", "A feed posts an error it does not know", _UNKNOWN, ()),
    ("failed-silently", "A feed posts a failure without a reason", _SILENT, ()),
    ("completed", "A feed posts a completed job", documents.COMPLETED, logged_losses()),
    (
        "diverged",
        "A feed posts a completed job that diverged",
        documents.COMPLETED,
        logged_losses(diverges_at=226),
    ),
    ("cancelled", "A feed posts a cancelled job", documents.CANCELLED, ()),
    ("running", "A feed posts a running job", documents.RUNNING, ()),
    ("queued", "A feed posts a queued job", documents.QUEUED, ()),
    ("hostile", "A feed posts markup everywhere", documents.HOSTILE, ()),
)


def _refused(read: Callable[[], object]) -> Card:
    try:
        read()
    except NotUnderstoodError as error:
        return error_card(error, reference="ab12cd34", slash_command=_SLASH)
    raise AssertionError


def _posts() -> tuple[UpdateSample, ...]:
    subscription = Subscription(
        "s1", "T1", "C0123ABC", "org", documents.REQUEST_ID, _NOW, is_fed=True, is_feed_post=True
    )

    def post(document: Mapping[str, Any], points: Sequence[MetricPoint]) -> Card:
        job = TrainingJob.from_json(json.dumps(document).encode())
        recipient = Recipient(subscription, _SLASH, documents.SETTINGS, points, mention="S0123ABCD")
        return feed_post_card(job, recipient, _NOW)

    return tuple(
        UpdateSample(f"feed-post-{name}", title, post(document, points))
        for name, title, document, points in _POSTS
    )


def feed_samples() -> tuple[UpdateSample, ...]:
    """All of them, the same at every call."""
    return (*_said(), *_refusals(), *_posts())


def _said() -> tuple[UpdateSample, ...]:
    usual, chosen = _feed(), _feed("status:running,failed,unknown", "model:llama,qwen", "name:eval")
    hostile = replace(usual, query=replace(usual.query, names=("<!here>", "*x*", "`y`")))
    down = error_card(UpstreamFailedError(status=503), reference="ab12cd34", slash_command=_SLASH)
    mentions = replace(usual, mention=UserGroup("S0123ABCD", "ml-oncall"))
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
        UpdateSample(
            "feed-mentions",
            "A feed mentions a group",
            feed_on_card(mentions, is_new=True, slash_command=_SLASH),
        ),
        UpdateSample("feed-ended", "Its end is announced", feed_end_announcement(_USER)),
        UpdateSample("feed-no-list", "A feed without a list", not_switched_on(down)),
    )


def _refusals() -> tuple[UpdateSample, ...]:
    return (
        UpdateSample(
            "feed-not-understood",
            "A feed of a status nobody knows",
            _refused(lambda: read_feed_query(("status:broken",))),
        ),
        UpdateSample(
            "feed-no-group",
            "A group that Slack did not name",
            _refused(lambda: without_mention(("mention:@ml-oncall",))),
        ),
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
