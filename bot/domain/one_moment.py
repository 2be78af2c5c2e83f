"""What two sources say of the same jobs, as of one moment: no page tells a job in two ways. Pure.

The list of jobs and what the watcher remembers are looked at by themselves, and either may be the older one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.job import JobSummary
from bot.domain.job.reading import meant_status
from bot.domain.listing import JobListing
from bot.domain.subscriptions.subscription import SubscribedJob


def as_one(
    followed: Sequence[SubscribedJob], listing: JobListing, org_id: str
) -> tuple[Sequence[SubscribedJob], JobListing]:
    """Both, with every job that is in both as whichever knows it newer tells it.

    The list is that of the organization ``org_id``: another one's job may have the same ID.
    """
    rows = {row.request_id: row for row in listing.jobs}
    shown: list[SubscribedJob] = []
    for each in followed:
        is_listed = each.subscription.org_id == org_id
        row = rows.get(each.subscription.request_id) if is_listed else None
        if row is None:
            shown.append(each)
        elif _knows_newer(each, row, listing):
            rows[row.request_id] = _row_as_followed(row, each)
            shown.append(each)
        else:
            shown.append(_followed_as_row(each, row))
    jobs = tuple(rows.get(row.request_id, row) for row in listing.jobs)
    return shown, replace(listing, jobs=jobs)


def _knows_newer(followed: SubscribedJob, row: JobSummary, listing: JobListing) -> bool:
    """By the job's own time; where that does not tell, by when each was asked about."""
    seen = followed.seen
    if seen is None:
        return False
    if seen.updated_at is not None and row.updated_at is not None and seen.updated_at != row.updated_at:
        return seen.updated_at > row.updated_at
    return seen.at > listing.fetched_at


def _row_as_followed(row: JobSummary, followed: SubscribedJob) -> JobSummary:
    changed = None if followed.seen is None else followed.seen.updated_at
    return replace(
        row,
        status=meant_status(followed.status_text, followed.completed_at),
        status_text=followed.status_text,
        progress=followed.progress,
        updated_at=changed or row.updated_at,
    )


def _followed_as_row(followed: SubscribedJob, row: JobSummary) -> SubscribedJob:
    """What the row does not say stays as it was."""
    status_text = row.status_text or followed.status_text
    return replace(
        followed,
        experiment_name=row.experiment_name or followed.experiment_name,
        status_text=status_text,
        progress=followed.progress if row.progress is None else row.progress,
        completed_at=followed.completed_at if status_text == followed.status_text else None,
    )
