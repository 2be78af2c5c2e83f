"""What becomes of a row that a feed wants, once its document was asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.errors import (
    InvalidIdError,
    JobNotFoundError,
    RateLimitedError,
    TrainingApiError,
    UpstreamTimeoutError,
)
from bot.domain.polling.feed_outcomes import MOST_TRIES, FeedOutcome, FeedRow
from bot.domain.polling.intervals import Bounds
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.subscriptions.notifications.job_updates import Failed
from tests.domain.subscriptions.story import START, document, row

POLICY = PollPolicy(Bounds(30, 120), lambda: 0.5)
FEED = Feed("T1", "C1", "org", "U1", read_feed_query(()), START)
NOW = START + timedelta(minutes=5)


def _row(*, tries: int = 0, listed: bool = True) -> FeedRow:
    return FeedRow(POLICY, "org", row("FAILED", updated_at=60), [FEED], tries, listed)


def test_an_end_that_the_document_confirms_is_posted_and_remembered() -> None:
    """With how it ended, and polled by the list from then on."""
    outcome = _row().fetched(document("FAILED", updated_at=60), NOW)
    assert (outcome.is_settled, outcome.is_believed) == (True, True)
    assert outcome.post is not None
    assert outcome.finished is not None
    assert [type(each) for each in outcome.post.told] == [Failed]
    assert (outcome.post.feeds, outcome.post.state.wants_document) == ((FEED,), False)
    alone = _row(listed=False).fetched(document("FAILED", updated_at=60), NOW)
    assert alone.post is not None
    assert alone.post.next_look_at < outcome.post.next_look_at


def test_what_was_so_before_the_feed_began_is_no_news() -> None:
    """It is remembered all the same."""
    outcome = _row().fetched(document("FAILED", updated_at=-86_400, completed_at=-86_400), NOW)
    assert (outcome.is_believed, outcome.post, bool(outcome.finished)) == (True, None, True)


def test_a_document_that_contradicts_its_row_is_asked_for_again() -> None:
    """A few times; then the row is kept, and nothing posted."""
    running = document("RUNNING", progress=50)
    assert _row().fetched(running, NOW) == FeedOutcome(is_settled=False, tries=1)
    assert _row(tries=MOST_TRIES - 1).fetched(running, NOW) == FeedOutcome()


@pytest.mark.parametrize(
    ("error", "first", "last_is_posted"),
    [
        (JobNotFoundError(status=404), FeedOutcome(), False),
        (InvalidIdError(status=400), FeedOutcome(), False),
        (UpstreamTimeoutError(), FeedOutcome(is_settled=False, tries=1), True),
        (RateLimitedError(status=429), FeedOutcome(is_settled=False, tries=1), True),
        (RateLimitedError(), FeedOutcome(is_settled=False, tries=0), False),
    ],
)
def test_a_document_that_is_not_had(
    error: TrainingApiError,
    first: FeedOutcome,
    last_is_posted: bool,  # noqa: FBT001  (a case)
) -> None:
    """After a few tries the row is posted; a job that is no more is not, and our own queue is no try."""
    assert _row().failed(error, NOW) == first
    last = _row(tries=MOST_TRIES - 1).failed(error, NOW)
    assert (last.post is not None) is last_is_posted
    if last.post is not None:
        assert (last.is_settled, last.is_believed, last.post.state.wants_document) == (True, False, True)
