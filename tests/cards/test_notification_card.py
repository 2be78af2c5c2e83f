"""What is told in a job's thread, and of its end to the channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.kit.card import Card
from bot.cards.subscriptions.notification import RENDERERS, notification_card
from bot.domain.subscriptions.notifications.job_updates import (
    Cancelled,
    Completed,
    Failed,
    JobEnd,
    JobGone,
    JobRefused,
    Moving,
    Progress,
    Stalled,
    Started,
)
from bot.domain.subscriptions.notifications.notices import (
    ApiBack,
    ApiDown,
    ChannelDigest,
    Expired,
    Finished,
    JobCard,
    KeyExpiry,
)
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Subscription
from bot.playground.block_kit import message_problems
from tests.cards.shown import NOW, labels, live_markup, words
from tests.tables import each_row

SUBSCRIPTION = Subscription(
    id="5f0d7e52",
    team_id="T0123ABC",
    channel_id="C0123ABC",
    org_id="org",
    request_id=REQUEST_ID,
    created_at=NOW,
    subscribers=("U0123ABC", "U0456DEF"),
)
TOLD = [each.payload for each in RENDERERS.values() if each.payload not in {ChannelDigest, KeyExpiry}]


def _card(kind: type[Notification], subscription: Subscription = SUBSCRIPTION, **fields: Any) -> Card:
    notification = kind(once_key="once", at=NOW, **{"name": "support-v3", **fields})
    return notification_card(notification, subscription, slash_command="/train")


def _shown(kind: type[Notification], **fields: Any) -> str:
    return words(_card(kind, **fields).message())


@each_row(
    "kind, fields, shown",
    [
        (Started, {"queued_seconds": 740}, "▶️ Started after 12 min 20 s in the queue."),
        (Started, {}, "▶️ Started."),
        (Started, {"is_again": True, "queued_seconds": 90_000}, "🔁 Running again."),
        (
            Progress,
            {"milestone": 75, "progress": 80.9, "eta_seconds": 7330.0},
            "📈 ■■■■■■□□ 80% · about 2 h 2 min left",
        ),
        (Progress, {"milestone": 25}, "📈 ■■□□□□□□ 25%"),
        (
            Stalled,
            {"quiet_seconds": 2700, "progress": 62.9},
            "⚠️ No progress for 45 min at 62%.",
        ),
        (Stalled, {}, "⚠️ No progress for a while."),
        (
            Moving,
            {"quiet_seconds": 4980, "progress": 63},
            "▶️ Moving again after 1 h 23 min without progress at 63%.",
        ),
        (
            ApiDown,
            {"since": NOW - timedelta(minutes=10)},
            (
                "⚠️ Simplismart hasn't responded since 2025-11-03 13:06 UTC."
                " I'm still trying; no updates will be lost."
            ),
        ),
        (
            ApiBack,
            {"since": NOW - timedelta(minutes=25)},
            "✅ Simplismart is responding again after 25 min.",
        ),
        (ApiBack, {}, "✅ Simplismart is responding again."),
        (JobGone, {}, "🔕 Simplismart no longer has this job, so I've stopped posting updates."),
        (
            JobRefused,
            {},
            "🔕 Simplismart rejects this job ID, so I've stopped posting updates.",
        ),
        (
            Finished,
            {},
            (
                "🔕 Finished an hour ago, so I've stopped posting updates. If it restarts:"
                f" `/train subscribe {REQUEST_ID}`"
            ),
        ),
        (
            Expired,
            {},
            (
                "🔕 I've posted updates for 30 days and am stopping now."
                f" Keep getting updates: `/train subscribe {REQUEST_ID}`"
            ),
        ),
    ],
)
def test_what_happens_on_the_way_is_one_line(
    kind: type[Notification], fields: dict[str, Any], shown: str
) -> None:
    """What was not sent is not said; nobody is mentioned, and nothing asks to be pressed."""
    assert _shown(kind, **fields) == shown


@each_row("kind", TOLD)
def test_a_phone_names_the_job(kind: type[Notification]) -> None:
    """A notification is read without its thread: the experiment's name, or else the id."""
    assert "support-v3" in _card(kind).text
    assert REQUEST_ID in _card(kind, name=None).text
    assert "`" not in _card(kind).text


