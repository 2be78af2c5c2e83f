"""Series that end in values that are no numbers: whatever tells the last or the best says so first."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.cards.gallery.metrics import points, snapshot_of
from bot.cards.jobs.chart import with_losses
from bot.cards.jobs.compare import compare_card
from bot.cards.jobs.metrics import metrics_card
from bot.cards.jobs.report import report_card
from bot.cards.jobs.run import Run
from bot.cards.kit.card import Card, section
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.curves.broken import broken_series
from bot.domain.curves.curves import curves, never
from bot.domain.job import MetricPoint, read_point
from bot.domain.listing import MetricsSnapshot
from bot.domain.subscriptions.alerts.alerts import Logged, Situation, verdict
from tests.cards.shown import words
from tests.domain.subscriptions.story import Story
from tests.tables import each_row

NOW = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
NAN = math.nan
RUNNING = {"request_id": "job-1", "status": "RUNNING", "progress": 40}


def _logged(*values: float | str | None, key: str = "loss", first: int = 1) -> list[MetricPoint]:
    entries = [
        {"key": key, "value": value, "step": 10 * number, "timestamp": (NOW - timedelta(hours=2)).isoformat()}
        for number, value in enumerate(values, first)
    ]
    return [point for entry in entries if (point := read_point(entry)) is not None]


@each_row(
    "values, said",
    [
        ((3, 2, 1.5, NAN, NAN), "NaN since step 40"),
        ((3, 2, 1.5, "nan"), "NaN since step 40"),
        ((3, 2, None, None), "NaN since step 30"),
        ((3, math.inf, NAN), "infinity since step 20"),
        ((3, "-inf"), "-infinity since step 20"),
        ((NAN, NAN), "NaN since step 10, never a number"),
        ((3, NAN, 2, NAN, NAN), "NaN since step 40"),
        # It got over that, or logs nothing at some steps.
        ((3, NAN, NAN, 2, 1), None),
        ((None, None, 2, None, None, 1, None, None), None),
        ((3, 2, 1), None),
        ((), None),
    ],
)
def test_since_when_it_is_no_number(values: Sequence[float | str | None], said: str | None) -> None:
    """As trainers log it, and as JSON has it; gaps as long as before are no end."""
    found = broken_series(_logged(*values))
    assert (found["loss"].words if found else None) == said


def test_only_the_last_attempt_counts() -> None:
    """A job that went back before the NaN is well again; one that breaks after going back is broken."""
    well = [*_at(1, 3, 2, NAN, NAN), *_at(2, 3, 2.5, 2, 1)]
    assert broken_series(well) == {}
    ill = [*_at(1, 3, 2, 1.5, 1.2), *_at(2, 3, NAN, NAN)]
    assert broken_series(ill)["loss"].words == "NaN since step 20"


def _at(hour: int, *values: float) -> list[MetricPoint]:
    return [
        MetricPoint("loss", value, NOW + timedelta(hours=hour, minutes=number), 10 * number)
        for number, value in enumerate(values, 1)
    ]


def test_without_steps_points_are_counted() -> None:
    """From 1."""
    found = broken_series(MetricPoint("loss", value) for value in (2.0, NAN))
    assert found["loss"].words == "NaN since point 2"


def _metrics(found: list[MetricPoint]) -> Card:
    return metrics_card(MetricsSnapshot(tuple(found), NOW), snapshot_of(RUNNING), request_id="job-1", now=NOW)


def _asked(found: list[MetricPoint]) -> Card:
    metrics = MetricsSnapshot(tuple(found), NOW)
    return metrics_card(metrics, snapshot_of(RUNNING), request_id="job-1", now=NOW, keys=("loss",))


def _report(found: list[MetricPoint]) -> Card:
    return report_card(Run("job-1", snapshot_of(RUNNING), MetricsSnapshot(tuple(found), NOW)), now=NOW)


def _compare(found: list[MetricPoint]) -> Card:
    well = Run("job-2", snapshot_of(RUNNING), MetricsSnapshot(tuple(points(200)), NOW))
    return compare_card(
        [well, Run("job-1", snapshot_of(RUNNING), MetricsSnapshot(tuple(found), NOW))], now=NOW
    )


def _thread(found: list[MetricPoint]) -> Card:
    return with_losses(Card("Half of the way", [section("Half of the way")]), found)


EVERYWHERE = pytest.mark.parametrize("draw", [_metrics, _asked, _report, _compare, _thread])


@EVERYWHERE
def test_every_card_says_since_when_before_anything_else_of_the_loss(
    draw: Callable[[list[MetricPoint]], Card],
) -> None:
    """As a chart and without, and in what a phone shows, where that tells of the loss at all."""
    card = draw([*_logged(3, 2, 1.5, NAN, NAN), *_logged(5, 4, key="learning_rate")])
    for form in (card, card.plainer or card):
        shown = words(form.message()).replace("\xa0", " ")
        assert "NaN since step 40" in shown
        assert "last 1.5" not in shown
        if draw is not _compare:
            assert shown.index("NaN since step 40") < shown.index("1.5")
    if draw is not _thread:
        assert "NaN since step 40" in card.text
        assert card.text.index("NaN since step 40") < card.text.index("1.5")


@EVERYWHERE
def test_a_loss_that_never_was_a_number_is_not_no_loss(draw: Callable[[list[MetricPoint]], Card]) -> None:
    """Nobody is told that nothing was logged."""
    for others in ([], _logged(5, 4, key="learning_rate")):
        card = draw([*_logged(NAN, NAN, NAN), *others])
        for form in (card, card.plainer or card):
            shown = words(form.message()).replace("\xa0", " ")
            assert "NaN since step 10, never a number" in shown
            assert "no metrics" not in shown
            assert "no loss" not in shown.lower()
            assert "no series" not in shown
        assert draw is _thread or "NaN since step 10" in card.text


def test_other_series_than_the_loss_are_told_where_there_is_nothing_else() -> None:
    """Also more of them than a chart has lines."""
    found = [point for number in range(30) for point in _logged(NAN, NAN, key=f"reward/{number}")]
    card = _metrics(found)
    shown = words(card.message())
    assert "never a number" in shown.replace("\xa0", " ")
    assert "no metrics" not in shown
    assert "Also logged" not in shown or len(card.text) < 300


@pytest.mark.parametrize(
    ("values", "evidence"),
    [
        ((3, 2, 1.5, NAN, NAN), "loss is NaN since step 40, last number 1.5 at step 30"),
        ((NAN, NAN), "loss is NaN since step 10, never a number"),
    ],
)
def test_no_last_number_meets_what_somebody_waits_for(values: tuple[float, ...], evidence: str) -> None:
    """It was logged before they asked; what comes is no number any more."""
    found = verdict(
        read_condition("loss < 1.6"),
        Situation(Story("RUNNING").state, Logged.of(_logged(*values)), NOW),
        NOW,
    )
    assert (found.is_met, found.evidence) == (False, evidence)


def test_what_was_reached_between_two_looks_counts_though_it_broke_since() -> None:
    """It was logged after they asked."""
    found = verdict(
        read_condition("loss < 1.6"),
        Situation(Story("RUNNING").state, Logged.of(_logged(3, 1.5, NAN)), NOW),
        NOW - timedelta(hours=3),
    )
    assert found.is_met


def test_a_series_has_a_curve_or_never_was_a_number() -> None:
    """Together they are all that was logged."""
    found = [*_logged(1, NAN), *_logged(NAN, key="eval_loss"), *_logged(1, key="lr")]
    assert set(curves(found)) == {"loss", "lr"}
    assert set(never(found)) == {"eval_loss"}
