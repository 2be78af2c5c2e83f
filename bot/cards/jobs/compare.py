"""Runs side by side: settings that differ, and results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards.jobs.chart import MOST_CURVES, in_bars, losses_drawn, never_told
from bot.cards.jobs.configuration_text import settings
from bot.cards.jobs.run import Run
from bot.cards.kit import phrases
from bot.cards.kit.card import SECTION_CHARACTERS, Block, Card, context, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, short_id_words
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, cut, length, unbroken

MOST_RUNS: Final = 3
_LETTERS: Final = "ABC"
_DIFFERENCES: Final = 20
_ROOM: Final = SECTION_CHARACTERS - 100
_VALUE_CHARACTERS: Final = 60
_LABEL_CHARACTERS: Final = 80
_TEXT_CHARACTERS: Final = 290


def compare_card(runs: Sequence[Run], *, now: datetime, settings: CardSettings = NOTHING_SET) -> Card:
    """Two or three runs: outcomes, only the settings that differ, and their loss curves in one chart.

    Args:
        runs: each another job; further ones are not looked at.
        now: the present moment (aware, UTC).
        settings: what the operator set.
    """
    lettered = list(zip(_LETTERS, runs, strict=False))
    each_told = (f"*{letter}* {run.named(settings)}\n{run.outcome(now)}" for letter, run in lettered)
    told = section("\n".join([f"⚖️ *{phrases.count(len(lettered), 'job')} compared*", *each_told]))
    between = _differences([run for _, run in lettered])
    lines = [(f"{letter} {curve.key}", curve) for letter, run in lettered for curve in run.losses]
    lines = lines[:MOST_CURVES]
    never = never_told([(f"{letter} {each.key}", each) for letter, run in lettered for each in run.never])
    outcomes = [told, *never]
    end = [context(["\n".join([*_remarks(lettered), *_warnings(lettered, now)])])]
    text = _sentence([run for _, run in lettered])
    if not lines:
        return Card(text, [*outcomes, between, *end])
    return Card(
        text,
        [*outcomes, *losses_drawn(lines), between, *end],
        plainer=Card(text, [*outcomes, in_bars(lines), between, *end]),
    )


def _differences(runs: Sequence[Run]) -> Block:
    """The settings that are not the same in all of them, with the value of each."""
    known = [settings(run.job.job) for run in runs]
    paths = dict.fromkeys(path for each in known for path in each)
    differing = [path for path in paths if len({each.get(path, ("", ""))[1] for each in known}) > 1]
    if not differing:
        return section("*What differs*\nNothing: their settings are the same.")
    lines = ["*What differs*"]
    for path in differing[:_DIFFERENCES]:
        label = next(each[path][0] for each in known if path in each)
        values = [
            cut(each[path][1], _VALUE_CHARACTERS, note="…") if path in each else "not set" for each in known
        ]
        told = SEPARATOR.join(
            f"{letter} {_closed(value)}" for letter, value in zip(_LETTERS, values, strict=False)
        )
        added = f"{cut(label, _LABEL_CHARACTERS, note='…')}: {told}"
        if length("\n".join([*lines, added])) > _ROOM:
            break
        lines.append(added)
    more = len(differing) - len(lines) + 1
    if more > 0:
        lines.append(f"… and {phrases.count(more, 'more setting')}: see the details of each.")
    return section("\n".join(lines))


def _closed(value: str) -> str:
    """A value whose code font ends where the value was cut."""
    return f"{value}`" if value.count("`") % 2 else value


def _remarks(lettered: Sequence[tuple[str, Run]]) -> list[str]:
    named = (f"{letter} {short_id_words(run.request_id)}" for letter, run in lettered)
    remarks = [SEPARATOR.join(map(unbroken, named))]
    silent = [letter for letter, run in lettered if not (run.losses or run.never)]
    if silent:
        remarks.append(f"No loss curves for {' and '.join(silent)}")
    return remarks


def _warnings(lettered: Sequence[tuple[str, Run]], now: datetime) -> list[str]:
    return [
        f"{letter}: {stale_warning(run.job.failure, run.job.fetched_at, now)}"
        for letter, run in lettered
        if run.job.failure is not None
    ]


def _sentence(runs: Sequence[Run]) -> str:
    told = "; ".join(", ".join(filter(None, (run.spoken, *run.broken(), run.best_loss()))) for run in runs)
    return cut(f"Training jobs compared: {told}", _TEXT_CHARACTERS, note="…")
