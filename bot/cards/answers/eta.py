"""What one wants to know of a job in a sentence, with its card behind a button."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cards.jobs.job_lines import NO_FACTS, JobFacts, Seen, loss_line
from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, can_ask_for, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, job_name
from bot.cards.kit.diagnosis import finding_lines, spoken_finding
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import date, plain, words
from bot.cards.kit.timing import Timing, ago, clock, in_words, timing_of
from bot.cards.kit.traceback_text import telling
from bot.domain.commands.sentences.intents import Aspect
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import eta_seconds
from bot.domain.ports import Snapshot

_STATUS_CHARACTERS: Final = 60
_ERROR_CHARACTERS: Final = 200
_NOBODY_SAID: Final = "Simplismart's API doesn't say who started a job."
_NOTHING_FOUND: Final = "Nothing looks wrong in its metrics."
_NO_METRICS: Final = "I have no metrics to judge by."


def eta_card(  # noqa: PLR0913  (each is a fact of its own)
    snapshot: Snapshot,
    *,
    request_id: str,
    now: datetime,
    asked: JobStatus | None = None,
    aspect: Aspect | None = None,
    facts: JobFacts = NO_FACTS,
    settings: CardSettings = NOTHING_SET,
) -> Card:
    """The answer to "is it done?", "did it fail?", "how long?", "is this normal?", "when did it start?".

    Args:
        snapshot: the job as it was seen.
        request_id: names it where it has no name; the button asks for it.
        now: the present moment (aware, UTC).
        asked: the status that the question is about; None where it is about the time left.
        aspect: what else is asked.
        facts: what the job's metrics say: what looks wrong in them is told, whatever was asked.
        settings: where jobs' pages are.
    """
    job, name = snapshot.job, snapshot.job.experiment_name
    moment = snapshot.fetched_at if snapshot.failure else now
    seen = Seen(job, request_id, moment, facts, settings)
    timing = timing_of(job, moment)
    answer = f"{_answer(job.status, asked)}{phrases.SYMBOLS[job.status]}"
    linked = job_name(name, request_id, settings, is_bold=True)
    more = _more(seen, aspect)
    shown = f"{answer} {linked} {_state(job, timing, moment, aspect, is_shown=True)}."
    said = f"{_answer(job.status, asked)}{phrases.spoken(name, request_id)}"
    said = f"{said} {_state(job, timing, moment, aspect, is_shown=False)}."
    card = button("Card", actions.OPEN, request_id) if can_ask_for(request_id) else None
    wrong = finding_lines(facts.finding, is_live=seen.is_live)
    wrong_said = spoken_finding(facts.finding, is_live=seen.is_live)
    unsaid = [_NOBODY_SAID] if aspect is Aspect.WHO else []
    blocks: list[Block] = [section("\n".join([*unsaid, shown, *more, *wrong]), card)]
    if snapshot.failure is not None:
        blocks.append(section(stale_warning(snapshot.failure, snapshot.fetched_at, now)))
    return Card(" ".join([*unsaid, said, *more, wrong_said]).rstrip(), blocks)


def _more(seen: Seen, aspect: Aspect | None) -> list[str]:
    """What the question asks beside how the job is, where that has an answer of its own."""
    if aspect is not Aspect.HEALTH or seen.facts.finding is not None:
        return []
    if seen.job.status in {JobStatus.FAILED, JobStatus.QUEUED}:
        return []
    if seen.facts.losses is None:
        return [_NO_METRICS]
    return list(filter(None, [_NOTHING_FOUND, loss_line(seen)]))


def _answer(status: JobStatus, asked: JobStatus | None) -> str:
    """Yes or no, as far as it was asked."""
    if asked is None or status in {JobStatus.UNKNOWN, JobStatus.ENDED}:
        return ""
    if status is asked:
        return "Yes: "
    if asked in {JobStatus.RUNNING, JobStatus.QUEUED}:
        return "Not yet: " if status is JobStatus.QUEUED else "No longer: " if status.is_finished else "No: "
    return "Not yet: " if asked is JobStatus.COMPLETED and not status.is_finished else "No: "


def _state(
    job: TrainingJob, timing: Timing, moment: datetime, aspect: Aspect | None, *, is_shown: bool
) -> str:
    if aspect in {Aspect.START, Aspect.WHO} and job.status is not JobStatus.QUEUED:
        return _started(job, moment, is_shown=is_shown)
    if job.status is JobStatus.RUNNING:
        return _running(job, timing, moment, is_shown=is_shown)
    if job.status is JobStatus.QUEUED:
        return f"has been queued for {timing.waited}" if timing.waited else "is queued"
    if job.status.is_finished:
        return _ended(job, timing, moment, is_shown=is_shown)
    status = (words if is_shown else plain)(job.status_text or "", _STATUS_CHARACTERS)
    percent = phrases.percent(job.progress)
    return f"has status {status or 'not reported'}{f', {percent}' if percent else ''}"


def _started(job: TrainingJob, moment: datetime, *, is_shown: bool) -> str:
    """When it did, and how it is now in a word."""
    status = (words if is_shown else plain)(phrases.status_words(job), _STATUS_CHARACTERS).lower()
    if job.started_at is None:
        return f"is {status}; Simplismart doesn't say when it started"
    at = clock(job.started_at, moment) if is_shown else ago(job.started_at, moment)
    since = f", {ago(job.started_at, moment)}" if is_shown else ""
    waited = in_words((job.started_at - job.created_at).total_seconds()) if job.created_at else ""
    queued = f", after {waited} in the queue" if waited else ""
    return f"started {at}{since}{queued}; it is {status}"


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
    reason = spelled(headline.rstrip("."), _ERROR_CHARACTERS) if job.status is JobStatus.FAILED else ""
    at = f" ({clock(job.completed_at, moment)})" if is_shown and job.completed_at else ""
    return f"{state}{after}{at}{f': {reason}' if reason else ''}".rstrip(".")
