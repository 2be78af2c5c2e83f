"""What the list says anew, and what the cache makes of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from bot.domain.errors import KeyRejectedError, TrainingApiError, UnreadableError
from bot.domain.job import JobStatus
from bot.domain.listing import ListChanges
from bot.playground.clock import InstantClock
from bot.training_api.lists.changes import reading_changes
from bot.training_api.lists.known_rows import KnownRows
from bot.training_api.protocol import MAX_BODY_BYTES, MAX_LIST_BYTES
from tests.training_api.upstream import (
    JOB_ID,
    Scripted,
    Upstream,
    document,
    failing,
    job,
    make_api,
    make_client,
)

NEWER, OLDER = "2026-03-02T09:05:00Z", "2026-03-02T09:00:00Z"


def row(request_id: str = JOB_ID, **fields: Any) -> dict[str, Any]:
    """A row of the list."""
    return {"request_id": request_id, "status": "RUNNING", "progress": 10, "updated_at": OLDER, **fields}


async def changes(known: dict[str, int], *rows: Any) -> ListChanges:
    """What a list of these rows says anew."""
    client = make_client(Upstream(document({"jobs": rows, "total_count": len(rows)})))
    return await client.changes(known)


async def test_only_what_changed_of_what_is_watched_is_told() -> None:
    """A row that was seen is not told again until it says something else; a job without a row is missing."""
    first = await changes({"a": 0, "b": 0, "gone": 5}, row("a"), row("b"), row("stranger"))
    assert (set(first.changed), first.missing, first.is_cut) == ({"a", "b"}, {"gone"}, False)
    known = {request_id: mark for request_id, (mark, _) in first.changed.items()}
    again = await changes(known, row("a"), row("b", progress=11))
    assert {name: seen.progress for name, (_, seen) in again.changed.items()} == {"b": 11}
    assert again.missing == frozenset()


async def test_every_job_that_moved_is_told_where_their_statuses_are_known() -> None:
    """Also those nobody watches; what the cache holds of them is no longer fresh."""
    rows = [row("a"), row("b", status="FAILED"), row("new", status=None)]
    api = make_api(
        Upstream(job(updated_at=OLDER), document({"jobs": [*rows, row(updated_at=NEWER, status="FAILED")]})),
        InstantClock(),
    )
    await api.job(JOB_ID)
    statuses = {"a": "RUNNING", "b": "RUNNING", JOB_ID: "RUNNING"}
    found = await api.changes({"a": 0}, statuses)
    assert [each.request_id for each in found.moved] == ["b", "new", JOB_ID]
    assert set(found.changed) == {"a"}
    assert api.peek(JOB_ID) is None


@pytest.mark.parametrize("order", [1, -1])
async def test_of_two_rows_for_a_job_the_one_updated_last_counts(order: int) -> None:
    """In whichever order they come, and also where the newer one is known already."""
    older, newer = row(), row(updated_at=NEWER, status="COMPLETED")
    rows = (older, newer)[::order]
    [(mark, seen)] = (await changes({JOB_ID: 0}, *rows)).changed.values()
    assert seen.status is JobStatus.COMPLETED
    assert (await changes({JOB_ID: mark}, *rows)).changed == {}


async def test_rows_that_are_none_are_passed_over() -> None:
    """Without an id, with an odd one, or no object at all."""
    odd = [{}, {"request_id": None}, {"request_id": ["x"]}, 7, None, row()]
    assert set((await changes({JOB_ID: 0, "None": 0}, *odd)).changed) == {JOB_ID}


def test_no_more_is_told_at_once_than_fits() -> None:
    """The rest is told once these are known; what is missing is known all the same."""
    body = json.dumps({"jobs": [row("a"), row("b"), row("a", updated_at=NEWER, progress=12)]}).encode()

    def read(known: dict[str, int]) -> ListChanges:
        reading = reading_changes(known, rows=KnownRows(), most=1)
        assert reading.sink is not None
        reading.sink.feed(body)
        return reading.read(b"")

    first = read({"a": 0, "b": 0, "c": 0})
    assert (set(first.changed), first.missing, first.is_cut) == ({"a"}, {"c"}, True)
    assert first.changed["a"][1].progress == 12
    second = read({"a": first.changed["a"][0], "b": 0, "c": 0})
    assert "b" in second.changed or second.is_cut


async def test_a_list_may_be_larger_than_any_other_answer_and_is_read_whole() -> None:
    """10,000 rows in many pieces, also compressed by a proxy."""
    rows = [row(str(number), experiment_name="x" * 200) for number in range(10_000)]
    body = json.dumps({"jobs": rows}).encode()
    assert len(body) > MAX_BODY_BYTES
    pieces = tuple(body[start : start + 100_000] for start in range(0, len(body), 100_000))
    client = make_client(Upstream(Scripted(200, pieces)))
    assert await client.probe() == 10_000
    found = await client.changes({"0": 0, "9999": 0, "10000": 0})
    assert (set(found.changed), found.missing) == ({"0", "9999"}, {"10000"})


async def test_an_endless_list_is_refused() -> None:
    """Over its limit no more is read."""
    rows = b'{"a": "' + b"x" * 250_000 + b'"},'
    upstream = Upstream(Scripted(200, (b'{"jobs": [', *[rows] * 200)))
    with pytest.raises(UnreadableError) as caught:
        await make_client(upstream).changes({})
    assert str(MAX_LIST_BYTES) in caught.value.detail


@pytest.mark.parametrize("answer", [Scripted(200, (b"<html>",)), document({"detail": "x"}), document({})])
async def test_what_is_no_list_changes_nothing(answer: Scripted) -> None:
    """An error, where an empty list would mean that every job is gone."""
    with pytest.raises(UnreadableError):
        await make_client(Upstream(answer)).changes({JOB_ID: 0})


async def test_a_list_that_broke_off_is_asked_for_anew() -> None:
    """What the first attempt brought does not count."""
    upstream = Upstream(httpx.ReadError("lost"), document({"jobs": [row("b")]}))
    found = await make_client(upstream).changes({"a": 0, "b": 0})
    assert (set(found.changed), found.missing) == ({"b"}, {"a"})


async def test_a_card_is_never_older_than_what_the_list_said() -> None:
    """A job that changed is no longer fresh in the cache; the others stay, and nothing is forgotten."""
    clock, upstream = InstantClock(), Upstream(job(updated_at=OLDER), job(updated_at=OLDER))
    api = make_api(upstream, clock)
    await api.job(JOB_ID)
    await api.job("other")
    upstream.then(document({"jobs": [row(updated_at=OLDER), row("other", updated_at=NEWER)]}))
    await api.changes({JOB_ID: 0, "other": 0, "never asked": 0})
    assert api.peek(JOB_ID) is not None
    assert (api.peek("other"), api.recall("other") is None) == (None, False)
    upstream.then(job(updated_at=NEWER))
    assert not (await api.job("other")).from_cache


async def test_a_look_asks_past_the_cache_and_fills_it() -> None:
    """Fresh or not; everybody else then finds the newer answer."""
    api = make_api(Upstream(job(), job("FAILED")), InstantClock())
    await api.job(JOB_ID)
    assert (await api.look(JOB_ID)).job.status is JobStatus.FAILED
    found = api.peek(JOB_ID)
    assert found is not None
    assert found.job.status is JobStatus.FAILED


async def test_a_look_shares_the_question_under_way() -> None:
    """Whoever asked it: one request answers both."""
    upstream = Upstream(job())
    upstream.open.clear()
    api = make_api(upstream, InstantClock())
    asked = [asyncio.create_task(api.job(JOB_ID)), asyncio.create_task(api.look(JOB_ID))]
    await asyncio.sleep(0)
    upstream.open.set()
    first, second = await asyncio.gather(*asked)
    assert first is second
    assert len(upstream.requests) == 1


@pytest.mark.parametrize("status", [401, 500])
async def test_nothing_stands_in_for_a_look_that_failed(status: int) -> None:
    """A person is shown the earlier answer; the watcher is told the truth, each time."""
    api = make_api(Upstream(job(), failing(status)), InstantClock())
    await api.job(JOB_ID)
    for _ in range(2):
        with pytest.raises(TrainingApiError) as caught:
            await api.look(JOB_ID)
        assert caught.value.status == status
    shown = await api.job(JOB_ID, refresh=True)
    assert isinstance(shown.failure, KeyRejectedError) == (status == 401)


async def test_a_job_that_a_look_did_not_find_is_not_found_by_others_for_a_while() -> None:
    """A 404 is believed for 5 s, by whoever asks for the card."""
    api = make_api(upstream := Upstream(failing(404)), InstantClock())
    for ask in (api.look, api.job):
        with pytest.raises(TrainingApiError):
            await ask(JOB_ID)
    assert len(upstream.requests) == 1
