"""Runs as they look in metrics, healthy ones and others, with repeatable noise."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.domain.job import MetricPoint

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
Shape = Callable[[float], float]
"""From the share of the run that is done (0 to 1) to a value."""


def logged(
    key: str, values: Sequence[float], *, every: int = 10, first: int | None = None, minutes: float = 0.0
) -> list[MetricPoint]:
    """Values at rising steps, a second apart; ``minutes`` after the run began."""
    start = every if first is None else first
    return [
        MetricPoint(key, value, BEGAN + timedelta(minutes=minutes, seconds=n), start + n * every, None)
        for n, value in enumerate(values)
    ]


def falling(share: float) -> float:
    """The usual: quickly at first, then slowly."""
    return 1.0 + 1.6 * math.exp(-6 * share) + 0.15 * (1 - share)


def cosine(share: float) -> float:
    """A learning rate with a warm-up, that decays to nothing."""
    return 2e-4 * (share / 0.03 if share < 0.03 else 0.5 * (1 + math.cos(math.pi * share)))


def shaped(
    shape: Shape, count: int = 200, *, until: float = 1.0, noise: float = 0.03, seed: int = 7
) -> list[float]:
    """A shape with noise, in parts of the value, as far as a run has come."""
    chance = random.Random(seed)  # noqa: S311  (noise, not a secret)
    shares = [until * (n + 1) / count for n in range(count)]
    return [shape(share) * (1 + chance.gauss(0, noise)) for share in shares]


def run(  # noqa: PLR0913  (what differs from run to run)
    train: Shape = falling,
    evaluation: Shape | None = None,
    rate: Shape | None = cosine,
    *,
    count: int = 200,
    until: float = 1.0,
    noise: float = 0.03,
    seed: int = 7,
    scale: float = 1.0,
) -> list[MetricPoint]:
    """All that a run has logged so far."""
    losses = [scale * each for each in shaped(train, count, until=until, noise=noise, seed=seed)]
    points = logged("loss", losses)
    if rate is not None:
        points += logged("learning_rate", shaped(rate, count, until=until, noise=0))
    if evaluation is not None:
        few = max(1, count // 10)
        values = shaped(evaluation, few, until=until, noise=noise / 4, seed=seed + 1)
        points += logged("eval_loss", [scale * each for each in values], every=100)
    return points
