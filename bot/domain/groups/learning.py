"""What is to be asked about a group's members, and what the answers say of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.curves.curves import Curve, Direction, curves, direction_of, named, summary
from bot.domain.diagnosis import diagnose
from bot.domain.groups.group import MOST_TRIES, EndFacts, Group, Member, StartFacts
from bot.domain.groups.looking import RETRY, with_status
from bot.domain.job import JobStatus, MetricPoint, TrainingJob
from bot.domain.job.forecast import elapsed_seconds, gpu_hours
from bot.domain.job.stored import plain

MISSED: Final = 3
"""A member that this many lists in a row did not have is asked for by itself: the list may be behind."""
MEASURED_EVERY: Final = 25.0
"""Percent: what a running member has logged is asked for each time it has come so far again."""


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


def wanted(group: Group, now: datetime, measured_after: datetime | None = None) -> tuple[Wanted, ...]:
    """What is to be asked next, the most urgent first: failures, ends, who is missing, who has come far.

    Also what a running member has logged, where that was last asked for before ``measured_after``.
    """
    found = [(each, what) for each in group.members if (what := _wanted(each, now, measured_after))]
    found.sort(key=lambda pair: (not pair[0].is_untold, not pair[0].status.is_finished, pair[0].tries))
    return tuple(what for _, what in found)


def learn(group: Group, learned: Mapping[str, Learned], now: datetime) -> Group:
    """The group with what was answered about members, by request id."""
    members = tuple(
        each if (answer := learned.get(each.request_id)) is None else _taught(each, answer, group.by, now)
        for each in group.members
    )
    return replace(group, members=members)


def _wanted(member: Member, now: datetime, measured_after: datetime | None) -> Wanted | None:
    if member.next_try_at is not None and member.next_try_at > now:
        return None
    if member.status.is_finished and not member.is_settled:
        return Wanted(member.request_id, document=member.facts is None, metrics=not member.is_measured)
    is_unclear = member.missed >= MISSED or member.status is JobStatus.UNKNOWN
    if is_unclear and not member.status.is_finished:
        return Wanted(member.request_id, document=True, metrics=False)
    if member.status is not JobStatus.RUNNING:
        return None
    document = member.start is None
    metrics = (member.progress or 0.0) >= MEASURED_EVERY + (member.measured_progress or 0.0)
    if measured_after is not None:
        metrics = metrics or member.measured_at is None or member.measured_at < measured_after
    return Wanted(member.request_id, document=document, metrics=metrics) if document or metrics else None


def _taught(member: Member, answer: Learned, by: str, now: datetime) -> Member:
    if answer.is_gone:
        return replace(member, is_gone=True)
    if answer.job is not None and (member.missed >= MISSED or member.status is JobStatus.UNKNOWN):
        member = with_status(replace(member, missed=0), answer.job.status, now)
    if answer.job is not None and answer.job.status is member.status is JobStatus.RUNNING:
        member = replace(member, start=_start(member, answer.job))
    if answer.points is not None:
        value = best_value(answer.points, by)
        member = replace(member, value=value, measured_progress=member.progress or 0.0, measured_at=now)
    if not member.status.is_finished:
        return replace(member, next_try_at=now + RETRY)
    facts = member.facts if answer.job is None else _facts(answer.job, now)
    member = replace(member, facts=facts, is_measured=member.is_measured or answer.points is not None)
    if member.is_settled:
        return replace(member, next_try_at=None)
    return replace(member, tries=min(member.tries + 1, MOST_TRIES), next_try_at=now + RETRY)


def _start(member: Member, job: TrainingJob) -> StartFacts:
    """As in `bot.domain.job.resuming`: no document says that a job goes on after a pause."""
    infra, counted = job.infra_config, member.is_resumed and job.updated_at is not None
    return StartFacts(
        started_at=job.started_at,
        gpu_count=infra.gpu_count,
        node_count=infra.node_count,
        gpu_type=plain(infra.gpu_type),
        counted_from=job.progress if counted else None,
        counted_since=job.updated_at if counted else None,
    )


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
