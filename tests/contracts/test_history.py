"""The store: jobs that finished, and which failed the same way before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.history import KEPT_FOR, LOOKED_BACK, Earlier, FinishedJob
from bot.domain.job import JobStatus
from bot.domain.ports import Edit, Lane, Look, Sent
from bot.store.store import DatabaseStore
from tests.contracts.facts import (
    JOB,
    LEASE,
    ORG,
    T0,
    TEAM,
    at,
    claim,
    drained,
    follow,
    job,
    look,
    opened,
    opened_thread,
    state,
)
from tests.contracts.fed import feed_of, row

pytestmark = pytest.mark.asyncio(loop_scope="session")

ERROR = "0123456789abcdef"
FAILED = FinishedJob(
    ORG, JOB, "support-tone-v3", JobStatus.FAILED, T0, 4.5, 3_600.0, ERROR, "CUDA out of memory."
)


def ended(request_id: str, seconds: float, **fields: object) -> FinishedJob:
    """Another job that failed the same way, so long after `T0`."""
    return replace(FAILED, request_id=request_id, finished_at=at(seconds), **fields)


async def everything(store: DatabaseStore) -> list[FinishedJob]:
    """All that is remembered, newest first."""
    return list(await store.finished_jobs.finished(ORG, T0 - timedelta(days=1000), T0 + timedelta(days=1000)))


async def test_what_is_remembered_comes_back_whole(store: DatabaseStore) -> None:
    """Also of a job of which little is known."""
    bare = FinishedJob(ORG, "bare", None, JobStatus.CANCELLED, at(-60))
    await store.finished_jobs.record([bare, FAILED])
    await store.finished_jobs.record([])
    assert await everything(store) == [FAILED, bare]
    assert await store.finished_jobs.finished("org-2", at(-1000), at(1000)) == []


async def test_a_time_includes_its_start_and_not_its_end(store: DatabaseStore) -> None:
    """So two times that follow each other tell every job once."""
    await store.finished_jobs.record([ended("a", 0), ended("b", 60)])
    assert [each.request_id for each in await store.finished_jobs.finished(ORG, T0, at(60))] == ["a"]
    assert [each.request_id for each in await store.finished_jobs.finished(ORG, at(60), at(120))] == ["b"]


async def test_the_last_end_of_a_job_counts(store: DatabaseStore) -> None:
    """Whichever is told first; and twice in one go."""
    first, last = ended(JOB, 0), ended(JOB, 60, status=JobStatus.COMPLETED, fingerprint=None, reason=None)
    for told in ([first], [last], [first], [last, first]):
        await store.finished_jobs.record(told)
    assert await everything(store) == [last]


async def test_a_restarted_job_is_remembered_by_its_second_end(store: DatabaseStore) -> None:
    """By the time of the answer, whichever comes first; also where the suite's clock was put back."""
    first = ended(JOB, 0, updated_at=at(5))
    second = ended(JOB, 600, updated_at=at(605), status=JobStatus.COMPLETED, reason=None)
    for told in ([first, second], [second], [first]):
        await store.finished_jobs.record(told)
        assert await everything(store) == [second]
    back = ended(JOB, -3_600, updated_at=at(700))
    await store.finished_jobs.record([back])
    assert await everything(store) == [back]


async def test_what_says_more_replaces_what_says_less(store: DatabaseStore) -> None:
    """A row is known first, with the time at which it was updated; then its document, with an earlier end."""
    by_row = FinishedJob(ORG, JOB, "tone", JobStatus.FAILED, at(5), updated_at=at(5))
    for whole in (ended(JOB, 0, updated_at=at(5)), ended(JOB, 0), ended(JOB, 0, updated_at=at(3))):
        await store.upkeep.clean(T0 + KEPT_FOR + timedelta(days=1))
        await store.finished_jobs.record([by_row])
        await store.finished_jobs.record([whole])
        assert await everything(store) == [whole]
        if whole.updated_at == by_row.updated_at:
            await store.finished_jobs.record([by_row])
            assert await everything(store) == [whole]
    late = ended(JOB, 0, updated_at=at(9), reason="Disk full.")
    await store.finished_jobs.record([late])
    assert await everything(store) == [late], "its reason came later"
    other = ended(JOB, -7_200)
    await store.finished_jobs.record([other])
    assert await everything(store) == [late], "an earlier end, however much is known of it"


async def test_two_processes_may_remember_the_same_jobs(database_url: str) -> None:
    """At the same time, in any order."""
    here, there = await opened(database_url), await opened(database_url)
    jobs = [ended(str(number), number) for number in range(50)]
    await asyncio.gather(
        there.finished_jobs.record(jobs),
        there.finished_jobs.record(jobs[::-1]),
        here.finished_jobs.record(jobs),
    )
    assert len(await everything(there)) == len(await everything(here)) == len(jobs)
    await here.database.close()
    await there.database.close()


async def test_the_last_other_job_with_that_error_is_found(store: DatabaseStore) -> None:
    """Not the job itself, not a later one, not another error, organisation or time long ago."""
    await store.finished_jobs.record(
        [
            ended("older", -7200),
            ended("before", -3600, name=None),
            ended("other-error", -60, fingerprint="f" * 16),
            ended("without", -60, fingerprint=None),
            ended("elsewhere", -60, org_id="org-2"),
            FAILED,
            ended("later", 60),
        ]
    )
    found = await store.finished_jobs.earlier(ORG, JOB, ERROR, T0)
    assert found == Earlier(request_id="before", name=None, at=at(-3600))
    assert await store.finished_jobs.earlier(ORG, JOB, ERROR, at(-7200)) is None
    assert await store.finished_jobs.earlier(ORG, JOB, ERROR, at(60) + LOOKED_BACK) is not None
    assert (
        await store.finished_jobs.earlier(ORG, JOB, ERROR, at(60) + LOOKED_BACK + timedelta(seconds=1))
        is None
    )


