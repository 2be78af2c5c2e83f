"""A run as one message to keep: its configuration, result, curves and cost."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards.jobs.chart import in_bars, losses_drawn, never_told
from bot.cards.jobs.configuration_text import groups
from bot.cards.jobs.run import Run
from bot.cards.kit import phrases
from bot.cards.kit.card import (
    SECTION_CHARACTERS,
    Block,
    Card,
    context,
    preformatted,
    section,
)
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, short_id_words
from bot.cards.kit.diagnosis import diagnosis_of
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, code, cut, date, length, unbroken
from bot.cards.kit.traceback_text import telling
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.cost import Money, type_name

_TITLE: Final = "📄 *Report*"
_LEFT_OUT: Final = frozenset({"Times"})
"""Groups of the configuration that the report tells elsewhere."""
_OUTPUT: Final = "Output model: "
"""The line about what the run made, which is no configuration."""
_CONFIGURATION_CHARACTERS: Final = 5_000
_GROUP_CHARACTERS: Final = SECTION_CHARACTERS - 200
_PATH_CHARACTERS: Final = 600
_TEXT_CHARACTERS: Final = 290


def report_card(run: Run, *, now: datetime, settings: CardSettings = NOTHING_SET) -> Card:
    """Everything about a run, best when it is over.

    Args:
        run: the job and what it logged.
        now: the present moment (aware, UTC).
        settings: what the operator set: a price makes it say the cost.
    """
    job = run.job.job
    spent = settings.cost(job.infra_config.gpu_type, run.gpu_hours(now))
    title = f"{_TITLE}{SEPARATOR}{run.named(settings)}"
    start = [
        section("\n".join([title, *_outcome(run, now, spent, settings)])),
        *_result(job),
        *never_told([(each.key, each) for each in run.never]),
    ]
    end = [*_configuration(job), context(["\n".join([*_remarks(run, now), *_warning(run, now)])])]
    text = cut(", ".join(filter(None, _spoken(run, spent))), _TEXT_CHARACTERS, note="…")
    if not run.losses:
        return Card(text, [*start, *end])
    lines = [(curve.key, curve) for curve in run.losses]
    return Card(
        text,
        [*start, *losses_drawn(lines), *end],
        plainer=Card(text, [*start, in_bars(lines), *end]),
    )


def _outcome(run: Run, now: datetime, spent: Money | None, settings: CardSettings) -> list[str]:
    job = run.job.job
    lines = [run.outcome(now)]
    if spent is not None:
        price = settings.gpu_hour_prices[type_name(job.infra_config.gpu_type or "")]
        lines.append(f"Cost: {unbroken(str(spent))}, at {unbroken(str(price))} per GPU-hour")
    if not job.status.is_finished:
        lines.append("Not finished yet. These are the results so far.")
    if job.status in {JobStatus.COMPLETED, JobStatus.ENDED, JobStatus.UNKNOWN}:
        lines.append(code(job.output_model_path or "", _PATH_CHARACTERS))
    return [line for line in lines if line]


def _result(job: TrainingJob) -> list[Block]:
    """Why it failed, and the lines of the error that tell."""
    error = telling(job.error_message or "")
    return [*diagnosis_of(job), preformatted(error.excerpt)] if error.excerpt else []


def _configuration(job: TrainingJob) -> list[Block]:
    """How it was configured, a paragraph for each group, of a very long one as much as a message holds."""
    blocks, room, missing = [], _CONFIGURATION_CHARACTERS, 0
    for group in groups(job):
        if group.title in _LEFT_OUT:
            continue
        lines = [each for each in group.lines if not each.startswith(_OUTPUT)]
        shown: list[str] = []
        for each in lines:
            size = length(each) + len(SEPARATOR)
            if sum(map(length, shown)) + size + len(SEPARATOR) * len(shown) > min(room, _GROUP_CHARACTERS):
                break
            shown.append(each)
        room -= sum(map(length, shown)) + len(SEPARATOR) * len(shown)
        missing += group.left_out + len(lines) - len(shown)
        if shown:
            blocks.append(section(f"*{group.title}*\n{SEPARATOR.join(shown)}"))
    if missing:
        blocks.append(context([f"{phrases.count(missing, 'more line')} left out."]))
    return blocks


def _remarks(run: Run, now: datetime) -> list[str]:
    job = run.job.job
    moments = (("Created", job.created_at), ("started", job.started_at), ("ended", job.completed_at))
    times = SEPARATOR.join(f"{word} {date(moment)}" for word, moment in moments if moment)
    remarks = (
        times[:1].upper() + times[1:],
        SEPARATOR.join(filter(None, (f"Reported {date(now)}", short_id_words(run.request_id)))),
        "Its metrics are unavailable right now" if run.metrics is None else "",
        "It logged no loss" if run.metrics is not None and not (run.losses or run.never) else "",
    )
    return [remark for remark in remarks if remark]


def _warning(run: Run, now: datetime) -> list[str]:
    failure = run.job.failure
    return [] if failure is None else [stale_warning(failure, run.job.fetched_at, now)]


def _spoken(run: Run, spent: Money | None) -> tuple[str, ...]:
    cost_words = f"cost {spent}" if spent is not None else ""
    return f"Report: {run.spoken}", *run.broken(), run.best_loss(), cost_words
