"""What an answer of Slack's means for a message, an edit and a subscription."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channels.digest import Digest, Period
from bot.domain.errors import (
    SlackConversationError,
    SlackError,
    SlackGoneError,
    SlackLimitedError,
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    SlackRevokedError,
)
from bot.domain.job import TrainingJob
from bot.domain.messages.settling import Settling
from bot.domain.messages.slack_messages import Posted
from bot.domain.ports import Edit, Later, Over, Parked, Post, Sent
from bot.domain.sending import (
    CHANNEL_PAUSE_SECONDS,
    EDIT_PAUSE_SECONDS,
    EDIT_TRIES,
    GIVE_UP_AFTER,
    failed_edit,
    failed_post,
    homeless,
    is_refused,
    landed,
    pause_seconds,
    unsettled_post,
)
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.domain.subscriptions.notifications.notices import ChannelDigest, JobCard
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.subscription import Ending, Subscription

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = "1700000000.000100"


def _post(
    *,
    attempts: int = 1,
    tried_for: timedelta = timedelta(0),
    thread_ts: str | None = ROOT,
    kind: type[Notification] = Progress,
    **facts: Any,
) -> Post:
    subscription = Subscription("s1", "T1", "C1", "org", "job-1", NOW, thread_ts=thread_ts)
    notification = kind(once_key="x", at=NOW, **facts)
    return Post(
        id="p1",
        subscription=subscription,
        notification=notification,
        broadcast=False,
        attempts=attempts,
        first_try_at=NOW - tried_for,
        is_uncertain=False,
    )


def _edit(attempts: int = 1) -> Edit:
    return Edit(_post().subscription, 1, TrainingJob.from_json(b'{"status": "RUNNING"}'), NOW, attempts)


def _permanent(code: str) -> SlackError:
    if code == "missing_scope":
        return SlackPermissionError(code, slack_code=code)
    kind = SlackConversationError if code == "is_archived" else SlackPermanentError
    return (SlackRevokedError if "token" in code or "auth" in code else kind)(code, slack_code=code)


def test_pauses_double_up_to_ten_minutes() -> None:
    """2 s, 4 s, … and never more than 10 min, whatever the count."""
    assert [pause_seconds(attempts, 0.5) for attempts in (1, 2, 3, 9, 10, 11)] == [2, 4, 8, 512, 600, 600]


@given(st.integers(-5, 10**12), st.floats(0, 1))
def test_pauses_are_bounded(attempts: int, jitter: float) -> None:
    """Chance moves a pause by a quarter at most."""
    assert 1.5 <= pause_seconds(attempts, jitter) <= 750


def test_a_429_waits_as_long_as_slack_says_and_holds_its_lane() -> None:
    """It surely did not happen; the lane waits as long."""
    verdict = failed_post(SlackLimitedError(retry_after_seconds=30), _post(attempts=9), NOW, 0.5)
    assert verdict.outcome == Later(NOW + timedelta(seconds=30), "ratelimited", may_have_happened=False)
    assert verdict.lane_seconds == 30


@pytest.mark.parametrize("seconds", [0.0, 1e300, float("inf")])
def test_a_senseless_retry_after_is_bounded(seconds: float) -> None:
    """No wait is shorter than the channel's own pause, or closes the channel for hours."""
    verdict = failed_post(SlackLimitedError(retry_after_seconds=seconds), _post(), NOW, 0.5)
    assert isinstance(verdict.outcome, Later)
    assert verdict.outcome.at <= NOW + timedelta(minutes=15)
    assert CHANNEL_PAUSE_SECONDS <= verdict.lane_seconds <= 900


@pytest.mark.parametrize("may_have_happened", [True, False])
def test_a_passing_failure_comes_back_later(*, may_have_happened: bool) -> None:
    """The pause grows with the tries; only this message waits, and it is known whether it may be there."""
    error = SlackPassingError("http_error (HTTP 500)", may_have_happened=may_have_happened)
    verdict = failed_post(error, _post(attempts=3), NOW, 0.5)
    assert verdict.outcome == Later(
        NOW + timedelta(seconds=8), "http_error (HTTP 500)", may_have_happened=may_have_happened
    )
    assert verdict.lane_seconds == CHANNEL_PAUSE_SECONDS


@pytest.mark.parametrize("error", [SlackLimitedError("full"), SlackPassingError("down")])
def test_after_a_day_a_message_is_parked_with_its_reason(error: SlackError) -> None:
    """A day after the first try there is no other."""
    outcome = failed_post(error, _post(tried_for=GIVE_UP_AFTER), NOW, 0.5).outcome
    assert outcome == Parked(error.detail)
    assert unsettled_post(error, _post(tried_for=GIVE_UP_AFTER), NOW, 0.5).outcome == Parked(error.detail)


def test_what_cannot_be_settled_stays_uncertain() -> None:
    """Where nobody can say whether it was sent, nothing is sent."""
    outcome = unsettled_post(SlackLimitedError("full", retry_after_seconds=5), _post(), NOW, 0.5).outcome
    assert outcome == Later(NOW + timedelta(seconds=5), "full", may_have_happened=True)


