"""What is read in metrics is remembered with them, and no longer than anybody keeps them."""

from __future__ import annotations

import gc
import weakref
from datetime import UTC, datetime

from bot.domain.curves.metrics_facts import findings, loss_facts
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.listing import MetricsSnapshot

_JOB = TrainingJob.from_json(b'{"request_id": "job-1", "status": "RUNNING", "progress": 40}')


def _metrics() -> MetricsSnapshot:
    """A loss that broke."""
    values = [1.0] * 20 + [float("nan")] * 20
    points = tuple(MetricPoint(key="loss", value=value, step=step) for step, value in enumerate(values))
    return MetricsSnapshot(points, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def test_the_same_metrics_are_read_once() -> None:
    """However many ask."""
    metrics = _metrics()
    assert loss_facts(metrics) is loss_facts(metrics)
    assert findings(metrics, _JOB)
    assert findings(metrics, _JOB) is findings(metrics, _JOB)


def test_metrics_that_nobody_keeps_are_gone() -> None:
    """They may be tens of thousands of points, which the garbage collector would walk through each time."""
    metrics = _metrics()
    assert loss_facts(metrics)
    assert findings(metrics, _JOB)
    gone = weakref.ref(metrics)
    del metrics
    gc.collect()
    assert gone() is None
