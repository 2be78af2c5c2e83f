"""The metrics of a job: its curves as a chart, and what they come to in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from bot.cards.jobs.chart import MOST_CURVES, chart, how_drawn, in_bars, in_words, never_told
from bot.cards.kit import phrases
from bot.cards.kit.card import Block, Card, context, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, job_name, short_id_words
from bot.cards.kit.diagnosis import finding_lines, spoken_finding
from bot.cards.kit.phrases import spoken
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, cut, plain
from bot.domain.curves.broken import Broken
from bot.domain.curves.curves import Curve, curves, losses, named, never, summary
from bot.domain.curves.run_doctor import Finding
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot
from bot.domain.spelling import DIGITS, spelled

_KEY_CHARACTERS: Final = 60
_TEXT_CHARACTERS: Final = 290
_KEYS: Final = 20
_Series = TypeVar("_Series")
_UNLIKE: Final = 20.0
"""Curves whose heights differ by more than this factor have no use for one axis."""


def metrics_card(  # noqa: PLR0913  (each by its name)
    metrics: MetricsSnapshot,
    job: Snapshot | None,
    *,
    request_id: str,
    now: datetime,
    keys: Sequence[str] = (),
    finding: Finding | None = None,
    settings: CardSettings = NOTHING_SET,
) -> Card:
    """The curves of a job.

    Args:
        metrics: what was logged.
        job: the job itself, where it is known.
        request_id: the id that was asked for.
        now: the present moment (aware, UTC).
        keys: the series that were asked for; without any, the losses.
        finding: what looks wrong in them.
        settings: what the operator set.
    """
    known, broken = curves(metrics.points), never(metrics.points)
    shown = _chosen(known, keys) if keys else losses(known) or tuple(known.values())[:1]
    told_first = (
        _chosen(broken, keys) if keys else losses(broken) or (() if known else tuple(broken.values()))
    )
    missing = [key for key in dict.fromkeys(keys) if not (named(known, key) or named(broken, key))]
    name = job_name(job.job.experiment_name if job else None, request_id, settings, is_bold=True)
    is_live = job is None or not job.job.status.is_finished
    wrong = finding_lines(finding, is_live=is_live, is_alone=True)
    title = section("\n".join([f"📈 *Metrics*{SEPARATOR}{name}", *wrong]))
    stale = stale_warning(metrics.failure, metrics.fetched_at, now) if metrics.failure else ""
    remarks = _remarks({**known, **broken}, (*shown, *told_first), job, request_id)
    end = [context(["\n".join(filter(None, (*remarks, stale)))])]
    notes = _notes({**known, **broken}, shown, missing)
    shown, told_first = shown[:MOST_CURVES], told_first[:MOST_CURVES]
    sentence = _sentence(job, request_id, (*told_first, *shown), notes)
    sentence = " ".join(filter(None, (spoken_finding(finding, is_live=is_live, is_alone=True), sentence)))
    start = [title, *never_told([(each.key, each) for each in told_first])]
    said = [section(notes)] if notes else []
    if not shown:
        return Card(sentence, [*start, *said, *end])
    lines = [(curve.key, curve) for curve in shown]
    return Card(
        sentence,
        [*start, *_charts(shown), in_words(lines), *how_drawn(shown), *said, *end],
        plainer=Card(sentence, [*start, in_bars(lines), *said, *end]),
    )


def _chosen(known: Mapping[str, _Series], keys: Sequence[str]) -> tuple[_Series, ...]:
    """The series that these names mean, each once."""
    found = (named(known, key) for key in keys)
    return tuple(dict.fromkeys(series for series in found if series is not None))


def _charts(shown: Sequence[Curve]) -> list[Block]:
    """One chart for the curves of the first one's height, and another for the rest."""
    height = _height(shown[0])
    alike = [curve for curve in shown if 1 / _UNLIKE <= _height(curve) / height <= _UNLIKE]
    others = [curve for curve in shown if curve not in alike]
    return [chart(_chart_title(each), [(c.key, c) for c in each]) for each in (alike, others) if each]


def _height(curve: Curve) -> float:
    """How large its values get; never 0 and never infinite."""
    return max(1e-300, min(1e300, max(map(abs, curve.values))))


def _chart_title(shown: Sequence[Curve]) -> str:
    words = "Loss" if all(curve.key.lower().endswith("loss") for curve in shown) else shown[0].key
    return words if words == "Loss" or len(shown) == 1 else f"{words} and others"


def _notes(known: Mapping[str, object], shown: Sequence[Curve], missing: Sequence[str]) -> str:
    """What was asked for and is not shown; ``mrkdwn``."""
    if not known:
        return "This job hasn't logged any metrics yet."
    notes = []
    if missing:
        notes.append(f"No metric is called {_listed(missing)}. Available: {_listed(tuple(known))}.")
    if len(shown) > MOST_CURVES:
        notes.append(
            f"{len(shown) - MOST_CURVES:,} more left out: a chart shows at most {MOST_CURVES} metrics."
        )
    return " ".join(notes)


def _remarks(
    known: Mapping[str, object], shown: Sequence[Curve | Broken], job: Snapshot | None, request_id: str
) -> list[str]:
    others = [key for key in known if key not in {curve.key for curve in shown}]
    known_as = SEPARATOR.join(filter(None, (_state(job), short_id_words(request_id))))
    remarks = (
        known_as or "A job without an ID",
        f"Also logged: {_listed(others)}" if others and shown else "",
    )
    return [remark for remark in remarks if remark]


def _state(job: Snapshot | None) -> str:
    if job is None:
        return ""
    status = plain(phrases.status_words(job.job), _KEY_CHARACTERS)
    reached = "" if job.job.status.is_finished else phrases.percent(job.job.progress)
    return f"{status}, {reached}" if reached else status


def _listed(keys: Sequence[str]) -> str:
    names = ", ".join(filter(None, (code(key, _KEY_CHARACTERS) for key in keys[:_KEYS])))
    more = len(keys) - _KEYS
    return f"{names} and {more:,} more" if more > 0 else names or "one without a name"


def _sentence(job: Snapshot | None, request_id: str, shown: Sequence[Curve | Broken], notes: str) -> str:
    subject = spoken(job.job.experiment_name if job else None, request_id)
    values = [f"{plain(each.key, _KEY_CHARACTERS)} {_value(each)}" for each in shown]
    told_of = "; ".join(values) or notes.replace("`", "")
    return cut(f"Metrics of {subject}: {told_of}", _TEXT_CHARACTERS, note="…")


def _value(series: Curve | Broken) -> str:
    """What it has come to: first of all whether it still is a number."""
    if isinstance(series, Broken):
        return series.words
    known = summary(series)
    last = spelled(known.last, DIGITS)
    best = f", best {spelled(known.best[0], DIGITS)}" if known.best else ""
    return f"{series.broken.words}, before that {last}{best}" if series.broken else f"{last}{best}"
