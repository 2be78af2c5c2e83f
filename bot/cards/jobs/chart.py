"""Curves as Slack's own chart block, with its limits, and the same in words and little bars.

Source: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.cards.kit.card import Block, Card, context, section
from bot.cards.kit.text import SEPARATOR, cut, cut_front, length, line, unbroken, words
from bot.domain.curves.broken import Broken
from bot.domain.curves.curves import (
    MOST_POINTS,
    Curve,
    curves,
    losses,
    never,
    shared_steps,
    sparkline,
    summary,
)
from bot.domain.job import MetricPoint
from bot.domain.spelling import DIGITS, rounded, spelled

TITLE_CHARACTERS: Final = 50
NAME_CHARACTERS: Final = 20
LABEL_CHARACTERS: Final = 20
MOST_CURVES: Final = 6
"""Lines in one chart."""

_KEY_CHARACTERS: Final = 60
_READ_CHARACTERS: Final = 500
_CHART_DIGITS: Final = 6


def chart(title: str, shown: Sequence[tuple[str, Curve]]) -> Block:
    """A line for each of one to six curves under its name, over the steps that are worth showing.

    Slack wants a value of every line at every step: between two measurements it lies on the straight line
    from one to the other, as it would be drawn, and beyond the first and the last the line is level.
    """
    drawn_curves = [curve for _, curve in shown[:MOST_CURVES]]
    steps = shared_steps(drawn_curves)
    labels = [_label(step) for step in steps]
    names = _names([name for name, _ in shown[:MOST_CURVES]])
    series = [
        {
            "name": name,
            "data": [
                {"label": label, "value": rounded(curve.at(step), _CHART_DIGITS)}
                for label, step in zip(labels, steps, strict=True)
            ],
        }
        for name, curve in zip(names, drawn_curves, strict=True)
    ]
    axis: dict[str, Any] = {"categories": labels, "x_label": _axis(drawn_curves)}
    return {
        "type": "data_visualization",
        "title": _short(title, TITLE_CHARACTERS),
        "chart": {"type": "line", "series": series, "axis_config": axis},
    }


def told(name: str, curve: Curve) -> str:
    """A curve in words: whether it broke, where it ended, what was best and when; ``mrkdwn``."""
    known = summary(curve)
    at = "step" if curve.has_steps else "point"
    last = f"{spelled(known.last, DIGITS)} at {at} {known.last_step:,}"
    parts = [curve.broken.words, f"last number {last}"] if curve.broken else [f"last {last}"]
    if known.best is not None:
        parts.append(f"best {spelled(known.best[0], DIGITS)} at {at} {known.best[1]:,}")
    elif known.lowest < known.highest:
        parts += [f"lowest {spelled(known.lowest, DIGITS)}", f"highest {spelled(known.highest, DIGITS)}"]
    return f"*{_bold(name)}*: {SEPARATOR.join(map(unbroken, parts))}"


def drawn(name: str, curve: Curve) -> str:
    """The same under the curve as a row of little bars."""
    return f"`{sparkline(curve)}`\n{told(name, curve)}"


def never_told(never: Sequence[tuple[str, Broken]]) -> list[Block]:
    """Series that never were a number, in words; no block for none."""
    lines = [f"*{_bold(name)}*: {unbroken(each.words)}" for name, each in never[:MOST_CURVES]]
    return [section("\n".join(lines))] if lines else []


def in_words(shown: Sequence[tuple[str, Curve]]) -> Block:
    """What stands under a chart: each of its curves in words."""
    return section("\n".join(told(name, curve) for name, curve in shown))


def in_bars(shown: Sequence[tuple[str, Curve]]) -> Block:
    """What stands in place of a chart and its words."""
    return section("\n".join(drawn(name, curve) for name, curve in shown))


def curves_drawn(title: str, shown: Sequence[tuple[str, Curve]]) -> list[Block]:
    """A chart and all that stands under it."""
    return [chart(title, shown), in_words(shown), *how_drawn([curve for _, curve in shown])]


def losses_drawn(shown: Sequence[tuple[str, Curve]]) -> list[Block]:
    """A chart of losses and all that stands under it."""
    return curves_drawn("Loss", shown)


def how_drawn(shown: Sequence[Curve]) -> list[Block]:
    """What a chart of these curves does not show as it was measured; no block where it shows everything."""
    steps = {step for curve in shown for step in curve.steps}
    remarks = [f"Downsampled to {MOST_POINTS} of {len(steps):,} steps"] if len(steps) > MOST_POINTS else []
    if len({curve.steps[0] for curve in shown}) > 1 or len({curve.steps[-1] for curve in shown}) > 1:
        remarks.append("Flat segments = no data")
    return [context(remarks)] if remarks else []


def with_losses(card: Card, points: Sequence[MetricPoint]) -> Card:
    """The card with the loss so far, above its buttons and remarks; as it is where none was logged."""
    lines = [(curve.key, curve) for curve in losses(curves(points))]
    told_first = never_told([(each.key, each) for each in losses(never(points))])
    if not lines and not told_first:
        return card
    ends = (at for at, block in enumerate(card.blocks) if block["type"] in {"actions", "context"})
    at = next(ends, len(card.blocks))
    above, below = [*card.blocks[:at], *told_first], card.blocks[at:]
    if not lines:
        return Card(card.text, [*above, *below])
    return Card(
        card.text,
        [*above, *losses_drawn(lines), *below],
        plainer=Card(card.text, [*above, in_bars(lines), *below]),
    )


def _label(step: int) -> str:
    """A step as it stands on the axis: short enough for any that can be read from a document."""
    return f"{step:,}" if len(f"{step:,}") <= LABEL_CHARACTERS else str(step)


def _axis(shown: Sequence[Curve]) -> str:
    return "Step" if all(curve.has_steps for curve in shown) else "Point"


def _names(names: Sequence[str]) -> list[str]:
    """What the legend says: short, never empty, each another; the ends of long names that begin alike."""
    wanted = [_short(name, NAME_CHARACTERS) for name in names]
    if len(set(wanted)) < len(wanted):
        wanted = [cut_front(_short(name, _READ_CHARACTERS), NAME_CHARACTERS) for name in names]
    chosen: list[str] = []
    for name in wanted:
        number, distinct = 1, name
        while distinct in chosen or (number > 1 and distinct in wanted):
            number += 1
            distinct = f"{_short(name, NAME_CHARACTERS - 3)} {number}"
        chosen.append(distinct)
    return chosen


def _short(text: str, most: int) -> str:
    """One line without secrets; a chart's words are no text objects, so nothing in them is an escape."""
    shown = line(text).replace("<", "\u2039").replace(">", "\u203a")
    return cut(shown, most, note="…") if length(shown) > most else shown or "no name"


def _bold(name: str) -> str:
    return words(name, _KEY_CHARACTERS).strip() or "no name"
