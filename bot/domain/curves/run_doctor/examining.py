"""Everything the run doctor looks for, one check each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from bot.domain.curves.run_doctor.breaking import diverging, nan_metric
from bot.domain.curves.run_doctor.findings import Finding
from bot.domain.curves.run_doctor.learning import overfitting, plateau, suspiciously_low_loss
from bot.domain.curves.run_doctor.series import Series, series_of
from bot.domain.job import MetricPoint


class _Check(NamedTuple):
    look: Callable[[Series, float | None], Finding | None]
    judges_loss: bool = True
    """By a loss that falls when all is well; where training is by reinforcement it need not."""


_CHECKS: Final = (
    _Check(nan_metric, judges_loss=False),
    _Check(diverging),
    _Check(overfitting),
    _Check(plateau),
    _Check(suspiciously_low_loss),
)


def examine(points: Iterable[MetricPoint], *, progress: float | None = None) -> tuple[Finding, ...]:
    """What looks wrong, the worst first; usually nothing.

    Args:
        points: all that the job has logged, in any order.
        progress: how far the job is, in per cent, where that is known.
    """
    series = series_of(points)
    found = (
        check.look(series, progress)
        for check in _CHECKS
        if not (check.judges_loss and series.is_reinforcement)
    )
    findings = tuple(finding for finding in found if finding is not None)
    # Of a loss that is no number, or explodes, nothing else need be said.
    return findings[:1] if findings and findings[0].name in _FATAL else findings


_FATAL: Final = frozenset({"diverging", "nan_metric"})
