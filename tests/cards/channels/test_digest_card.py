"""Digests: what they say, and that every one is fit to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.channels.digest import digest_card
from bot.cards.channels.digest_plan import (
    digest_off_card,
    digest_set_card,
    digest_state_card,
    no_digest_card,
)
from bot.cards.kit.card import Card, context
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings
from bot.cards.kit.diagnosis import same_cause
from bot.cards.kit.fitting import MESSAGE_CHARACTERS
from bot.cards.kit.timing import ago
from bot.cards.subscriptions.notification import notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.channels.digest import Digest, DigestPlan, FailureGroup, Period, Run
from bot.domain.history import Earlier
from bot.domain.subscriptions.notifications.notices import ChannelDigest
from bot.playground.block_kit import message_problems
from tests.cards.jobs.test_hostile_documents import SECRETS
from tests.cards.phone_lines import phone_lines
from tests.cards.shown import NOW, live_markup, words
from tests.cards.subscriptions.test_hostile_updates import maybe, numbers, subscriptions, user_ids
from tests.cards.subscriptions.test_hostile_updates import words as hostile
from tests.cards.subscriptions.told import SUBSCRIPTION

DAY = Digest(period=Period.DAILY, since=NOW - timedelta(days=1), until=NOW)
PLAN = DigestPlan(
    "T1", "C1", "org", "U0123ABC", Period.WEEKLY, 545, "Europe/Berlin", NOW + timedelta(days=1), NOW
)

runs = st.builds(Run, request_id=hostile, name=maybe, progress=numbers)
counts = st.integers(0, 10**6)
digests = st.builds(
    Digest,
    period=st.sampled_from(Period),
    since=st.just(NOW - timedelta(days=7)),
    until=st.just(NOW),
    completed=counts,
    failed=counts,
    cancelled=counts,
    running=counts,
    queued=counts,
    knows_list=st.booleans(),
    gpu_hours=numbers,
    without_gpu_hours=counts,
    completed_runs=st.lists(runs, max_size=12).map(tuple),
    failures=st.lists(
        st.builds(FailureGroup, reason=maybe, count=counts, runs=st.lists(runs, max_size=12).map(tuple)),
        max_size=8,
    ).map(tuple),
    running_runs=st.lists(runs, max_size=12).map(tuple),
)
plans = st.builds(replace, st.just(PLAN), period=st.sampled_from(Period), user_id=user_ids, time_zone=hostile)


def _check(card: Card) -> None:
    message = card.message()
    assert message_problems(message) == []
    assert live_markup(message) == []
    assert 0 < len(card.text) <= 300
    sent = orjson.dumps(message).decode()
    assert len(sent) < 2 * MESSAGE_CHARACTERS
    assert [secret for secret in SECRETS if secret in sent] == []


def _shown(**fields: Any) -> str:
    return words(digest_card(DAY.model_copy(update=fields), slash_command="/job").message()).replace(
        "\N{MULTIPLICATION SIGN}", "x"
    )


def _run(name: str | None, request_id: str = "run-7", progress: float | None = None) -> Run:
    return Run(request_id=request_id, name=name, progress=progress)


def test_failures_are_grouped_by_reason() -> None:
    """The name first, how many more, and why in a few words; the short ID where there is no name."""
    groups = (
        FailureGroup(reason="CUDA out of memory: batch 8", count=3, runs=(_run("a"), _run("b"), _run("a"))),
        FailureGroup(reason="FooError: bar is gone", count=20, runs=(_run(None, "id-7"),)),
        FailureGroup(count=1),
    )
    shown = _shown(failed=25, failures=groups)
    assert "❌ a and 2 more · failed, CUDA out of memory\n" in shown
    assert "❌ id-7 and 19 more · failed, bar is gone\n" in shown
    assert "❌ a job without a name · failed, no reason given, 1 more" in shown
    assert "Daily · change it with `/job digest`\nFailed" in shown


def test_the_rest_is_behind_buttons() -> None:
    """Counts, what completed and runs, how far, GPU-hours and of how many jobs; and a list of each kind."""
    shown = _shown(
        completed=20,
        cancelled=1,
        running=2,
        queued=1_000,
        gpu_hours=12.5,
        without_gpu_hours=3,
        completed_runs=(_run("done").model_copy(update={"finding": "plateau"}), _run("new-one")),
        running_runs=(_run("goes", progress=50.0), _run("new")),
    )
    assert "✅ 20 completed · ➖ 1 cancelled · 🔵 2 running · ⏳ 1,000 queued" in shown
    assert "⚠️ done · completed, loss stopped falling\n✅ new-one · completed, 18 more" in shown
    assert "🔵 goes · running 50%\n🔵 new · running" in shown
    assert "12.5 GPU-hours (18 of 21 jobs)" in shown
    assert "failed" not in shown
    assert shown.endswith("\nCompleted")


def test_a_finding_of_a_newer_version_is_no_finding() -> None:
    """The job is told as it is."""
    run = _run("done").model_copy(update={"finding": "of-tomorrow"})
    assert "✅ done · completed" in _shown(completed=1, completed_runs=(run,))


@settings(max_examples=60, deadline=None)
@given(digests, st.booleans())
def test_a_digest_is_short_on_a_phone(digest: Digest, is_linked: bool) -> None:  # noqa: FBT001  (hypothesis's)
    """Two lines more than the 17 of an ordinary one at most, whatever jobs and reasons are called."""
    known = CardSettings("https://console.example/jobs/{request_id}") if is_linked else NOTHING_SET
    if not digest.knows_list:
        digest = digest.model_copy(update={"running": 0, "queued": 0, "running_runs": ()})
    assert phone_lines(digest_card(digest, slash_command="/job", settings=known).blocks) <= 19


def test_what_is_not_known_is_said() -> None:
    """Not that nothing runs."""
    shown = _shown(knows_list=False, completed=1, gpu_hours=3.0)
    assert "running jobs unknown" in shown
    assert "3.0 GPU-hours" in shown
    assert " jobs)" not in shown


def test_a_thread_less_message_is_the_digest() -> None:
    """As the outbox has it."""
    told = ChannelDigest(once_key="1", at=NOW, digest=DAY.model_copy(update={"failed": 1}))
    card = notification_card(told, Recipient(SUBSCRIPTION, "/job"))
    assert card.text == "Daily digest: 1 failed"


def test_what_is_set_is_said() -> None:
    """To the channel when it changes, and to whoever asks."""
    shown = words(digest_set_card(PLAN, is_new=True, slash_command="/job").message())
    assert "<@U0123ABC> turned on the digest: every Monday at 09:05 (Europe/Berlin)" in shown
    assert "changed the digest" in words(digest_set_card(PLAN, is_new=False, slash_command="/job").message())
    assert "turned off the weekly digest" in words(digest_off_card(PLAN, "U0123ABC").message())
    state = digest_state_card(PLAN, Period.WEEKLY, None, slash_command="/job", time_zone="UTC")
    assert "Nothing happened in the last 7 days, so this week's digest would be skipped." in words(
        state.message()
    )
    nothing = digest_state_card(None, Period.DAILY, DAY, slash_command="/job", time_zone="Asia/Kolkata")
    assert "Turn it on: `/job digest daily 09:00 Asia/Kolkata`" in words(nothing.message())
    assert "Preview for you: the last 24 hours" in words(nothing.message())


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7_300, "2 hours ago"),
        (86_400, "1 day ago"),
        (86_400 * 3 + 80_000, "3 days ago"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit(seconds: int, told: str) -> None:
    """Nobody needs to know the minutes of a failure three days ago."""
    assert ago(NOW - timedelta(seconds=seconds), NOW) == told


@settings(max_examples=20, deadline=None)
@given(digests, subscriptions)
def test_every_digest_is_fit_to_send(digest: Digest, subscription: Any) -> None:
    """Hostile names and reasons, odd numbers, any counts."""
    told = ChannelDigest(once_key="1", at=NOW, digest=digest)
    _check(notification_card(told, Recipient(subscription, "/job")))


@settings(max_examples=12, deadline=None)
@given(plans, st.none() | digests, hostile)
def test_every_answer_about_it_is_fit_to_send(plan: DigestPlan, preview: Digest | None, zone: str) -> None:
    """Whatever the time zone is called, and whoever set it."""
    _check(digest_set_card(plan, is_new=True, slash_command="/job"))
    _check(digest_off_card(plan, plan.user_id))
    for each in (plan, None):
        card = digest_state_card(each, plan.period, preview, slash_command="/job", time_zone=zone)
        _check(card)
    _check(no_digest_card("/job"))


@settings(max_examples=15, deadline=None)
@given(st.builds(Earlier, request_id=hostile, name=maybe, at=st.just(NOW - timedelta(days=3))))
def test_every_earlier_failure_is_fit_to_send(earlier: Earlier) -> None:
    """Whatever the other job is called."""
    for known in (NOTHING_SET, CardSettings("https://console.example/jobs/{request_id}")):
        told = same_cause(earlier, NOW, known)
        _check(Card("text", [*digest_card(DAY, slash_command="/job").blocks, context([told])]))
