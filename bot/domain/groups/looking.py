"""What a list of jobs says of a group: who belongs to it, and how its members are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.commands.stored_query import query_from_json
from bot.domain.groups.group import (
    ENDED_BEFORE,
    MOST_MEMBERS,
    Group,
    Member,
)
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.resuming import RESTART_PERCENT
from bot.domain.redaction import cleaned

_NAME_CHARACTERS: Final = 200
RETRY: Final = timedelta(minutes=1)
"""Before what did not come is asked for again."""
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def look(group: Group, rows: Iterable[JobSummary], now: datetime) -> Group:
    """The group after a list of the organization's jobs, in any order. Who joins is decided here alone.

    The first list takes in what fits and is queued or running, and what ended within `ENDED_BEFORE`; each
    later one also what appeared since. A row that is older than what is known says nothing, and neither does
    one that is left of a job that is gone.
    """
    by_id = _newest(rows)
    members = [_seen(each, by_id.get(each.request_id), now) for each in group.members]
    known = {each.request_id for each in members}
    fitting = _fitting(group, [row for row in by_id.values() if row.request_id not in known], now)
    joining = [_member(row, group, now) for row in fitting[: MOST_MEMBERS - len(members)]]
    newest = now if joining else group.newest_joined_at
    return replace(
        group,
        members=(*members, *joining),
        newest_joined_at=None if newest is None else min(newest, now),  # the clock may have been set back
        looked_at=now,
        is_full=group.is_full or len(fitting) > len(joining),
    )


def _newest(rows: Iterable[JobSummary]) -> Mapping[str, JobSummary]:
    """Each job's row that was updated last."""
    found: dict[str, JobSummary] = {}
    for row in rows:
        known = found.get(row.request_id)
        if known is None or (known.updated_at or _FIRST) < (row.updated_at or _FIRST):
            found[row.request_id] = row
    return found


def _fitting(group: Group, rows: Iterable[JobSummary], now: datetime) -> list[JobSummary]:
    """What joins: first what has not ended, and of those what was made last."""
    query = query_from_json(group.query)
    since = group.since - ENDED_BEFORE
    gone = {each.request_id: each.updated_at or _FIRST for each in group.gone}
    found = [
        row
        for row in rows
        if query is not None
        and not (row.updated_at or _FIRST) <= gone.get(row.request_id, _NEVER)
        and (not row.status.is_finished or (row.updated_at or row.created_at or _FIRST) >= since)
        and query.fits(row, now)
    ]

    def rank(row: JobSummary) -> tuple[bool, float, str]:
        return row.status.is_finished, -(row.created_at or _FIRST).timestamp(), row.request_id

    return sorted(found, key=rank)


def _member(row: JobSummary, group: Group, now: datetime) -> Member:
    """One that joins. That it had failed when somebody subscribed stands on the card they get.

    Where that card was made without a list, Simplismart's clock and ours have to agree on what came first:
    a failure of the minutes before that is news once more does less harm than one that never is.
    """
    is_news = group.looked_at is not None or (row.updated_at or _FIRST) >= group.since - CLOCK_SKEW
    return Member(
        request_id=row.request_id,
        joined_at=now,
        name=cleaned(row.experiment_name, _NAME_CHARACTERS) if row.experiment_name else None,
        status=row.status,
        progress=row.progress,
        created_at=row.created_at,
        updated_at=row.updated_at,
        is_untold=is_news and row.status is JobStatus.FAILED,
    )


def _seen(member: Member, row: JobSummary | None, now: datetime) -> Member:
    """The member after a list."""
    again = member.next_try_at and min(member.next_try_at, now + RETRY)
    if row is None:
        return replace(member, missed=member.missed + 1, next_try_at=again)
    if (row.updated_at or now) < (member.updated_at or _FIRST):
        return replace(member, missed=0, next_try_at=again)
    progress = member.progress if row.progress is None else row.progress
    if (member.progress or 0.0) - (progress or 0.0) > RESTART_PERCENT:
        member = _paused(member)
    said = replace(
        member,
        missed=0,
        next_try_at=again,
        progress=progress,
        created_at=row.created_at or member.created_at,
        updated_at=row.updated_at or member.updated_at,
    )
    if row.status is JobStatus.UNKNOWN and member.status is JobStatus.ENDED:
        return said  # its document knows that a word that nobody documented was its end
    return with_status(said, row.status, now)


def with_status(member: Member, status: JobStatus, now: datetime) -> Member:
    """The member with this status: an end is one of a run, and another one makes it news again."""
    if status is member.status:
        return member
    member = _paused(member)
    was_over = member.status.is_finished
    if not status.is_finished and not was_over:
        return replace(member, status=status)
    return replace(
        member,
        status=status,
        run=member.run + was_over,
        value=None if was_over else member.value,
        measured_progress=None,
        measured_at=None,
        ended_at=now if status.is_finished else None,
        facts=None,
        is_measured=False,
        tries=0,
        next_try_at=None,
        is_untold=status is JobStatus.FAILED,
    )


def _paused(member: Member) -> Member:
    """The member, whose pace is counted anew where it had one."""
    return replace(member, start=None, is_resumed=member.is_resumed or member.start is not None)
