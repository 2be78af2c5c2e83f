"""A job's life is a pure function of time, and looks like the real API's documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.job import JobStatus, TrainingJob
from bot.playground.training_suite import IDS, demo_jobs, state
from bot.playground.training_suite.curves import metrics
from bot.playground.training_suite.lives import JobPlan, summary
from tests.tables import each_row

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLANS = {plan.request_id: plan for plan in demo_jobs(START)}
HOURS = st.floats(-200, 50)


def _plan(key: str) -> JobPlan:
    return PLANS[IDS[key]]


def _at(key: str, hours: float) -> dict[str, Any]:
    return state(_plan(key), START + timedelta(hours=hours))


def test_ids_are_fixed_and_all_there() -> None:
    """Tests and people know the ids; every one has a life."""
    assert set(PLANS) == set(IDS.values())
    assert len(PLANS) == 15


@each_row(
    "key, status",
    [
        ("running", "RUNNING"),
        ("queued", "QUEUED"),
        ("fails", "RUNNING"),
        ("stalls", "RUNNING"),
        ("completed", "COMPLETED"),
        ("cancelled", "CANCELED"),
        ("leaked", "FAILED"),
        ("old", "COMPLETED"),
    ],
)
def test_every_state_is_there_at_the_start(key: str, status: str) -> None:
    """Whoever opens the playground sees each state at once."""
    assert _at(key, 0)["status"] == status


@pytest.mark.parametrize(
    ("key", "status"),
    [
        ("running", "COMPLETED"),
        ("queued", "COMPLETED"),
        ("fails", "FAILED"),
        ("stalls", "RUNNING"),
        ("cancelled_soon", "CANCELED"),
        ("vlm", "COMPLETED"),
    ],
)
def test_lives_come_to_their_end(key: str, status: str) -> None:
    """Half a day later each has ended as planned; the stalled one never does."""
    assert _at(key, 12)["status"] == status


def test_out_of_memory_comes_in_the_middle_with_a_long_traceback() -> None:
    """The failure is as long, and as repetitive, as real ones."""
    before, after = _at("fails", 0.2), _at("fails", 3)
    assert before["error_message"] is None
    assert 50 < after["progress"] < 65
    assert after["error_message"].count("CUDA out of memory") == 8
    assert len(after["error_message"]) > 20_000


def test_a_stalled_job_stops_being_updated() -> None:
    """It runs, but neither its progress nor its last change moves."""
    early, late = _at("stalls", 2), _at("stalls", 20)
    assert early["status"] == late["status"] == "RUNNING"
    assert early["progress"] == late["progress"]
    assert early["updated_at"] == late["updated_at"]


def test_secrets_are_there_to_be_redacted() -> None:
    """A secret id, a signed address and tokens: the bot must show none of them."""
    document = _at("leaked", 0)
    assert document["dataset_details"]["secret_id"]
    assert "X-Amz-Signature=" in document["dataset_details"]["dataset_path"]
    assert "hf_" in document["error_message"]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PLANS)), HOURS, HOURS)
def test_progress_never_goes_back(request_id: str, first: float, second: float) -> None:
    """Whatever the noise: later is never less."""
    early, late = sorted((first, second))
    plan = PLANS[request_id]
    before = state(plan, START + timedelta(hours=early))["progress"]
    after = state(plan, START + timedelta(hours=late))["progress"]
    assert 0 <= before <= after <= 100


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PLANS)), HOURS)
def test_times_are_in_order(request_id: str, hours: float) -> None:
    """Created, started, updated, completed, none of them in the future."""
    now = max(PLANS[request_id].created_at, START + timedelta(hours=hours))
    job = TrainingJob.model_validate(state(PLANS[request_id], now))
    times = [job.created_at, job.started_at, job.updated_at, job.completed_at]
    known = [moment for moment in times if moment is not None]
    assert known == sorted(known)
    assert known[-1] <= now
    assert (job.completed_at is not None) == job.status.is_finished
    assert (job.started_at is None) == (job.status is JobStatus.QUEUED)


def test_documents_change_in_steps() -> None:
    """Between two logged steps nothing moves, so that an unchanged document stays the same bytes."""
    plan = _plan("running")
    now = plan.tick_moment(200) + timedelta(seconds=0.1)
    assert state(plan, now) == state(plan, now + timedelta(seconds=plan.tick_seconds / 2))
    assert state(plan, now) != state(plan, now + timedelta(seconds=plan.tick_seconds))


def test_losses_fall_and_the_rate_warms_up_and_decays() -> None:
    """The series look like a training's, in one flat list."""
    points = metrics(_plan("completed"), START)
    series = {key: [p["value"] for p in points if p["key"] == key] for key in ("train_loss", "learning_rate")}
    assert {point["key"] for point in points} == {"train_loss", "eval_loss", "learning_rate"}
    assert sum(series["train_loss"][:10]) > 1.5 * sum(series["train_loss"][-10:])
    peak = series["learning_rate"].index(max(series["learning_rate"]))
    assert 0 < peak < len(series["learning_rate"]) / 10
    assert series["learning_rate"][-1] < 1e-6


def test_metrics_have_no_point_of_the_future() -> None:
    """A queued job has none; a running one has them until now, in order."""
    assert metrics(_plan("queued"), START) == []
    points = metrics(_plan("running"), START)
    steps = [point["step"] for point in points if point["key"] == "train_loss"]
    assert steps == sorted(set(steps))
    assert max(point["timestamp"] for point in points) <= "2026-03-02T09:00:00Z"


def test_a_summary_has_the_fields_of_the_list() -> None:
    """As the API documents them."""
    entry = summary(_plan("vlm"), START)
    assert entry["model_type"] == "vlm"
    assert entry["train_type"] == "lora"
    assert set(entry) >= {"request_id", "experiment_name", "status", "created_at", "updated_at", "progress"}
