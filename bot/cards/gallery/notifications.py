"""What notifications say in the gallery: a sample of every kind, as its fields."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.cards.gallery import documents
from bot.domain.subscriptions.notification import Earlier, Kind

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)

TOLD: Final[tuple[tuple[str, str, Kind, dict[str, Any]], ...]] = (
    ("started", "Started", Kind.STARTED, {"queued_seconds": 740.0}),
    ("again", "Running again", Kind.STARTED, {"is_again": True}),
    ("progress", "Progress", Kind.PROGRESS, {"milestone": 50, "progress": 52.4, "eta_seconds": 10_380.0}),
    ("stalled", "No progress", Kind.STALLED, {"quiet_seconds": 2700.0, "progress": 62.0}),
    ("moving", "Moving again", Kind.MOVING, {"quiet_seconds": 4980.0, "progress": 63.1}),
    (
        "completed",
        "Completed",
        Kind.COMPLETED,
        {
            "duration_seconds": 10_690.0,
            "gpu_hours": 11.9,
            "output_model_path": documents.COMPLETED["output_model_path"],
        },
    ),
    (
        "failed",
        "Failed",
        Kind.FAILED,
        {
            "duration_seconds": 9497.0,
            "progress": 46.8,
            "gpu_hours": 10.6,
            "error_message": documents.FAILED["error_message"],
            "cause": "CUDA out of memory with per-device batch 8 at 4096 tokens.",
            "advice": "Try a per-device batch of 4 with gradient accumulation 2.",
            "earlier": Earlier(
                request_id="9d3b1c52-40ab-4c7e-9a51-d2f1c9b3aa20",
                name="support-assistant-v2",
                at=_NOW - timedelta(days=3, hours=5),
            ),
        },
    ),
    ("failed-silently", "Failed without a reason", Kind.FAILED, {"duration_seconds": 9497.0}),
    (
        "added",
        "The reason came later",
        Kind.ADDED,
        {
            "error_message": documents.FAILED["error_message"],
            "cause": "CUDA out of memory with per-device batch 8 at 4096 tokens.",
            "advice": "Try a per-device batch of 4 with gradient accumulation 2.",
        },
    ),
    (
        "added-path",
        "The output model came later",
        Kind.ADDED,
        {"output_model_path": documents.COMPLETED["output_model_path"]},
    ),
    ("cancelled", "Cancelled", Kind.CANCELLED, {"duration_seconds": 3900.0, "progress": 18.0}),
    (
        "ended-as",
        "Ended by a word of its own that means failure",
        Kind.FAILED,
        {"ended_as_word": "PREEMPTED", "duration_seconds": 3900.0, "progress": 18.0},
    ),
    (
        "ended",
        "Ended by a word that does not say how",
        Kind.ENDED,
        {"ended_as_word": "ARCHIVED", "duration_seconds": 3900.0},
    ),
    (
        "ended-unsaid",
        "Ended without a status, with an error",
        Kind.ENDED,
        {"duration_seconds": 3900.0, "error_message": documents.FAILED["error_message"]},
    ),
    (
        "finding",
        "The run doctor saw something",
        Kind.FINDING,
        {
            "finding": "overfitting",
            "evidence": "eval_loss rose from 1.21 (step 400) to 1.48 (step 900)"
            " while loss fell from 1.1 to 0.62",
            "advice": "Stop at the best checkpoint, or try fewer epochs, a lower learning rate or more data.",
        },
    ),
    (
        "condition",
        "An alert",
        Kind.CONDITION,
        {
            "condition": "eval_loss < 1.2",
            "evidence": "eval_loss is 1.18 at step 1,200",
            "is_met": True,
            "user_id": "U0123ABC",
        },
    ),
    (
        "condition-missed",
        "What did not come",
        Kind.CONDITION,
        {
            "condition": "eval_loss < 1.2",
            "evidence": "the last was 1.34 at step 2,400",
            "ended_as": Kind.COMPLETED,
            "user_id": "U0123ABC",
        },
    ),
    ("api-down", "Simplismart is down", Kind.API_DOWN, {"since": _NOW - timedelta(minutes=10)}),
    ("api-back", "Simplismart is back", Kind.API_BACK, {"since": _NOW - timedelta(minutes=25)}),
    ("key-expires", "The API key expires soon", Kind.KEY_EXPIRES, {"since": _NOW + timedelta(days=7)}),
    ("job-gone", "The job is gone", Kind.JOB_GONE, {}),
    ("job-refused", "The job's id is refused", Kind.JOB_REFUSED, {}),
    ("finished", "An hour after the end", Kind.FINISHED, {}),
    ("expired", "Subscribed for 30 days", Kind.EXPIRED, {}),
)
"""A name for file names, a title for people, the kind, and the facts."""
