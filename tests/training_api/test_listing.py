"""The list and the metrics behind the cache: one question, fresh for 15 s, an earlier answer on failure."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.domain.errors import JobNotFoundError, TrainingApiError, UpstreamFailedError
from bot.playground.clock import InstantClock, ManualClock
from bot.training_api.protocol import MAX_BODY_BYTES
from tests.training_api.upstream import JOB_ID, Scripted, Upstream, document, failing, make_api, settle

JANUARY, FEBRUARY = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"


def listing(*request_ids: str, **fields: Any) -> Scripted:
    """A list of these jobs."""
    return document({"jobs": [{"request_id": each, **fields} for each in request_ids]})


def metrics(*values: float) -> Scripted:
    """A loss curve."""
    return document({"request_id": JOB_ID, "metrics": [{"key": "loss", "value": each} for each in values]})


async def test_the_list_is_fresh_for_15_seconds() -> None:
    """Then it is asked for again; without asking there is what is fresh, or was within an hour."""
    clock, upstream = InstantClock(), Upstream(listing("a"), listing("b"))
    api = make_api(upstream, clock)
    assert (api.peek_jobs(), api.recall_jobs()) == (None, None)
    first = await api.jobs()
    clock.advance(14.9)
    assert await api.jobs() is first is api.peek_jobs()
    clock.advance(0.1)
    assert api.peek_jobs() is None
    assert api.recall_jobs() is first
    assert [job.request_id for job in (await api.jobs()).jobs] == ["b"]
    assert len(upstream.requests) == 2
    clock.advance(3_600)
    assert api.recall_jobs() is None


async def test_whoever_asks_for_the_list_meanwhile_shares_the_question() -> None:
    """A thousand people ask once, also when the first of them goes away."""
    upstream = Upstream(listing("a"))
    upstream.open.clear()
    api = make_api(upstream, InstantClock())
    callers = [asyncio.create_task(api.jobs(background=number == 0)) for number in range(1_000)]
    await settle()
    callers[0].cancel()
    upstream.open.set()
    assert len({id(await each) for each in callers[1:]}) == 1
    assert len(upstream.requests) == 1


async def test_an_earlier_list_stands_in_for_a_failure() -> None:
    """With the reason; for 2 s nobody asks again."""
    clock, upstream = InstantClock(), Upstream(listing("a"), failing(500), failing(500), listing("b"))
    api = make_api(upstream, clock)
    first = await api.jobs()
    clock.advance(15)
    second, third = await api.jobs(), await api.jobs()
    assert isinstance(second.failure, UpstreamFailedError)
    assert isinstance(third.failure, UpstreamFailedError)
    assert (second.jobs, second.fetched_at) == (first.jobs, first.fetched_at)
    assert api.peek_jobs() is None
    assert len(upstream.requests) == 2
    clock.advance(2)
    assert (await api.jobs()).failure is not None
    clock.advance(2)
    again = await api.jobs()
    assert (again.failure, again.jobs[0].request_id) == (None, "b")


async def test_without_an_earlier_answer_a_failure_is_raised() -> None:
    """To each caller an error of its own; it is asked again after 2 s."""
    clock, upstream = InstantClock(), Upstream(failing(500), listing("a"))
    api = make_api(upstream, clock)
    raised = []
    for _ in range(2):
        with pytest.raises(UpstreamFailedError) as caught:
            await api.jobs()
        raised.append(caught.value)
    assert raised[0] is not raised[1]
    assert len(upstream.requests) == 1
    clock.advance(2)
    assert (await api.jobs()).failure is None


async def test_each_job_is_in_the_list_once_and_newest_first() -> None:
    """By when it was made, else by when it changed; of two rows the one updated last counts."""
    rows = [
        {"request_id": "undated"},
        {"request_id": "old", "created_at": JANUARY, "updated_at": FEBRUARY, "progress": 5},
        {"request_id": "old", "created_at": JANUARY, "updated_at": JANUARY, "progress": 1},
        {"request_id": "new", "updated_at": FEBRUARY},
        {"status": "RUNNING"},
    ]
    jobs = (await make_api(Upstream(document({"jobs": rows})), InstantClock()).jobs()).jobs
    assert [(job.request_id, job.progress) for job in jobs] == [("new", None), ("old", 5), ("undated", None)]


async def test_a_list_of_20_000_jobs_never_holds_up_the_others() -> None:
    """It is over the limit for a single document, and read in pieces: others have their turn between."""
    rows = {
        "jobs": [
            {"request_id": f"job-{n:06}", "experiment_name": "x" * 80, "status": "RUNNING"}
            for n in range(20_000)
        ]
    }
    body = json.dumps(rows).encode()
    assert len(body) > MAX_BODY_BYTES
    pieces = tuple(body[at : at + 65_536] for at in range(0, len(body), 65_536))
    api = make_api(Upstream(Scripted(200, pieces)), InstantClock())
    asking, turns = asyncio.create_task(api.jobs()), 0
    while not asking.done():
        await asyncio.sleep(0)
        turns += 1
    assert len((await asking).jobs) == 20_000
    assert turns > len(pieces)


async def test_metrics_are_kept_by_job() -> None:
    """Fresh for 15 s; other jobs ask for themselves."""
    clock, upstream = InstantClock(), Upstream(metrics(2, 1))
    api = make_api(upstream, clock)
    first = await api.metrics(JOB_ID)
    assert [point.value for point in first.points] == [2, 1]
    assert await api.metrics(JOB_ID) is first
    await api.metrics("other")
    assert upstream.asked == [JOB_ID, "other"]
    clock.advance(15)
    await api.metrics(JOB_ID)
    assert upstream.asked == [JOB_ID, "other", JOB_ID]


async def test_a_job_that_is_gone_has_no_earlier_metrics() -> None:
    """A 404 is about the job; any other failure lets the earlier points stand in."""
    clock, upstream = InstantClock(), Upstream(metrics(1), failing(500))
    api = make_api(upstream, clock)
    await api.metrics(JOB_ID)
    clock.advance(15)
    assert (await api.metrics(JOB_ID)).failure is not None
    upstream.then(failing(404))
    clock.advance(15)
    with pytest.raises(JobNotFoundError):
        await api.metrics(JOB_ID)


@pytest.mark.parametrize("answer", [{"metrics": None}, {}, {"metrics": [7, {"key": "loss"}]}])
async def test_metrics_without_a_point_are_fine(answer: object) -> None:
    """A job that has not begun has none."""
    assert (await make_api(Upstream(document(answer)), InstantClock()).metrics(JOB_ID)).points == ()


async def test_a_person_who_joins_moves_a_background_question_forward() -> None:
    """Behind eight slow requests it goes before other background ones."""
    upstream = Upstream(listing())
    upstream.open.clear()
    api = make_api(upstream, ManualClock())
    running = [asyncio.create_task(api.metrics(f"running-{number}")) for number in range(8)]
    await settle()
    waiting = [asyncio.create_task(api.metrics(name, background=True)) for name in ("one", "two")]
    await settle()
    waiting.append(asyncio.create_task(api.metrics("two")))
    await settle()
    upstream.open.set()
    await asyncio.gather(*running, *waiting, return_exceptions=True)
    assert upstream.asked[8:] == ["two", "one"]


async def test_closing_ends_the_questions_under_way() -> None:
    """No task is left behind."""
    upstream = Upstream(listing("a"))
    upstream.open.clear()
    api = make_api(upstream, InstantClock())
    callers = [asyncio.create_task(api.jobs()), asyncio.create_task(api.metrics(JOB_ID))]
    await settle()
    await api.aclose()
    assert upstream.running == 0
    for each in await asyncio.gather(*callers, return_exceptions=True):
        assert isinstance(each, asyncio.CancelledError | TrainingApiError)
