"""The entries of documents that hold many: all jobs, and the metrics of one."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.job import JobStatus, JobSummary, MetricPoint, read_point, read_summary
from tests.tables import each_row

MOMENT = datetime(2023, 11, 7, 5, 31, 56, tzinfo=UTC)


def test_a_row_of_the_list_is_read() -> None:
    """As documented."""
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
    assert read_summary(entry) == JobSummary(
        "r-1", "first", JobStatus.CANCELLED, "CANCELED", MOMENT, None, "llm", "llama", "lora", 100.0
    )
    assert read_summary({"request_id": 7}) == JobSummary("7")


@pytest.mark.parametrize("entry", [{}, {"request_id": " "}, {"request_id": None}, {"request_id": []}])
def test_an_entry_without_an_id_is_no_job(entry: dict[str, Any]) -> None:
    """Nothing could be asked about it."""
    assert read_summary(entry) is None


@pytest.mark.parametrize(
    ("entry", "point"),
    [
        (
            {"key": "loss", "value": 0.5, "timestamp": "2023-11-07T05:31:56Z", "step": 10, "epoch": 0.1},
            MetricPoint("loss", 0.5, MOMENT, 10, 0.1),
        ),
        ({"key": "loss", "value": "0.4"}, MetricPoint("loss", 0.4)),
        ({"key": "loss", "value": "12 apples"}, None),
        ({"key": "loss", "value": [1.0]}, None),
        ({"key": "loss"}, None),
        ({"value": 1}, None),
    ],
)
def test_a_point_needs_a_key_and_a_value(entry: dict[str, Any], point: MetricPoint | None) -> None:
    """Without them there is nothing to draw."""
    assert read_point(entry) == point


@each_row("value", ["NaN", "nan", None, float("nan"), "Infinity", "-inf", float("inf"), 1e999])
def test_a_value_that_is_no_number_is_known_as_such(value: object) -> None:
    """A run that breaks logs them, in whichever way its server writes them: somebody should hear of it."""
    point = read_point({"key": "loss", "value": value, "step": 3})
    assert point is not None
    assert not math.isfinite(point.value)


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
@given(st.dictionaries(FIELDS, ANY))
def test_any_entry_is_read(entry: dict[str, Any]) -> None:
    """Whatever stands in whatever field."""
    job, point = read_summary(entry), read_point(entry)
    assert job is None or job.request_id
    assert point is None or point.key
