"""Whether a job is done, and how much longer it takes: one sentence, with the card behind a button."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, can_ask_for, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, job_name
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import date, plain, words
from bot.cards.kit.timing import Timing, clock, timing_of
from bot.cards.kit.traceback_text import telling
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import eta_seconds
from bot.domain.ports import Snapshot

_STATUS_CHARACTERS: Final = 60
_ERROR_CHARACTERS: Final = 200


def eta_card(
    snapshot: Snapshot,
    *,
    request_id: str,
    now: datetime,
    asked: JobStatus | None = None,
    settings: CardSettings = NOTHING_SET,
) -> Card:
    """The answer to "is it done?", "did it fail?", "how long?".

    Args:
        snapshot: the job as it was seen.
        request_id: names it where it has no name; the button asks for it.
        now: the present moment (aware, UTC).
        asked: the status that the question is about; None where it is about the time left.
        settings: where jobs' pages are.
    """
    job, name = snapshot.job, snapshot.job.experiment_name
    moment = snapshot.fetched_at if snapshot.failure else now
    timing = timing_of(job, moment)
    answer = f"{_answer(job.status, asked)}{phrases.SYMBOLS[job.status]}"
    linked = job_name(name, request_id, settings, is_bold=True)
    shown = f"{answer} {linked} {_state(job, timing, moment, is_shown=True)}"
    said = f"{_answer(job.status, asked)}{phrases.spoken(name, request_id)}"
    card = button("Card", actions.OPEN, request_id) if can_ask_for(request_id) else None
    blocks: list[Block] = [section(f"{shown}.", card)]
    if snapshot.failure is not None:
        blocks.append(section(stale_warning(snapshot.failure, snapshot.fetched_at, now)))
    return Card(f"{said} {_state(job, timing, moment, is_shown=False)}.", blocks)


def _answer(status: JobStatus, asked: JobStatus | None) -> str:
    """Yes or no, as far as it was asked."""
    if asked is None or status in {JobStatus.UNKNOWN, JobStatus.ENDED}:
        return ""
    if status is asked:
        return "Yes: "
    if asked in {JobStatus.RUNNING, JobStatus.QUEUED}:
        return "Not yet: " if status is JobStatus.QUEUED else "No longer: " if status.is_finished else "No: "
    return "Not yet: " if asked is JobStatus.COMPLETED and not status.is_finished else "No: "


def _state(job: TrainingJob, timing: Timing, moment: datetime, *, is_shown: bool) -> str:
    if job.status is JobStatus.RUNNING:
        return _running(job, timing, moment, is_shown=is_shown)
    if job.status is JobStatus.QUEUED:
        return f"has been queued for {timing.waited}" if timing.waited else "is queued"
    if job.status.is_finished:
        return _ended(job, timing, moment, is_shown=is_shown)
    status = (words if is_shown else plain)(job.status_text or "", _STATUS_CHARACTERS)
    percent = phrases.percent(job.progress)
    return f"has status {status or 'not reported'}{f', {percent}' if percent else ''}"


def _running(job: TrainingJob, timing: Timing, moment: datetime, *, is_shown: bool) -> str:
    percent = phrases.percent(job.progress)
    state = f"is at {percent}" if percent else "is running"
    if not timing.left:
        return f"{state}, running for {timing.elapsed}" if timing.elapsed else state
    seconds = eta_seconds(job, moment)
    if not is_shown or seconds is None:
        return f"{state}, about {timing.left} left"
    day = "{date_short_pretty} {time}" if seconds > timedelta(hours=12).total_seconds() else "{time}"
    return f"{state}, with {timing.left} left (about {date(moment + timedelta(seconds=seconds), day)})"


def _ended(job: TrainingJob, timing: Timing, moment: datetime, *, is_shown: bool) -> str:
    word = (words if is_shown else plain)(own_word(job) or "", _STATUS_CHARACTERS)
    state = f"ended as {word}" if word else phrases.ENDED.get(job.status, "ended")
    after = f" after {timing.elapsed}" if timing.elapsed else ""
    headline = telling(job.error_message).headline if job.error_message else ""
    spelled = words if is_shown else plain
    reason = spelled(headline, _ERROR_CHARACTERS) if job.status is JobStatus.FAILED else ""
    at = f" ({clock(job.completed_at, moment)})" if is_shown and job.completed_at else ""
    return f"{state}{after}{at}{f': {reason}' if reason else ''}".rstrip(".")
