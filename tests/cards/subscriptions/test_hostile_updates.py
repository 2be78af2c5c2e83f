"""Every notification and every list is fit to be sent: no limit broken, no markup live, no secret shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery.documents import RUNNING
from bot.cards.jobs.job_lines import JobFacts
from bot.cards.kit.card import Card
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.cards.subscriptions.notification import RENDERERS, notification_card
from bot.cards.subscriptions.renderer import Recipient
from bot.cards.subscriptions.subscribe import subscribed_card
from bot.cards.subscriptions.subscription_list import watching_card
from bot.cards.subscriptions.unsubscribe import left_elsewhere_card, stopped_card, unsubscribed_card
from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.history import Earlier
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.domain.subscriptions.notifications.notices import ChannelDigest
from bot.domain.subscriptions.notifications.notification import Notification
from bot.domain.subscriptions.notifications.registry import REGISTRY
from bot.domain.subscriptions.subscription import (
    Ending,
    Left,
    Mode,
    Subscribed,
    SubscribedJob,
    Subscription,
)
from bot.playground.block_kit import message_problems
from tests.cards.jobs.test_hostile_documents import CARRIERS, NASTY, SECRETS
from tests.cards.shown import NOW, card_of, live_markup

HERE = "C0123ABC"
words = st.sampled_from([*NASTY, *CARRIERS]) | st.text(max_size=40)
maybe = st.none() | words
numbers = st.none() | st.floats() | st.integers(-(10**18), 10**18)
moments = st.none() | st.integers(-(10**9), 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds))
user_ids = st.from_regex(r"[UW][A-Z0-9]{8}", fullmatch=True) | words

subscriptions = st.builds(
    Subscription,
    id=st.uuids().map(str),
    team_id=words,
    channel_id=st.just(HERE) | st.from_regex(r"[CGD][A-Z0-9]{8}", fullmatch=True) | words,
    org_id=words,
    request_id=words,
    created_at=st.just(NOW),
    mode=st.sampled_from(Mode),
    is_quiet=st.booleans(),
    subscribers=st.lists(user_ids, max_size=30).map(tuple),
    ended=st.none() | st.sampled_from(Ending),
)
earlier_ones = st.builds(
    Earlier,
    request_id=words,
    name=maybe,
    at=st.integers(-(10**9), 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds)),
)
# Each class takes the facts that are its own.
facts = st.fixed_dictionaries(
    {
        "once_key": words,
        "at": st.just(NOW),
        "name": maybe,
        "is_again": st.booleans(),
        "progress": numbers,
        "milestone": st.none() | st.integers(-10, 10**6),
        "queued_seconds": numbers,
        "eta_seconds": numbers,
        "duration_seconds": numbers,
        "gpu_hours": numbers,
        "quiet_seconds": numbers,
        "since": moments,
        "output_model_path": maybe,
        "error_message": maybe,
        "cause": maybe,
        "advice": maybe,
        "earlier": st.none() | earlier_ones,
        "ended_as_word": maybe,
        "finding": maybe,
        "evidence": maybe,
        "condition": maybe,
        "is_met": st.booleans(),
        "ended_as": st.none() | st.sampled_from(JobStatus),
        "user_id": st.none() | user_ids,
    }
)
kinds = st.sampled_from(sorted(RENDERERS.keys() - {ChannelDigest.kind}))
findings = st.none() | st.builds(Finding, st.sampled_from(FindingClass), words, words)


def _made(kind: str, told: dict[str, Any], finding: Finding | None) -> Notification:
    """A finding that comes with an end is the whole of it, and a message of its own has its name."""
    is_end = REGISTRY[kind].payload is Completed
    return REGISTRY[kind].payload(**(told | {"finding": finding} if is_end else told))


notifications = st.builds(_made, kinds, facts, findings)
followed = st.builds(
    SubscribedJob,
    subscriptions,
    experiment_name=maybe,
    status_text=maybe,
    progress=numbers,
    is_mine=st.booleans(),
)


def _check(card: Card, longest_text: int = 1000) -> None:
    message = card.message()
    assert message_problems(message) == []
    assert live_markup(message) == []
    assert 0 < len(card.text) <= longest_text
    sent = orjson.dumps(_without_values(message)).decode()
    assert [secret for secret in SECRETS if secret in sent] == []


def _without_values(shown: object) -> object:
    """Buttons carry the id that was asked for as it is; whoever asked has it."""
    if isinstance(shown, dict):
        return {key: _without_values(each) for key, each in shown.items() if key != "value"}
    return [_without_values(each) for each in shown] if isinstance(shown, list) else shown


@settings(max_examples=60, deadline=None)
@given(notifications, subscriptions)
def test_every_notification_is_fit_to_send(notification: Notification, subscription: Subscription) -> None:
    """Hostile names, errors, paths, numbers and ids."""
    card = notification_card(notification, Recipient(subscription, "/job"))
    _check(card, longest_text=300)


@settings(max_examples=12, deadline=None)
@given(st.lists(followed, max_size=25, unique_by=lambda each: each.subscription.id))
def test_every_list_is_fit_to_send(each: list[SubscribedJob]) -> None:
    """However many, wherever."""
    _check(watching_card(each, channel_id=HERE, slash_command="/job"))


@settings(max_examples=20, deadline=None)
@given(subscriptions, maybe, maybe)
def test_every_answer_is_fit_to_send(
    subscription: Subscription, name: str | None, permalink: str | None
) -> None:
    """Also where ids and addresses are none."""
    subscribed = Subscribed(subscription, is_new=False)
    _check(subscribed_card(subscribed, name=name, permalink=permalink, slash_command="/job"))
    _check(stopped_card(subscription, slash_command="/job", name=name))
    request_id = subscription.request_id
    _check(unsubscribed_card(Left(subscription), request_id=request_id, slash_command="/job", name=name))
    _check(left_elsewhere_card(subscription, name=name))
    elsewhere = [subscription] * 7
    _check(unsubscribed_card(Left(), request_id=request_id, slash_command="/job", elsewhere=elsewhere))


@settings(max_examples=30)
@given(
    st.builds(
        CardSubscription,
        st.integers(-1, 10**9),
        is_mine=st.none() | st.booleans(),
        ended=st.none() | st.sampled_from(Ending),
        at=moments,
    )
)
def test_every_follower_count_fits_the_card(following: CardSubscription) -> None:
    """Odd counts among them."""
    message = card_of(RUNNING, facts=JobFacts(following=following), shareable=True)
    assert message_problems(message) == []
    assert live_markup(message) == []
