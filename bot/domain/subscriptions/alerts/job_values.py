"""Conditions on the job itself: its progress, the time left, its wait, what it has used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.domain.commands.conditions.condition import Condition
from bot.domain.job import JobStatus
from bot.domain.job.cost import Money, cost
from bot.domain.job.forecast import gpu_hours, remaining_seconds
from bot.domain.spelling import duration_text, measured
from bot.domain.subscriptions.alerts.verdict import Verdict
from bot.domain.subscriptions.watch_state import WatchedState

_WHOLE: Final = 100.0


def progress_verdict(condition: Condition, state: WatchedState) -> Verdict:
    """``progress >= 80%``."""
    job = state.job
    progress = _WHOLE if job.status is JobStatus.COMPLETED else job.progress
    if progress is None:
        return Verdict(is_met=False, evidence="its progress is unknown")
    is_met = condition.holds(progress) and job.status is not JobStatus.QUEUED
    said = f"{measured(progress)}%"
    return Verdict(is_met, f"progress hit {said}" if is_met else f"last value {said}")


def eta_verdict(condition: Condition, state: WatchedState, now: datetime) -> Verdict:
    """``eta < 30m``."""
    if state.job.status is JobStatus.COMPLETED:
        return Verdict(condition.holds(0.0), "it has completed")
    moved_at = state.movement.moved_at
    since_seconds = 0.0 if moved_at is None else max(0.0, (now - moved_at).total_seconds())
    seconds = remaining_seconds(state.job, since_seconds)
    if seconds is None:
        return Verdict(is_met=False, evidence="the time left is unknown")
    return Verdict(condition.holds(seconds), f"about {duration_text(seconds)} left")


def queued_verdict(condition: Condition, state: WatchedState, now: datetime) -> Verdict:
    """``queued > 30m``: only while it waits; what started in time is never late."""
    job = state.job
    is_waiting = job.status is JobStatus.QUEUED
    until = now if is_waiting else job.started_at
    if until is None:
        return Verdict(is_met=False, evidence="how long it was queued is unknown")
    seconds = max(0.0, (until - (job.created_at or state.first_seen_at)).total_seconds())
    said = duration_text(seconds)
    if not is_waiting:
        return Verdict(is_met=False, evidence=f"it started after {said} in the queue")
    return Verdict(condition.holds(seconds), f"queued for {said}")


def gpu_hours_verdict(condition: Condition, state: WatchedState, now: datetime) -> Verdict:
    """``gpu_hours > 100``."""
    used = gpu_hours(state.job, now)
    if used is None:
        return Verdict(is_met=False, evidence="its GPU-hours are unknown")
    is_met = condition.holds(used)
    return Verdict(is_met, f"{'used' if is_met else 'last value'} {used:,.1f} GPU-hours")


def cost_verdict(
    condition: Condition, state: WatchedState, now: datetime, prices: Mapping[str, Money]
) -> Verdict:
    """``cost > 50 USD``, by the prices of a GPU-hour."""
    spent = cost(state.job.infra_config.gpu_type, gpu_hours(state.job, now), prices)
    if spent is None:
        return Verdict(is_met=False, evidence="its cost is unknown")
    is_met = condition.holds(spent.amount)
    return Verdict(is_met, f"{'cost hit' if is_met else 'last value'} {spent}")
