"""Runs of which the doctor says nothing: a false alarm is worse than silence."""

from __future__ import annotations

import math
import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.curves.run_doctor import examine
from bot.domain.job import MetricPoint
from tests.domain.curves.run_doctor.curves import BEGAN, Shape, falling, logged, run, shaped

HEALTHY: dict[str, Shape] = {
    "falls": falling,
    "falls slowly all the way": lambda share: 2.2 - 0.8 * share,
    "falls and has a long tail": lambda share: 1.1 + 1.4 * math.exp(-12 * share) - 0.05 * share,
    "warm-up spike": lambda share: falling(share) + 2.5 * math.exp(-(((share - 0.03) / 0.015) ** 2)),
    "spike in the middle": lambda share: falling(share) * (4 if 0.48 < share < 0.5 else 1),
    "spike at the end": lambda share: falling(share) * (4 if share > 0.985 else 1),
    "harder data from half of the way": lambda share: falling(share) * (1.25 if share > 0.5 else 1),
    "harder data, which is learned": lambda share: 0.9 + 1.5 * math.exp(-8 * (share % 0.5)),
    "steps at every epoch": lambda share: 1.4 - 0.3 * math.floor(share * 3) - 0.02 * share,
    "cycles": lambda share: falling(share) * (1 + 0.1 * math.sin(20 * share)),
}


@pytest.mark.parametrize("name", HEALTHY)
@pytest.mark.parametrize("noise", [0.005, 0.03, 0.15])
@pytest.mark.parametrize("until", [0.1, 0.3, 0.5, 0.75, 1.0])
def test_nothing_is_said_of_a_healthy_run(name: str, noise: float, until: float) -> None:
    """Whenever it is looked at, however noisy it is."""
    shape = HEALTHY[name]
    for seed in (1, 2, 3):
        points = run(shape, lambda share: shape(share) * 1.05, until=until, noise=noise, seed=seed)
        assert examine(points, progress=until * 100) == ()


@pytest.mark.parametrize("count", [1, 2, 5, 10, 19, 40, 400, 3000])
def test_nothing_is_said_of_it_however_much_it_logs(count: int) -> None:
    """From a handful of points to thousands."""
    assert examine(run(count=count, until=0.6), progress=60) == ()


def test_a_loss_that_is_level_at_the_end_is_as_it_should_be() -> None:
    """The learning rate has gone, or the run is nearly over."""

    def level(share: float) -> float:
        return 1.2 + 1.5 * math.exp(-20 * share)

    assert examine(run(level, level, noise=0.01), progress=99) == ()
    assert examine(run(level, level, noise=0.01, until=0.9), progress=None) == ()
    assert examine(run(level, None, None, noise=0.01), progress=None) == ()


