"""Runs of which the doctor says what it sees, and in which values."""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.curves.run_doctor import Finding, FindingClass, examine
from bot.domain.job import MetricPoint
from tests.domain.curves.run_doctor.curves import falling, logged, run, shaped
from tests.timing import takes_less_than


def only(points: list[MetricPoint], progress: float | None = 50) -> Finding:
    """The one finding."""
    (found,) = examine(points, progress=progress)
    return found


def explodes(share: float) -> float:
    """Learns, and then no longer."""
    return falling(share) if share < 0.4 else falling(0.4) + 40 * (share - 0.4)


def test_a_loss_that_explodes_is_diverging() -> None:
    """With the best value, where it was, and what it is now."""
    found = only(run(explodes, until=0.5, noise=0.02))
    assert found.name == "diverging"
    assert found.evidence.startswith("loss rose from 1.")
    assert "(step 1," in found.evidence
    assert found.evidence.endswith("(step 2,000)")
    assert "learning rate" in found.advice


def test_a_loss_that_climbs_back_to_where_it_began_is_diverging() -> None:
    """It need not become any larger than that."""
    assert only(run(lambda share: 1.2 + 4 * (share - 0.5) ** 2 * 2.2)).name == "diverging"


def test_a_loss_that_only_rises_is_diverging() -> None:
    """From the first steps on."""
    assert only(run(lambda share: 2 * math.exp(1.5 * share))).name == "diverging"


def test_a_loss_that_stays_high_after_it_exploded_is_diverging() -> None:
    """At the level of guessing."""
    assert only(run(lambda share: falling(share) if share < 0.3 else 10.5)).name == "diverging"


@pytest.mark.parametrize("times", [1.6, 2.0, 2.8])
@pytest.mark.parametrize("at", [0.35, 0.7])
@pytest.mark.parametrize("fallen", [0.08, 0.15, 0.5])
@pytest.mark.parametrize("noise", [0.01, 0.06])
def test_a_loss_that_jumps_and_stays_there_is_diverging(
    times: float, at: float, fallen: float, noise: float
) -> None:
    """However little it had learned before: fine-tuning often lowers it by less than a fifth."""

    def jumps(share: float) -> float:
        level = 1.4 * (1 - fallen * min(1.0, 4 * share))
        return level * times if share > at else level

    for seed in (1, 2, 3):
        found = only(run(jumps, until=min(1.0, at + 0.2), noise=noise, seed=seed))
        assert found.name == "diverging"
        assert "rose from" in found.evidence


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_no_number_any_more_is_told(value: float) -> None:
    """Since when, and what it was before."""
    points = logged("loss", [2.0, 1.8, 1.7, value, value, value])
    found = only(points)
    assert found.name == "nan_metric"
    word = "NaN" if math.isnan(value) else "infinity"
    assert found.evidence == f"loss is {word} since step 40, and was 1.7 before"


def test_a_loss_that_never_was_a_number_is_told() -> None:
    """After a few points."""
    assert only(logged("loss", [math.nan] * 6)).evidence == "loss has been NaN from the start, 6 times"
    assert examine(logged("loss", [math.nan] * 4)) == ()


def test_a_loss_of_zero_beside_gradients_that_are_no_numbers_is_told() -> None:
    """Trainers that filter NaN log 0 in its place."""
    points = logged("loss", [2.0, 1.8, 1.7, *[0.0] * 4])
    points += logged("grad_norm", [1.0, 1.1, 0.9, *[math.nan] * 4])
    assert only(points).evidence == "loss is NaN since step 40, and was 1.7 before"


@pytest.mark.parametrize("key", ["loss", "train_loss_step", "lm loss"])
def test_a_loss_that_falls_to_exactly_zero_at_once_is_told(key: str) -> None:
    """Also where no gradients are logged beside it."""
    points = logged(key, [2.0, 1.8, 1.7, 1.8, 1.7, 1.6, *[0.0] * 6])
    found = only(points)
    assert found.name is FindingClass.NAN_METRIC
    assert found.evidence == f"{key} is exactly 0 since step 70, and was 1.6 before"
    learned = logged(key, [2.0, 0.5, 0.1, 0.02, 0.004, 0.0008, *[0.0] * 6])
    assert examine(learned) == ()


def test_evaluations_that_never_were_numbers_are_told() -> None:
    """The second is enough beside a loss that is one."""
    points = run(until=0.5)
    assert examine(points + logged("eval_loss", [math.nan], every=500)) == ()
    found = only(points + logged("eval_loss", [math.nan] * 2, every=500))
    assert found.evidence == "eval_loss has been NaN from the start, 2 times"


def test_a_tail_that_was_logged_by_a_clock_that_is_behind_is_seen() -> None:
    """After a restart on another machine; with steps logged twice too."""
    begun = logged("loss", shaped(falling, 60), minutes=90)
    for first in (610, 510):
        broken = logged("loss", [1.2] * 5 + [math.nan] * 20, first=first)
        found = only(broken + begun)
        assert found.name is FindingClass.NAN_METRIC
        assert f"since step {first + 50}," in found.evidence


def test_a_loss_that_broke_long_ago_is_told_as_quickly() -> None:
    """However many steps it has been so: each is looked up, not looked for."""
    points = logged("loss", [2.0, 1.8, *[0.0] * 30_000])
    points += logged("grad_norm", [1.0, 1.1, *[math.nan] * 30_000])
    assert only(points).name is FindingClass.NAN_METRIC
    assert takes_less_than(5, lambda: only(points))


