"""What the run doctor finds in a job's metrics, as cards say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.domain.curves.metrics_memo import remembered
from bot.domain.curves.run_doctor import Finding, examine
from bot.domain.job import TrainingJob
from bot.domain.listing import MetricsSnapshot


def findings(metrics: MetricsSnapshot, job: TrainingJob) -> tuple[Finding, ...]:
    """All of it, the worst first."""
    return _findings(metrics, job.progress)


@remembered
def _findings(metrics: MetricsSnapshot, progress: float | None) -> tuple[Finding, ...]:
    return examine(metrics.points, progress=progress)


def first_of(found: Iterable[Finding], hidden: Collection[str]) -> Finding | None:
    """The worst one that nobody hid."""
    return next((each for each in found if each.name not in hidden), None)
