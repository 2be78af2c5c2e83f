"""What polls and metrics checks are told as in each thread, and what cards say of the metrics after them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.domain.curves.run_doctor import Finding
from bot.domain.ports import Look, MetricsCheckOutcome
from bot.domain.subscriptions.notifications.job_updates import Completed, Started
from bot.domain.subscriptions.notifications.metrics_updates import MetricsFinding
from bot.domain.subscriptions.notifications.registry import copy_for
from bot.store.rows import mode_of
from bot.store.subscriptions.threads import JobKey, Message

_Hidden = Mapping[JobKey, Collection[str]]
"""The findings in each job that somebody silenced."""


def findings_of_polls(looks: Iterable[Look], hidden: _Hidden) -> Mapping[JobKey, Finding | None]:
    """What is known of the metrics of these jobs from now on: nothing of a run that has just started."""
    found: dict[JobKey, Finding | None] = {}
    for look in looks:
        key = look.claim.org_id, look.claim.request_id
        if look.findings:
            found[key] = _shown(look.findings, hidden.get(key, ()))
        elif any(isinstance(each, Started) for each in look.notifications):
            found[key] = None
    return found


def findings_of_checks(
    examined: Mapping[JobKey, MetricsCheckOutcome], hidden: _Hidden
) -> Mapping[JobKey, Finding | None]:
    """The same after metrics checks in which the run doctor looked."""
    return {
        key: _shown(each.standing, hidden.get(key, ()))
        for key, each in examined.items()
        if each.standing is not None
    }


def _shown(findings: Iterable[Finding], hidden: Collection[str]) -> Finding | None:
    return next((each for each in findings if each.name not in hidden), None)


def messages_of_poll(
    look: Look, threads: Sequence[Row[Any]], hidden: Collection[str], now: datetime
) -> Iterator[Message]:
    """Each notification for each subscription that is told about it, in order.

    What a completion says of the metrics is not told by itself after it.
    """
    finding = _shown(look.findings, hidden)
    for notification in look.notifications:
        is_said = finding is not None and isinstance(notification, Completed)
        told = notification.model_copy(update={"finding": finding}) if is_said else notification
        for row in threads:
            copy = copy_for(type(told), mode_of(row.mode), is_quiet=row.is_quiet, is_fed=row.is_fed)
            if copy is None:
                continue
            yield Message(row, told, copy.broadcast)
            if finding is not None and is_said:
                run, name = look.state.run, look.state.job.experiment_name
                yield Message(row, MetricsFinding.of(finding, run=run, at=now, name=name), is_said=True)


def messages_of_check(
    examined: MetricsCheckOutcome,
    threads: Sequence[Row[Any]],
    hidden: Collection[str],
    waiting: Collection[str],
) -> Sequence[Message]:
    """Findings for each thread that is told about them; answers in the threads they were waited for in."""
    findings = [
        Message(row, finding, copy.broadcast)
        for finding in examined.findings
        if finding.finding not in hidden
        for row in threads
        if (copy := copy_for(type(finding), mode_of(row.mode), is_quiet=row.is_quiet, is_fed=row.is_fed))
    ]
    by_id = {row.id: row for row in threads}
    answers = [
        Message(by_id[waiter.subscription_id], notification)
        for waiter, notification in examined.answers
        if waiter.id in waiting and waiter.subscription_id in by_id
    ]
    return [*findings, *answers]
