"""How the end of a job is told, in its thread and to the channel."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.gallery.notifications import NOTIFICATIONS
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.curves.run_doctor import FindingClass, examine
from bot.domain.history import Earlier
from bot.domain.job import MetricPoint
from bot.domain.subscriptions.notifications.job_updates import (
    Cancelled,
    Completed,
    Failed,
    JobEnd,
)
from bot.domain.subscriptions.notifications.notification import Notification
from tests.cards.shown import NOW, labels, live_markup, words
from tests.cards.subscriptions.told import SUBSCRIPTION, TOLD, card_of_kind, shown_of_kind

HEALTHY = tuple(
    MetricPoint(key="eval_loss", value=value, step=step) for step, value in enumerate((1.4, 1.1, 1.02, 1.05))
)
DIVERGED = next(sample.points for sample in NOTIFICATIONS if sample.name == "completed-diverged")
(FINDING,) = examine(DIVERGED)


@pytest.mark.parametrize("kind", [kind for kind in TOLD if issubclass(kind, JobEnd)])
def test_an_end_names_the_job_for_the_channel(kind: type[Notification]) -> None:
    """Broadcast, it stands without its thread; where its page is known, with a link to it, and no button."""
    assert "· *support-v3*" in shown_of_kind(kind).splitlines()[0]
    assert f"· *{REQUEST_ID[:8]}*" in shown_of_kind(kind, name=None).splitlines()[0]
    linked = card_of_kind(kind, settings=documents.SETTINGS).message()
    assert f"*<https://console.example/jobs/{REQUEST_ID}|support-v3>*" in words(linked).splitlines()[0]
    assert labels(linked) == []


@pytest.mark.parametrize("kind", [kind for kind in TOLD if issubclass(kind, JobEnd)])
def test_an_end_is_at_most_four_lines_and_the_telling_one(kind: type[Notification]) -> None:
    """With all that can be known of it."""
    fields = {
        "duration_seconds": 9497,
        "progress": 46.8,
        "gpu_hours": 10.6,
        "ended_at": NOW,
        "error_message": documents.FAILED["error_message"],
        "output_model_path": "s3://models/support-v3",
        "earlier": Earlier(request_id="another", at=NOW - timedelta(days=3)),
        "finding": FINDING,
    }
    for cause in (None, "CUDA out of memory: batch 8."):
        for points in ((), HEALTHY, DIVERGED):
            advice = cause and "Try batch 4."
            message = card_of_kind(kind, points=points, cause=cause, advice=advice, **fields).message()
            lines = words(message).splitlines()
            assert len(lines) <= (5 if "torch.OutOfMemoryError" in words(message) else 4), lines


def test_completed_says_how_well_it_went_what_it_cost_and_where_the_model_is() -> None:
    """In the card and in its sentence."""
    path = "s3://trained-models/support-v3/final"
    fields = {"duration_seconds": 10_690, "gpu_hours": 11.94, "gpu_type": "h100", "output_model_path": path}
    card = card_of_kind(Completed, points=HEALTHY, **fields)
    assert words(card.message()).splitlines() == [
        "✅ *Completed* · *support-v3*",
        "Best eval 1.02 · took 2 h 58 min · 11.9 GPU-hours",
        f"`{path}`",
    ]
    assert card.text == "support-v3 completed in 2 h 58 min. Best eval loss 1.02."
    priced = words(card_of_kind(Completed, settings=documents.SETTINGS, **fields).message())
    assert priced.splitlines()[1] == "Took 2 h 58 min · $29.85"


def test_a_loss_that_diverged_makes_a_completed_job_doubtful() -> None:
    """A person who reads only this does not ship the model."""
    card = card_of_kind(Completed, points=DIVERGED, finding=FINDING, duration_seconds=10_690)
    lines = words(card.message()).splitlines()
    assert lines[0] == "⚠️ *Completed* · *support-v3*"
    assert lines[1].startswith("*But the loss diverged*: train_loss rose from ")
    assert lines[2] == "*Try:* a lower learning rate, a longer warm-up or gradient clipping"
    assert "support-v3 completed in 2 h 58 min, but the loss diverged: train_loss rose" in card.text
    assert "Evaluate the model before you use it." in card.text


def test_a_finding_that_somebody_hid_is_not_said_again() -> None:
    """Not in the end either."""
    completed = Completed(once_key="once", at=NOW, name="support-v3", finding=FINDING)
    recipient = Recipient(SUBSCRIPTION, "/train", points=DIVERGED, hidden_findings=frozenset(FindingClass))
    assert words(notification_card(completed, recipient).message()).startswith("✅ *Completed*")


def test_a_signed_output_path_loses_its_signature() -> None:
    """Also where it is broadcast."""
    path = "https://bucket.s3.amazonaws.com/m.bin?X-Amz-Signature=0123456789abcdef&X-Amz-Expires=60"
    card = card_of_kind(Completed, output_model_path=path)
    assert "0123456789abcdef" not in words(card.message()) + card.text


def test_failed_tells_the_cause_and_mentions_who_subscribed() -> None:
    """What to try, the telling line of the error, and when; the rest is on the job's card."""
    error = documents.FAILED["error_message"]
    card = card_of_kind(
        Failed,
        duration_seconds=9497,
        progress=46.8,
        ended_at=NOW,
        error_message=error,
        cause="CUDA out of memory: batch 8, 4,096 tokens.",
        advice="Try batch 4 with gradient accumulation 2. Or shorter samples.",
    )
    assert words(card.message()).splitlines() == [
        "❌ *Failed* · *support-v3* · <@U0123ABC> <@U0456DEF>",
        "*CUDA out of memory*: batch 8, 4,096 tokens",
        "*Try:* batch 4 with gradient accumulation 2",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.37 GiB. …",
        "Ended 2025-11-03 13:16 UTC at 46%, after 2 h 38 min",
    ]
    assert card.text == (
        "support-v3 failed at 46% after 2 h 38 min: CUDA out of memory: batch 8, 4,096 tokens"
    )


