"""Times from outside, of any year: whatever is counted with them, nothing fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from inspect import get_annotations
from itertools import product

import pytest

from bot.cards.jobs.job import job_card
from bot.cards.jobs.metrics import metrics_card
from bot.cards.jobs.report import report_card
from bot.cards.jobs.run import Run
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.history import finished_job
from bot.domain.job import JobSummary, MetricPoint, TrainingJob, read_point, read_summary
from bot.domain.job.reading import read_time
from bot.domain.job.stored import from_json, kept, to_json, with_row
from bot.domain.listing import MetricsSnapshot
from bot.domain.polling.intervals import Bounds, next_look_seconds
from bot.domain.ports import Snapshot
from bot.domain.subscriptions.subscription import Subscription
from tests.domain.subscriptions.story import START, Story
from tests.tables import each_row

ODD = [
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-23:59",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "2199-12-31T23:59:59.999999Z",
    "2000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    253_402_300_799.999,
    -62_135_596_800,
    1e300,
]
LONGEST = timedelta(days=200 * 366)
"""Nobody adds more to a time."""


def _times_of(kind: type) -> list[str]:
    """The fields that are times, by how they are declared: the next one, too."""
    declared = {name: str(each) for base in kind.__mro__ for name, each in get_annotations(base).items()}
    return sorted(name for name, each in declared.items() if each == "Time" or "datetime" in each)


def test_every_time_of_every_document_is_walked_over() -> None:
    """Should one of them be declared in another way, it would be passed over below."""
    theirs = {"created_at", "updated_at", "started_at", "completed_at"}
    assert set(_times_of(TrainingJob)) == theirs | {"counted_since"}
    assert set(_times_of(JobSummary)) == {"created_at", "updated_at"}
    assert _times_of(MetricPoint) == ["timestamp"]


@each_row("value", ODD)
def test_whatever_is_read_can_be_counted_with(value: object) -> None:
    """Added to, taken from, and stored as a number, exactly."""
    moment = read_time(value)
    if moment is None:
        return
    assert moment - LONGEST < moment < moment + LONGEST
    assert abs(datetime.fromtimestamp(moment.timestamp(), UTC) - moment) < timedelta(milliseconds=1)


@pytest.mark.parametrize(("name", "value"), list(product(_times_of(TrainingJob), ODD)))
def test_a_document_with_an_odd_time(name: str, value: object) -> None:
    """Through a whole life: what is remembered, told, planned, drawn and stored."""
    story = Story("QUEUED")
    for status in ("RUNNING", "RUNNING", "FAILED", "RUNNING", "RUNNING", "archived"):
        said = {"request_id": "job-1", "status": status, "progress": 30, "created_at": START.isoformat()}
        alias = TrainingJob.model_fields[name].alias or name
        job = TrainingJob.from_json(json.dumps({**said, alias: value}).encode())
        story.take(job)
        assert from_json(to_json(job)) == kept(job)
        finished_job("org", "job-1", job, story.now)
        assert 0 <= next_look_seconds(story.state, story.now, Bounds(15, 120), 0.5) <= 120
        seen = Snapshot(job, story.now)
        job_card(seen, now=story.now)
        report_card(Run("job-1", seen, MetricsSnapshot((), story.now)), now=story.now)
    for each in story.told:
        notification_card(each, Recipient(Subscription("s", "T1", "C1", "org", "job-1", START), "/job"))


@each_row("name, value", list(product(_times_of(JobSummary), ODD)))
def test_a_row_with_an_odd_time(name: str, value: object) -> None:
    """Laid over what is known, and looked at like any other."""
    row = read_summary({"request_id": "job-1", "status": "RUNNING", "progress": 40, name: value})
    assert row is not None
    story = Story("RUNNING", progress=30)
    story.take_row(row)
    kept(with_row(story.state.job, row))
    assert 0 <= next_look_seconds(story.state, story.now, Bounds(15, 120), 0.5) <= 120


@each_row("value", ODD)
def test_a_metric_with_an_odd_time(value: object) -> None:
    """The others stand."""
    entries = [
        {"key": "loss", "value": 2, "step": 1},
        {"key": "loss", "value": 1, "step": 2, "timestamp": value},
    ]
    points = tuple(point for entry in entries if (point := read_point(entry)) is not None)
    card = metrics_card(MetricsSnapshot(points, START), None, request_id="job-1", now=START)
    assert "loss 1, best 1" in card.text
