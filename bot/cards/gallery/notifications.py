"""What notifications say in the gallery: a sample of every kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from bot.cards.gallery import documents, groups
from bot.domain.channels.digest import Digest, Period
from bot.domain.curves.run_doctor import examine
from bot.domain.history import Earlier
from bot.domain.job import JobStatus, MetricPoint
from bot.domain.subscriptions.end_facts import Head
from bot.domain.subscriptions.notifications.job_updates import (
    Added,
    Cancelled,
    Completed,
    Ended,
    Failed,
    JobGone,
    JobRefused,
    Moving,
    Progress,
    Stalled,
    Started,
)
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult, MetricsFinding
from bot.domain.subscriptions.notifications.notices import (
    ApiBack,
    ApiDown,
    ChannelDigest,
    Expired,
    Finished,
    KeyExpiry,
    WeeklyReport,
)
from bot.domain.subscriptions.notifications.notification import Notification

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_HEAD: Final = Head(once_key="once", at=_NOW, name="support-assistant-v3")


class Sample(NamedTuple):
    """One notification in the gallery."""

    name: str
    """For file names: lower case and hyphens."""
    title: str
    """For people."""
    notification: Notification
    points: Sequence[MetricPoint] = ()
    """What the job has logged."""


def logged_losses(*, diverges_at: int | None = None) -> tuple[MetricPoint, ...]:
    """The losses of a run of 400 steps."""
    found = []
    for step in range(2, 401, 2):
        loss = 0.8 + 1.6 * math.exp(-step / 90) + math.sin(step * 1.7) * 0.02
        if diverges_at is not None and step > diverges_at:
            loss += min(6.0, (step - diverges_at) * 0.15)
        found.append(MetricPoint(key="train_loss", value=round(loss, 4), step=step))
        if step % 50 == 0:
            found.append(MetricPoint(key="eval_loss", value=round(loss + 0.12, 4), step=step))
    return tuple(found)


_CANCELLED: Final = Cancelled(**_HEAD, duration_seconds=3900.0, progress=18.0)
_COMPLETED: Final = Completed(
    **_HEAD,
    progress=100.0,
    duration_seconds=10_690.0,
    gpu_hours=11.9,
    gpu_type="h100",
    ended_at=_NOW - timedelta(minutes=1),
    output_model_path=documents.COMPLETED["output_model_path"],
)

NOTIFICATIONS: Final = (
    Sample("group-failure", "A job of a group failed", groups.FAILURE),
    Sample("group-gone", "A job of a group is gone", groups.GONE),
    Sample("group-full", "A group has no room", groups.FULL),
    Sample("group-ended", "The last job of a group has ended", groups.ENDED),
    Sample("group-timed", "A group's time has passed", groups.TIMED),
    Sample("group-empty", "No job ever fit a group", groups.EMPTY),
    Sample("started", "Started", Started(**_HEAD, queued_seconds=740.0)),
    Sample("again", "Running again", Started(**_HEAD, is_again=True)),
    Sample("progress", "Progress", Progress(**_HEAD, milestone=50, progress=52.4, eta_seconds=10_380.0)),
    Sample("progress-unknown", "Progress, its end unknown", Progress(**_HEAD, milestone=25)),
    Sample("stalled", "No progress", Stalled(**_HEAD, quiet_seconds=2700.0, progress=62.0)),
    Sample(
        "moving", "Moving again", Moving(**_HEAD, quiet_seconds=4980.0, progress=63.1, eta_seconds=7260.0)
    ),
    Sample("completed", "Completed", _COMPLETED, logged_losses()),
    Sample(
        "completed-diverged",
        "Completed, but the loss diverged",
        _COMPLETED.model_copy(update={"finding": examine(logged_losses(diverges_at=226))[0]}),
        logged_losses(diverges_at=226),
    ),
    Sample("completed-briefly", "Completed, no more known", Completed(**_HEAD)),
    Sample(
        "failed",
        "Failed",
        Failed(
            **_HEAD,
            duration_seconds=9497.0,
            progress=46.8,
            gpu_hours=10.6,
            gpu_type="h100",
            ended_at=_NOW - timedelta(minutes=1),
            error_message=documents.FAILED["error_message"],
            cause="CUDA out of memory: batch 8, 4,096 tokens.",
            advice="Try batch 4 with gradient accumulation 2.",
            earlier=Earlier(
                request_id="9d3b1c52-40ab-4c7e-9a51-d2f1c9b3aa20",
                name="support-assistant-v2",
                at=_NOW - timedelta(days=3, hours=5),
            ),
        ),
    ),
    Sample(
        "failed-unknown",
        "Failed with an error that is not recognized",
        Failed(
            **_HEAD,
            duration_seconds=2160.0,
            progress=12.0,
            ended_at=_NOW - timedelta(days=1),
            error_message="RuntimeError: shard 3 has no labels_v2",
            earlier=Earlier(request_id="9d3b1c52-40ab-4c7e-9a51-d2f1c9b3aa20", at=_NOW - timedelta(days=3)),
        ),
    ),
    Sample("failed-silently", "Failed without a reason", Failed(**_HEAD, duration_seconds=9497.0)),
    Sample(
        "added",
        "The reason came later",
        Added(
            **_HEAD,
            error_message=documents.FAILED["error_message"],
            cause="CUDA out of memory: batch 8, 4,096 tokens.",
            advice="Try batch 4 with gradient accumulation 2.",
        ),
    ),
    Sample(
        "added-path",
        "The output model came later",
        Added(**_HEAD, output_model_path=documents.COMPLETED["output_model_path"]),
    ),
    Sample(
        "cancelled", "Cancelled", Cancelled(**_HEAD, duration_seconds=3900.0, progress=18.0), logged_losses()
    ),
    Sample(
        "ended-as",
        "Ended by a word of its own that means failure",
        Failed(**_HEAD, ended_as_word="PREEMPTED", duration_seconds=3900.0, progress=18.0),
    ),
    Sample(
        "ended",
        "Ended by a word that does not say how",
        Ended(**_HEAD, ended_as_word="ARCHIVED", duration_seconds=3900.0),
    ),
    Sample(
        "ended-unsaid",
        "Ended without a status, with an error",
        Ended(**_HEAD, duration_seconds=3900.0, error_message=documents.FAILED["error_message"]),
    ),
    Sample(
        "finding",
        "The run doctor saw something",
        MetricsFinding(
            **_HEAD,
            finding="overfitting",
            evidence="eval_loss rose from 1.21 (step 400) to 1.48 (step 900)"
            " while loss fell from 1.1 to 0.62",
            advice="Stop at the best checkpoint, or try fewer epochs, a lower learning rate or more data.",
        ),
    ),
    Sample(
        "condition",
        "An alert",
        AlertResult(
            **_HEAD,
            condition="eval_loss < 1.2",
            evidence="eval_loss hit 1.18 at step 1,200",
            is_met=True,
            user_id="U0123ABC",
        ),
    ),
    Sample(
        "condition-missed",
        "What did not come",
        AlertResult(
            **_HEAD,
            condition="eval_loss < 1.2",
            evidence="last value 1.34 at step 2,400",
            ended_as=JobStatus.COMPLETED,
            user_id="U0123ABC",
        ),
    ),
    Sample("group-alert", "An alert for a group", groups.ALERT),
    Sample("group-alert-missed", "What did not come in a group", groups.ALERT_MISSED),
    Sample("api-down", "Simplismart is down", ApiDown(**_HEAD, since=_NOW - timedelta(minutes=10))),
    Sample("api-back", "Simplismart is back", ApiBack(**_HEAD, since=_NOW - timedelta(minutes=25))),
    Sample(
        "key-expires", "The API key expires soon", KeyExpiry(**_HEAD, expires_at=_NOW + timedelta(days=7))
    ),
    Sample(
        "key-expires-set-up",
        "The API key that was set up expires soon",
        KeyExpiry(**_HEAD, expires_at=_NOW + timedelta(days=7), is_set_up=True),
    ),
    Sample("weekly-report", "The admin's week", WeeklyReport(**_HEAD, parked=1, limited=40, late=2)),
    Sample("job-gone", "The job is gone", JobGone(**_HEAD)),
    Sample("job-refused", "The job's id is refused", JobRefused(**_HEAD)),
    Sample("finished", "An hour after the end", Finished(**_HEAD)),
    Sample("expired", "Subscribed for 30 days", Expired(**_HEAD)),
    Sample(
        "digest",
        "A digest of a quiet day",
        ChannelDigest(
            **_HEAD,
            digest=Digest(
                period=Period.DAILY, since=_NOW - timedelta(days=1), until=_NOW, completed=2, running=1
            ),
        ),
    ),
)