@pytest.mark.parametrize("fall", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("noise", [0.002, 0.01])
def test_a_loss_that_still_falls_slowly_is_no_plateau(fall: float, noise: float) -> None:
    """It learns, at any rate."""
    for rate in (lambda _: 1e-5, lambda share: 1e-4 * (1 - share)):
        for seed in range(4):
            points = run(
                lambda share: 1.9 - fall * share, None, rate, count=400, noise=noise, seed=seed, until=0.6
            )
            assert examine(points, progress=60) == ()


def test_a_loss_that_jumps_and_comes_down_again_is_learning() -> None:
    """Harder data; a rate that was raised anew; a jump of which too little is known yet."""
    for until in (0.52, 0.55, 0.6, 0.7, 1.0):
        points = run(lambda share: 0.9 + 1.5 * math.exp(-6 * (share % 0.5)), until=until)
        assert examine(points, progress=until * 100) == ()


@pytest.mark.parametrize("seed", range(6))
def test_noise_that_lasts_for_many_steps_is_still_noise(seed: int) -> None:
    """As it is where batches are small and alike for a while."""
    chance, drift, values = random.Random(seed), 0.0, []  # noqa: S311  (noise, not a secret)
    for n in range(300):
        drift = 0.9 * drift + 0.436 * chance.gauss(0, 0.08)
        values.append(falling(n / 300) * (1 + drift))
    for until in range(60, 301, 40):
        assert examine(logged("loss", values[:until]), progress=until / 3) == ()


def test_an_evaluation_that_wavers_is_no_overfitting() -> None:
    """Nor is one that got worse once, or comes back."""
    train = logged("loss", shaped(falling))
    for values in (
        [1.9, 1.5, 1.31, 1.29, 1.3, 1.29, 1.31, 1.3],
        [1.9, 1.5, 1.3, 1.6, 1.29, 1.28, 1.28, 1.27],
        [1.9, 1.5, 1.3, 1.7, 1.6, 1.5, 1.4, 1.35],
        [1.9, 1.5, 1.3, 1.2, 1.45],
        [1.3, 1.5],
    ):
        assert examine(train + logged("eval_loss", values, every=250)) == ()


def test_a_worse_evaluation_while_training_does_not_get_better_is_not_called_overfitting() -> None:
    """Both rise, or the training loss is level."""
    evaluation = logged("eval_loss", [1.5, 1.3, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7], every=250)
    level = logged("loss", shaped(lambda _: 1.2, noise=0.02))
    assert [each.name for each in examine(level + evaluation) if each.name == "overfitting"] == []


def test_a_restart_from_a_checkpoint_is_no_step_backwards() -> None:
    """Steps come twice; what the first attempt did beyond where the second one is does not count."""
    first = logged("loss", shaped(falling, 100) + [9.0] * 20)
    again = logged("loss", shaped(falling, 60)[40:], first=410, minutes=60)
    assert examine(first + again, progress=30) == ()
    assert [each.name for each in examine(first, progress=60)] == ["diverging"]


def test_values_that_are_no_numbers_here_and_there_are_no_matter() -> None:
    """An overflow that training got over; series that say nothing at most steps."""
    points = run(until=0.5)
    gap = [MetricPoint("loss", math.nan, BEGAN, 15), MetricPoint("loss", math.inf, BEGAN, 995)]
    assert examine(points + gap, progress=50) == ()
    sparse = [MetricPoint("eval_loss", 1.3 if n % 10 == 5 else math.nan, BEGAN, n * 10) for n in range(200)]
    assert examine(points + sparse, progress=50) == ()
    gradients = logged("grad_norm", [math.inf] * 5)
    assert examine(points + gradients, progress=50) == ()


def test_the_loss_of_reinforcement_learning_is_not_judged() -> None:
    """It may be near zero, negative, or rise, while the reward does too."""
    grows = logged("loss", shaped(lambda share: 0.001 + 0.3 * share))
    zero = logged("loss", [0.3] * 10 + [0.0] * 30)
    for key in ("reward", "train/reward", "train/kl", "train/rewards/format/mean", "rewards/accuracy_reward"):
        beside = logged(key, shaped(lambda share: share))
        assert examine(grows + beside, progress=30) == ()
        assert examine(zero + beside, progress=30) == ()


def test_preferences_may_be_learned_to_the_last() -> None:
    """The loss of DPO begins at 0.693, and may become very small."""
    losses = shaped(lambda share: 0.693 * math.exp(-15 * share))
    points = logged("loss", losses) + logged("rewards/accuracies", shaped(lambda share: 0.5 + share / 2))
    assert examine(points, progress=30) == ()


def test_a_small_loss_after_several_epochs_was_learned() -> None:
    """Only before the data was gone through once it is odd."""
    points = [MetricPoint("loss", 2 * math.exp(-n / 10), BEGAN, n, epoch=3 * n / 100) for n in range(1, 100)]
    assert examine(points, progress=30) == ()


ANY = st.builds(
    MetricPoint,
    key=st.sampled_from(["loss", "eval_loss", "learning_rate", "grad_norm", "rewards/x", "kl"]),
    value=st.floats() | st.floats(0, 5),
    timestamp=st.none() | st.just(BEGAN),
    step=st.none() | st.integers(-(10**15), 10**15) | st.integers(0, 300),
    epoch=st.none() | st.floats(),
)


@pytest.mark.parametrize("key", ["loss", "eval_loss"])
def test_values_as_large_as_numbers_get_can_be_examined(key: str) -> None:
    """Level ones, and those of both signs in turn: their sums are no numbers any more."""
    largest = sys.float_info.max
    for values in ([largest] * 60, [largest, largest, -largest, -largest] * 500):
        examine([*logged("loss", [2.0] * 60), *logged(key, values)], progress=50)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY, max_size=120), st.none() | st.floats(0, 100))
def test_anything_can_be_examined(points: list[MetricPoint], progress: float | None) -> None:
    """Whatever was logged: what is said has evidence, and each thing is said once."""
    found = examine(points, progress=progress)
    assert all(each.evidence and each.advice for each in found)
    assert len({each.name for each in found}) == len(found)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.01, 1e6), max_size=19), st.lists(st.floats(0.01, 1e6), max_size=4))
def test_a_few_points_say_nothing(train: list[float], evaluation: list[float]) -> None:
    """However they look."""
    points = logged("loss", train) + logged("eval_loss", evaluation, every=50)
    assert examine(points, progress=50) == ()


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**6),
    st.floats(0.001, 0.12),
    st.floats(0.05, 1),
    st.integers(1, 600),
    st.floats(1.5, 12),
    st.floats(1e-2, 1e3),
)
def test_no_run_that_falls_is_called_ill(  # noqa: PLR0913, PLR0917  (all that may differ)
    seed: int, noise: float, until: float, count: int, speed: float, scale: float
) -> None:
    """Whatever its pace, its noise and the size of its values."""

    def shape(share: float) -> float:
        return 5 + 10 * math.exp(-speed * share) - 0.8 * share

    points = run(shape, shape, count=count, until=until, noise=noise, seed=seed, scale=scale)
    assert examine(points, progress=until * 100) == ()
