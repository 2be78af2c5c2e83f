"""A job in a line or two: of the organization's list, and below a link to its page."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from bot.cards.jobs.job_lines import NO_FACTS, Seen, ended_line, progress_line, title_line
from bot.cards.kit import actions, phrases
from bot.cards.kit.actions import Chosen
from bot.cards.kit.card import Block, context, section
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, job_name, short_id_words
from bot.cards.kit.diagnosis import FINDINGS, WARNING, brief_cause, diagnosed, try_line
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import SEPARATOR, cut, label, line, unbroken, words
from bot.cards.kit.timing import clock, in_one_unit
from bot.cards.kit.traceback_text import telling
from bot.cards.subscriptions.finding import Unhelpful
from bot.domain.curves.metrics_facts import LossFacts
from bot.domain.curves.run_doctor import Finding
from bot.domain.job import JobStatus, JobSummary, TrainingJob
from bot.domain.ports import Snapshot
from bot.domain.spelling import measured

_STATUS_CHARACTERS: Final = 60
_CAUSE_CHARACTERS: Final = 70
_DIGITS: Final = 3


class RowFacts(NamedTuple):
    """What is known of a job beside its row."""

    outcome: str = ""
    """As `outcome_of` says it."""
    finding: Finding | None = None
    """The worst thing that the run doctor found, where nobody hid it."""
    cause: str = ""
    """As `cause_of` says it."""


NOTHING_KNOWN: Final = RowFacts()


def job_row(  # noqa: PLR0913  (each by its name)
    job: JobSummary,
    now: datetime,
    *,
    with_id: bool = False,
    settings: CardSettings = NOTHING_SET,
    facts: RowFacts = NOTHING_KNOWN,
    is_bold: bool = False,
    says_finding: bool = True,
) -> str:
    """What tells this job from the others, and how it is, in one number; ``mrkdwn``. ``now`` is aware.

    A finding's symbol replaces the status's. ``with_id`` where the name alone is not enough to tell;
    without ``says_finding`` the words of a finding stand elsewhere.
    """
    symbol = phrases.SYMBOLS[job.status] if facts.finding is None else WARNING
    said = (_state(job, now), facts.outcome)
    if facts.finding is not None and says_finding:
        said = (_status(job), FINDINGS[facts.finding.name].brief)
    parts = (
        f"{symbol} {job_name(job.experiment_name, job.request_id, settings, is_bold=is_bold)}",
        short_id_words(job.request_id) if with_id and job.experiment_name else "",
        ", ".join(filter(None, said)),
    )
    return SEPARATOR.join(part for part in parts if part)


def hide_option(request_id: str, finding: Finding) -> tuple[str, str]:
    """The choice in a line's menu that hides its finding."""
    chosen = Chosen(actions.NOT_HELPFUL, Unhelpful(request_id, finding.name).value())
    return "Hide this warning", chosen.option_value()


def cause_of(job: TrainingJob) -> str:
    """Why a job failed and what to try, or its error's first words, in a line of ``mrkdwn``."""
    if job.status is not JobStatus.FAILED or not job.error_message:
        return ""
    found = diagnosed(job)
    if found is None:
        return label(
            cut(f"Unknown: {line(telling(job.error_message).headline)}", _CAUSE_CHARACTERS, note="…")
        )
    advice = f"{SEPARATOR}{try_line(found.advice).replace('*Try:*', 'try')}" if found.advice else ""
    return f"{brief_cause(found.cause)}{advice}"


def outcome_of(job: TrainingJob, losses: LossFacts | None) -> str:
    """Why a job failed, or how good the model is that came of it, in a few words of ``mrkdwn``."""
    if job.status is JobStatus.FAILED and job.error_message:
        found = diagnosed(job)
        return "cause unknown" if found is None else brief_cause(found.cause)
    evaluation = losses.evaluation if losses and job.status is JobStatus.COMPLETED else None
    return "" if evaluation is None else unbroken(f"eval {measured(evaluation.best.value, _DIGITS)}")


def _state(job: JobSummary, now: datetime) -> str:
    """The status, and one number: how far a job came, or how long it has waited."""
    shown = _status(job)
    if job.status is JobStatus.RUNNING:
        return unbroken(f"{shown} {phrases.percent(job.progress)}".rstrip())
    if job.status is JobStatus.QUEUED and job.created_at is not None:
        return unbroken(f"{shown} {in_one_unit((now - job.created_at).total_seconds())}".rstrip())
    if job.status is JobStatus.CANCELLED and job.progress is not None:
        return unbroken(f"{shown} at {phrases.percent(job.progress)}")
    return shown


def _status(job: JobSummary) -> str:
    status = phrases.status_words(job)
    if job.status is JobStatus.UNKNOWN and job.status_text:
        return words(job.status_text, _STATUS_CHARACTERS, note="…")
    return words(status[:1].lower() + status[1:], _STATUS_CHARACTERS, note="…")


def unfurl_blocks(
    snapshot: Snapshot, *, request_id: str, now: datetime, settings: CardSettings = NOTHING_SET
) -> list[Block]:
    """Which job it is and how it is at ``now`` (aware, UTC), as the whole conversation reads it unasked.

    It says of when that is, since nobody keeps it up to date.
    """
    moment = snapshot.fetched_at if snapshot.failure else now
    seen = Seen(snapshot.job, request_id, moment, NO_FACTS, settings)
    known = progress_line(seen) if snapshot.job.status is JobStatus.RUNNING else ended_line(seen)
    remarks = (
        phrases.model(snapshot.job.model_details),
        f"as of {clock(snapshot.fetched_at, now)}",
        short_id_words(request_id),
    )
    gray = SEPARATOR.join(filter(None, remarks))
    blocks = [
        section("\n".join(filter(None, (title_line(seen), known)))),
        context([gray[:1].upper() + gray[1:]]),
    ]
    if snapshot.failure is not None:
        blocks.append(context([stale_warning(snapshot.failure, snapshot.fetched_at, now)]))
    return blocks
