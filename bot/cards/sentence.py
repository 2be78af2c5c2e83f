"""A job in one sentence, for notifications and screen readers."""

from __future__ import annotations

from typing import Final

from bot.cards import phrases
from bot.cards.text import cut, plain
from bot.cards.timing import Timing
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word

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
        timing: what can be told of its times.
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
