"""The card of a training job: short enough for a phone, from blocks that every client shows."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import (
    HEADER_CHARACTERS,
    Block,
    Card,
    button,
    can_ask_for,
    context,
    fields,
    header,
    preformatted,
    section,
)
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.diagnosis import diagnosis_of, earlier_lines
from bot.cards.kit.references import person
from bot.cards.kit.stale import age, stale_warning
from bot.cards.kit.text import code, cut, date, plain
from bot.cards.kit.timing import Timing, timing_line, timing_of
from bot.cards.kit.traceback_text import Telling, telling
from bot.cards.subscriptions.card_subscription import Following, following_buttons, following_remark
from bot.domain.history import Earlier
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import gpu_hours
from bot.domain.ports import Snapshot

_PATH_CHARACTERS: Final = 600
_ID_CHARACTERS: Final = 300


class _Seen(NamedTuple):
    """A job, and what depends on the moment at which its card is drawn."""

    job: TrainingJob
    request_id: str
    timing: Timing
    error: Telling | None
    gpu_hours: float | None


def job_card(  # noqa: PLR0913  (each is one thing the card says)
    snapshot: Snapshot,
    *,
    now: datetime,
    request_id: str | None = None,
    shareable: bool = False,
    shared_by: str | None = None,
    left_out: int = 0,
    following: Following | None = None,
    earlier: Earlier | None = None,
    settings: CardSettings = NOTHING_SET,
) -> Card:
    """The card of a job.

    Args:
        snapshot: the job as it was seen.
        now: the present moment (aware, UTC).
        request_id: the id that was asked for; without one, the document's own. The buttons ask for it.
        shareable: offers to show the card to the whole conversation.
        shared_by: the user id of who shared it.
        left_out: how many more ids were named than were answered.
        following: who is subscribed to it in the card's conversation; None for no one.
        earlier: the last other job that failed the same way.
        settings: what the operator set.
    """
    job = snapshot.job
    moment = snapshot.fetched_at if snapshot.failure else now
    tells_error = job.status in {JobStatus.FAILED, JobStatus.ENDED, JobStatus.UNKNOWN}
    error = telling(job.error_message) if job.error_message and tells_error else None
    seen = _Seen(
        job, request_id or job.request_id or "", timing_of(job, moment), error, gpu_hours(job, moment)
    )
    blocks = [
        *_status(seen),
        *_facts(seen, settings),
        *_outcome(seen, earlier, now),
        *_actions(seen, following, shareable=shareable),
        *_context(snapshot, seen.request_id, following, shared_by, left_out),
    ]
    if snapshot.failure is not None:
        blocks.append(section(stale_warning(snapshot.failure, snapshot.fetched_at, now)))
    headline = error.headline if error else ""
    stale_for = age(snapshot.fetched_at, now) if snapshot.failure else ""
    return Card(sentence(job, seen.request_id, seen.timing, headline, stale_for), blocks)


def _status(seen: _Seen) -> list[Block]:
    job = seen.job
    title = f"{phrases.SYMBOLS[job.status]} {plain(phrases.status_words(job), HEADER_CHARACTERS // 2)}"
    if job.experiment_name:
        name = plain(job.experiment_name, HEADER_CHARACTERS - len(title) - len(" · ") - 1)
        title = f"{title} · {name}" if name else title
    shows_bar = job.progress is not None and (job.progress > 0 or job.status is not JobStatus.QUEUED)
    parts = [phrases.bar(job.progress)] if shows_bar and job.progress is not None else []
    timing = timing_line(job, seen.timing)
    parts += [timing] if timing else []
    return [header(title), section("\n".join(parts))] if parts else [header(title)]


def _facts(seen: _Seen, settings: CardSettings) -> list[Block]:
    job = seen.job
    spent = settings.cost(job.infra_config.gpu_type, seen.gpu_hours)
    texts = (
        phrases.model(job.model_details),
        phrases.method(job.train_config),
        phrases.dataset(job.dataset_details),
        phrases.hardware(job.infra_config, seen.gpu_hours, spent, finished=job.status.is_finished),
    )
    known = [text for text in texts if text]
    return [fields(known)] if known else []


def _outcome(seen: _Seen, earlier: Earlier | None, now: datetime) -> list[Block]:
    job, blocks = seen.job, []
    if job.output_model_path and job.status in {JobStatus.COMPLETED, JobStatus.ENDED, JobStatus.UNKNOWN}:
        path = code(job.output_model_path, _PATH_CHARACTERS)
        blocks += [section(f"*Output model*\n{path}")] if path else []
    if seen.error and seen.error.excerpt:
        blocks += [preformatted(seen.error.excerpt), *diagnosis_of(job), *earlier_lines(earlier, now)]
    elif job.status is JobStatus.FAILED:
        blocks.append(section("Simplismart didn't report a reason."))
    return blocks


def _actions(seen: _Seen, following: Following | None, *, shareable: bool) -> list[Block]:
    value = seen.request_id
    if not can_ask_for(value):
        return []
    buttons = [button("Refresh", actions.REFRESH, value), button("Details", actions.DETAILS, value)]
    if seen.error and seen.error.excerpt:
        buttons.append(button("Full error", actions.FULL_ERROR, value))
    if seen.job.status is not JobStatus.QUEUED:
        buttons.append(button("Metrics", actions.METRICS, value))
    buttons += following_buttons(following, value)
    if shareable:
        buttons.append(button("Share in channel", actions.SHARE, value))
    return [row_of(buttons)]


def _context(
    snapshot: Snapshot, request_id: str, following: Following | None, shared_by: str | None, left_out: int
) -> list[Block]:
    job = snapshot.job
    moments = (("Created", job.created_at), ("started", job.started_at), ("ended", job.completed_at))
    times = " · ".join([f"{word} {date(moment)}" for word, moment in moments if moment])
    sharer = person(shared_by)
    remarks = (
        following_remark(following),
        code(request_id, _ID_CHARACTERS),
        times[:1].upper() + times[1:],
        f"As of {date(snapshot.fetched_at, '{time_secs}')}" if snapshot.from_cache else "",
        f"Shared by {sharer}" if sharer else "",
        phrases.left_out(left_out),
    )
    known = [remark for remark in remarks if remark]
    return [context(known)] if known else []


_CHARACTERS: Final = 290
_NAME_CHARACTERS: Final = 80
_STATUS_CHARACTERS: Final = 60
_HEADLINE_CHARACTERS: Final = 200
_ENDED: Final = {
    JobStatus.COMPLETED: "completed",
    JobStatus.FAILED: "failed",
    JobStatus.CANCELLED: "was cancelled",
}


def sentence(job: TrainingJob, request_id: str, timing: Timing, headline: str, stale_for: str) -> str:
    """Everything the card says that cannot wait; escaped, without markup.

    Args:
        job: the job.
        request_id: names the job where it has no name.
        timing: what can be told about its times.
        headline: the line that says what went wrong, if anything.
        stale_for: how old the answer is, where asking anew failed.
    """
    name = plain(job.experiment_name or "", _NAME_CHARACTERS) or plain(request_id, _NAME_CHARACTERS)
    subject = f"Training job {name}" if name else "The training job"
    told = f"{subject}{_state(job, timing)}"
    if headline:
        told = f"{told}: {plain(headline, _HEADLINE_CHARACTERS)}"
    if stale_for:
        told = f"Not current, from {stale_for} ago: {told}"
    return cut(told, _CHARACTERS, note="…")


def _state(job: TrainingJob, timing: Timing) -> str:
    after = f" after {timing.elapsed}" if timing.elapsed else ""
    percent = phrases.percent(job.progress)
    if job.status.is_finished:
        return f" {_ended(job)}{after}"
    if job.status is JobStatus.QUEUED:
        return f" has been queued for {timing.waited}" if timing.waited else " is queued"
    if job.status is JobStatus.RUNNING:
        return _running(timing, percent)
    status = plain(job.status_text or "", _STATUS_CHARACTERS)
    state = f" has status {status}" if status else " has no reported status"
    return f"{state}, {percent}" if percent else state


def _ended(job: TrainingJob) -> str:
    word = plain(own_word(job) or "", _STATUS_CHARACTERS)
    return f"ended as {word}" if word else _ENDED.get(job.status, "ended")


def _running(timing: Timing, percent: str) -> str:
    state = f" has been running for {timing.elapsed}" if timing.elapsed else " is running"
    left = f"about {timing.left} left" if timing.left else ""
    parts = ", ".join(part for part in (percent, left) if part)
    return f"{state}: {parts}" if parts else state
