"""What the run doctor finds in a job's metrics, as cards say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final
from weakref import WeakKeyDictionary

from bot.domain.curves.run_doctor import Finding, examine
from bot.domain.job import TrainingJob
from bot.domain.listing import MetricsSnapshot

_known: Final[WeakKeyDictionary[MetricsSnapshot, dict[float | None, tuple[Finding, ...]]]] = (
    WeakKeyDictionary()
)
"""By the job's progress. Metrics may be tens of thousands of points: what was read in them goes with them."""


def findings(metrics: MetricsSnapshot, job: TrainingJob) -> tuple[Finding, ...]:
    """All of it, the worst first. Remembered with the metrics."""
    known = _known.setdefault(metrics, {})
    if job.progress not in known:
        known[job.progress] = examine(metrics.points, progress=job.progress)
    return known[job.progress]


def first_of(found: Iterable[Finding], hidden: Collection[str]) -> Finding | None:
    """The worst one that nobody hid."""
    return next((each for each in found if each.name not in hidden), None)