async def test_it_is_known_which_jobs_are_remembered(store: DatabaseStore) -> None:
    """Whenever they ended, and until when they are known."""
    await store.finished_jobs.record([ended("a", 0), ended("b", -(10**6), updated_at=at(7))])
    assert await store.finished_jobs.recorded(ORG, ["a", "b", "c"]) == {"a": at(0), "b": at(7)}
    assert set(await store.finished_jobs.recorded("org-2", ["a"])) == set()
    assert set(await store.finished_jobs.recorded(ORG, [])) == set()
    assert set(await store.finished_jobs.recorded(ORG, ["a\0", "a", "\ud800"])) == {"a"}


async def test_finished_jobs_of_the_list_that_nothing_is_remembered_of(store: DatabaseStore) -> None:
    """The newest first, in any spelling; not those that run, ended too long ago, or are remembered."""
    rows = [
        row("a", "COMPLETED", at(-60)),
        row("b", "canceled", at(-30)),
        row("runs", "RUNNING", at(-10)),
        row("old", "FAILED", at(-7200)),
        row("timeless", "FAILED", None),
        row("known", "FAILED", at(-20)),
        row("known-by-its-answer", "FAILED", at(-20)),
        row("restarted", "FAILED", at(-5)),
    ]
    await store.feeds.set_feed(feed_of(), rows, T0)
    await store.finished_jobs.record(
        [ended("known", -20), ended("known-by-its-answer", -50, updated_at=at(-20))]
    )
    await store.finished_jobs.record([ended("restarted", -50, updated_at=at(-20))])
    found = await store.finished_jobs.unrecorded(ORG, at(-3600), 10)
    assert [(each.request_id, each.status, each.updated_at) for each in found] == [
        ("restarted", JobStatus.FAILED, at(-5)),
        ("b", JobStatus.CANCELLED, at(-30)),
        ("a", JobStatus.COMPLETED, at(-60)),
    ]
    assert len(await store.finished_jobs.unrecorded(ORG, at(-3600), 1)) == 1
    assert await store.finished_jobs.unrecorded("org-2", at(-3600), 10) == []


async def test_a_time_beyond_all_others_stops_nobody(store: DatabaseStore) -> None:
    """Earlier versions stored the end of the year 9999, which is no time any more when it is read back."""
    last = datetime.max.replace(tzinfo=UTC)
    await store.feeds.set_feed(feed_of(), [row("odd", "FAILED", last), row("a", "COMPLETED", at(-60))], T0)
    found = await store.finished_jobs.unrecorded(ORG, at(-3600), 10)
    assert [each.request_id for each in found] == ["odd", "a"]
    await store.finished_jobs.record([replace(FAILED, finished_at=last), ended("b", 0)])
    assert len(await store.finished_jobs.finished(ORG, T0, last)) == 1


@pytest.mark.parametrize("word", ["failed", " Succeeded", "error", "Aborted", "canceled", "success"])
async def test_jobs_are_remembered_whatever_the_words_of_their_ends(store: DatabaseStore, word: str) -> None:
    """In any case, and as older documents have them."""
    await store.feeds.set_feed(feed_of(), [row("a", word, at(-60)), row("b", "pending", at(-60))], T0)
    assert [each.request_id for each in await store.finished_jobs.unrecorded(ORG, at(-3600), 10)] == ["a"]


async def test_the_end_of_a_job_is_remembered_with_its_look(store: DatabaseStore) -> None:
    """In the same transaction; of a late loser nothing stays."""
    await follow(store)
    loser = await claim(store, T0)
    now = at(LEASE)
    await look(store, now, state=state("FAILED"), finished=FAILED)
    late = Look(loser, state("COMPLETED"), now, finished=replace(FAILED, status=JobStatus.COMPLETED))
    assert await store.watches.finish_looks([late], now) == 0
    assert await everything(store) == [FAILED]


async def test_what_is_too_old_to_be_looked_back_at_is_forgotten(store: DatabaseStore) -> None:
    """And nothing else."""
    await store.finished_jobs.record([FAILED, ended("old", -60)])
    await store.upkeep.clean(T0 + KEPT_FOR)
    assert await everything(store) == [FAILED]


async def test_the_card_of_a_failed_job_is_drawn_with_the_earlier_one(store: DatabaseStore) -> None:
    """When it is edited, and when it is posted; not that of a job that runs."""
    await opened_thread(store)
    await look(store, at(1), state=state(seen_at=at(1)), document=job(progress=50))
    before = ended("before", -3600)
    await store.finished_jobs.record([before])
    assert (await _edited(store, 2)).earlier is None
    failed = {"state": state("FAILED", seen_at=at(3)), "document": job("FAILED")}
    await look(store, at(3), finished=FAILED, **failed)
    seen = Earlier(request_id="before", name=before.name, at=before.finished_at)
    assert (await _edited(store, 4)).earlier == seen
    await follow(store, channel_id="C2", now=at(5))
    (card,) = await drained(store, at(5), "C2")
    assert card.earlier == seen


async def _edited(store: DatabaseStore, seconds: float) -> Edit:
    lane = await store.outbox.claim_lane(TEAM, "", at(seconds), LEASE)
    assert isinstance(lane, Lane)
    made = await store.outbox.take_edit(lane, at(seconds))
    assert made is not None
    assert await store.outbox.finish_edit(lane, made, Sent("1", "1"), at(seconds), lane_free_at=at(seconds))
    return made
