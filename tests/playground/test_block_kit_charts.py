"""Charts, as the validator that plays Slack takes and refuses them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.block_kit import message_problems, view_problems

LABELS = tuple(str(n) for n in range(20))


def _points(*labels: str, value: Any = 1) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for label in labels]


def _chart(**more: Any) -> dict[str, Any]:
    series = [{"name": f"loss {n}", "data": _points(*LABELS, value=n / 2)} for n in range(6)]
    axis = {"categories": list(LABELS), "x_label": "Step", "y_label": "Loss"}
    line = {"type": "line", "series": series, "axis_config": axis, **more}
    return {"type": "data_visualization", "title": "t" * 50, "chart": line}


def _lines(
    *data: list[dict[str, Any]], names: str = "abcdefg", categories: tuple[str, ...] = ("1", "2")
) -> Any:
    series = [{"name": name, "data": each} for name, each in zip(names, data, strict=False)]
    return _chart(series=series, axis_config={"categories": list(categories)})


def _pie(value: float) -> dict[str, Any]:
    pie = {"type": "pie", "segments": _points("a", "b", value=value)}
    return {"type": "data_visualization", "title": "t", "chart": pie}


REFUSED = {
    "no title": {**_chart(), "title": ""},
    "title over 50": {**_chart(), "title": "t" * 51},
    "an unknown kind": _chart(type="radar"),
    "an unknown key": _chart(colour="red"),
    "seven series": _lines(*[_points("1", "2")] * 7),
    "21 points": _lines(_points(*LABELS, "20"), categories=(*LABELS, "20")),
    "a series without a category": _lines(_points("1")),
    "two series of one name": _lines(_points("1", "2"), _points("1", "2"), names="aa"),
    "a category twice": _lines(_points("1", "1"), categories=("1", "1")),
    "a value that isn't a number": _lines(_points("1", "2", value="2")),
    "a value that is infinite": _lines(_points("1", "2", value=float("inf"))),
    "a label over 20": _lines(_points("x" * 21), categories=("x" * 21,)),
    "a name over 20": _chart(series=[{"name": "x" * 21, "data": _points(*LABELS)}]),
    "a pie's slice of nothing": _pie(0),
}


@pytest.mark.parametrize("block", [_chart(), _chart(type="bar"), _lines(_points("2", "1")), _pie(0.5)])
def test_takes_charts(block: dict[str, Any]) -> None:
    """Up to their limits; the order of points does not matter."""
    assert message_problems({"text": "t", "blocks": [block]}) == []


@pytest.mark.parametrize("block", REFUSED.values(), ids=REFUSED.keys())
def test_refuses_charts(block: dict[str, Any]) -> None:
    """Each shape beyond the limits."""
    assert message_problems({"text": "t", "blocks": [block]})


def test_a_message_takes_two_charts_and_a_window_none() -> None:
    """However small they are."""
    assert message_problems({"text": "t", "blocks": [_chart()] * 2}) == []
    assert message_problems({"text": "t", "blocks": [_chart()] * 3})
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "Job"}, "blocks": [_chart()]}
    assert view_problems(modal)
