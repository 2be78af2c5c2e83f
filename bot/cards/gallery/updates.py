"""Samples of what subscriptions say: every notification, the list, and the answers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.gallery.groups import OVER, SUBJECT
from bot.cards.gallery.notifications import NOTIFICATIONS, Sample
from bot.cards.kit.card import Card
from bot.cards.subscriptions.cannot_post import cannot_post_card, shared_channel_card
from bot.cards.subscriptions.finding import silenced_card, unknown_finding_card
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.pause import paused_card, resumed_card, waits_card, with_pause
from bot.cards.subscriptions.renderer import Recipient
from bot.cards.subscriptions.subscribe import (
    finished_card,
    moved_card,
    not_yet_card,
    opened_in_dm_card,
    subscribed_card,
)
from bot.cards.subscriptions.subscription_list import watching_card
from bot.cards.subscriptions.unsubscribe import left_elsewhere_card, stopped_card, unsubscribed_card
from bot.domain.job import TrainingJob
from bot.domain.subscriptions.notifications.job_updates import Failed
from bot.domain.subscriptions.subscription import Ending, Left, Mode, Subscribed, SubscribedJob, Subscription

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_SLASH: Final = "/job"
_NAME: Final = "support-assistant-v3"
_LINK: Final = "https://example.slack.com/archives/C0123ABC/p1762175760000100"
_SUBSCRIPTION: Final = Subscription(
    id="5f0d7e52c1b94e",
    team_id="T0123ABC",
    channel_id="C0123ABC",
    org_id="an-organisation",
    request_id=REQUEST_ID,
    created_at=_NOW - timedelta(hours=3),
    subscribers=("U0123ABC", "U0456DEF"),
)

_CONDITIONS: Final = ("eval_loss < 1.2", "eta < 30m", "progress >= 90", "loss < 0.5")


class UpdateSample(NamedTuple):
    """One entry of the gallery."""

    name: str
    """For file names and addresses: lower case and hyphens."""
    title: str
    """For people."""
    card: Card


_FORBIDDEN: Final = (
    ("not-in-channel", "Not invited", "not_in_channel"),
    ("archived", "Archived", "is_archived"),
    ("restricted", "Few may post", "restricted_action"),
    ("no-dm", "No direct messages", "messages_tab_disabled"),
    ("revoked", "Access revoked", "token_revoked"),
    ("missing-scope", "A permission is missing", "missing_scope"),
    ("unforeseen", "Another reason", "ekm_access_denied"),
)
_RESUMES: Final = datetime(2025, 11, 4, 9, tzinfo=UTC)


def _told() -> tuple[UpdateSample, ...]:
    hostile = str(documents.HOSTILE["experiment_name"])
    error = str(documents.HOSTILE["error_message"])
    odd = Failed(once_key="odd", at=_NOW, name=hostile, error_message=error)
    samples = [*NOTIFICATIONS, Sample("failed-hostile", "Failed, with markup everywhere", odd)]
    return tuple(
        UpdateSample(
            f"update-{sample.name}",
            sample.title,
            notification_card(
                sample.notification, Recipient(_thread_of(sample), _SLASH, documents.SETTINGS, sample.points)
            ),
        )
        for sample in samples
    )


def _thread_of(sample: Sample) -> Subscription:
    is_group = sample.name.startswith("group-")
    return replace(_SUBSCRIPTION, request_id=SUBJECT) if is_group else _SUBSCRIPTION


def _silenced(told: Sequence[UpdateSample]) -> tuple[UpdateSample, ...]:
    """The finding among these, once somebody has said that it is of no use, and where that came late."""
    card = next(sample.card for sample in told if sample.name == "update-finding")
    title = "A finding that helped nobody"
    return (
        UpdateSample("update-finding-silenced", title, silenced_card(card.text, card.blocks)),
        UpdateSample("finding-unknown", "A finding that is no longer known", unknown_finding_card()),
    )


def _watching() -> tuple[UpdateSample, ...]:
    another = replace(_SUBSCRIPTION, id="a81b", request_id="9d3b", mode=Mode.FINAL, is_quiet=True)
    waiting = replace(_SUBSCRIPTION, id="77b0", mode=Mode.CONDITIONS)
    private = replace(_SUBSCRIPTION, id="c44e", channel_id="D0789GHI", mode=Mode.FAILURES)
    channel = replace(_SUBSCRIPTION, id="e290", channel_id="C0789GHI")
    followed = (
        SubscribedJob(_SUBSCRIPTION, _NAME, "RUNNING", 52.4, is_mine=True),
        SubscribedJob(another, None, "QUEUED", 0.0),
        SubscribedJob(waiting, "lora-sweep", "RUNNING", 3.0, is_mine=True, conditions=_CONDITIONS),
        SubscribedJob(replace(_SUBSCRIPTION, id="9f1c", request_id=SUBJECT), group=OVER, is_mine=True),
        SubscribedJob(private, "catalogue-vision", "FAILED", 18.0, is_mine=True),
        SubscribedJob(channel, str(documents.HOSTILE["experiment_name"]), "PAUSED:now", 3.0, is_mine=True),
    )
    many = [
        SubscribedJob(replace(_SUBSCRIPTION, id=str(n)), f"run-{n}", "RUNNING", n * 3.0) for n in range(30)
    ]

    def card(followed: Any) -> Card:
        return watching_card(followed, channel_id="C0123ABC", slash_command=_SLASH)

    return (
        UpdateSample("watching", "Subscriptions", card(followed)),
        UpdateSample("watching-many", "Too many to list", card(many)),
        UpdateSample("watching-elsewhere", "Subscriptions elsewhere only", card(followed[3:])),
        UpdateSample("watching-nothing", "No subscriptions", card(())),
        UpdateSample(
            "watching-paused", "Subscriptions during a pause", with_pause(card(followed[:1]), _RESUMES)
        ),
        UpdateSample("paused", "Paused", paused_card(_RESUMES)),
        UpdateSample("resumed", "Resumed", resumed_card(was_paused=True)),
    )


def _subscribing() -> tuple[UpdateSample, ...]:
    quiet = replace(_SUBSCRIPTION, is_quiet=True, mode=Mode.FAILURES)
    waiting = replace(_SUBSCRIPTION, mode=Mode.CONDITIONS)

    def card(subscribed: Subscribed, permalink: str | None = _LINK) -> Card:
        return subscribed_card(subscribed, name=_NAME, permalink=permalink, slash_command=_SLASH)

    def finished(document: dict[str, Any]) -> Card:
        job = TrainingJob.from_json(json.dumps(document).encode())
        return finished_card(job, request_id=REQUEST_ID, now=_NOW)

    return (
        UpdateSample("subscribed", "Subscribed", card(Subscribed(_SUBSCRIPTION, is_new=True))),
        UpdateSample("subscribed-joined", "Joined others", card(Subscribed(_SUBSCRIPTION, is_new=False))),
        UpdateSample(
            "subscribed-already",
            "Already subscribed",
            card(Subscribed(_SUBSCRIPTION, is_new=False, was_subscriber=True)),
        ),
        UpdateSample("subscribed-quietly", "Quiet, no link", card(Subscribed(quiet, is_new=True), None)),
        UpdateSample(
            "subscribed-condition",
            "Waits for a value",
            card(Subscribed(waiting, is_new=True, condition="eval_loss < 1.2")),
        ),
        UpdateSample(
            "subscribed-full",
            "Waits for enough already",
            card(Subscribed(waiting, is_new=False, was_subscriber=True, condition="loss < 1", is_full=True)),
        ),
        UpdateSample(
            "subscribed-no-such-metric",
            "Waits for what is not logged",
            subscribed_card(
                Subscribed(waiting, is_new=True, condition="eval_los < 1.2"),
                name=_NAME,
                permalink=_LINK,
                slash_command=_SLASH,
                keys=("loss", "eval_loss", "learning_rate"),
            ),
        ),
        *_instead(),
        UpdateSample("finished-completed", "Completed already", finished(documents.COMPLETED)),
        UpdateSample("finished-failed", "Failed already", finished(documents.FAILED)),
    )


def _instead() -> tuple[UpdateSample, ...]:
    in_dm = opened_in_dm_card(_LINK, slash_command=_SLASH, name=_NAME)
    moved = moved_card(REQUEST_ID, name=_NAME, permalink=_LINK)
    return (
        UpdateSample("subscribed-in-dm", "In a direct message", in_dm),
        UpdateSample("subscribed-paused", "In a direct message during a pause", waits_card(_NOW)),
        UpdateSample("subscribed-moved", "In place of a card that cannot be kept", moved),
        UpdateSample("subscribed-not-yet", "Slack is slow", not_yet_card()),
    )


def _unsubscribing() -> tuple[UpdateSample, ...]:
    ended = replace(_SUBSCRIPTION, subscribers=(), ended=Ending.UNSUBSCRIBED)
    alone = replace(_SUBSCRIPTION, subscribers=("U0456DEF",))

    there = replace(_SUBSCRIPTION, channel_id="C0456DEF")

    def card(left: Left, *elsewhere: Subscription) -> Card:
        return unsubscribed_card(
            left, request_id=REQUEST_ID, slash_command=_SLASH, name=_NAME, elsewhere=elsewhere
        )

    return (
        UpdateSample("unsubscribed", "Left, others stay", card(Left(alone, was_subscriber=True))),
        UpdateSample("unsubscribed-last", "Left as the last", card(Left(ended, was_subscriber=True))),
        UpdateSample("unsubscribed-others", "Others are subscribed", card(Left(_SUBSCRIPTION))),
        UpdateSample("unsubscribed-nobody", "No one is subscribed", card(Left())),
        UpdateSample("unsubscribed-elsewhere", "Subscribed elsewhere", card(Left(), there)),
        UpdateSample("left-elsewhere", "Left elsewhere", left_elsewhere_card(there, name=_NAME)),
        UpdateSample(
            "stopped", "Stopped for all", stopped_card(_SUBSCRIPTION, slash_command=_SLASH, name=_NAME)
        ),
        UpdateSample("stopped-before", "Ended before", stopped_card(None, slash_command=_SLASH)),
    )


def _cannot_post() -> tuple[UpdateSample, ...]:
    shared = shared_channel_card(request_id=REQUEST_ID, slash_command=_SLASH)
    return (
        *(
            UpdateSample(
                f"cannot-post-{name}",
                title,
                cannot_post_card(code, request_id=REQUEST_ID, slash_command=_SLASH, bot_name="jobbot"),
            )
            for name, title, code in _FORBIDDEN
        ),
        UpdateSample(
            "cannot-post-between-people",
            "Direct messages of people",
            cannot_post_card(
                "channel_not_found",
                request_id=REQUEST_ID,
                slash_command=_SLASH,
                bot_name="jobbot",
                takes_invitations=False,
            ),
        ),
        UpdateSample("cannot-post-shared", "Another company reads this", shared),
    )


def update_samples() -> tuple[UpdateSample, ...]:
    """All of them, the same at every call."""
    told = _told()
    return (*told, *_silenced(told), *_watching(), *_subscribing(), *_unsubscribing(), *_cannot_post())
