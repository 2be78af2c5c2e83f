"""Runs whose noise hides much: what is told in spite of it, and what it alone does not make."""

from __future__ import annotations

import math
import random

import pytest

from bot.domain.curves.run_doctor import examine
from tests.domain.curves.run_doctor.curves import logged, shaped

CONSTANT = logged("learning_rate", [1e-4] * 400)


def _jumps(count: int, at: int, times: float, noise: float, seed: int) -> list[float]:
    """A loss that is level, and from there on a multiple of itself."""
    return shaped(lambda share: 1.5 * (times if share * count > at else 1.0), count, noise=noise, seed=seed)


@pytest.mark.parametrize(("count", "at"), [(87, 56), (87, 65), (150, 34), (186, 112)])
def test_a_jump_is_placed_to_the_very_point(count: int, at: int) -> None:
    """A few high values that are counted among those before would say that so much had been seen before."""
    for seed in range(20):
        found = examine(logged("loss", _jumps(count, at, 2.5, 0.02, seed)), progress=50)
        assert [each.name for each in found] == ["diverging"]


@pytest.mark.parametrize("seed", range(5))
def test_a_jump_is_seen_through_much_noise_by_its_many_values(seed: int) -> None:
    """Where a quarter of a value is noise, no few values lie above all before."""
    found = examine(logged("loss", _jumps(400, 200, 1.8, 0.25, seed)), progress=50)
    assert [each.name for each in found] == ["diverging"]


@pytest.mark.parametrize("seed", range(5))
def test_noise_as_great_as_that_is_no_jump(seed: int) -> None:
    """Nor are values twice as high here and there, or harder data."""
    chance = random.Random(seed)  # noqa: S311  (noise, not a secret)
    spikes = [each * chance.choice([1, 1, 1, 2]) for each in _jumps(400, 200, 1.0, 0.25, seed)]
    assert examine(logged("loss", spikes), progress=50) == ()
    assert examine(logged("loss", _jumps(400, 200, 1.25, 0.25, seed)), progress=50) == ()


def test_evaluations_that_only_waver_are_no_overfitting() -> None:
    """The best of many is low by chance, and the last are worse than the best by chance."""
    train = logged("loss", shaped(lambda share: 2 - share, 400, noise=0.01))
    alarms = 0
    for seed in range(1000):
        chance = random.Random(seed)  # noqa: S311  (noise, not a secret)
        wavering = [1.5 * chance.gauss(1, 0.04) for _ in range(chance.randint(5, 30))]
        alarms += bool(examine(train + logged("eval_loss", wavering, every=4000 // len(wavering))))
    assert alarms <= 5


def test_a_fall_that_noise_nearly_hides_goes_on() -> None:
    """By a per cent and a half in the second half of the run, with noise that lasts for many steps."""
    for seed in range(60):
        chance, lasting, values = random.Random(seed), 0.0, []  # noqa: S311  (noise, not a secret)
        for n in range(400):
            lasting = 0.8 * lasting + chance.gauss(0, 0.004)
            values.append((1.83 - 0.06 * n / 400) * (1 + lasting + chance.gauss(0, 0.006)))
        assert examine(CONSTANT + logged("loss", values), progress=62) == ()


def test_steps_that_were_logged_twice_hide_no_restart() -> None:
    """The clock of the second attempt is behind; its end still counts."""
    steps = [step for n in range(60) for step in ([10 * n, 10 * n] if n % 3 == 0 else [10 * n])]
    first = [each for step in steps for each in logged("loss", [1.0], first=step, minutes=600 + step / 60)]
    second = [
        each
        for step in range(560, 900, 10)
        for each in logged("loss", [0.9 if step < 700 else math.nan], first=step, minutes=step / 60)
    ]
    assert [each.name for each in examine(first + second)] == ["nan_metric"]
