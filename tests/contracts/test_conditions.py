"""The store: who waits for what in a thread, until they are told or leave."""

from __future__ import annotations

import pytest

from bot.domain.ports import MetricsCheckOutcome
from bot.domain.subscriptions.notifications.job_updates import Completed, Failed, Progress, Stalled, Started
from bot.domain.subscriptions.subscription import MOST_CONDITIONS, Ending, Mode, Spot
from bot.store.store import DatabaseStore
from tests.contracts.examined import LOW, answer, due, told, wait_for
from tests.contracts.facts import ADA, BOB, CHANNEL, JOB, ORG, T0, TEAM, at, drained, follow, look

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_whoever_waited_is_told_once(store: DatabaseStore) -> None:
    """In the thread they waited in, and then waits no longer; others do."""
    opened_for = await wait_for(store)
    assert (opened_for.subscription.mode, opened_for.condition) == (Mode.CONDITIONS, LOW)
    await wait_for(store, "loss < 1", BOB, now=at(0.5))
    claimed = await due(store, at(1))
    first = claimed.waiters[0]
    done = MetricsCheckOutcome(claimed, at(60), answers=((first, answer(first.id)),))
    assert await store.metrics_checks.finish_metrics_checks([done], at(2)) == 1
    assert told(await drained(store, at(3))) == [("card", "card"), ("condition", first.id)]
    claimed = await due(store, at(60))
    assert [each.user_id for each in claimed.waiters] == [BOB]
    again = MetricsCheckOutcome(claimed, None, answers=((first, answer(first.id)),))
    assert await store.metrics_checks.finish_metrics_checks([again], at(61)) == 1
    assert await drained(store, at(62)) == []


async def test_whoever_left_meanwhile_is_not_told(store: DatabaseStore) -> None:
    """Nor is the condition theirs when they come back."""
    await wait_for(store)
    await follow(store, BOB)
    await drained(store, at(1))
    claimed = await due(store, at(60))
    await store.subscriptions.unsubscribe(Spot(TEAM, CHANNEL, ORG, JOB), ADA, at(61))
    answers = tuple((each, answer(each.id)) for each in claimed.waiters)
    await store.metrics_checks.finish_metrics_checks(
        [MetricsCheckOutcome(claimed, at(90), answers=answers)], at(62)
    )
    assert await drained(store, at(63)) == []
    await follow(store, ADA, now=at(64))
    assert (await due(store, at(200))).waiters == ()


async def test_a_thread_that_ended_has_nobody_who_waits(store: DatabaseStore) -> None:
    """The job may still be followed elsewhere."""
    waiting = await wait_for(store)
    await follow(store, BOB, channel_id="C2")
    claimed = await due(store, at(60))
    await store.subscriptions.stop(waiting.subscription.id, Ending.UNSUBSCRIBED, at(61))
    answers = tuple((each, answer(each.id)) for each in claimed.waiters)
    await store.metrics_checks.finish_metrics_checks(
        [MetricsCheckOutcome(claimed, at(90), answers=answers)], at(62)
    )
    assert await drained(store, at(63)) == []
    assert (await due(store, at(90))).waiters == ()


async def test_the_same_condition_twice_is_one_and_there_are_only_so_many(store: DatabaseStore) -> None:
    """For each person in each thread."""
    for number in (0, 0, *range(1, MOST_CONDITIONS)):
        assert not (await wait_for(store, f"loss < {number}")).is_full
    assert (await wait_for(store, "loss < 99")).is_full
    assert not (await wait_for(store, "loss < 0")).is_full
    assert not (await wait_for(store, "loss < 99", BOB)).is_full
    assert not (await wait_for(store, "loss < 99", channel_id="C2")).is_full
    conditions = [each.condition for each in (await due(store, at(1))).waiters]
    assert sorted(conditions) == sorted([*(f"loss < {n}" for n in range(5)), "loss < 99", "loss < 99"])


async def test_a_thread_for_conditions_becomes_another_when_somebody_follows(store: DatabaseStore) -> None:
    """A condition leaves the mode as it is; what is asked for by name counts."""
    await wait_for(store)
    assert (await follow(store, BOB)).mode is Mode.MILESTONES
    assert (await wait_for(store, "loss < 1")).subscription.mode is Mode.MILESTONES
    assert (await wait_for(store, channel_id="C2")).subscription.mode is Mode.CONDITIONS
    assert (await follow(store, channel_id="C2", mode=Mode.FINAL)).mode is Mode.FINAL
    assert (await wait_for(store, channel_id="C3", mode=Mode.FAILURES)).subscription.mode is Mode.FAILURES


async def test_a_thread_for_conditions_tells_nothing_else(store: DatabaseStore) -> None:
    """Neither milestones nor the end."""
    await wait_for(store, status="RUNNING")
    await drained(store, T0)
    told_to_others = [kind(once_key="1", at=T0) for kind in (Started, Progress, Stalled, Completed, Failed)]
    await look(store, at(1), *told_to_others)
    assert await drained(store, at(2)) == []


async def test_what_is_waited_for_is_listed(store: DatabaseStore) -> None:
    """Each condition once, oldest first."""
    await wait_for(store)
    await wait_for(store, "eta < 30m", BOB, now=at(1))
    await wait_for(store, LOW, BOB, now=at(2))
    (line,) = await store.subscriptions.followed(TEAM, CHANNEL, ADA)
    assert line.conditions == (LOW, "eta < 30m")


async def test_nobody_who_is_forgotten_is_told(store: DatabaseStore) -> None:
    """An answer that waits to be sent would mention them; others get theirs."""
    await wait_for(store)
    await wait_for(store, "loss < 1", BOB, now=at(0.5))
    await drained(store, at(1))
    claimed = await due(store, at(2))
    answers = tuple(
        (each, answer(each.id).model_copy(update={"user_id": each.user_id})) for each in claimed.waiters
    )
    await store.metrics_checks.finish_metrics_checks(
        [MetricsCheckOutcome(claimed, None, answers=answers)], at(3)
    )
    await store.subscriptions.forget_user(TEAM, ADA, at(4))
    assert [post.notification.user_id for post in await drained(store, at(5))] == [BOB]


async def test_nobody_who_is_forgotten_waits(store: DatabaseStore) -> None:
    """Others do; with a workspace everything goes."""
    await wait_for(store)
    await wait_for(store, "loss < 1", BOB)
    await store.subscriptions.forget_user(TEAM, ADA, at(1))
    assert [each.user_id for each in (await due(store, at(2))).waiters] == [BOB]
    await store.upkeep.forget_team(TEAM)
    assert await store.metrics_checks.next_metrics_check_at(ORG) is None
