"""What an answer makes of a claimed job."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    RateLimitedError,
    TrainingApiError,
    UpstreamFailedError,
)
from bot.domain.polling.intervals import Bounds
from bot.domain.polling.metrics_checks import FIRST_METRICS_CHECK
from bot.domain.polling.poll_outcomes import AFTER_THE_LAST_STEP, PollPolicy
from bot.domain.ports import ClaimedJob
from bot.domain.subscriptions.notifications.job_updates import Completed, Started
from bot.domain.subscriptions.subscription import AFTER_THE_END, Ending
from tests.domain.subscriptions.story import Story, document

POLICY = PollPolicy(Bounds(30, 120), lambda: 0.5)
SECOND = timedelta(seconds=1)


def _claim(story: Story) -> ClaimedJob:
    return ClaimedJob("org", "job-1", 1, story.state, story.now)


def test_a_start_plans_the_first_metrics_check() -> None:
    """The thread is notified, and the card edited."""
    story = Story("QUEUED")
    look = POLICY.fetched(_claim(story), document("RUNNING", progress=0), story.now, listed=False)
    assert [type(each) for each in look.notifications] == [Started]
    assert (look.examine_at, look.document is not None) == (story.now + FIRST_METRICS_CHECK, True)


def test_an_end_is_remembered_and_plans_the_last_metrics_check() -> None:
    """The subscription goes on for a while."""
    story = Story("RUNNING", progress=90)
    look = POLICY.fetched(_claim(story), document("COMPLETED", progress=100), story.now, listed=False)
    assert [type(each) for each in look.notifications] == [Completed]
    assert look.examine_at == story.now + AFTER_THE_LAST_STEP
    assert look.finished is not None
    assert look.ends_at == story.now + AFTER_THE_END


def test_where_the_list_comes_too_the_next_poll_is_further_away() -> None:
    """By its grace, which it uses only if no list comes."""
    story = Story("RUNNING", progress=90)
    same = document("RUNNING", progress=90)
    alone, listed = (POLICY.fetched(_claim(story), same, story.now, listed=each) for each in (False, True))
    assert listed.next_look_at - alone.next_look_at >= POLICY.grace - 30 * SECOND
    assert (alone.document, listed.document) == (None, None)


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (UpstreamFailedError(status=500), 60),
        (RateLimitedError(status=429, retry_after_seconds=300), 300),
        (RateLimitedError(retry_after_seconds=5), 30),
    ],
)
def test_without_an_answer_the_job_is_polled_later(error: TrainingApiError, seconds: float) -> None:
    """As late as the training suite wants; where it was not asked nothing is counted."""
    story = Story("RUNNING", progress=90)
    look = POLICY.failed(_claim(story), error, story.now)
    assert look.next_look_at == story.now + seconds * SECOND
    assert look.state.failures == error.was_asked


@pytest.mark.parametrize(
    ("error", "times", "ending"),
    [
        (JobNotFoundError(status=404), 3, Ending.JOB_GONE),
        (InvalidIdError(status=400), 5, Ending.JOB_REFUSED),
    ],
)
def test_a_job_that_cannot_be_asked_about_ends_its_subscriptions(
    error: TrainingApiError, times: int, ending: Ending
) -> None:
    """Not before it was said several times in a row."""
    story, endings = Story("RUNNING", progress=90), []
    for _ in range(times):
        look = POLICY.failed(_claim(story), error, story.now)
        story.state = look.state
        endings.append(look.ends_now)
    assert endings == [None] * (times - 1) + [ending]
