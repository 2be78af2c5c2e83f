"""What the cache gives when asking fails: an earlier answer, or an error of one's own."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    KeyRejectedError,
    RateLimitedError,
    TrainingApiError,
    UnreachableError,
    UnreadableError,
    UpstreamFailedError,
    UpstreamTimeoutError,
)
from bot.domain.job import JobStatus
from bot.playground.clock import InstantClock
from tests.tables import each_row
from tests.training_api.upstream import (
    JOB_ID,
    Scripted,
    Upstream,
    failing,
    job,
    make_api,
)

FAILURES = [
    (failing(401), KeyRejectedError),
    (failing(403), KeyRejectedError),
    (failing(429), RateLimitedError),
    (failing(500), UpstreamFailedError),
    (failing(503), UpstreamFailedError),
    (httpx.ReadTimeout("late"), UpstreamTimeoutError),
    (httpx.ConnectError("refused"), UnreachableError),
    (Scripted(200, (b"<html>",)), UnreadableError),
    (Scripted(302, (), {"location": "https://elsewhere.example/"}), UnreadableError),
]


async def test_a_404_is_believed_for_five_seconds() -> None:
    """Each caller gets an error of its own; then the job is asked for again."""
    clock, upstream = InstantClock(), Upstream(failing(404), job())
    api = make_api(upstream, clock)
    errors = []
    for _ in range(3):
        with pytest.raises(JobNotFoundError) as caught:
            await api.job(JOB_ID)
        errors.append(caught.value)
    assert len(upstream.requests) == 1
    assert len(set(map(id, errors))) == 3
    assert {error.status for error in errors} == {404}
    assert api.peek(JOB_ID) is None
    clock.advance(5)
    assert (await api.job(JOB_ID)).job.status is JobStatus.RUNNING


async def test_a_thousand_callers_fail_each_with_an_error_of_its_own() -> None:
    """One question fails for all, and no traceback is shared."""
    api = make_api(Upstream(failing(500)), InstantClock())
    errors = await asyncio.gather(*(api.job(JOB_ID) for _ in range(1_000)), return_exceptions=True)
    assert {type(error) for error in errors} == {UpstreamFailedError}
    assert len(set(map(id, errors))) == 1_000


@each_row("failure, kind", FAILURES)
async def test_an_earlier_answer_stands_in_for_a_failure(
    failure: Scripted | Exception, kind: type[TrainingApiError]
) -> None:
    """With the reason beside it; a request was made, so it is not "from the cache"."""
    clock, upstream = InstantClock(), Upstream(job())
    api = make_api(upstream, clock)
    first = await api.job(JOB_ID)
    upstream.then(failure)
    clock.advance(3_000)
    stale = await api.job(JOB_ID)
    assert stale.job is first.job
    assert stale.fetched_at == first.fetched_at
    assert type(stale.failure) is kind
    assert stale.failure.__traceback__ is None
    assert not stale.from_cache


@each_row("failure, kind", FAILURES)
async def test_without_an_earlier_answer_a_failure_is_raised(
    failure: Scripted | Exception, kind: type[TrainingApiError]
) -> None:
    """Also when the earlier one is over an hour old."""
    clock, upstream = InstantClock(), Upstream(job())
    api = make_api(upstream, clock)
    await api.job(JOB_ID)
    upstream.then(failure)
    clock.advance(3_600)
    with pytest.raises(kind):
        await api.job(JOB_ID)


@pytest.mark.parametrize(("status", "kind"), [(404, JobNotFoundError), (400, InvalidIdError)])
async def test_answers_about_the_job_itself_are_not_hidden(status: int, kind: type[TrainingApiError]) -> None:
    """A job that is no more is not shown from the past."""
    clock, upstream = InstantClock(), Upstream(job(), failing(status))
    api = make_api(upstream, clock)
    await api.job(JOB_ID)
    clock.advance(10)
    with pytest.raises(kind):
        await api.job(JOB_ID)
    assert (api.recall(JOB_ID) is None) == (status == 404)


async def test_a_failed_job_may_be_asked_for_again_at_once() -> None:
    """The next question is a new one, and its answer has no failure."""
    clock, upstream = InstantClock(), Upstream(job(), failing(500), job("COMPLETED"))
    api = make_api(upstream, clock)
    await api.job(JOB_ID)
    clock.advance(10)
    assert (await api.job(JOB_ID)).failure is not None
    assert api.peek(JOB_ID) is None
    recovered = await api.job(JOB_ID)
    assert recovered.failure is None
    assert recovered.job.status is JobStatus.COMPLETED


async def test_refresh_right_after_a_failure_gives_the_answer_in_hand_with_its_warning() -> None:
    """A press on the button every moment does not load an API that is down."""
    clock, upstream = InstantClock(), Upstream(job(), failing(500))
    api = make_api(upstream, clock)
    await api.job(JOB_ID)
    clock.advance(2)
    for from_cache in (False, True, True):
        snapshot = await api.job(JOB_ID, refresh=True)
        assert snapshot.from_cache is from_cache
        assert isinstance(snapshot.failure, UpstreamFailedError)
    assert len(upstream.requests) == 2
