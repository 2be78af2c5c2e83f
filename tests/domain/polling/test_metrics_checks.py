"""When a job is examined, and whether anything has to be asked for it: pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.domain.errors import JobNotFoundError, RateLimitedError, UpstreamFailedError
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.polling.metrics_checks import MetricsCheck
from bot.domain.ports import AlertSubscriber, ClaimedMetricsCheck, MetricsCheckOutcome
from bot.domain.subscriptions.watch_state import WatchedState

T0 = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def claim(
    after: timedelta,
    *conditions: str,
    status: str = "RUNNING",
    tells: bool = True,
    due_at: datetime | None = None,
    **state: Any,
) -> ClaimedMetricsCheck:
    """A job that started at `T0`, so much later."""
    job = TrainingJob(status=status, status_text=status, started_at=T0, progress=10.0)
    return ClaimedMetricsCheck(
        org_id="org",
        request_id="a",
        generation=1,
        state=WatchedState(job=job, first_seen_at=T0, seen_at=T0, **{"has_started": True} | state),
        due_at=due_at or T0 + after,
        failures=0,
        silenced=frozenset(),
        tells_findings=tells,
        waiters=tuple(AlertSubscriber(str(n), "s1", "U1", each, T0) for n, each in enumerate(conditions)),
    )


def asked(until: timedelta, *conditions: str, tells: bool = True) -> list[timedelta]:
    """When the metrics of a job are asked for, from its start on."""
    times, at = list[timedelta](), timedelta(minutes=10)
    while at <= until:
        examination = MetricsCheck(claim(at, *conditions, tells=tells), T0 + at)
        if examination.needs_metrics:
            times.append(at)
        next_at = examination.came(()).next_at
        assert next_at is not None
        assert next_at - T0 >= at + MINUTE
        at = next_at - T0
    return times


def test_a_run_is_examined_a_few_times() -> None:
    """At first every ten minutes, then once an hour."""
    times = asked(timedelta(hours=10))
    assert times[:4] == [10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 40 * MINUTE]
    assert len(times) <= 17
    assert times[-1] - times[-2] == HOUR
    assert len(asked(timedelta(days=2))) <= 55


def test_what_the_state_says_costs_no_requests() -> None:
    """The doctor comes as often as without those who wait for progress."""
    assert asked(timedelta(hours=3), "progress > 80", "eta < 30m", tells=False) == []
    alone, beside = asked(timedelta(hours=10)), asked(timedelta(hours=10), "eta < 30m")
    assert abs(len(alone) - len(beside)) <= 1


def test_a_metric_is_looked_at_every_few_minutes() -> None:
    """More often while the run is young."""
    times = asked(timedelta(hours=3), "loss < 1", tells=False)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert (min(gaps), max(gaps)) == (MINUTE, 5 * MINUTE)


@pytest.mark.parametrize(
    ("examination", "needs"),
    [
        (claim(HOUR), True),
        (claim(HOUR, tells=False), False),
        (claim(HOUR, "loss < 1", tells=False), True),
        (claim(HOUR, "loss < 1", status="QUEUED"), False),
        (claim(HOUR, "eta < 1h", status="COMPLETED", finished_seen_at=T0 + HOUR), True),
        (claim(HOUR, "what a newer version wrote", tells=False), False),
    ],
)
def test_metrics_are_asked_for_where_somebody_is_told(examination: ClaimedMetricsCheck, needs: bool) -> None:  # noqa: FBT001  (a case)
    """Not while a job waits in the queue."""
    assert MetricsCheck(examination, T0 + HOUR).needs_metrics is needs


def came(examination: ClaimedMetricsCheck, points: Sequence[MetricPoint] = ()) -> MetricsCheckOutcome:
    """What it came to an hour after the start."""
    return MetricsCheck(examination, T0 + HOUR).came(points)


def test_where_nobody_waits_and_nobody_is_told_nothing_is_due() -> None:
    """Until somebody comes; nor when the job has ended, nor before it starts."""
    assert came(claim(HOUR, tells=False)).next_at is None
    assert came(claim(HOUR, status="COMPLETED", finished_seen_at=T0)).next_at is None
    assert came(claim(HOUR, status="QUEUED", has_started=False)).next_at is None
    assert came(claim(HOUR, "loss < 1", status="QUEUED", has_started=False)).next_at is not None


def test_a_silent_training_suite_is_asked_less_and_less() -> None:
    """As it wants, up to once an hour; where it was not asked that is no failure."""
    check = MetricsCheck(claim(HOUR), T0 + HOUR)
    assert check.failed(UpstreamFailedError()) == MetricsCheckOutcome(check.claim, T0 + HOUR + MINUTE, 1)
    limited = RateLimitedError(status=429, retry_after_seconds=600)
    assert check.failed(limited).next_at == T0 + HOUR + 10 * MINUTE
    not_asked = RateLimitedError(retry_after_seconds=5)
    assert check.failed(not_asked) == MetricsCheckOutcome(check.claim, T0 + HOUR + MINUTE, 0)


def test_a_job_without_metrics_has_logged_nothing() -> None:
    """404 is an answer: no failure, and the next check is due as ever."""
    check = MetricsCheck(claim(HOUR), T0 + HOUR)
    assert check.failed(JobNotFoundError(status=404)) == check.came(())


def test_the_end_of_a_job_that_cannot_be_examined_is_told_all_the_same() -> None:
    """After a few tries; what the job's state says is known without."""
    ended = claim(HOUR, "loss < 1", "progress > 50", status="COMPLETED", finished_seen_at=T0 + HOUR)
    assert MetricsCheck(ended, T0 + HOUR).failed(UpstreamFailedError()).answers == ()
    over = MetricsCheck(replace(ended, failures=4), T0 + HOUR).failed(UpstreamFailedError())
    assert over.next_at is None
    told = [(note.evidence, note.is_met) for _, note in over.answers]
    assert told == [("its metrics could not be read", False), ("progress hit 100%", True)]


def test_a_job_with_odd_times_is_examined_all_the_same() -> None:
    """Which began in our future, or in the last century."""
    for started_at in (T0 + 100 * HOUR, datetime(2001, 1, 1, tzinfo=UTC)):
        made = claim(HOUR)
        job = made.state.job.model_copy(update={"started_at": started_at})
        state = made.state.model_copy(update={"job": job})
        odd = ClaimedMetricsCheck("org", "a", 1, state, T0, 0, frozenset(), tells_findings=True, waiters=())
        next_at = came(odd).next_at
        assert next_at is not None
        assert MINUTE <= next_at - T0 - HOUR <= HOUR
