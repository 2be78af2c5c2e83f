"""The documents that hold many: all jobs, and the metrics of one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.job import JobStatus, JobSummary, MetricPoint, read_job_list, read_metrics

MOMENT = datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC)
READERS = (read_job_list, read_metrics)


def test_a_list_of_jobs_is_read() -> None:
    """As documented; entries that are no jobs are passed over."""
    entry = {
        "request_id": "r-1",
        "experiment_name": "first",
        "status": "CANCELED",
        "created_at": "2023-11-07T05:31:56Z",
        "updated_at": None,
        "model_type": "llm",
        "base_model": "llama",
        "train_type": "lora",
        "progress": "250",
    }
    body = json.dumps(
        {"jobs": [entry, None, "x", {}, {"request_id": " "}, {"request_id": 7}], "total_count": 6}
    )
    assert read_job_list(body.encode()) == (
        JobSummary(
            "r-1", "first", JobStatus.CANCELLED, "CANCELED", MOMENT, None, "llm", "llama", "lora", 100.0
        ),
        JobSummary("7"),
    )


def test_the_metrics_of_a_job_are_read() -> None:
    """All series in one flat list; points without a key or a finite value are passed over."""
    points: list[Any] = [
        {"key": "loss", "value": 0.5, "timestamp": "2023-11-07T05:31:56Z", "step": 10, "epoch": 0.1},
        {"key": "loss", "value": "0.4"},
        {"key": "loss", "value": float("nan")},
        {"key": "loss"},
        {"value": 1},
        [],
    ]
    assert read_metrics(json.dumps({"request_id": "r-1", "metrics": points}).encode()) == (
        MetricPoint("loss", 0.5, MOMENT, 10, 0.1),
        MetricPoint("loss", 0.4),
    )


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "body", [b"{}", b'{"jobs": null, "metrics": null}', b'{"jobs": {"a": 1}, "metrics": "x"}']
)
def test_no_list_is_an_empty_one(read: Callable[[bytes], tuple[object, ...]], body: bytes) -> None:
    """An organisation without jobs, a job without metrics."""
    assert read(body) == ()


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("body", [b"", b"[]", b"<html>", b"[" * 100_000])
def test_what_is_no_object_is_refused(read: Callable[[bytes], tuple[object, ...]], body: bytes) -> None:
    """In the same way as for one job."""
    with pytest.raises(ValueError, match=r"."):
        read(body)


FIELDS = st.sampled_from(
    ["request_id", "status", "progress", "created_at", "key", "value", "timestamp", "step", "epoch"]
)
ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=2),
)


@settings(max_examples=50)
@given(st.lists(st.one_of(ANY, st.dictionaries(FIELDS, ANY)), max_size=4))
def test_any_entries_are_read(entries: list[Any]) -> None:
    """Whatever stands in whatever field."""
    body = json.dumps({"jobs": entries, "metrics": entries}).encode()
    assert all(job.request_id for job in read_job_list(body))
    assert all(point.key for point in read_metrics(body))