def test_an_error_that_is_not_recognized_is_shown_with_where_it_was_seen() -> None:
    """There is room for that where nothing is known to try."""
    earlier = Earlier(request_id="9d3b1c52", name="support-v2", at=NOW - timedelta(days=3))
    card = card_of_kind(Failed, error_message="RuntimeError: shard 3", duration_seconds=2160, earlier=earlier)
    assert words(card.message()).splitlines()[1:] == [
        "I don't recognize this error:",
        "RuntimeError: shard 3",
        "After 36 min",
        "Same cause in support-v2 (9d3b1c52), 3 days ago",
    ]


def test_failed_without_a_reason_says_so() -> None:
    """And shows no error."""
    assert shown_of_kind(Failed).splitlines()[1:] == ["Simplismart didn't report a reason."]


def test_mentions_are_few_and_only_of_people() -> None:
    """Twenty of them, each once; what is no user id is left out."""
    crowd = tuple(f"U{n:04}" for n in range(23))
    subscription = replace(SUBSCRIPTION, subscribers=(*crowd, "U0001", "!channel", "U1> <!here"))
    card = card_of_kind(Failed, subscription)
    shown = words(card.message())
    assert shown.count("<@U") == 20
    assert "<@U0019> and 3 more" in shown
    assert live_markup(card.message()) == []
    assert "<" not in words(card_of_kind(Failed, replace(SUBSCRIPTION, subscribers=())).message())


def test_cancelled_says_how_far_it_came() -> None:
    """And offers no model."""
    shown = shown_of_kind(Cancelled, duration_seconds=3900, progress=18.2, output_model_path="s3://half")
    assert shown == "➖ *Cancelled* · *support-v3*\nAt 18%, after 1 h 5 min"
    assert "s3://half" not in shown
