"""What stands under a chart about how it was drawn, the same wherever one is shown."""

from __future__ import annotations

import json

import pytest

from bot.cards.jobs.chart import with_losses
from bot.cards.kit.card import Card, section
from bot.domain.job import MetricPoint

_LEVEL = "Flat segments = no data"
_FEWER = "Downsampled to 20 of 40 steps"


def _points(key: str, steps: range) -> list[MetricPoint]:
    return [MetricPoint(key=key, value=1 / step, step=step) for step in steps]


@pytest.mark.parametrize(
    ("train", "evaluation", "said"),
    [
        (range(1, 11), range(1, 11), ()),
        (range(1, 11), range(5, 11), (_LEVEL,)),
        (range(1, 41), range(1, 41), (_FEWER,)),
        (range(1, 41), range(20, 30), (_FEWER, _LEVEL)),
    ],
)
def test_a_chart_says_what_it_does_not_show_as_measured(
    train: range, evaluation: range, said: tuple[str, ...]
) -> None:
    """Under the chart alone: the little bars in its place draw nothing that was not measured."""
    shown = with_losses(
        Card("Done", [section("Done")]), [*_points("loss", train), *_points("eval_loss", evaluation)]
    )
    assert shown.plainer is not None
    rich, plain = json.dumps(list(shown.blocks)), json.dumps(list(shown.plainer.blocks))
    assert [words for words in (_FEWER, _LEVEL) if words in rich] == list(said)
    assert not any(words in plain for words in (_FEWER, _LEVEL))
    for text in (rich, plain):
        assert "last" in text
        assert "best" in text
