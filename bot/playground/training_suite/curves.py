"""The series of ``GET /job/metrics/``: losses that fall with noise, a learning rate that decays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from bot.playground.training_suite.lives import Health, JobPlan
from bot.playground.training_suite.timeline import Translate, untranslated

_MOST_POINTS = 400
"""Points of one series; a longer run is logged more coarsely."""
_EVALUATE_EVERY = 10
_WARM_UP = 0.03
_BREAKS_AT = 0.2


def metrics(plan: JobPlan, now: datetime, translate: Translate = untranslated) -> list[dict[str, Any]]:
    """Every point logged until a moment, all keys in one flat list, as the API sends them."""
    if now < plan.started_at:
        return []
    stride = max(1, plan.total_steps // plan.logging_steps // _MOST_POINTS)
    points: list[dict[str, Any]] = []
    for tick in range(stride, plan.tick_at(now) + 1, stride):
        points.extend(_points(plan, tick, translate, is_evaluation=tick // stride % _EVALUATE_EVERY == 0))
    return points


def _points(
    plan: JobPlan, tick: int, translate: Translate, *, is_evaluation: bool
) -> Iterator[dict[str, Any]]:
    step = plan.step_of(tick)
    share = step / plan.total_steps
    numbers = plan.configuration.get("train_config", {}).get("hyperparameters", {})
    timestamp = translate(plan.tick_moment(tick)).isoformat(timespec="seconds")
    place = {
        "timestamp": timestamp.replace("+00:00", "Z"),
        "step": step,
        "epoch": round(share * float(numbers.get("num_epochs", 1)), 3),
    }
    rate = float(numbers.get("learning_rate", 1e-4))
    trained, held_out = _ILLS[plan.health](share)
    yield {
        "key": "train_loss",
        "value": round(_train_loss(plan.request_id, step, share) + trained, 4),
        **place,
    }
    yield {"key": "learning_rate", "value": _learning_rate(rate, share), **place}
    if is_evaluation:
        yield {
            "key": "eval_loss",
            "value": round(_eval_loss(plan.request_id, step, share) + held_out, 4),
            **place,
        }


_ILLS: Final[Mapping[Health, Callable[[float], tuple[float, float]]]] = {
    Health.WELL: lambda _: (0.0, 0.0),
    Health.DIVERGES: lambda share: (14 * max(0.0, share - 0.2), 16 * max(0.0, share - 0.2)),
    Health.BREAKS: lambda share: (math.nan, math.nan) if share > _BREAKS_AT else (0.0, 0.0),
    Health.OVERFITS: lambda share: (-0.4 * max(0.0, share - 0.5), 1.3 * max(0.0, share - 0.5)),
}
"""What an illness adds to the losses: on the training data, and on what is held out."""


def _train_loss(seed: str, step: int, share: float) -> float:
    floor = 0.6 + _chance(seed, 0) * 0.5
    noise = (_chance(seed, step) - 0.5) * 0.16 * (1 - share * 0.6)
    return round(floor + 1.7 * math.exp(-5 * share) + noise, 4)


def _eval_loss(seed: str, step: int, share: float) -> float:
    floor = 0.7 + _chance(seed, 0) * 0.5
    overfit = 0.12 * max(0.0, share - 0.75)
    return round(floor + 1.6 * math.exp(-5 * share) + overfit + (_chance(seed, -step) - 0.5) * 0.03, 4)


def _learning_rate(peak: float, share: float) -> float:
    if share < _WARM_UP:
        return float(f"{peak * share / _WARM_UP:.6g}")
    return float(f"{peak * 0.5 * (1 + math.cos(math.pi * (share - _WARM_UP) / (1 - _WARM_UP))):.6g}")


def _chance(seed: str, step: int) -> float:
    """A number from 0 to 1 that is always the same for the same job and step."""
    return crc32(f"{seed}/{step}".encode()) / 0xFFFFFFFF
