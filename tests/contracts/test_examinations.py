"""The store: when jobs are examined, what is told of it, and what nobody wants to hear of."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.curves.run_doctor import Finding, FindingClass
from bot.domain.ports import MetricsCheckOutcome, Sent
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.domain.subscriptions.subscription import Mode, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.examined import LOW, due, finding, told, wait_for
from tests.contracts.facts import (
    ADA,
    BOB,
    CHANNEL,
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    deliver,
    drained,
    follow,
    job,
    look,
    note,
    opened,
    opened_thread,
    state,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_job_that_runs_is_examined_when_somebody_subscribes(store: DatabaseStore) -> None:
    """At once; one that waits in the queue when it has started, or for a condition."""
    assert await store.metrics_checks.next_metrics_check_at(ORG) is None
    wish = SubscribeRequest(TEAM, CHANNEL, ORG, JOB, ADA)
    await store.subscriptions.subscribe(wish, state("QUEUED"), job("QUEUED"), T0)
    assert await store.metrics_checks.next_metrics_check_at(ORG) is None
    await look(store, T0, state=state("RUNNING"), examine_at=at(600))
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(600)
    await look(store, at(1), examine_at=at(700))
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(600)
    await wait_for(store, now=at(20))
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(20)
    await follow(store, BOB, channel_id="C2", now=at(10))
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(10)
    assert await store.metrics_checks.next_metrics_check_at("org-2") is None


async def test_an_examination_knows_all_that_it_depends_on(store: DatabaseStore) -> None:
    """The state, who waits, who would be told, and what is silenced."""
    await wait_for(store)
    await wait_for(store, "loss < 1", BOB, now=at(5))
    claimed = await due(store, at(10))
    assert (claimed.org_id, claimed.request_id, claimed.failures) == (ORG, JOB, 0)
    assert claimed.due_at == T0
    assert claimed.state == state("QUEUED")
    assert not claimed.tells_findings
    waiting = [(each.user_id, each.condition, each.since) for each in claimed.waiters]
    assert waiting == [(ADA, LOW, T0), (BOB, "loss < 1", at(5))]
    await follow(store, channel_id="C2", now=at(20))
    await store.metrics_checks.silence(ORG, JOB, "plateau", T0)
    claimed = await due(store, at(1000))
    assert claimed.tells_findings
    assert claimed.silenced == {"plateau"}


async def test_what_is_claimed_is_nobody_elses_until_the_lease_is_over(store: DatabaseStore) -> None:
    """Then the first one is a late loser: nothing of it counts."""
    subscription = await opened_thread(store)
    first = await due(store, at(100))
    assert await store.metrics_checks.claim_metrics_checks(ORG, at(101), LEASE, 10) == []
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(100 + LEASE)
    second = await due(store, at(100 + LEASE))
    assert second.generation > first.generation
    assert (
        await store.metrics_checks.finish_metrics_checks(
            [MetricsCheckOutcome(first, None, findings=(finding(),))], at(161)
        )
        == 0
    )
    assert (
        await store.metrics_checks.finish_metrics_checks(
            [MetricsCheckOutcome(second, at(900), failures=2)], at(162)
        )
        == 1
    )
    assert (
        await store.metrics_checks.finish_metrics_checks([MetricsCheckOutcome(second, at(950))], at(163)) == 0
    )
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(900)
    assert (await due(store, at(900))).failures == 2
    assert await drained(store, at(170)) == []
    assert (await store.subscriptions.subscription(subscription.id)) == subscription


async def test_two_processes_never_examine_the_same(database_url: str) -> None:
    """However they meet."""
    one, other = await opened(database_url), await opened(database_url)
    for number in range(12):
        await follow(one, request_id=f"job-{number}", channel_id=f"C{number}")
    claims = await asyncio.gather(
        *(each.metrics_checks.claim_metrics_checks(ORG, at(60), LEASE, 8) for each in (one, other))
    )
    ids = [claim.request_id for each in claims for claim in each]
    assert len(ids) == len(set(ids))
    rest = await one.metrics_checks.claim_metrics_checks(ORG, at(60), LEASE, 20)
    assert sorted([*ids, *(each.request_id for each in rest)]) == sorted(f"job-{n}" for n in range(12))
    await asyncio.gather(one.database.close(), other.database.close())


async def test_nothing_is_examined_any_more_until_it_is_wanted(store: DatabaseStore) -> None:
    """When the job starts again, or somebody waits for something."""
    await opened_thread(store)
    assert (
        await store.metrics_checks.finish_metrics_checks(
            [MetricsCheckOutcome(await due(store, at(60)), None)], at(61)
        )
        == 1
    )
    assert await store.metrics_checks.next_metrics_check_at(ORG) is None
    assert await store.metrics_checks.claim_metrics_checks(ORG, at(10**6), LEASE, 10) == []
    await look(store, at(100), examine_at=at(700))
    assert await store.metrics_checks.next_metrics_check_at(ORG) == at(700)


async def test_a_wish_during_an_examination_is_not_forgotten(store: DatabaseStore) -> None:
    """Whoever examines at that moment saw less: it is done anew."""
    await opened_thread(store)
    claimed = await due(store, at(60))
    await wait_for(store, now=at(61))
    assert (
        await store.metrics_checks.finish_metrics_checks([MetricsCheckOutcome(claimed, at(4000))], at(62))
        == 0
    )
    assert [each.condition for each in (await due(store, at(62))).waiters] == [LOW]


async def test_findings_are_told_as_each_thread_wants_and_once(store: DatabaseStore) -> None:
    """Only where milestones are told; never to the whole channel; in a later thread too."""
    for channel_id, mode in {"C1": None, "C2": Mode.FINAL, "C3": Mode.FAILURES}.items():
        await follow(store, channel_id=channel_id, mode=mode)
    await wait_for(store, channel_id="C4")
    told_all = MetricsCheckOutcome(
        await due(store, at(60)), at(70), findings=(finding(), finding("overfitting"))
    )
    assert await store.metrics_checks.finish_metrics_checks([told_all], at(61)) == 1
    heard = {channel: (await drained(store, at(62), channel))[1:] for channel in ("C1", "C2", "C3", "C4")}
    assert told(heard["C1"]) == [("finding", "1:plateau"), ("finding", "1:overfitting")]
    assert not any(post.broadcast for post in heard["C1"])
    assert heard["C2"] == heard["C3"] == heard["C4"] == []
    await follow(store, channel_id="C5", now=at(65))
    again = MetricsCheckOutcome(await due(store, at(130)), None, findings=(finding(), finding(run=2)))
    assert await store.metrics_checks.finish_metrics_checks([again], at(131)) == 1
    assert told(await drained(store, at(132), "C1")) == [("finding", "2:plateau")]
    assert told((await drained(store, at(132), "C5"))[1:]) == [
        ("finding", "1:plateau"),
        ("finding", "2:plateau"),
    ]


async def test_what_helps_nobody_is_not_told_again(store: DatabaseStore) -> None:
    """What waits of it is dropped, what comes of it too; other findings and other jobs are told."""
    await opened_thread(store)
    await follow(store, channel_id="C2")
    await deliver(store, T0, Sent("1.1", "1.1"), "C2")
    both = (finding(), finding("overfitting"))
    await store.metrics_checks.finish_metrics_checks(
        [MetricsCheckOutcome(await due(store, at(60)), at(70), findings=both)], at(61)
    )
    await store.metrics_checks.silence(ORG, JOB, "plateau", at(62))
    await store.metrics_checks.silence(ORG, JOB, "plateau", at(63))
    assert told(await drained(store, at(64))) == [("finding", "1:overfitting")]
    assert told(await drained(store, at(64), "C2")) == [("finding", "1:overfitting")]
    await follow(store, channel_id="C3", now=at(65))
    late = MetricsCheckOutcome(await due(store, at(130)), None, findings=both)
    await store.metrics_checks.finish_metrics_checks([late], at(131))
    assert told((await drained(store, at(132), "C3"))[1:]) == [("finding", "1:overfitting")]
    await store.metrics_checks.silence("org-2", "job-9", "plateau", at(62))


async def test_a_finding_was_told_once_its_message_was_begun(store: DatabaseStore) -> None:
    """In this job and no other; what only waits was not told yet."""
    await opened_thread(store)
    await store.metrics_checks.finish_metrics_checks(
        [MetricsCheckOutcome(await due(store, at(60)), None, findings=(finding(),))], at(61)
    )
    assert not await store.metrics_checks.was_told(ORG, JOB, "plateau")
    await drained(store, at(62))
    assert await store.metrics_checks.was_told(ORG, JOB, "plateau")
    for other in ((ORG, JOB, "diverging"), (ORG, "job-2", "plateau"), ("org-2", JOB, "plateau")):
        assert not await store.metrics_checks.was_told(*other)


async def test_silencing_during_an_examination_counts(store: DatabaseStore) -> None:
    """What was found before the press is not told after it."""
    await opened_thread(store)
    claimed = await due(store, at(60))
    await store.metrics_checks.silence(ORG, JOB, "plateau", at(61))
    assert (
        await store.metrics_checks.finish_metrics_checks(
            [MetricsCheckOutcome(claimed, None, findings=(finding(),))], at(62)
        )
        == 1
    )
    assert await drained(store, at(63)) == []


async def test_what_an_end_says_is_not_told_again(store: DatabaseStore) -> None:
    """The worst that nobody silenced; the next metrics check finds both, and tells the other."""
    await opened_thread(store)
    await store.metrics_checks.silence(ORG, JOB, "nan_metric", at(1))
    found = [Finding(FindingClass(name), "seen", "try") for name in ("nan_metric", "plateau", "overfitting")]
    ended = note(Completed, "1")
    await look(store, at(2), ended, state=state("COMPLETED"), examine_at=at(20), findings=tuple(found))
    both = (finding(), finding("overfitting"))
    await store.metrics_checks.finish_metrics_checks(
        [MetricsCheckOutcome(await due(store, at(20)), None, findings=both)], at(21)
    )
    end, after = await drained(store, at(22))
    assert isinstance(end.notification, Completed)
    assert end.notification.finding == found[1]
    assert told([after]) == [("finding", "1:overfitting")]
