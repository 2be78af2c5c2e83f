"""When the list is asked for, and what one that comes or fails makes of the jobs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.errors import RateLimitedError, TrainingApiError, UnreadableError, UpstreamFailedError
from bot.domain.listing import ListChanges
from bot.domain.polling.intervals import Bounds
from bot.domain.polling.list_outcomes import (
    REFUSED,
    UNFIT,
    ListOutcomes,
    NextList,
    list_came,
    list_failed,
    uses_list,
)
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.ports import ClaimedJob, ClaimedList, ListPlan
from tests.domain.subscriptions.story import START, Story, document, row

POLICY = PollPolicy(Bounds(30, 120), lambda: 0.5)
SECOND = timedelta(seconds=1)
PLAN = ListPlan(5, START, None, None, None)


@pytest.mark.parametrize(
    ("plan", "by_list", "used"),
    [
        (ListPlan(1, None, None, None, None), True, False),
        (ListPlan(2, None, None, None, None), True, True),
        (ListPlan(2, None, None, None, None), False, False),
        (ListPlan(0, None, None, None, None, wants_list=True), False, True),
        (ListPlan(2, None, START + SECOND, None, None, wants_list=True), True, False),
        (ListPlan(2, None, START, None, None), True, True),
    ],
)
def test_the_list_is_asked_for_where_it_saves_requests(plan: ListPlan, by_list: bool, used: bool) -> None:  # noqa: FBT001  (a case)
    """From two jobs on, or for a feed; not while it is refused."""
    assert uses_list(plan, START, by_list=by_list) is used


@pytest.mark.parametrize(
    ("failures", "error", "wants_list", "pause", "following"),
    [
        (0, TrainingApiError(status=404), False, REFUSED, (0, True)),
        (0, TrainingApiError(status=404), True, UNFIT, (0, True)),
        (0, UnreadableError(), False, UNFIT, (0, True)),
        (2, UpstreamFailedError(status=500), False, UNFIT, (0, True)),
        (0, UpstreamFailedError(status=500), False, 60 * SECOND, (1, False)),
        (1, UpstreamFailedError(status=500), False, 120 * SECOND, (2, False)),
        (0, RateLimitedError(status=429, retry_after_seconds=500), False, 500 * SECOND, (1, False)),
        (2, RateLimitedError(retry_after_seconds=5), False, 120 * SECOND, (2, False)),
    ],
)
def test_a_list_that_fails_is_asked_for_later(
    failures: int,
    error: TrainingApiError,
    wants_list: bool,  # noqa: FBT001  (a case)
    pause: timedelta,
    following: tuple[int, bool],
) -> None:
    """One that is refused, or fails too often, is left alone for longer; our own full queue is no failure."""
    plan = replace(PLAN, wants_list=wants_list)
    found = list_failed(POLICY, ClaimedList("org", 1, failures), plan, error, START)
    counted, is_left_alone = following
    until = START + pause
    assert found == NextList(until, counted, until if is_left_alone else None)


def test_a_list_that_came_is_followed_by_another() -> None:
    """At once where there is more to take from it; else when the first job wants it."""
    assert list_came(POLICY, PLAN, START, for_watched=True, is_cut=True).at == START + 30 * SECOND
    early = list_came(POLICY, PLAN, START, for_watched=True, is_cut=False)
    late = list_came(POLICY, PLAN, START, for_watched=False, is_cut=False)
    assert START < early.at < late.at <= START + 120 * SECOND
    assert (early.failures, early.refused_until) == (0, None)


def _outcomes(*, gone: frozenset[str] = frozenset(), **changes: object) -> ListOutcomes:
    said = {"changed": {}, "missing": frozenset[str](), **changes}
    return ListOutcomes(POLICY, ListChanges(**said), gone)  # type: ignore[arg-type]  (said by name)


def test_each_job_is_taken_by_its_row_or_its_absence() -> None:
    """A new row is taken; a job that has gone is due; of one that is missing for longer nothing is known."""
    story = Story("RUNNING", progress=10)
    story.look("RUNNING", progress=20)
    due_at = story.now + 50 * SECOND
    claim = ClaimedJob("org", "job-1", 1, story.state, due_at)
    now = story.now + SECOND
    moved = _outcomes(changed={"job-1": (7, row("RUNNING", progress=30))}).of(claim, now)
    assert (moved.fingerprint, moved.state.job.progress) == (7, 30)
    missing = frozenset({"job-1"})
    assert _outcomes(missing=missing, gone=missing).of(claim, now).next_look_at == now
    for unknown in (_outcomes(missing=missing), _outcomes(is_cut=True)):
        look = unknown.of(claim, now)
        assert (look.state, look.next_look_at, look.fingerprint) == (story.state, due_at, None)
    same = _outcomes().of(claim, now)
    assert (same.state.job, same.row) == (story.state.job, None)
    assert not same.notifications


@pytest.mark.parametrize("bounds", [Bounds(0.5, 0.5), Bounds(5, 15), Bounds(15, 120)])
@pytest.mark.parametrize("jitter", [0.0, 1.0])
def test_no_job_on_a_list_is_due_further_ahead_than_is_said(bounds: Bounds, jitter: float) -> None:
    """What is due later was written by a clock that jumped. Nor is a state written anew all the time."""
    policy, story = PollPolicy(bounds, lambda: jitter), Story("RUNNING", progress=10)
    story.look("RUNNING", progress=20)
    look = policy.as_before(ClaimedJob("org", "job-1", 1, story.state, story.now), story.now)
    assert 45 * SECOND <= look.next_look_at - story.now <= policy.longest_listed


def test_a_row_that_says_too_little_asks_for_the_document() -> None:
    """An end in the list has no reason: the job is due at once."""
    story = Story("RUNNING", progress=90)
    story.take(document("RUNNING", progress=95))
    claim = ClaimedJob("org", "job-1", 1, story.state, story.now + 50 * SECOND)
    look = _outcomes(changed={"job-1": (7, row("FAILED"))}).of(claim, story.now)
    assert look.next_look_at == story.now
    assert not look.notifications
