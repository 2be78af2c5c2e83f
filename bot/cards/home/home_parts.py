"""Which jobs the Home tab shows, and where: each once, with all of its reader's subscriptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from bot.cards.jobs.job_row import NOTHING_KNOWN, RowFacts
from bot.cards.kit.card import Card
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.reading import meant_status
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import SubscribedJob

FAILED_DAYS: Final = 7
ENDED_DAYS: Final = 1
_LIVE: Final = frozenset({JobStatus.RUNNING, JobStatus.QUEUED})


class Line(NamedTuple):
    """A job, or a group of jobs, once: with all of its reader's subscriptions."""

    job: JobSummary
    subscriptions: tuple[SubscribedJob, ...] = ()
    is_asked_about: bool = True
    """It is a job of the organization whose list is shown; in Home nobody can ask about another one's."""

    def known(self, facts: Mapping[str, RowFacts]) -> RowFacts:
        """What is known of it: the facts are of the jobs that are asked about."""
        return facts.get(self.job.request_id, NOTHING_KNOWN) if self.is_asked_about else NOTHING_KNOWN


class Parts(NamedTuple):
    """What the tab shows, each job once."""

    attention: Sequence[Line]
    """Failed this week, or something was found in their metrics; those with a subscription first."""
    live: Sequence[Line]
    ended: Sequence[Line]
    """Completed within a day; those with a subscription, however they ended."""
    names: Counter[str | None]

    @classmethod
    def of(
        cls,
        followed: Sequence[SubscribedJob] | Card,
        listing: JobListing | Card,
        now: datetime,
        facts: Mapping[str, RowFacts],
        org_id: str,
    ) -> Parts:
        """As far as both are known; the list is that of this organization."""
        mine: dict[tuple[str, str], list[SubscribedJob]] = {}
        for each in () if isinstance(followed, Card) else followed:
            mine.setdefault((each.subscription.org_id, each.subscription.request_id), []).append(each)
        listed = () if isinstance(listing, Card) else listing.jobs
        rows = {(org_id, job.request_id): job for job in listed}
        first = [
            Line(rows.get(key) or _summary(found[0]), tuple(found), key[0] == org_id)
            for key, found in mine.items()
        ]
        lines = [*first, *(Line(job) for key, job in rows.items() if key not in mine)]
        attention = [line for line in lines if _needs_attention(line, now, facts)]
        others = [line for line in lines if not _needs_attention(line, now, facts)]
        ended = [line for line in others if _has_just_ended(line, now)]
        live = [line for line in others if line.job.status in _LIVE or _is_unknown(line)]
        shown = (*attention, *live, *ended)
        return cls(attention, live, ended, Counter(line.job.experiment_name for line in shown))


def _summary(followed: SubscribedJob) -> JobSummary:
    """The job of a subscription that the list does not have."""
    status = meant_status(followed.status_text, followed.completed_at)
    return JobSummary(
        followed.subscription.request_id,
        followed.experiment_name,
        status,
        followed.status_text,
        updated_at=followed.completed_at,
        progress=followed.progress,
    )


def _needs_attention(line: Line, now: datetime, facts: Mapping[str, RowFacts]) -> bool:
    job = line.job
    if job.status is JobStatus.FAILED:
        return _is_after(job, now - timedelta(days=FAILED_DAYS))
    finding = line.known(facts).finding
    return finding is not None and (job.status in _LIVE or _has_just_ended(line, now))


def _has_just_ended(line: Line, now: datetime) -> bool:
    job = line.job
    if line.subscriptions:
        return job.status.is_finished
    is_known = job.status is JobStatus.COMPLETED and job.updated_at is not None
    return is_known and _is_after(job, now - timedelta(days=ENDED_DAYS))


def _is_unknown(line: Line) -> bool:
    """Nobody knows whether it runs, but its reader is subscribed to it."""
    return bool(line.subscriptions) and not line.job.status.is_finished


def _is_after(job: JobSummary, since: datetime) -> bool:
    """A job without any time is shown rather than missed."""
    moment = job.updated_at or job.created_at
    return moment is None or moment >= since
