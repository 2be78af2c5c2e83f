"""The data visualization block, as Slack takes it.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.playground.block_kit.elements import ID
from bot.playground.block_kit.shapes import Check, items, one_of, record, string, typed

_MOST_POINTS: Final = 20
_MOST_SERIES: Final = 6


def _number(value: object, where: str) -> Iterator[str]:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        yield f"{where}: must be a number"


def _positive(value: object, where: str) -> Iterator[str]:
    yield from _number(value, where)
    if isinstance(value, int | float) and not value > 0:
        yield f"{where}: must be greater than 0"


_NAME: Final = string(20)
_AXIS: Final = record(
    {"categories": items(_NAME, _MOST_POINTS)}, {"x_label": string(50), "y_label": string(50)}
)
_SERIES: Final = record(
    {"name": _NAME, "data": items(record({"label": _NAME, "value": _number}), _MOST_POINTS)}
)
_PIE: Final = record(
    {
        "type": one_of("pie"),
        "segments": items(record({"label": _NAME, "value": _positive}), _MOST_SERIES),
    }
)


def _with_axes(kind: str) -> Check:
    shape = record({"type": one_of(kind), "series": items(_SERIES, _MOST_SERIES), "axis_config": _AXIS})

    def check(value: object, where: str) -> Iterator[str]:
        problems = list(shape(value, where))
        yield from problems
        if not problems and isinstance(value, Mapping):
            yield from _disagreements(value, where)

    return check


def _disagreements(chart: Mapping[str, Any], where: str) -> Iterator[str]:
    """Names stand once, and every series has every category."""
    names = [series["name"] for series in chart["series"]]
    if len(set(names)) < len(names):
        yield f"{where}.series: a name is used twice"
    categories = chart["axis_config"]["categories"]
    if len(set(categories)) < len(categories):
        yield f"{where}.axis_config.categories: one stands there twice"
    for index, series in enumerate(chart["series"]):
        labels = [point["label"] for point in series["data"]]
        if sorted(labels) != sorted(categories):
            yield f"{where}.series[{index}].data: its labels are not the categories"


CHART: Final = record(
    {
        "type": one_of("data_visualization"),
        "title": string(50),
        "chart": typed({"pie": _PIE, **{kind: _with_axes(kind) for kind in ("bar", "area", "line")}}),
    },
    {"block_id": ID},
)
"""A whole data visualization block."""