def test_an_evaluation_that_rises_while_training_goes_on_falling_is_overfitting() -> None:
    """Both are named with their values."""
    points = logged("loss", shaped(lambda share: 1.1 - 0.5 * share, 100, noise=0.01))
    points += logged("eval_loss", [1.6, 1.3, 1.21, 1.24, 1.29, 1.36, 1.48], every=140)
    found = only(points)
    assert found.name == "overfitting"
    assert found.evidence.startswith("eval_loss rose from 1.21 (step 420) to 1.48 (step 980) while loss fell")
    assert "fewer epochs" in found.advice


def test_overfitting_is_seen_by_other_names_too() -> None:
    """As other trainers call them."""
    points = logged("train/loss", shaped(lambda share: 1.1 - 0.5 * share, 100, noise=0.01))
    points += logged("eval/loss", [1.6, 1.3, 1.21, 1.24, 1.29, 1.36, 1.48], every=140)
    assert only(points).evidence.startswith("eval/loss rose from")


@pytest.mark.parametrize("key", ["eval_loss", "eval_legal_loss", "validation/loss"])
@pytest.mark.parametrize("values", [[0.9, 1.1, 1.4], [1.2, 0.8, 0.92, 1.1]])
def test_a_few_evaluations_that_rise_in_great_steps_are_overfitting(key: str, values: list[float]) -> None:
    """As of a run with one an epoch; also on one set of several."""
    points = logged("loss", shaped(lambda share: 1.1 - 0.7 * share, 120, noise=0.02))
    found = only(points + logged(key, values, every=1200 // len(values)))
    assert found.name == "overfitting"
    assert found.evidence.startswith(f"{key} rose from")


@pytest.mark.parametrize("noise", [0.02, 0.05, 0.1])
def test_a_loss_that_never_fell_at_a_constant_rate_is_a_plateau(noise: float) -> None:
    """Noise hides a small fall; it does not hide that nothing was learned."""
    found = [
        examine(run(lambda _: 2.1, None, lambda _: 1e-5, until=0.6, noise=noise, seed=seed), progress=60)
        for seed in range(10)
    ]
    assert sum([each.name for each in one] == ["plateau"] for one in found) >= 9


def test_a_loss_that_is_level_in_the_middle_of_a_run_is_a_plateau() -> None:
    """Nearly where it began, while the learning rate is still high."""
    found = only(run(lambda _: 1.9, until=0.5, noise=0.01))
    assert found.name == "plateau"
    assert found.evidence.startswith("loss has stayed near 1.9 since step 1,010, and the last value is 1.")


def test_a_level_evaluation_makes_a_plateau_of_a_loss_that_had_fallen() -> None:
    """Without one it may well be what there is to learn."""

    def level(share: float) -> float:
        return 1.2 + 1.5 * math.exp(-60 * share)

    assert examine(run(level, until=0.5, noise=0.01), progress=50) == ()
    assert only(run(level, level, until=0.5, noise=0.01)).name == "plateau"


def test_a_loss_near_zero_early_on_is_suspicious() -> None:
    """Before the data was gone through once."""
    points = [
        replace(each, epoch=(each.step or 0) / 3000)
        for each in logged("loss", shaped(lambda share: 2 * math.exp(-40 * share), 60))
    ]
    found = only(points, progress=None)
    assert found.name == "suspiciously_low_loss"
    assert "label leakage" in found.advice
    assert found.evidence.startswith("loss is ")
    assert "and began at" in found.evidence


def test_a_loss_of_exactly_zero_is_suspicious_for_another_reason() -> None:
    """Nothing counts: that is no leakage."""
    found = only(logged("loss", [0.0] * 12), progress=10)
    assert (found.name, found.evidence) == ("suspiciously_low_loss", "loss is 0 (step 120)")
    assert "labels" in found.advice


def test_an_evaluation_near_zero_is_suspicious_whenever_it_is() -> None:
    """What is held out should not be known."""
    points = run(until=0.9) + logged("eval_loss", [0.4, 0.006, 0.004], every=500)
    assert (
        only(points, progress=90).evidence == "eval_loss is 0.004 (step 1,500), and began at 0.4 (step 500)"
    )


def test_points_without_steps_are_counted() -> None:
    """And nothing is called a step."""
    points = [MetricPoint("loss", value) for value in shaped(explodes, until=0.5, noise=0.02)]
    assert only(points).evidence.endswith("(value 200)")


def test_a_diverging_loss_says_enough() -> None:
    """That the evaluation rises as well goes without saying."""
    points = run(explodes, explodes, until=0.7, noise=0.02)
    assert [each.name for each in examine(points)] == ["diverging"]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(1e-3, 1e3), st.integers(40, 2000))
def test_what_is_found_does_not_depend_on_the_size_of_the_values(seed: int, scale: float, count: int) -> None:
    """Losses that are means or sums; of few points and of many."""
    points = run(explodes, until=0.6, noise=0.02, seed=seed, scale=5 * scale, count=count)
    assert [each.name for each in examine(points, progress=60)] == ["diverging"]


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_points_is_no_matter(chance: Random) -> None:
    """They are sent in any."""
    points = run(explodes, falling, until=0.6, noise=0.02)
    shuffled = list(points)
    chance.shuffle(shuffled)
    assert examine(shuffled, progress=60) == examine(points, progress=60)
