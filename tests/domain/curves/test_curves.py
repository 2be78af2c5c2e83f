"""Curves from a flat list of points, and the few steps that are shown of them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.curves.curves import (
    MOST_POINTS,
    Curve,
    Direction,
    curves,
    direction_of,
    losses,
    named,
    shared_steps,
    sparkline,
    summary,
)
from bot.domain.job import MetricPoint
from tests.tables import each_row

_START = datetime(2025, 11, 3, 10, 0, tzinfo=UTC)


def _point(
    value: float, step: int | None = None, key: str = "loss", minute: int | None = None
) -> MetricPoint:
    moment = None if minute is None else _START + timedelta(minutes=minute)
    return MetricPoint(key=key, value=value, timestamp=moment, step=step)


def test_points_of_several_keys_in_any_order() -> None:
    """Each key has its curve, by rising steps, in the order in which the keys appear."""
    found = curves([_point(2, 20), _point(9, 10, "eval_loss"), _point(3, 10), _point(1, 30)])
    assert list(found) == ["loss", "eval_loss"]
    assert (found["loss"].steps, found["loss"].values) == ((10, 20, 30), (3, 2, 1))
    assert found["eval_loss"].steps == (10,)


def test_a_step_logged_twice_counts_as_it_was_logged_last() -> None:
    """A job that began again at a checkpoint: by time where there is one, else by the order sent."""
    assert curves([_point(5, 10, minute=9), _point(7, 10, minute=3)])["loss"].values == (5,)
    assert curves([_point(5, 10), _point(7, 10)])["loss"].values == (7,)


def test_points_without_steps_are_counted() -> None:
    """In the order of time; where other points of the key have a step, they are left out."""
    found = curves([_point(5, minute=9), _point(7, minute=3)])["loss"]
    assert (found.steps, found.values, found.has_steps) == ((1, 2), (7, 5), False)
    assert curves([_point(5), _point(7, 10)])["loss"].values == (7,)


def test_values_that_are_no_numbers_are_left_out() -> None:
    """NaN and infinity; a key that has nothing else has no curve."""
    found = curves([_point(math.nan, 1), _point(4, 2), _point(math.inf, 3), _point(math.nan, 1, "eval_loss")])
    assert {key: curve.values for key, curve in found.items()} == {"loss": (4,)}


@pytest.mark.parametrize(
    ("train", "evaluation"),
    [("loss", "eval_loss"), ("train_loss", "eval/loss"), ("train/loss", "val_loss"), ("Loss", "EVAL_LOSS")],
)
def test_the_losses_are_found_under_their_usual_names(train: str, evaluation: str) -> None:
    """Training first; a learning rate is none of them."""
    found = curves([_point(1, 1, evaluation), _point(1, 1, "learning_rate"), _point(1, 1, train)])
    assert [curve.key for curve in losses(found)] == [train, evaluation]
    assert named(found, "validation_loss") is found[evaluation]
    assert named(found, "LOSS") is found[train]
    assert named(found, "Learning_Rate") is found["learning_rate"]
    assert named(found, "rate") is None


@each_row(
    "key, direction",
    [
        ("loss", Direction.LOWER),
        ("eval/loss", Direction.LOWER),
        ("eval_perplexity", Direction.LOWER),
        ("logloss", Direction.LOWER),
        ("mean_token_accuracy", Direction.HIGHER),
        ("rewards/margins", Direction.HIGHER),
        ("eval_rouge2", Direction.HIGHER),
        ("f1", Direction.HIGHER),
        ("learning_rate", Direction.NEITHER),
        ("grad_norm", Direction.NEITHER),
        ("rewards/rejected", Direction.NEITHER),
        ("epoch", Direction.NEITHER),
    ],
)
def test_what_is_best(key: str, direction: Direction) -> None:
    """Low for losses, high for accuracies; a learning rate is neither good nor bad."""
    assert direction_of(key) is direction
    told = summary(Curve(key, (1, 2, 3, 4), (5.0, 2.0, 2.0, 7.0)))
    assert (told.last, told.last_step) == (7, 4)
    assert (
        told.best == {Direction.LOWER: (2, 2), Direction.HIGHER: (7, 4), Direction.NEITHER: None}[direction]
    )


def test_between_measurements_a_curve_is_a_straight_line_and_level_beyond() -> None:
    """As a chart draws it."""
    curve = Curve("loss", (10, 20, 40), (4.0, 2.0, 8.0))
    assert [curve.at(step) for step in (0, 10, 15, 20, 30, 40, 99)] == [4, 4, 3, 2, 5, 8, 8]


def test_a_lone_spike_is_shown() -> None:
    """Also one that is not the highest of all: it stands out where it is."""
    values = [10.0 - n / 100 for n in range(1000)]
    values[612] = 7.5
    curve = Curve("loss", tuple(range(1000)), tuple(values))
    assert 612 in shared_steps((curve,))


def test_the_steps_shown_are_spread_over_the_run() -> None:
    """A chart's axis is even, so that the steps should be too."""
    curve = Curve("loss", tuple(range(0, 4000, 5)), tuple(2 + math.exp(-n / 100) for n in range(800)))
    shown = shared_steps((curve,))
    assert max(b - a for a, b in pairwise(shown)) < 3 * 4000 / MOST_POINTS


def test_sparklines() -> None:
    """From low to high; a level curve is level."""
    assert sparkline(Curve("loss", (1, 2, 3), (0.0, 7.0, 3.0))) == "▁█▄"
    assert sparkline(Curve("loss", (1, 2), (3.0, 3.0))) == "▄▄"
    assert sparkline(Curve("loss", (1,), (3.0,))) == "▄"
    assert sparkline(Curve("loss", (1, 2, 3), (-1.7e308, 1.7e308, 0.0))) == "▁█▅"


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-3, 3).map(float)
some_curves = st.lists(
    st.dictionaries(st.integers(-(10**15), 10**15) | st.integers(0, 200), numbers, min_size=1, max_size=60),
    min_size=1,
    max_size=6,
).map(
    lambda series: [
        Curve(f"key {n}", tuple(sorted(one)), tuple(one[step] for step in sorted(one)))
        for n, one in enumerate(series)
    ]
)


@settings(max_examples=80, deadline=None)
@given(some_curves)
def test_last_and_extreme_values_are_always_shown(shown: list[Curve]) -> None:
    """At most 20 steps, rising, the first and of each curve the last, lowest and highest among them."""
    steps = shared_steps(shown)
    assert len(steps) <= MOST_POINTS
    assert list(steps) == sorted(set(steps))
    assert steps[0] == min(curve.steps[0] for curve in shown)
    for curve in shown:
        told = summary(curve)
        values = {step: curve.at(step) for step in steps}
        assert values[told.last_step] == curve.values[-1]
        assert (values[told.lowest_step], values[told.highest_step]) == (min(curve.values), max(curve.values))
        assert all(min(curve.values) <= value <= max(curve.values) for value in values.values())
        assert 0 < len(sparkline(curve)) <= MOST_POINTS