@pytest.mark.parametrize("kind", [kind for kind in TOLD if issubclass(kind, JobEnd)])
def test_an_end_names_the_job_for_the_channel(kind: type[Notification]) -> None:
    """Broadcast, it stands without its thread."""
    assert "· support-v3" in _shown(kind).splitlines()[0]
    assert f"· `{REQUEST_ID}`" in _shown(kind, name=None).splitlines()[0]


def test_completed_says_what_it_cost_and_where_the_model_is() -> None:
    """In the card and in its sentence."""
    path = "s3://trained-models/support-v3/final"
    card = _card(Completed, duration_seconds=10_690, gpu_hours=11.94, output_model_path=path)
    assert words(card.message()).splitlines()[:4] == [
        "✅ *Completed* · support-v3",
        "Took 2 h 58 min · 11.9 GPU-hours",
        "*Output model*",
        f"`{path}`",
    ]
    assert card.text.replace("\u00a0", " ") == (
        f"Training job support-v3 completed after 2 h 58 min, 11.9 GPU-hours: {path}"
    )


def test_a_signed_output_path_loses_its_signature() -> None:
    """Also where it is broadcast."""
    path = "https://bucket.s3.amazonaws.com/m.bin?X-Amz-Signature=0123456789abcdef&X-Amz-Expires=60"
    card = _card(Completed, output_model_path=path)
    assert "0123456789abcdef" not in words(card.message()) + card.text


def test_failed_tells_the_cause_and_mentions_who_subscribed() -> None:
    """The telling lines as on the job's card, and the rest a press away."""
    error = documents.FAILED["error_message"]
    card = _card(Failed, duration_seconds=9497, progress=46.8, error_message=error)
    assert words(card.message()).splitlines()[:3] == [
        "❌ *Failed* · support-v3",
        "After 2 h 38 min · at 46%",
        "<@U0123ABC> <@U0456DEF>",
    ]
    assert "torch.OutOfMemoryError: CUDA out of memory." in words(card.message()).splitlines()[3]
    assert "failed after 2 h 38 min: torch.OutOfMemoryError" in card.text
    assert labels(card.message()) == ["Details", "Full error"]


def test_failed_without_a_reason_says_so() -> None:
    """And has no error to open."""
    assert "Simplismart didn't report a reason." in _shown(Failed)
    assert labels(_card(Failed).message()) == ["Details"]


@each_row("kind", [kind for kind in TOLD if kind is not Failed])
def test_only_a_failure_mentions_anybody(kind: type[Notification]) -> None:
    """Everything else is there to be read when it suits."""
    assert "<@" not in _shown(kind)


def test_mentions_are_few_and_only_of_people() -> None:
    """Twenty of them, each once; what is no user id is left out."""
    crowd = tuple(f"U{n:04}" for n in range(23))
    card = _card(Failed, replace(SUBSCRIPTION, subscribers=(*crowd, "U0001", "!channel", "U1> <!here")))
    shown = words(card.message())
    assert shown.count("<@U") == 20
    assert "<@U0019> and 3 more" in shown
    assert live_markup(card.message()) == []
    assert "<" not in words(_card(Failed, replace(SUBSCRIPTION, subscribers=())).message())


def test_cancelled_says_how_far_it_came() -> None:
    """And offers no model."""
    shown = _shown(Cancelled, duration_seconds=3900, progress=18.2, output_model_path="s3://half")
    assert shown.startswith("➖ *Cancelled* · support-v3\nAfter 1 h 5 min · at 18%\n")
    assert "s3://half" not in shown


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -1.0, 1e300])
def test_odd_numbers_are_not_said(odd: float) -> None:
    """What is no duration and no amount is left out."""
    fields = ("queued_seconds", "eta_seconds", "duration_seconds", "gpu_hours", "quiet_seconds")
    for kind in TOLD:
        card = _card(kind, progress=odd, **dict.fromkeys(fields, odd))
        assert message_problems(card.message()) == []
        assert len(words(card.message())) < 300


def test_the_job_card_is_no_notification() -> None:
    """What opens the thread is drawn from the job's document."""
    with pytest.raises(KeyError):
        _card(JobCard)
