"""Runs side by side: settings that differ, and results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from bot.cards.jobs.chart import MOST_CURVES, curves_drawn, in_bars, never_told
from bot.cards.jobs.configuration_text import settings
from bot.cards.jobs.run import Run
from bot.cards.kit import phrases
from bot.cards.kit.card import SECTION_CHARACTERS, Block, Card, cell, cell_text, context, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, short_id_words
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, cut, length, line, plain, unbroken, words
from bot.domain.curves.curves import Direction, named, summary
from bot.domain.curves.loss_names import EVAL_LOSS, TRAIN_LOSS
from bot.domain.spelling import DIGITS, spelled

MOST_RUNS: Final = 3
_LETTERS: Final = "ABC"
_DIFFERENCES: Final = 20
_ROOM: Final = SECTION_CHARACTERS - 100
_VALUE_CHARACTERS: Final = 60
_LABEL_CHARACTERS: Final = 80
_TEXT_CHARACTERS: Final = 290
_METRIC_CHARACTERS: Final = 40
_NOT_SET: Final = "not set"


def compare_card(
    runs: Sequence[Run], *, now: datetime, keys: Sequence[str] = (), settings: CardSettings = NOTHING_SET
) -> Card:
    """Two or three runs: which is best, outcomes, only the settings that differ, and their curves.

    Args:
        runs: each another job; further ones are not looked at.
        now: the present moment (aware, UTC).
        keys: the metrics that they are compared by; without any, their losses.
        settings: what the operator set.
    """
    lettered = list(zip(_LETTERS, runs, strict=False))
    each_told = (f"*{letter}* {run.named(settings)}\n{run.outcome(now)}" for letter, run in lettered)
    best = _best(lettered, keys)
    title = best.title if best else f"*{phrases.count(len(lettered), 'job')} compared*"
    told = section("\n".join([f"⚖️ {title}", *each_told, *_missing(lettered, keys)]))
    differing = _differing([run for _, run in lettered])
    lines = [(f"{letter} {curve.key}", curve) for letter, run in lettered for curve in run.chosen(keys)]
    lines = lines[:MOST_CURVES]
    never = never_told([(f"{letter} {each.key}", each) for letter, run in lettered for each in run.never])
    end = [context(["\n".join([*_remarks(lettered), *_warnings(lettered, now)])])]
    text = _sentence([run for _, run in lettered], best)
    drawn = ([list(curves_drawn(_drawn_as(keys), lines))] if lines else []) + [
        [in_bars(lines)] if lines else []
    ]
    between = ([_as_table(differing, len(lettered))] if differing else []) + [[_as_lines(differing)]]
    card = None
    # The plainest form first: a workspace that takes no tables may take charts.
    for curves, settings_shown in reversed([(chart, table) for table in between for chart in drawn]):
        card = Card(text, [told, *never, *curves, *settings_shown, *end], plainer=card)
    return card or Card(text, [told, *never, *end])


class _Difference(NamedTuple):
    """A setting that is not the same in all of them."""

    label: str
    values: Sequence[str]
    """One a run."""


def _differing(runs: Sequence[Run]) -> Sequence[_Difference]:
    known = [settings(run.job.job) for run in runs]
    paths = dict.fromkeys(path for each in known for path in each)
    differing = [path for path in paths if len({each.get(path, ("", ""))[1] for each in known}) > 1]
    return [
        _Difference(
            cut(next(each[path][0] for each in known if path in each), _LABEL_CHARACTERS, note="…"),
            [cut(each[path][1], _VALUE_CHARACTERS, note="…") if path in each else _NOT_SET for each in known],
        )
        for path in differing
    ]


def _as_table(differing: Sequence[_Difference], runs: int) -> list[Block]:
    """The settings that differ, a column a run."""
    shown = differing[:_DIFFERENCES]
    rows = [[cell(each) for each in ("What differs", *_LETTERS[:runs])]]
    rows += [[cell(_bare(each.label)), *(cell(_bare(value)) for value in each.values)] for each in shown]
    table: Block = {"type": "table", "column_settings": [{"is_wrapped": True}] * (runs + 1), "rows": rows}
    more = len(differing) - len(shown)
    return [table, *([context([_more(more)])] if more > 0 else [])]


def _bare(shown: str) -> str:
    """A cell's words are no ``mrkdwn``: without marks and escapes."""
    return cell_text(shown.replace("`", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _as_lines(differing: Sequence[_Difference]) -> Block:
    """The same, one line a setting."""
    if not differing:
        return section("*What differs*\nNothing: their settings are the same.")
    lines = ["*What differs*"]
    for each in differing[:_DIFFERENCES]:
        told = SEPARATOR.join(
            f"{letter} {_closed(value)}" for letter, value in zip(_LETTERS, each.values, strict=False)
        )
        added = f"{each.label}: {told}"
        if length("\n".join([*lines, added])) > _ROOM:
            break
        lines.append(added)
    more = len(differing) - len(lines) + 1
    return section("\n".join([*lines, *([_more(more)] if more > 0 else [])]))


def _more(many: int) -> str:
    return f"… and {phrases.count(many, 'more setting')}: see the details of each."


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


class _Best(NamedTuple):
    """The run that is best by a metric."""

    title: str
    """``mrkdwn``."""
    said: str


def _best(lettered: Sequence[tuple[str, Run]], keys: Sequence[str]) -> _Best | None:
    """By the first of the metrics that two have and that has a good end; without any, by the loss."""
    for name in keys or (EVAL_LOSS[0], TRAIN_LOSS[0]):
        curves = [(letter, run, named(run.curves, name)) for letter, run in lettered]
        ends = [
            (letter, run, curve.key, known.best[0], known.direction)
            for letter, run, curve in curves
            if curve is not None and curve.broken is None and (known := summary(curve)).best is not None
        ]
        if len(ends) > 1:
            break
    else:
        return None
    is_lower = ends[0][-1] is Direction.LOWER
    letter, run, key, value, _ = (min if is_lower else max)(ends, key=lambda each: each[3])
    word, shown = "Lowest" if is_lower else "Highest", spelled(value, DIGITS)
    called = cut(key.replace("_", " "), _METRIC_CHARACTERS, note="…")
    if sum(each[3] == value for each in ends) > 1:
        return _Best(
            f"*Same {words(called, _METRIC_CHARACTERS)}*: {shown}", f"Same {plain(called, 99)}: {shown}. "
        )
    winner = phrases.spoken(run.job.job.experiment_name, run.request_id)
    return _Best(
        f"*{word} {words(called, _METRIC_CHARACTERS)}: {letter}*, {shown}",
        f"{word} {plain(called, _METRIC_CHARACTERS)}: {winner}, {shown}. ",
    )


def _missing(lettered: Sequence[tuple[str, Run]], keys: Sequence[str]) -> list[str]:
    """Metrics that were asked for and that none of the runs has logged."""
    missing = [key for key in keys if not any(named(run.curves, key) for _, run in lettered)]
    shown = ", ".join(filter(None, (code(key, _METRIC_CHARACTERS) for key in missing[:MOST_RUNS])))
    return [f"None of them logs {shown}."] if shown else []


def _drawn_as(keys: Sequence[str]) -> str:
    return line(", ".join(keys)) if keys else "Loss"


def _sentence(runs: Sequence[Run], best: _Best | None) -> str:
    told = "; ".join(", ".join(filter(None, (run.spoken, *run.broken(), run.best_loss()))) for run in runs)
    return cut(f"{best.said if best else ''}Training jobs compared: {told}", _TEXT_CHARACTERS, note="…")
