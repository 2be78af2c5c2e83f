"""A sweep as lists show it, and what its members' documents say."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from bot.domain.commands.query import Query
from bot.domain.commands.stored_query import query_to_json
from bot.domain.groups.group import Group
from bot.domain.groups.learning import Learned, learn, wanted
from bot.domain.groups.looking import look
from bot.domain.groups.rounds import GroupRound, conclude
from bot.domain.job import JobStatus, JobSummary, MetricPoint, TrainingJob

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
NEW = Group(query_to_json(Query(names=("sweep-",))), T0)


def at(minutes: float) -> datetime:
    """So long after somebody subscribed."""
    return T0 + timedelta(minutes=minutes)


def row(name: str, status: str = "RUNNING", updated_at: datetime = T0, progress: float = 10.0) -> JobSummary:
    """A row of the list."""
    return JobSummary(
        name, name, JobStatus(status), status, updated_at - timedelta(hours=1), updated_at, progress=progress
    )


def ended(status: str = "COMPLETED", loss: float | None = 1.0) -> Learned:
    """What a member's document and its metrics say."""
    job = TrainingJob.model_validate({"status": status, "completed_at": T0.isoformat()})
    points = () if loss is None else (MetricPoint(key="eval_loss", value=loss, step=1),)
    return Learned(job, points=points)


def went(
    group: Group,
    rows: Iterable[JobSummary],
    now: datetime,
    losses: dict[str, float] | None = None,
    gone: Collection[str] = (),
) -> GroupRound:
    """One look, with every question answered; Simplismart has no documents of those that are ``gone``."""
    seen = look(group, rows, now)
    alive = {each.request_id: each.status for each in seen.members if each.status.is_alive}
    answers = {
        each.request_id: Learned(is_gone=True)
        if each.request_id in gone
        else ended(alive.get(each.request_id, "COMPLETED"), (losses or {}).get(each.request_id))
        for each in wanted(seen, now)
    }
    return conclude(group, learn(seen, answers, now), now)


def names(group: Group) -> list[str]:
    """Its members."""
    return sorted(each.request_id for each in group.members)
