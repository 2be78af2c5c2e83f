"""What is remembered of a job that finished."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.history import REASON_CHARACTERS, FinishedJob, finished_job, finished_row
from bot.domain.job import JobStatus, JobSummary, TrainingJob

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def _ended(**document: Any) -> FinishedJob | None:
    body = json.dumps({"status": "FAILED", "experiment_name": "tone-v3"} | document).encode()
    return finished_job("org", "job-1", TrainingJob.from_json(body), NOW)


def test_a_failure_is_told_whole() -> None:
    """With its hours and what probably went wrong."""
    ended = _ended(
        started_at="2026-03-02T06:00:00Z",
        completed_at="2026-03-02T08:00:00Z",
        infra_config={"gpu_count": 4, "node_count": 2},
        error_message="torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.",
    )
    assert ended is not None
    assert (ended.org_id, ended.request_id, ended.name, ended.status) == (
        "org",
        "job-1",
        "tone-v3",
        JobStatus.FAILED,
    )
    assert (ended.gpu_hours, ended.duration_seconds) == (16.0, 7200.0)
    assert ended.finished_at == NOW - timedelta(hours=1)
    assert ended.fingerprint is not None
    assert (ended.reason or "").startswith("CUDA out of memory")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ('Traceback (most recent call last):\n  File "a.py", line 1\nFooError: bar  7\n', "FooError: bar 7"),
        ("just words\nthe last ones\n\n", "the last ones"),
        ("FooError: token hf_" + "a" * 34, "FooError: token [redacted]"),
        ("FooError: " + "x y " * 200, None),
        ("", None),
        (None, None),
    ],
)
def test_a_failure_nobody_knows_is_told_in_its_own_words(error: str | None, reason: str | None) -> None:
    """In one line, without secrets, cut."""
    ended = _ended(error_message=error)
    assert ended is not None
    if reason is not None:
        assert ended.reason == reason
    assert len(ended.reason or "") <= REASON_CHARACTERS


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ({"completed_at": "2026-03-02T08:59:00Z", "updated_at": "2026-03-02T08:00:00Z"}, 60),
        ({"updated_at": "2026-03-02T08:00:00Z"}, 3600),
        ({"completed_at": "2026-03-02T10:00:00Z"}, 0),
        ({}, 0),
    ],
)
def test_a_job_ended_when_it_says_but_never_later_than_it_was_seen(
    times: dict[str, str], seconds: int
) -> None:
    """Where no end is told, the last change is it."""
    ended = _ended(**times)
    assert ended is not None
    assert ended.finished_at == NOW - timedelta(seconds=seconds)


def test_only_what_finished_is_remembered() -> None:
    """And an error of a job that did not fail is none."""
    assert _ended(status="RUNNING") is None
    assert _ended(status="PAUSED") is None
    completed = _ended(status="COMPLETED", error_message="RuntimeError: no")
    assert completed is not None
    assert (completed.fingerprint, completed.reason) == (None, None)


def test_a_row_of_the_list_tells_the_little_it_knows() -> None:
    """Neither hours nor a reason."""
    row = JobSummary("job-1", "tone-v3", JobStatus.FAILED, "FAILED", updated_at=NOW)
    known = FinishedJob("org", "job-1", "tone-v3", JobStatus.FAILED, NOW, updated_at=NOW)
    assert finished_row("org", row, NOW) == known


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_error_can_be_remembered(error: str, name: str) -> None:
    """Whatever it is made of: one line of bounded length."""
    ended = _ended(error_message=error, experiment_name=name)
    assert ended is not None
    assert ended.reason is None or ("\n" not in ended.reason and ended.reason.strip())
