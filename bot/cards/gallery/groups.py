"""Samples of groups: a sweep of eight under way and over, one of 200 jobs, and a hostile one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from bot.cards.gallery import documents
from bot.cards.kit.card import Card
from bot.cards.subscriptions.card_subscription import CardSubscription
from bot.cards.subscriptions.groups.answers import already_over_card, group_subscribed_card
from bot.cards.subscriptions.groups.card import group_card
from bot.domain.groups.group import EndFacts, Group, Member, StartFacts
from bot.domain.groups.results import How, result_of
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.group_updates import (
    GroupEnded,
    GroupFailure,
    GroupFull,
    GroupGone,
)
from bot.domain.subscriptions.notifications.metrics_updates import AlertResult
from bot.domain.subscriptions.subscription import Ending, Subscribed, Subscription

SUBJECT: Final = "name:sweep-*"
_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_BEGAN: Final = _NOW - timedelta(hours=5, minutes=2)
_FIRST_QUEUED: Final = 120
_MEMORY: Final = "CUDA out of memory: batch 8, 4,096 tokens."
_COMPLETED, _RUNNING, _FAILED, _QUEUED, _CANCELLED = (
    JobStatus.COMPLETED,
    JobStatus.RUNNING,
    JobStatus.FAILED,
    JobStatus.QUEUED,
    JobStatus.CANCELLED,
)


def _member(number: int, name: str, status: JobStatus, value: float | None, progress: float) -> Member:
    facts = EndFacts(7_900.0 + 60 * number, 5.1, "h100", _MEMORY if status is _FAILED else None)
    return Member(
        request_id=f"bf946be1-1aa7-4c81-ad3e-{number:012}",
        joined_at=_BEGAN,
        name=name,
        status=status,
        progress=progress,
        value=value,
        facts=facts if status.is_finished else None,
        updated_at=_NOW - timedelta(minutes=1),
        start=StartFacts(_NOW - timedelta(minutes=1.4 * progress), 8, 1, "h100")
        if status is _RUNNING
        else None,
        is_measured=status.is_finished,
    )


_UNDER_WAY: Final = (
    _member(1, "sweep-lr3e4-r16", _COMPLETED, 1.0712, 100.0),
    _member(2, "sweep-lr1e4-r32", _COMPLETED, 1.0884, 100.0),
    _member(3, "sweep-lr3e4-r32", _RUNNING, 1.0941, 84.0),
    _member(4, "sweep-lr1e4-r16", _COMPLETED, 1.102, 100.0),
    _member(5, "sweep-lr3e5-r32", _RUNNING, 1.1671, 53.0),
    _member(6, "sweep-lr3e5-r16", _RUNNING, None, 12.0),
    _member(7, "sweep-lr1e3-r32", _FAILED, None, 18.0),
    _member(8, "sweep-lr1e3-r16", _QUEUED, None, 0.0),
)
SWEEP: Final = Group(
    query='{"names":["sweep-"]}',
    since=_BEGAN,
    members=_UNDER_WAY,
    newest_joined_at=_BEGAN,
    looked_at=_NOW,
)
OVER: Final = replace(
    SWEEP,
    members=tuple(
        replace(
            each,
            status=_CANCELLED
            if each.status is _QUEUED
            else _COMPLETED
            if each.status is _RUNNING
            else each.status,
            value=1.133 if each.status is _RUNNING and each.value is None else each.value,
            facts=each.facts or EndFacts(8_100.0, 5.2, "h100"),
        )
        for each in _UNDER_WAY
    ),
    ended_at=_NOW,
)
_MANY: Final = replace(
    SWEEP,
    members=tuple(
        _member(
            number,
            f"sweep-{number:03}",
            _FAILED if number % 19 == 0 else _COMPLETED if number < _FIRST_QUEUED else _QUEUED,
            1.0 + number / 1_000 if number < _FIRST_QUEUED else None,
            100.0,
        )
        for number in range(1, 201)
    ),
    is_full=True,
)
_HOSTILE: Final = replace(
    SWEEP,
    by="<!channel> *acc*",
    members=tuple(replace(each, name=str(documents.HOSTILE["experiment_name"])) for each in _UNDER_WAY[:3]),
)
_SUBSCRIPTION: Final = Subscription(
    "5f0d7e52c1b94e", "T0123ABC", "C0123ABC", "an-organisation", SUBJECT, _BEGAN, subscribers=("U0123ABC",)
)

FAILURE: Final = GroupFailure(
    once_key="once",
    at=_NOW,
    name=SUBJECT,
    request_id=_UNDER_WAY[6].request_id,
    member_name="sweep-lr1e3-r32",
    cause=_MEMORY,
    progress=18.0,
)
GONE: Final = GroupGone(
    once_key="once", at=_NOW, name=SUBJECT, request_id=_UNDER_WAY[7].request_id, member_name="sweep-lr1e3-r16"
)
FULL: Final = GroupFull(once_key="full", at=_NOW, name=SUBJECT)
ENDED: Final = GroupEnded(once_key="end", at=_NOW, name=SUBJECT, result=result_of(OVER, How.DONE, _NOW, 20))
TIMED: Final = GroupEnded(once_key="end", at=_NOW, name=SUBJECT, result=result_of(SWEEP, How.TIME, _NOW, 20))
EMPTY: Final = GroupEnded(
    once_key="end",
    at=_NOW,
    name=SUBJECT,
    result=result_of(replace(SWEEP, members=()), How.EMPTY, _NOW, 20),
)

ALERT: Final = AlertResult(
    once_key="once",
    at=_NOW,
    name=_UNDER_WAY[2].name,
    condition="eval_loss < 1.2",
    evidence="eval_loss hit 1.18 at step 1,200",
    is_met=True,
    user_id="U0123ABC",
    request_id=_UNDER_WAY[2].request_id,
)
ALERT_MISSED: Final = AlertResult(
    once_key="once", at=_NOW, name=SUBJECT, condition="eval_loss < 1.2", user_id="U0123ABC"
)


class GroupSample(NamedTuple):
    """One entry of the gallery."""

    name: str
    """For file names and addresses: lower case and hyphens."""
    title: str
    """For people."""
    card: Card


def _card(group: Group, ended: Ending | None = None) -> Card:
    return group_card(
        group,
        SUBJECT,
        now=_NOW,
        following=CardSubscription(people=2, ended=ended),
        subscription_id=_SUBSCRIPTION.id,
        settings=documents.SETTINGS,
    )


def group_samples() -> tuple[GroupSample, ...]:
    """The cards of groups, and the answers to who subscribes to one."""
    sweep, many = _card(SWEEP), _card(_MANY)
    new = Subscribed(_SUBSCRIPTION, is_new=True)
    empty = replace(SWEEP, members=())

    def answer(subscribed: Subscribed, group: Group | None) -> Card:
        return group_subscribed_card(subscribed, group, permalink=None, slash_command="/job")

    return (
        GroupSample("group", "A group of jobs", sweep),
        GroupSample("group-text", "The same without tables", sweep.plainer or sweep),
        GroupSample("group-waiting", "A group without a job", _card(empty)),
        GroupSample("group-over", "A group that is over", _card(OVER, Ending.FINISHED)),
        GroupSample("group-left", "A group everyone has left", _card(SWEEP, Ending.UNSUBSCRIBED)),
        GroupSample("group-many", "A group of 200 jobs", many),
        GroupSample("group-many-text", "The same without tables", many.plainer or many),
        GroupSample("group-hostile", "A group with markup everywhere", _card(_HOSTILE)),
        GroupSample("group-subscribed", "Subscribed to a group", answer(new, SWEEP)),
        GroupSample("group-subscribed-waiting", "Subscribed to a group without a job", answer(new, empty)),
        GroupSample(
            "group-subscribed-already",
            "Subscribed to a group already",
            answer(Subscribed(_SUBSCRIPTION, is_new=False, was_subscriber=True), None),
        ),
        GroupSample(
            "group-alert-set",
            "An alert for a group is set",
            answer(replace(new, condition="eval_loss < 1.2"), SWEEP),
        ),
        GroupSample("group-already-over", "Subscribing to a group that is over", already_over_card()),
    )
