"""What a feed posts of a job: three lines, with the whole card in the thread."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.card import Card, section
from bot.cards.kit.card_settings import job_name
from bot.cards.kit.diagnosis import FINDINGS, WARNING
from bot.cards.kit.phrases import spoken
from bot.cards.kit.references import group, people
from bot.cards.kit.text import SEPARATOR, cut, label, plain, unbroken
from bot.cards.kit.timing import clock, in_words, roughly
from bot.cards.subscriptions.ending import end_sentence, end_title, error_line, logged_by, result_lines
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.curves.run_doctor import Finding, examine
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.forecast import eta_seconds
from bot.domain.job.stored import plain as without_secrets
from bot.domain.subscriptions.end_facts import Head, end_notification
from bot.domain.subscriptions.notifications.job_updates import Completed, Ended, Failed

_TEXT_CHARACTERS: Final = 290
_STATUS_CHARACTERS: Final = 60
_MOST_LINES: Final = 3
_ABOUT: Final = "\N{ALMOST EQUAL TO}"
_NO_UPDATES: Final = "🔕 Updates ended"


def feed_post_card(
    job: TrainingJob, recipient: Recipient, now: datetime, finding: Finding | None = None
) -> Card:
    """The post, as the job is now; where it failed, people are mentioned.

    Those are the feed's user group, and who is subscribed to a group of jobs with this one.

    Args:
        job: the job.
        recipient: the channel, and what the job has logged where that is at hand.
        now: the moment to count from (aware, UTC).
        finding: the worst thing that the run doctor found last.
    """
    if job.status.is_finished:
        return _ended(job, recipient, now, finding)
    return _live(job, recipient, now, finding)


def _ended(job: TrainingJob, recipient: Recipient, now: datetime, finding: Finding | None) -> Card:
    name = without_secrets(job.experiment_name)
    notification = end_notification(job, job.status, Head(once_key="post", at=now, name=name))
    if isinstance(notification, Completed):
        seen = finding or _found(job, recipient)
        notification = notification.model_copy(update={"finding": seen})
    logged = logged_by(notification, recipient)
    has_failed = job.status is JobStatus.FAILED
    took = in_words(notification.duration_seconds) if has_failed else ""
    after = unbroken(f"after {took}") if took else ""
    whom = " ".join(filter(None, (people(recipient.in_groups), group(recipient.mention))))
    title = end_title(
        notification, recipient, after, whom if has_failed else "", is_doubtful=logged.finding is not None
    )
    lines = [title, *result_lines(notification, recipient, logged)][:_MOST_LINES]
    # Where the cause is known, the telling line of the error is on the card.
    is_unknown = isinstance(notification, Failed | Ended) and not notification.cause
    error = error_line(notification) if is_unknown else []
    return Card(end_sentence(notification, recipient, logged), [section("\n".join(lines)), *error])


def _found(job: TrainingJob, recipient: Recipient) -> Finding | None:
    """The worst thing in the metrics of a job that nobody looked at before, where nobody hid it."""
    found = examine(recipient.points, progress=job.progress)
    return next((each for each in found if each.name not in recipient.hidden_findings), None)


def _live(job: TrainingJob, recipient: Recipient, now: datetime, finding: Finding | None) -> Card:
    request_id = recipient.subscription.request_id
    name = job_name(job.experiment_name, request_id, recipient.settings, is_bold=True)
    lines = [f"{phrases.SYMBOLS[job.status]} {phrases.status_title(job)}{SEPARATOR}{name}"]
    doubt = f"{WARNING} *{FINDINGS[finding.name].present}*: {label(finding.evidence)}" if finding else ""
    lines = [*lines, *filter(None, (doubt, _progress(job, now), _what(job)))][:_MOST_LINES]
    if not recipient.subscription.is_active:
        lines = [*lines[:2], _NO_UPDATES]
    status = plain(phrases.status_words(job), _STATUS_CHARACTERS).lower()
    said = f"{spoken(job.experiment_name, request_id)}: {status}"
    percent = phrases.percent(job.progress) if job.status is JobStatus.RUNNING else ""
    text = f"{said}, {percent}." if percent else f"{said}."
    return Card(cut(text, _TEXT_CHARACTERS, note="…"), [section("\n".join(lines))])


def _progress(job: TrainingJob, now: datetime) -> str:
    """How far it is and how much longer it takes, or since when it has been queued."""
    if job.status is JobStatus.QUEUED:
        return f"Since {clock(job.created_at, now)}" if job.created_at else ""
    eta = eta_seconds(job, now)
    left = roughly(eta)
    due = (
        f"{unbroken(f'{left} left')} ({_ABOUT}\u00a0{clock(now + timedelta(seconds=eta or 0), now)})"
        if left
        else ""
    )
    return SEPARATOR.join(filter(None, (phrases.bar(job.progress), due)))


def _what(job: TrainingJob) -> str:
    """The base model and the hardware."""
    parts = (phrases.model(job.model_details), phrases.gpus(job.infra_config))
    return SEPARATOR.join(filter(None, parts))
