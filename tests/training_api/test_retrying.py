"""When to ask again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from bot.domain.retry_after import LONGEST_SECONDS
from bot.training_api.retrying import (
    BUDGET_SECONDS,
    RETRIES,
    retry_decision,
)

PASSING = [
    UnreachableError("ConnectError"),
    RateLimitedError(status=429),
    *(UpstreamFailedError(status=status) for status in (502, 503, 504)),
]
LASTING = [
    UpstreamFailedError(status=500),
    UpstreamFailedError(status=418),
    UpstreamTimeoutError(),
    UnreadableError(status=200),
    KeyRejectedError(status=401),
    JobNotFoundError(status=404),
    InvalidIdError(status=400),
    RateLimitedError("our own queue"),
]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_passes_is_asked_twice_again(error: TrainingApiError) -> None:
    """Lost connections, 429 and 502-504 are asked again after a growing wait, and no third time."""
    waits = [retry_decision(attempt, error, BUDGET_SECONDS, None, 0.5) for attempt in range(RETRIES + 1)]
    assert waits[0] is not None
    assert waits[1] is not None
    assert 0 < waits[0] < waits[1]
    assert waits[2] is None


@pytest.mark.parametrize("error", LASTING, ids=repr)
def test_what_lasts_is_not_asked_again(error: TrainingApiError) -> None:
    """A 500, a time-out, an answer about the job, or our own full queue is final."""
    assert retry_decision(0, error, BUDGET_SECONDS, None, 0.5) is None


def test_retry_after_is_honoured_when_it_fits() -> None:
    """At least as long as asked is waited, with a little jitter."""
    delay = retry_decision(0, RateLimitedError(status=429), BUDGET_SECONDS, 3.0, 1.0)
    assert delay is not None
    assert 3.0 <= delay <= 3.5


@pytest.mark.parametrize(("remaining", "retry_after"), [(8.0, 30.0), (2.0, 2.0), (0.3, None), (-1.0, None)])
def test_a_wait_that_leaves_no_time_is_not_begun(remaining: float, retry_after: float | None) -> None:
    """Where the budget would end before the next answer, the failure is told at once."""
    assert retry_decision(0, RateLimitedError(status=429), remaining, retry_after, 0.5) is None


@given(
    attempt=st.integers(0, 5),
    error=st.sampled_from(PASSING + LASTING),
    remaining=st.floats(-10, 10),
    retry_after=st.none() | st.floats(0, LONGEST_SECONDS),
    jitter=st.floats(0, 1),
)
@settings(max_examples=100)
def test_a_wait_always_fits_the_budget(
    attempt: int, error: TrainingApiError, remaining: float, retry_after: float | None, jitter: float
) -> None:
    """Whatever happened: no wait is negative, shorter than asked for, or longer than what is left."""
    delay = retry_decision(attempt, error, remaining, retry_after, jitter)
    assert delay is None or max(0.0, retry_after or 0.0) <= delay < remaining
