"""The cache: how long an answer counts, one question at a time, and what stands in for a failure."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.errors import (
    JobNotFoundError,
)
from bot.domain.job import JobStatus
from bot.playground.clock import InstantClock, ManualClock
from bot.training_api.build import build_training_api
from bot.training_api.rate_limiter import Priority
from tests.training_api.upstream import (
    BASE_URL,
    JOB_ID,
    TOKEN,
    Scripted,
    Upstream,
    failing,
    job,
    make_api,
    settle,
)


@pytest.mark.parametrize(
    ("status", "seconds"),
    [
        ("QUEUED", 10),
        ("RUNNING", 10),
        ("PAUSED", 10),
        ("COMPLETED", 600),
        ("FAILED", 600),
        ("CANCELED", 600),
    ],
)
async def test_an_answer_is_fresh_by_its_status(status: str, seconds: float) -> None:
    """A job that may still change for 10 s, a finished one for 10 min; then it is asked for again."""
    clock, upstream = InstantClock(), Upstream(job(status))
    api = make_api(upstream, clock)
    first = await api.job(JOB_ID)
    clock.advance(seconds - 0.1)
    again = await api.job(JOB_ID)
    assert (first.from_cache, again.from_cache, len(upstream.requests)) == (False, True, 1)
    assert again.fetched_at == first.fetched_at
    clock.advance(0.1)
    assert api.peek(JOB_ID) is None
    assert not (await api.job(JOB_ID)).from_cache
    assert len(upstream.requests) == 2


async def test_peek_gives_only_what_is_fresh_and_recall_also_what_is_not() -> None:
    """Neither asks; after an hour both have forgotten."""
    clock, upstream = InstantClock(), Upstream(job())
    api = make_api(upstream, clock)
    assert api.peek(JOB_ID) is None
    assert api.recall(JOB_ID) is None
    seen = await api.job(JOB_ID)
    fresh = api.peek(JOB_ID)
    assert fresh is not None
    assert fresh.job is seen.job
    assert fresh.from_cache
    clock.advance(3_599)
    assert api.peek(JOB_ID) is None
    recalled = api.recall(JOB_ID)
    assert recalled is not None
    assert recalled.job is seen.job
    clock.advance(1)
    assert api.recall(JOB_ID) is None
    assert len(upstream.requests) == 1


async def test_an_unchanged_document_is_not_parsed_twice() -> None:
    """The same bytes give the same object with a new time; other bytes another object."""
    clock, upstream = InstantClock(), Upstream(job(), job(), job("FAILED"))
    api = make_api(upstream, clock)
    first = await api.job(JOB_ID)
    clock.advance(10)
    second = await api.job(JOB_ID)
    assert second.job is first.job
    assert second.fetched_at > first.fetched_at
    clock.advance(10)
    assert (await api.job(JOB_ID)).job is not first.job


async def test_a_thousand_callers_ask_once() -> None:
    """All who ask while the question is under way get its answer."""
    clock, upstream = InstantClock(), Upstream(job())
    api = make_api(upstream, clock)
    snapshots = await asyncio.gather(*(api.job(JOB_ID, refresh=number % 2 == 0) for number in range(1_000)))
    assert len(upstream.requests) == 1
    assert len(set(map(id, snapshots))) == 1
    assert not snapshots[0].from_cache


async def test_jobs_do_not_share_a_question() -> None:
    """Each id is asked for on its own."""
    upstream = Upstream(job())
    api = make_api(upstream, InstantClock())
    await asyncio.gather(api.job("job-1"), api.job("job-2"))
    assert sorted(upstream.asked) == ["job-1", "job-2"]


async def test_a_cancelled_caller_takes_nothing_from_the_others() -> None:
    """The first who asked goes away; the answer still comes to those who joined."""
    upstream = Upstream(job())
    upstream.open.clear()
    api = make_api(upstream, InstantClock())
    first, second = asyncio.create_task(api.job(JOB_ID)), asyncio.create_task(api.job(JOB_ID))
    await settle()
    first.cancel()
    await settle()
    assert first.cancelled()
    upstream.open.set()
    assert (await second).job.status is JobStatus.RUNNING
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("answer", [job(), failing(500)])
async def test_when_all_callers_are_gone_the_question_still_ends(answer: Scripted) -> None:
    """Its answer fills the cache; its failure bothers nobody."""
    upstream = Upstream(answer)
    upstream.open.clear()
    api = make_api(upstream, InstantClock())
    callers = [asyncio.create_task(api.job(JOB_ID)) for _ in range(3)]
    await settle()
    for caller in callers:
        caller.cancel()
    await settle()
    upstream.open.set()
    await settle()
    assert (api.peek(JOB_ID) is not None) == (answer.status == 200)
    assert len(upstream.requests) == 1


async def test_refresh_asks_anew_but_not_within_two_seconds() -> None:
    """Inside them the answer in hand comes back."""
    clock, upstream = InstantClock(), Upstream(job("COMPLETED"))
    api = make_api(upstream, clock)
    await api.job(JOB_ID, refresh=True)
    clock.advance(1.9)
    assert (await api.job(JOB_ID, refresh=True)).from_cache
    assert len(upstream.requests) == 1
    clock.advance(0.1)
    assert not (await api.job(JOB_ID, refresh=True)).from_cache
    assert len(upstream.requests) == 2


async def test_refresh_asks_anew_for_a_job_that_was_not_found() -> None:
    """After two seconds, though the 404 would be believed for five."""
    clock, upstream = InstantClock(), Upstream(failing(404), job())
    api = make_api(upstream, clock)
    for _ in range(2):
        with pytest.raises(JobNotFoundError):
            await api.job(JOB_ID, refresh=True)
    assert len(upstream.requests) == 1
    clock.advance(2)
    assert (await api.job(JOB_ID, refresh=True)).failure is None


async def test_what_is_kept_is_bounded_and_large_documents_weigh_more() -> None:
    """The jobs not looked at for longest go first; 16 KiB weigh as much as one small job more."""
    api = make_api(Upstream(job()), InstantClock(), max_weight=3)
    for number in range(5):
        await api.job(f"job-{number}")
    assert [api.peek(f"job-{number}") is not None for number in range(5)] == [False, False, True, True, True]
    large = make_api(Upstream(job(error_message="x" * 16_384), job()), InstantClock(), max_weight=3)
    for number in range(3):
        await large.job(f"job-{number}")
    assert [large.peek(f"job-{number}") is not None for number in range(3)] == [False, True, True]


async def test_a_person_who_joins_a_background_question_moves_it_forward() -> None:
    """Behind eight slow requests, the shared question goes before other background ones."""
    clock, upstream = ManualClock(), Upstream(job())
    upstream.open.clear()
    api = make_api(upstream, clock)
    running = [asyncio.create_task(api.job(f"running-{number}")) for number in range(8)]
    await settle()
    asked = ["background-1", "background-2"]
    waiting = [asyncio.create_task(api.job(name, priority=Priority.BACKGROUND)) for name in asked]
    await settle()
    waiting.append(asyncio.create_task(api.job("background-2")))
    await settle()
    upstream.open.set()
    await asyncio.gather(*running, *waiting)
    assert upstream.asked[8:] == ["background-2", "background-1"]


async def test_closing_ends_what_is_under_way() -> None:
    """No task is left behind."""
    upstream = Upstream(job())
    upstream.open.clear()
    api = make_api(upstream, InstantClock())
    caller = asyncio.create_task(api.job(JOB_ID))
    await settle()
    await api.aclose()
    assert upstream.running == 0
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_it_is_built_from_settings_and_asks_with_the_key() -> None:
    """The factory wires the whole; the key is in the request and in no repr."""
    upstream = Upstream(job())
    api = build_training_api(
        base_url=f"{BASE_URL}/", org_id="org-1", token=TOKEN, clock=InstantClock(), transport=upstream
    )
    await api.job(JOB_ID)
    (request,) = upstream.requests
    assert str(request.url) == f"{BASE_URL}/job/get/?org_id=org-1&request_id={JOB_ID}"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in repr(api) + repr(api.client)
    await api.aclose()
