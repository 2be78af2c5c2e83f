"""Curves on a card: whatever was logged, under whatever name."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery.documents import REQUEST_ID, RUNNING
from bot.cards.gallery.metrics import points, snapshot_of
from bot.cards.jobs.metrics import metrics_card
from bot.cards.kit.card import Card
from bot.domain.job import MetricPoint
from bot.domain.listing import MetricsSnapshot
from bot.playground.block_kit import message_problems
from tests.cards.jobs.test_hostile_documents import CARRIERS, NASTY, SECRETS
from tests.cards.shown import NOW, live_markup, words

keys = st.sampled_from([*NASTY, *CARRIERS, "loss", "eval_loss", "Loss"]) | st.text(max_size=30)
hostile_points = st.builds(
    MetricPoint,
    key=keys,
    value=st.floats(),
    step=st.none() | st.integers(-(10**15), 10**15),
    timestamp=st.none() | st.just(NOW),
)


def _card(found: list[MetricPoint], *asked: str) -> Card:
    metrics = MetricsSnapshot(tuple(found), NOW)
    return metrics_card(metrics, snapshot_of(RUNNING), request_id=REQUEST_ID, now=NOW, keys=asked)


@settings(max_examples=80, deadline=None)
@given(st.lists(hostile_points, max_size=40), st.lists(keys, max_size=8), st.booleans())
def test_all_series_are_fit_to_show(found: list[MetricPoint], asked: list[str], all_of_them: bool) -> None:  # noqa: FBT001  (drawn)
    """No limit of Slack's is broken, no markup live, no secret shown: as a chart and without."""
    card = _card(found, *([point.key for point in found] if all_of_them else asked))
    for form in (card, card.plainer or card):
        body = {key: value for key, value in form.message().items() if key != "plainer"}
        assert message_problems(body) == []
        assert live_markup(body) == []
        sent = orjson.dumps(body).decode()
        assert [secret for secret in SECRETS if secret in sent] == []
        assert 0 < len(form.text) < 300


def test_says_where_a_line_is_not_measured() -> None:
    """An eval loss begins later than the train loss; a single series says nothing of the kind."""
    assert "Flat segments" in words(_card(points()).message())
    assert "Flat segments" not in words(_card(points(), "loss").message())


def test_without_steps_the_points_are_counted() -> None:
    """And the axis says so."""
    card = _card([MetricPoint(key="loss", value=value) for value in (3.0, 2.0)])
    assert card.blocks[1]["chart"]["axis_config"] == {"categories": ["1", "2"], "x_label": "Point"}
    assert "last 2 at point 2" in words(card.message())


def test_names_cut_to_the_same_stay_apart() -> None:
    """A chart's legend has every name once."""
    card = _card(
        [MetricPoint(key=f"{'k' * 40}{n}", value=1.0, step=1) for n in range(3)],
        *[f"{'k' * 40}{n}" for n in range(3)],
    )
    names = [series["name"] for series in card.blocks[1]["chart"]["series"]]
    assert len(set(names)) == len(names) == 3


@pytest.mark.parametrize(
    ("keys", "legend"),
    [
        (
            ["eval/rewards/accuracies/chosen", "eval/rewards/accuracies/rejected"],
            ["…s/accuracies/chosen", "…accuracies/rejected"],
        ),
        (["loss", "loss\u200b", "loss 2"], ["loss", "loss 3", "loss 2"]),
        (["a" * 30, "a" * 30 + " "], ["…" + "a" * 19, "…" + "a" * 15 + "… 2"]),
    ],
)
def test_names_that_look_alike_are_told_apart(keys: list[str], legend: list[str]) -> None:
    """By their ends, where those differ; else by a number that no other name has."""
    card = _card([MetricPoint(key=key, value=1.0, step=1) for key in keys], *keys)
    shown = [series["name"] for series in card.blocks[1]["chart"]["series"]]
    assert len(set(shown)) == len(shown)
    assert shown == legend
