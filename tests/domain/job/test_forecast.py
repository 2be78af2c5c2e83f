"""How long, how much longer, how many GPU-hours."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.forecast import (
    elapsed_seconds,
    eta_seconds,
    gpu_hours,
    gpu_total,
    queued_seconds,
    waiting_seconds,
)
from bot.domain.spelling import duration_text
from tests.tables import each_row

NOW = datetime(2025, 11, 7, 12, tzinfo=UTC)


def _ago(seconds: float) -> str:
    return (NOW - timedelta(seconds=seconds)).isoformat()


def _job(status: str = "RUNNING", **fields: Any) -> TrainingJob:
    return TrainingJob.model_validate({"status": status, **fields})


@each_row(
    "job, seconds",
    [
        (_job(started_at=_ago(90)), 90),
        (_job(started_at=_ago(-120)), 0),
        (_job(started_at=_ago(-121)), None),
        (_job(), None),
        (_job("COMPLETED", started_at=_ago(90), completed_at=_ago(30)), 60),
        (_job("FAILED", started_at=_ago(90), completed_at=_ago(30)), 60),
        (_job("CANCELED", started_at=_ago(90), completed_at=_ago(30)), 60),
        (_job("COMPLETED", started_at=_ago(90), completed_at=_ago(150)), 0),
        (_job("COMPLETED", started_at=_ago(90), completed_at=_ago(900)), None),
        (_job("COMPLETED", started_at=_ago(90), completed_at=_ago(-900)), None),
        (_job("COMPLETED", started_at=_ago(90)), None),
        (_job("CANCELED", completed_at=_ago(90)), None),
        (_job("QUEUED", started_at=_ago(90)), None),
        (_job("WARMING_UP", started_at=_ago(90)), None),
    ],
)
def test_elapsed(job: TrainingJob, seconds: float | None) -> None:
    """Until now while it runs, until its end afterwards; odd times say nothing."""
    assert elapsed_seconds(job, NOW) == seconds


def test_waiting() -> None:
    """Only a queued job waits; how long one had waited is known once it has started."""
    assert waiting_seconds(_job("QUEUED", created_at=_ago(300)), NOW) == 300
    assert waiting_seconds(_job("QUEUED", created_at=_ago(-300)), NOW) is None
    assert waiting_seconds(_job("RUNNING", created_at=_ago(300)), NOW) is None
    assert queued_seconds(_job(created_at=_ago(300), started_at=_ago(100))) == 200
    assert queued_seconds(_job(created_at=_ago(300))) is None
    assert queued_seconds(_job(created_at=_ago(100), started_at=_ago(300))) is None


@each_row(
    "fields, seconds",
    [
        ({"progress": 50}, 900),
        ({"progress": 25, "updated_at": _ago(0)}, 3_000),
        ({"progress": 25, "updated_at": _ago(-60)}, 3_180),
        ({"progress": 2, "updated_at": _ago(0)}, 49_000),
        ({"progress": 99}, None),
        ({"progress": 1.99}, None),
        ({"progress": 100}, None),
        ({"progress": None}, None),
        ({"progress": 50, "status": "QUEUED"}, None),
        ({"progress": 50, "status": "COMPLETED"}, None),
        ({"progress": 50, "updated_at": None}, None),
        ({"progress": 50, "updated_at": _ago(-600)}, None),
        ({"progress": 50, "updated_at": _ago(1_000)}, None),
        ({"progress": 50, "updated_at": _ago(2_000)}, None),
        ({"progress": 50, "started_at": None}, None),
        ({"progress": 50, "started_at": _ago(10_100), "updated_at": _ago(5_050)}, None),
    ],
)
def test_eta(fields: dict[str, Any], seconds: float | None) -> None:
    """From the speed up to the last change; unknown when that is too early, contradictory, or run out."""
    job = _job(**{"started_at": _ago(1_000), "updated_at": _ago(50), **fields})
    expected = pytest.approx(seconds, abs=101) if seconds is not None else None
    assert eta_seconds(job, NOW) == expected


def test_eta_counts_down_between_changes() -> None:
    """The last change is older than now: the estimate runs on, and then stops being one."""
    job = _job(started_at=_ago(1_000), updated_at=_ago(500), progress=50)
    assert eta_seconds(job, NOW - timedelta(seconds=100)) == 100
    assert eta_seconds(job, NOW) is None


@each_row(
    "infra, gpus",
    [
        ({"gpu_count": 2, "node_count": 2}, 4),
        ({"gpu_count": 8}, 8),
        ({"gpu_count": "8", "node_count": "2"}, 16),
        ({"node_count": 2}, None),
        ({"gpu_count": 0}, None),
        ({"gpu_count": -1}, None),
        ({"gpu_count": 8, "node_count": 0}, None),
        ({"gpu_count": 100_000}, 100_000),
        ({"gpu_count": 100_001}, None),
        ({"gpu_count": 1e300, "node_count": 1e300}, None),
        ([], None),
    ],
)
def test_gpus(infra: object, gpus: int | None) -> None:
    """Per node times nodes; absurd numbers say nothing."""
    assert gpu_total(_job(infra_config=infra)) == gpus


def test_gpu_hours() -> None:
    """All GPUs for the time it ran."""
    infra = {"gpu_count": 2, "node_count": 2}
    assert gpu_hours(_job(started_at=_ago(1_800), infra_config=infra), NOW) == 2
    assert gpu_hours(_job(started_at=_ago(1_800)), NOW) is None
    assert gpu_hours(_job(infra_config=infra), NOW) is None


MOMENTS = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))


@settings(max_examples=100)
@given(
    st.sampled_from(JobStatus),
    st.fixed_dictionaries(dict.fromkeys(("created_at", "updated_at", "started_at", "completed_at"), MOMENTS)),
    st.floats(allow_nan=True),
    st.one_of(st.none(), st.integers()),
)
def test_any_times_give_a_finite_answer_or_none(
    status: JobStatus, times: dict[str, datetime | None], progress: float, count: int | None
) -> None:
    """From the year 1 to 9999, in any order."""
    texts = {key: moment and moment.isoformat() for key, moment in times.items()}
    job = _job(status, **texts, progress=progress, infra_config={"gpu_count": count, "node_count": count})
    answers = (
        elapsed_seconds(job, NOW),
        waiting_seconds(job, NOW),
        eta_seconds(job, NOW),
        gpu_hours(job, NOW),
    )
    for seconds in (*answers, queued_seconds(job)):
        assert seconds is None or (math.isfinite(seconds) and seconds >= 0)
        assert duration_text(seconds or 0)
