"""Jobs set to a state by hand, lost and found, and a list that misbehaves on its own."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.training_suite import DEFAULT_ORG_ID, DEFAULT_TOKEN, TrainingSuite

JOB_ID = "job-1"
NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""All is plain HTTP here; to read the system's certificates takes longer than a test."""


@dataclass
class _Served:
    suite: TrainingSuite
    clock: ManualClock
    client: httpx.AsyncClient

    async def get(self, path: str, **asked: str) -> httpx.Response:
        params = {"org_id": DEFAULT_ORG_ID, **asked}
        return await self.client.get(
            path, params=params, headers={"Authorization": f"Bearer {DEFAULT_TOKEN}"}
        )

    async def job(self) -> Mapping[str, Any]:
        return (await self.get("/job/get/", request_id=JOB_ID)).json()

    async def rows(self) -> list[Mapping[str, Any]]:
        return (await self.get("/job/list/")).json()["jobs"]


@pytest.fixture
async def api() -> AsyncIterator[_Served]:
    """A suite without any jobs, on a clock that only tests move."""
    clock = ManualClock()
    suite = TrainingSuite(clock, jobs=())
    async with serving(suite.app()) as url, httpx.AsyncClient(base_url=url, verify=NO_TRUST) as client:
        yield _Served(suite, clock, client)


async def test_times_follow_the_status_that_is_set(api: _Served) -> None:
    """A start and an end are dated when they are set; a job that comes back to life has no end any more."""
    api.suite.set(JOB_ID)
    assert (await api.job())["status"] == "QUEUED"
    api.clock.advance(60)
    api.suite.set(JOB_ID, status="RUNNING", progress=10)
    started = await api.job()
    assert (started["started_at"], started["completed_at"]) == ("2026-03-02T09:01:00.000Z", None)
    api.clock.advance(60)
    api.suite.set(JOB_ID, status="FAILED", error_message="no memory")
    failed = await api.job()
    assert failed["started_at"] == started["started_at"]
    assert failed["completed_at"] == failed["updated_at"] == "2026-03-02T09:02:00.000Z"
    assert (failed["progress"], failed["error_message"]) == (10, "no memory")
    api.suite.set(JOB_ID, status="RUNNING")
    alive = await api.job()
    assert (alive["completed_at"], alive["error_message"]) == (None, None)


async def test_a_life_stops_where_its_state_is_set(api: _Served) -> None:
    """What is not set stays as the life had it at that moment."""
    lively = TrainingSuite(api.clock)
    request_id = lively.request_ids[0]
    lively.set(request_id, progress=99)
    before = lively.document(request_id)
    api.clock.advance(86_400)
    assert before is not None
    assert lively.document(request_id) == before
    assert (before["status"], before["progress"]) == ("RUNNING", 99)


async def test_a_lost_job_is_404_and_not_in_the_list(api: _Served) -> None:
    """Until it is found again; its metrics are gone as well."""
    api.suite.set(JOB_ID)
    api.suite.lose(JOB_ID)
    paths = ("/job/get/", "/job/metrics/")
    assert [(await api.get(path, request_id=JOB_ID)).status_code for path in paths] == [404, 404]
    assert await api.rows() == []
    api.suite.find(JOB_ID)
    assert [row["request_id"] for row in await api.rows()] == [JOB_ID]


async def test_the_list_may_have_rows_of_its_own(api: _Served) -> None:
    """Duplicates and odd rows come after the sound ones; a reset takes them away."""
    api.suite.set(JOB_ID)
    api.suite.extra_rows += [{"request_id": JOB_ID, "status": "FAILED"}, {"status": "RUNNING"}]
    assert [row.get("status") for row in await api.rows()] == ["QUEUED", "FAILED", "RUNNING"]
    api.suite.reset()
    assert api.suite.extra_rows == []


@pytest.mark.parametrize(
    ("switches", "status"),
    [
        ({"list_refused": True}, 404),
        ({"list_refused": True, "list_status": 403}, 403),
        ({"list_html": True}, 200),
        ({"list_html": True, "html_status": 502}, 502),
    ],
)
async def test_the_list_alone_may_be_refused(
    api: _Served, switches: Mapping[str, object], status: int
) -> None:
    """Jobs are still answered one by one."""
    api.suite.set(JOB_ID)
    api.suite.switches.update(switches)
    assert (await api.get("/job/list/")).status_code == status
    assert (await api.job())["request_id"] == JOB_ID


async def test_the_list_alone_may_be_down(api: _Served) -> None:
    """The connection is closed, for the list only."""
    api.suite.set(JOB_ID)
    api.suite.switches.list_down = True
    with pytest.raises(httpx.TransportError):
        await api.get("/job/list/")
    assert (await api.job())["request_id"] == JOB_ID