def test_a_search_is_kept_for_as_long_as_the_message_is_tried() -> None:
    """Then it is parked like any other."""
    settling, error = Settling.begin(NOW, NOW, "1.0"), SlackLimitedError("full", retry_after_seconds=5)
    outcome = unsettled_post(error, _post(), NOW, 0.5, settling).outcome
    assert outcome == Later(NOW + timedelta(seconds=5), "full", may_have_happened=True, settling=settling)
    assert unsettled_post(error, _post(tried_for=GIVE_UP_AFTER), NOW, 0.5, settling).outcome == Parked("full")


@pytest.mark.parametrize("code", ["is_archived", "token_revoked"])
def test_a_closed_conversation_ends_the_subscription(code: str) -> None:
    """For a message and for an edit alike, with Slack's code."""
    over = Over(Ending.CANNOT_POST, code)
    assert failed_post(_permanent(code), _post(), NOW, 0.5).outcome == over
    assert failed_edit(_permanent(code), _edit(), NOW, 0.5).outcome == over


@pytest.mark.parametrize("code", ["invalid_auth", "not_authed", "token_expired", "missing_scope"])
def test_what_the_operator_can_put_right_ends_nothing(code: str) -> None:
    """A wrong token at a restart must not cost a single subscription: the message waits, up to a day."""
    error = _permanent(code)
    assert not is_refused(error)
    assert isinstance(failed_post(error, _post(), NOW, 0.5).outcome, Later)
    assert isinstance(failed_edit(error, _edit(), NOW, 0.5).outcome, Later)
    assert failed_post(error, _post(tried_for=GIVE_UP_AFTER), NOW, 0.5).outcome == Parked(code)


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "a_code_nobody_knows"])
def test_a_refused_message_is_parked(code: str) -> None:
    """It would be refused tomorrow, too; the thread goes on without it."""
    error = _permanent(code)
    assert is_refused(error)
    assert failed_post(error, _post(), NOW, 0.5).outcome == Parked(code)
    assert failed_edit(error, _edit(), NOW, 0.5).outcome == Parked(code)


def test_a_thread_that_is_gone_ends_the_subscription() -> None:
    """So says Slack sometimes; otherwise a stray tells."""
    error = SlackGoneError(slack_code="thread_not_found")
    assert failed_post(error, _post(), NOW, 0.5).outcome == Over(Ending.THREAD_GONE, "thread_not_found")
    assert isinstance(failed_post(error, _post(thread_ts=None), NOW, 0.5).outcome, Later)


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message"])
def test_a_card_that_is_gone_ends_the_subscription(code: str) -> None:
    """There is nothing left to edit."""
    outcome = failed_edit(SlackGoneError(slack_code=code), _edit(), NOW, 0.5).outcome
    assert outcome == Over(Ending.CARD_GONE, code)


def test_a_workspace_that_forbids_late_edits_keeps_its_subscriptions() -> None:
    """The card stays as it is, and the thread goes on."""
    error = SlackGoneError("chat.update: edit_window_closed", slack_code="edit_window_closed")
    assert failed_edit(error, _edit(), NOW, 0.5).outcome == Parked("chat.update: edit_window_closed")


def test_edits_are_tried_for_about_a_day() -> None:
    """Edits do not know their first try, so their tries are counted."""
    total = sum(pause_seconds(attempts, 0.5) for attempts in range(1, EDIT_TRIES))
    assert GIVE_UP_AFTER.total_seconds() <= total < GIVE_UP_AFTER.total_seconds() * 1.02
    assert isinstance(failed_edit(SlackPassingError(), _edit(EDIT_TRIES - 1), NOW, 0.5).outcome, Later)
    assert isinstance(failed_edit(SlackPassingError(), _edit(EDIT_TRIES), NOW, 0.5).outcome, Parked)


def test_edits_leave_some_of_their_budget() -> None:
    """Slack takes 50 edits in a minute."""
    verdict = failed_edit(SlackPassingError(), _edit(), NOW, 0.5)
    assert verdict.lane_seconds == EDIT_PAUSE_SECONDS > 60 / 50


def test_where_a_message_landed() -> None:
    """A card opens a thread, a reply stands in one, a stray stands nowhere."""
    card, reply = _post(thread_ts=None, kind=JobCard), _post()
    assert landed(card, Posted("C1", "2.0", None)) == Sent("2.0", "2.0")
    assert landed(reply, Posted("C1", "2.0", ROOT)) == Sent("2.0", ROOT)
    assert landed(reply, Posted("C1", "2.0", None)) is None
    assert landed(reply, Posted("C1", "2.0", "2.0")) is None


def test_a_reply_without_a_thread_goes_nowhere() -> None:
    """Where the card was given up, replies must not fall into the channel."""
    digest = Digest(period=Period.DAILY, since=NOW - timedelta(days=1), until=NOW)
    assert homeless(_post(thread_ts=None)) == Parked("the card that opens its thread was not posted")
    assert homeless(_post(thread_ts=None, kind=JobCard)) is None
    assert homeless(_post(thread_ts=None, kind=ChannelDigest, digest=digest)) is None
    assert homeless(_post()) is None
