"""Alerts for a group of jobs: the first member that reaches the value answers one. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from bot.domain.clocks import CLOCK_SKEW
from bot.domain.commands.conditions.condition import Condition
from bot.domain.commands.conditions.reading import read_condition
from bot.domain.errors import NotUnderstoodError
from bot.domain.groups.forecast import job_of
from bot.domain.groups.group import Group, Member
from bot.domain.groups.learning import Learned
from bot.domain.job import JobStatus
from bot.domain.ports import AlertSubscriber
from bot.domain.subscriptions.alerts.alerts import Logged, Prices, Situation, verdict
from bot.domain.subscriptions.movement import Movement
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.watch_state import WatchedState

_OFTENEST: Final = timedelta(minutes=1)
_A_MEMBER: Final = timedelta(seconds=2)
"""However many members run, their metrics are asked for no faster than one in this time."""
_NOTHING: Final = Logged.of(())

GroupAnswers = tuple[tuple[AlertSubscriber, AlertResult], ...]


def measured_after(group: Group, waiters: Sequence[AlertSubscriber], now: datetime) -> datetime | None:
    """What a running member has logged is asked for where that was done before this; None without alerts."""
    asked = [waiter.since for waiter, condition in _read(waiters) if condition.is_metric]
    if not asked:
        return None
    running = sum(each.status is JobStatus.RUNNING for each in group.members)
    return max(*asked, now - max(_OFTENEST, running * _A_MEMBER))


def answered(  # noqa: PLR0913  (each by its name)
    group: Group,
    waiters: Sequence[AlertSubscriber],
    learned: Mapping[str, Learned],
    *,
    subject: str,
    now: datetime,
    prices: Prices,
    is_over: bool,
) -> GroupAnswers:
    """The alerts that are answered now, each once: by a member, or because the group ``is_over``.

    Args:
        group: as it is now.
        waiters: who set alerts for it.
        learned: what members have logged, as far as it was asked for in this look.
        subject: the group's.
        now: the present moment (aware, UTC).
        prices: of a GPU-hour.
        is_over: what was not reached will not be reached any more.
    """

    @cache
    def logged(request_id: str) -> Logged | None:
        points = learned[request_id].points if request_id in learned else None
        return None if points is None else Logged.of(points)

    def reached(waiter: AlertSubscriber, condition: Condition) -> AlertResult | None:
        for member in group.members:
            known = logged(member.request_id) if condition.is_metric else _NOTHING
            if known is None or not _counts(member, waiter.since):
                continue
            found = verdict(condition, Situation(_state(member, now), known, now, prices), waiter.since)
            if found.is_met:
                return _result(waiter, condition, now, member.name, found.evidence, member.request_id)
        return _result(waiter, condition, now, subject) if is_over else None

    results = ((waiter, reached(waiter, condition)) for waiter, condition in _read(waiters))
    return tuple((waiter, result) for waiter, result in results if result is not None)


def _read(waiters: Sequence[AlertSubscriber]) -> Iterator[tuple[AlertSubscriber, Condition]]:
    """What cannot be read was written by a newer version."""
    for waiter in waiters:
        try:
            yield waiter, read_condition(waiter.condition)
        except NotUnderstoodError:
            continue


def _counts(member: Member, since: datetime) -> bool:
    """Whether it went on when the alert was set, or came later: nobody waits for what had ended."""
    if not member.status.is_finished:
        return True
    ended_at = member.ended_at or member.joined_at
    return ended_at > since and (member.updated_at or ended_at) >= since - CLOCK_SKEW


def _state(member: Member, now: datetime) -> WatchedState:
    return WatchedState(
        job=job_of(member),
        first_seen_at=member.joined_at,
        seen_at=now,
        movement=Movement(moved_at=member.updated_at),
    )


def _result(  # noqa: PLR0913, PLR0917  (the facts of a message)
    waiter: AlertSubscriber,
    condition: Condition,
    now: datetime,
    name: str | None,
    evidence: str | None = None,
    request_id: str | None = None,
) -> AlertResult:
    return AlertResult(
        once_key=waiter.id,
        at=now,
        name=name,
        condition=condition.text,
        evidence=evidence,
        is_met=request_id is not None,
        user_id=waiter.user_id,
        request_id=request_id,
    )
