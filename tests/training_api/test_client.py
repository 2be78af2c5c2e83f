"""The client: typed questions, retries, and one budget around each."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.domain.errors import (
    InvalidIdError,
    KeyRejectedError,
    RateLimitedError,
    TrainingApiError,
    UnreachableError,
    UnreadableError,
    UpstreamFailedError,
    UpstreamTimeoutError,
)
from bot.domain.job import JobStatus
from bot.playground.clock import InstantClock
from bot.training_api.protocol import MAX_BODY_BYTES
from tests.tables import each_row
from tests.training_api.loopback import http, serve
from tests.training_api.upstream import JOB_ID, Scripted, Upstream, document, failing, job, make_client

MEBIBYTE = 1024 * 1024


async def test_a_job_is_read_and_an_unchanged_one_is_the_same_object() -> None:
    """With its bytes, to compare the next answer with."""
    client = make_client(Upstream(job()))
    first = await client.job(JOB_ID)
    assert first.job.status is JobStatus.RUNNING
    assert await client.job(JOB_ID, known=first) is first


async def test_the_list_and_the_metrics_are_typed() -> None:
    """Each from its own address."""
    upstream = Upstream(
        document({"jobs": [{"request_id": "job-1"}, {"request_id": "job-2"}], "total_count": 2}),
        document({"request_id": JOB_ID, "metrics": [{"key": "loss", "value": 1.5, "step": 10}]}),
    )
    client = make_client(upstream)
    assert [summary.request_id for summary in await client.jobs()] == ["job-1", "job-2"]
    assert [point.key for point in await client.metrics(JOB_ID)] == ["loss"]
    assert [request.url.path for request in upstream.requests] == ["/job/list/", "/job/metrics/"]


async def test_a_probe_asks_once() -> None:
    """It counts the jobs, or tells what is wrong without trying again."""
    upstream = Upstream(
        document({"jobs": [{"request_id": "job-1"}, {"request_id": "job-2"}]}), failing(401), failing(503)
    )
    client = make_client(upstream)
    assert await client.probe() == 2
    for kind in (KeyRejectedError, UpstreamFailedError):
        with pytest.raises(kind):
            await client.probe()
    assert len(upstream.requests) == 3


@pytest.mark.parametrize(
    "passing",
    [failing(429), failing(502), failing(503), failing(504), httpx.ConnectError("x"), httpx.ReadError("x")],
)
async def test_what_passes_is_asked_again(passing: Scripted | Exception) -> None:
    """Twice, with a growing wait in between."""
    clock, upstream = InstantClock(), Upstream(passing, passing, job())
    assert (await make_client(upstream, clock).job(JOB_ID)).job.status is JobStatus.RUNNING
    assert clock.slept == [0.25, 0.75]


@each_row(
    "lasting, kind, times",
    [
        (failing(500), UpstreamFailedError, 1),
        (failing(401), KeyRejectedError, 1),
        (httpx.ReadTimeout("x"), UpstreamTimeoutError, 1),
        (httpx.RemoteProtocolError("x"), UnreadableError, 1),
        (failing(503), UpstreamFailedError, 3),
        (failing(429), RateLimitedError, 3),
        (httpx.ConnectError("x"), UnreachableError, 3),
        (httpx.ConnectTimeout("x"), UnreachableError, 3),
    ],
)
async def test_what_lasts_is_told(
    lasting: Scripted | Exception, kind: type[TrainingApiError], times: int
) -> None:
    """After as many questions as can help, and no more."""
    upstream = Upstream(lasting)
    with pytest.raises(kind):
        await make_client(upstream).job(JOB_ID)
    assert len(upstream.requests) == times


async def test_retry_after_is_honoured() -> None:
    """No sooner than the server asked."""
    clock, upstream = InstantClock(), Upstream(failing(429, retry_after="3"), job())
    await make_client(upstream, clock).job(JOB_ID)
    assert clock.slept == [3.25]


async def test_a_retry_after_beyond_the_budget_fails_at_once() -> None:
    """With the wait in the error, and without waiting."""
    clock, upstream = InstantClock(), Upstream(failing(429, retry_after="30"))
    with pytest.raises(RateLimitedError) as caught:
        await make_client(upstream, clock).job(JOB_ID)
    assert caught.value.retry_after_seconds == 30
    assert (clock.slept, len(upstream.requests)) == ([], 1)


async def test_slow_failures_use_up_the_budget() -> None:
    """Where each attempt takes 4 s, the second is the last."""
    clock = InstantClock()

    class Slow(Upstream):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            clock.advance(4)
            return await super().handle_async_request(request)

    upstream = Slow(failing(503))
    with pytest.raises(UpstreamFailedError):
        await make_client(upstream, clock).job(JOB_ID)
    assert len(upstream.requests) == 2


async def test_an_impossible_id_is_not_asked_for() -> None:
    """Nothing is sent."""
    upstream = Upstream(job())
    with pytest.raises(InvalidIdError):
        await make_client(upstream).job("\ud800")
    assert upstream.requests == []


async def test_a_redirect_does_not_take_the_key_anywhere() -> None:
    """Neither to another host nor to the same one: one request, and an error that says so."""
    async with serve(http()) as elsewhere:
        for location in (f"{elsewhere.base_url}/job/get/", "/job/get/"):
            async with serve(http(b"", f"Location: {location}", status="302 Found")) as server:
                client = make_client(None, base_url=server.base_url)
                with pytest.raises(UnreadableError) as caught:
                    await client.job(JOB_ID)
                await client.aclose()
            assert "redirect" in caught.value.detail
            assert len(server.heads) == 1
    assert elsewhere.heads == []


async def test_an_endless_answer_is_cut_off_while_reading() -> None:
    """At 2 MiB the connection is dropped; a declared length is not believed."""
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b" " * 65_536)
            sent += 65_536
            await writer.drain()

    async with serve(endless) as server:
        client = make_client(None, base_url=server.base_url)
        with pytest.raises(UnreadableError):
            await client.job(JOB_ID)
        await asyncio.wait_for(server.is_dropped.wait(), 5)
        await client.aclose()
    assert sent < 32 * MEBIBYTE
    assert len(server.heads) == 1


async def test_two_mebibytes_are_read_and_one_byte_more_is_not() -> None:
    """The limit is exact, however the answer is cut into pieces."""
    whole = b'{"status": "RUNNING"}'.ljust(MAX_BODY_BYTES)
    halves = (whole[:MEBIBYTE], whole[MEBIBYTE:])
    client = make_client(Upstream(Scripted(200, halves), Scripted(200, (*halves, b" "))))
    assert (await client.job(JOB_ID)).job.status is JobStatus.RUNNING
    with pytest.raises(UnreadableError):
        await client.job(JOB_ID)


async def test_a_huge_error_is_still_the_error_it_is() -> None:
    """A 401 with megabytes of HTML tells about the key."""
    with pytest.raises(KeyRejectedError):
        await make_client(Upstream(Scripted(401, (b"<p>",) * 100_000))).job(JOB_ID)


async def test_an_answer_that_drips_ends_with_the_budget() -> None:
    """Each byte comes in time, the whole does not."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.005)

    async with serve(drip) as server:
        client = make_client(None, base_url=server.base_url, budget_seconds=0.05)
        with pytest.raises(UpstreamTimeoutError):
            await client.job(JOB_ID)
        await client.aclose()


async def test_a_person_does_not_wait_in_the_queue_beyond_the_budget() -> None:
    """After the burst, whoever would come too late is told at once that it is too much."""
    clock, upstream = InstantClock(), Upstream(job())
    upstream.open.clear()
    client = make_client(upstream, clock, budget_seconds=0.05)
    outcomes = await asyncio.gather(
        *(client.job(f"job-{number}") for number in range(30)), return_exceptions=True
    )
    kinds = {type(outcome) for outcome in outcomes}
    assert kinds == {UpstreamTimeoutError, RateLimitedError}
    assert upstream.most_at_once == 8


async def test_no_cookie_is_kept() -> None:
    """What a balancer sets is not sent back."""
    cookie = {"set-cookie": "session=1; Path=/"}
    upstream = Upstream(Scripted(200, job().chunks, cookie))
    client = make_client(upstream)
    await client.job(JOB_ID)
    await client.job(JOB_ID)
    assert "cookie" not in upstream.requests[1].headers


async def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key goes to the base URL only."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    async with serve(http(b'{"status": "QUEUED"}')) as server:
        client = make_client(None, base_url=server.base_url)
        assert (await client.job(JOB_ID)).job.status is JobStatus.QUEUED
        await client.aclose()
