"""A job's card as one sentence, for notifications and screen readers."""

from __future__ import annotations

from typing import Final

from bot.cards.jobs.job_lines import Seen
from bot.cards.kit.diagnosis import diagnosed
from bot.cards.kit.phrases import ENDED
from bot.cards.kit.text import cut, plain
from bot.domain.job import JobStatus
from bot.domain.job.ending import own_word
from bot.domain.spelling import DIGITS, measured

_CHARACTERS: Final = 290
_NAME_CHARACTERS: Final = 80
_STATUS_CHARACTERS: Final = 60
_REASON_CHARACTERS: Final = 160


def sentence(seen: Seen, headline: str, stale_for: str) -> str:
    """Everything the card says that cannot wait, and the whole ID; escaped, without markup.

    Args:
        seen: the job.
        headline: the line that says what went wrong, if anything.
        stale_for: how old the answer is, where asking anew failed.
    """
    name = plain(seen.job.experiment_name or "", _NAME_CHARACTERS, note="…")
    request_id = plain(seen.request_id, _NAME_CHARACTERS)
    told = f"{name or request_id or 'The job'}{_state(seen)}"
    if reason := _reason(seen, headline):
        told = f"{told}: {reason}"
    elif seen.facts.finding is not None:
        evidence = plain(seen.facts.finding.evidence, _REASON_CHARACTERS, note="…")
        told = f"{told}, but something looks wrong: {evidence}"
    if stale_for:
        told = f"Not current, from {stale_for} ago: {told}"
    ending = f" ({request_id})" if name and request_id else ""
    return cut(told, _CHARACTERS - len(ending), note="…") + ending


def _reason(seen: Seen, headline: str) -> str:
    if not headline:
        return ""
    found = diagnosed(seen.job)
    return plain(headline if found is None else f"{found.cause} {found.advice}", _REASON_CHARACTERS, note="…")


def _state(seen: Seen) -> str:
    job = seen.job
    if not seen.is_live:
        return _end(seen)
    if job.status is JobStatus.QUEUED:
        return f" has been queued for {seen.waited}" if seen.waited else " is queued"
    left = f"about {seen.left} left" if seen.left else ""
    parts = ", ".join(part for part in (seen.percent, left) if part)
    if job.status is JobStatus.RUNNING:
        return f" is running: {parts}" if parts else " is running"
    status = plain(job.status_text or "", _STATUS_CHARACTERS)
    state = f" has status {status}" if status else " has no reported status"
    return f"{state}, {parts}" if parts else state


def _end(seen: Seen) -> str:
    job = seen.job
    word = plain(own_word(job) or "", _STATUS_CHARACTERS)
    ended = f"ended as {word}" if word else ENDED.get(job.status, "ended")
    is_completed = job.status is JobStatus.COMPLETED
    lasted = f" {'in' if is_completed else 'after'} {seen.elapsed}" if seen.elapsed else ""
    at = f", at {seen.percent}" if seen.percent and job.status is JobStatus.CANCELLED else ""
    known = seen.facts.losses.evaluation if seen.facts.losses else None
    best = f", best eval loss {measured(known.best.value, DIGITS)}" if known and is_completed else ""
    return f" {ended}{lasted}{at}{best}"
