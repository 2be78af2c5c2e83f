"""When what somebody waits for has come: values of the job, changes of a metric, none for too long."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.commands.conditions.reading import read_condition
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.job.cost import Money
from bot.domain.job.stored import slim
from bot.domain.subscriptions.alerts.alerts import Logged, Situation, objection, verdict
from bot.domain.subscriptions.watch_state import WatchedState

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PRICES = {"h100": Money(2.5, "USD")}
GPUS = {"gpu_type": "H100", "gpu_count": 4, "node_count": 2}


def situation(points: Sequence[MetricPoint] = (), **job: Any) -> Situation:
    """A job as its state is stored, and what it has logged."""
    document = {"status": "RUNNING", "infra_config": GPUS} | job
    told = TrainingJob.from_json(json.dumps(document, default=datetime.isoformat).encode())
    state = WatchedState(job=slim(told), first_seen_at=NOW - HOUR, seen_at=NOW)
    return Situation(state, Logged.of(points), NOW, PRICES)


def logged(key: str, values: Sequence[float], *, every: int = 100) -> list[MetricPoint]:
    """Long ago, at rising steps."""
    return [MetricPoint(key, value, NOW - HOUR, (n + 1) * every) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("condition", "values", "evidence"),
    [
        (
            "loss rises 10%",
            [2.0, 1.0, 1.05, 1.2],
            "loss rose 20% from 1 at step 200 to 1.2 at step 400",
        ),
        ("acc falls 10%", [0.5, 0.9, 0.7], "acc fell 22.2% from 0.9 at step 200 to 0.7 at step 300"),
        (
            "eval_loss no better for 200 steps",
            [2.0, 1.0, 1.1, 1.0],
            "eval_loss is no better than 1 at step 200 for 200 steps",
        ),
        (
            "eval_accuracy no better for 100 steps",
            [0.1, 0.9, 0.8],
            "eval_accuracy is no better than 0.9 at step 200 for 100 steps",
        ),
        ("reward falls 50%", [-1.0, -2.0], "reward fell 100% from -1 at step 100 to -2 at step 200"),
    ],
)
def test_changes_of_a_metric_are_seen(condition: str, values: list[float], evidence: str) -> None:
    """With both values and where they were."""
    found = verdict(read_condition(condition), situation(logged(condition.split(maxsplit=1)[0], values)), NOW)
    assert (found.is_met, found.evidence) == (True, evidence)


@pytest.mark.parametrize(
    ("condition", "values", "evidence"),
    [
        ("loss rises 10%", [2.0, 1.0, 1.2, 1.05], "last value 1.05 at step 400"),
        ("loss rises 10%", [0.0, 0.5], "last value 0.5 at step 200"),
        ("loss falls 10%", [1.0, 0.95], "last value 0.95 at step 200"),
        ("loss rises 10%", [1.0], "last value 1 at step 100"),
        (
            "eval_loss no better for 201 steps",
            [2.0, 1.0, 1.1, 1.0],
            "best value 1 at step 200",
        ),
        ("loss rises 10%", [1.0, 1.01, math.nan], "loss is NaN since step 300, last number 1.01 at step 200"),
    ],
)
def test_what_has_not_changed_enough_is_waited_for(
    condition: str, values: list[float], evidence: str
) -> None:
    """A change that was there before somebody asked, and is gone, does not count."""
    found = verdict(read_condition(condition), situation(logged(condition.split(maxsplit=1)[0], values)), NOW)
    assert (found.is_met, found.evidence) == (False, evidence)


def test_a_change_between_two_checks_counts() -> None:
    """It was logged after somebody asked, and is over."""
    points = logged("loss", [1.0, 1.5, 1.0])
    found = verdict(read_condition("loss rises 10%"), situation(points), NOW - 2 * HOUR)
    assert found.is_met
    assert found.evidence.endswith("to 1.5 at step 200")


STARTED = {"created_at": NOW - 3 * HOUR, "started_at": NOW - 2 * HOUR}


@pytest.mark.parametrize(
    ("condition", "job", "is_met", "evidence"),
    [
        ("queued > 30m", {"status": "QUEUED", "created_at": NOW - HOUR}, True, "queued for 1 h"),
        ("queued > 30m", {"status": "QUEUED"}, True, "queued for 1 h"),
        ("queued > 2h", {"status": "QUEUED", "created_at": NOW - HOUR}, False, "queued for 1 h"),
        ("queued > 30m", STARTED, False, "it started after 1 h in the queue"),
        ("gpu_hours > 15", STARTED, True, "used 16.0 GPU-hours"),
        ("gpu_hours > 16", STARTED, False, "last value 16.0 GPU-hours"),
        ("gpu_hours > 1", {}, False, "its GPU-hours are unknown"),
        ("cost > 39 USD", STARTED, True, "cost hit 40.00 USD"),
        ("cost > 40", STARTED, False, "last value 40.00 USD"),
        ("cost > 1", STARTED | {"infra_config": {"gpu_count": 8}}, False, "its cost is unknown"),
    ],
)
def test_values_of_the_job_are_known_without_metrics(
    condition: str,
    job: dict[str, Any],
    is_met: bool,  # noqa: FBT001  (a case)
    evidence: str,
) -> None:
    """From its state alone."""
    found = verdict(read_condition(condition), situation(**job), NOW)
    assert (found.is_met, found.evidence) == (is_met, evidence)


def job_on(gpu_type: str | None) -> TrainingJob:
    """A job on such GPUs."""
    return TrainingJob.model_validate({"infra_config": {"gpu_type": gpu_type}})


@pytest.mark.parametrize(
    ("condition", "gpu_type", "reason", "meant"),
    [
        ("cost > 50", "A100", "No price", "gpu_hours > 100"),
        ("cost > 50", None, "No price", "gpu_hours > 100"),
        ("cost > 50 EUR", "H100", "counted in USD", "cost > 50 USD"),
        ("learning_rate no better for 5 steps", "H100", "better high or low", "learning_rate > 1"),
    ],
)
def test_what_nobody_could_tell_is_said_at_once(
    condition: str, gpu_type: str | None, reason: str, meant: str
) -> None:
    """With what can be waited for instead."""
    refused = objection(read_condition(condition), job_on(gpu_type), PRICES)
    assert refused is not None
    assert reason in refused.reason
    assert refused.suggestion == meant
    assert read_condition(meant).text == meant


@pytest.mark.parametrize("condition", ["cost > 50", "cost > 50 USD", "cost > $50", "loss < 1", "queued > 1h"])
def test_what_can_be_told_is_not_objected_to(condition: str) -> None:
    """A sign and the letters of a currency are the same."""
    assert objection(read_condition(condition), job_on("H100"), PRICES) is None


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["loss rises 10%", "loss falls 3%", "loss no better for 20 steps", "loss > 1"]),
    st.lists(st.floats(), max_size=30),
)
def test_whatever_was_logged_has_a_verdict(condition: str, values: list[float]) -> None:
    """Values of any size, and those that are no numbers."""
    assert verdict(read_condition(condition), situation(logged("loss", values)), NOW - 2 * HOUR).evidence
