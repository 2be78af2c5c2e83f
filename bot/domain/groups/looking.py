"""What a list of jobs, and then the members' own documents, say of a group. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.commands.stored_query import query_from_json
from bot.domain.curves.curves import Curve, Direction, curves, direction_of, named, summary
from bot.domain.diagnosis import diagnose
from bot.domain.groups.group import ENDED_BEFORE, MOST_MEMBERS, MOST_TRIES, EndFacts, Group, Member
from bot.domain.job import JobStatus, JobSummary, MetricPoint, TrainingJob
from bot.domain.job.forecast import elapsed_seconds, gpu_hours
from bot.domain.job.stored import plain
from bot.domain.redaction import cleaned

MISSED: Final = 3
"""A member that this many lists in a row did not have is asked for by itself: the list may be behind."""
MEASURED_EVERY: Final = 25.0
"""Percent: what a running member has logged is asked for each time it has come so far again."""
_NAME_CHARACTERS: Final = 200
_RETRY: Final = timedelta(minutes=1)
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be asked about a member."""

    request_id: str
    document: bool
    metrics: bool


@dataclass(frozen=True, slots=True)
class Learned:
    """What that brought; None for what did not come."""

    job: TrainingJob | None = None
    is_gone: bool = False
    """Simplismart has no such job."""
    points: Sequence[MetricPoint] | None = None


def look(group: Group, rows: Iterable[JobSummary], now: datetime) -> Group:
    """The group after a list of the organization's jobs, in any order. Who joins is decided here alone.

    The first list takes in what fits and is queued or running, and what ended within `ENDED_BEFORE`; each
    later one also what appeared since. A row that is older than what is known says nothing.
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


def wanted(group: Group, now: datetime) -> tuple[Wanted, ...]:
    """What is to be asked next, the most urgent first: failures, ends, who is missing, who has come far."""
    found = [(each, what) for each in group.members if (what := _wanted(each, now)) is not None]
    found.sort(key=lambda pair: (not pair[0].is_untold, not pair[0].status.is_finished, pair[0].tries))
    return tuple(what for _, what in found)


def learn(group: Group, learned: Mapping[str, Learned], now: datetime) -> Group:
    """The group with what was answered about members, by request id."""
    members = tuple(
        each if (answer := learned.get(each.request_id)) is None else _taught(each, answer, group.by, now)
        for each in group.members
    )
    return replace(group, members=members)


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
    found = [
        row
        for row in rows
        if query is not None
        and (not row.status.is_finished or (row.updated_at or row.created_at or _FIRST) >= since)
        and query.fits(row, now)
    ]

    def rank(row: JobSummary) -> tuple[bool, float, str]:
        return row.status.is_finished, -(row.created_at or _FIRST).timestamp(), row.request_id

    return sorted(found, key=rank)


def _member(row: JobSummary, group: Group, now: datetime) -> Member:
    """One that joins. That it had failed when somebody subscribed stands on the card they get."""
    is_news = group.looked_at is not None
    return Member(
        request_id=row.request_id,
        joined_at=now,
        name=cleaned(row.experiment_name, _NAME_CHARACTERS) if row.experiment_name else None,
        status=row.status,
        progress=row.progress,
        updated_at=row.updated_at,
        is_untold=is_news and row.status is JobStatus.FAILED,
    )


def _seen(member: Member, row: JobSummary | None, now: datetime) -> Member:
    """The member after a list."""
    again = member.next_try_at and min(member.next_try_at, now + _RETRY)
    if row is None:
        return replace(member, missed=member.missed + 1, next_try_at=again)
    if (row.updated_at or now) < (member.updated_at or _FIRST):
        return replace(member, missed=0, next_try_at=again)
    said = replace(
        member,
        missed=0,
        next_try_at=again,
        progress=member.progress if row.progress is None else row.progress,
        updated_at=row.updated_at or member.updated_at,
    )
    if row.status is JobStatus.UNKNOWN and member.status is JobStatus.ENDED:
        return said  # its document knows that a word that nobody documented was its end
    return _with_status(said, row.status)


def _with_status(member: Member, status: JobStatus) -> Member:
    """The member with this status: an end is one of a run, and another one makes it news again."""
    if status is member.status:
        return member
    was_over = member.status.is_finished
    if not status.is_finished and not was_over:
        return replace(member, status=status)
    return replace(
        member,
        status=status,
        run=member.run + was_over,
        value=None if was_over else member.value,
        measured_progress=None,
        facts=None,
        is_measured=False,
        tries=0,
        next_try_at=None,
        is_untold=status is JobStatus.FAILED,
    )


def _wanted(member: Member, now: datetime) -> Wanted | None:
    if member.next_try_at is not None and member.next_try_at > now:
        return None
    if member.status.is_finished and not member.is_settled:
        return Wanted(member.request_id, document=member.facts is None, metrics=not member.is_measured)
    is_unclear = member.missed >= MISSED or member.status is JobStatus.UNKNOWN
    if is_unclear and not member.status.is_finished:
        return Wanted(member.request_id, document=True, metrics=False)
    if member.status is JobStatus.RUNNING and (member.progress or 0.0) >= MEASURED_EVERY + (
        member.measured_progress or 0.0
    ):
        return Wanted(member.request_id, document=False, metrics=True)
    return None


def _taught(member: Member, answer: Learned, by: str, now: datetime) -> Member:
    if answer.is_gone:
        return replace(member, is_gone=True)
    if answer.job is not None and (member.missed >= MISSED or member.status is JobStatus.UNKNOWN):
        member = _with_status(replace(member, missed=0), answer.job.status)
    if answer.points is not None:
        value = best_value(answer.points, by)
        member = replace(member, value=value, measured_progress=member.progress or 0.0)
    if not member.status.is_finished:
        return replace(member, next_try_at=now + _RETRY)
    facts = member.facts if answer.job is None else _facts(answer.job, now)
    member = replace(member, facts=facts, is_measured=member.is_measured or answer.points is not None)
    if member.is_settled:
        return replace(member, next_try_at=None)
    return replace(member, tries=min(member.tries + 1, MOST_TRIES), next_try_at=now + _RETRY)


def _facts(job: TrainingJob, now: datetime) -> EndFacts:
    end = max(now, job.completed_at or now)
    diagnosis = diagnose(job) if job.status is JobStatus.FAILED else None
    return EndFacts(
        elapsed_seconds(job, end),
        gpu_hours(job, end),
        plain(job.infra_config.gpu_type),
        diagnosis.cause if diagnosis else None,
    )


def best_value(points: Iterable[MetricPoint], by: str) -> float | None:
    """The best of that metric; None where there is none, or it ended in values that are no numbers."""
    curve: Curve | None = named(curves(points), by)
    if curve is None or curve.broken is not None:
        return None
    known = summary(curve)
    return known.highest if is_higher_better(by) else known.lowest


def is_higher_better(by: str) -> bool:
    """Whether the highest value of that metric ranks first."""
    return direction_of(by) is Direction.HIGHER
