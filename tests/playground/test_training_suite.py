"""The training suite's server: keys, organisations, errors, switches, the log."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.clock import ManualClock
from bot.playground.serving import serving
from bot.playground.training_suite import DEFAULT_ORG_ID, DEFAULT_TOKEN, IDS, Switches, TrainingSuite
from tests.playground.slack_side import until_asleep

KEY = {"Authorization": f"Bearer {DEFAULT_TOKEN}"}
ASKED = {"org_id": DEFAULT_ORG_ID, "request_id": IDS["running"]}
NO_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""All is plain HTTP here; to read the system's certificates takes longer than a test."""


@dataclass
class _Served:
    suite: TrainingSuite
    clock: ManualClock
    client: httpx.AsyncClient

    async def get(
        self,
        path: str = "/job/get/",
        asked: Mapping[str, str] = ASKED,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        return await self.client.get(path, params=dict(asked), headers=KEY if headers is None else headers)


@pytest.fixture
async def api() -> AsyncIterator[_Served]:
    """A suite on a clock that only tests move."""
    clock = ManualClock()
    suite = TrainingSuite(clock)
    async with serving(suite.app()) as url, httpx.AsyncClient(base_url=url, verify=NO_TRUST) as client:
        yield _Served(suite, clock, client)


async def test_a_job_a_list_and_metrics(api: _Served) -> None:
    """The three methods answer with the documented shapes."""
    job = (await api.get()).json()
    assert job["request_id"] == IDS["running"]
    assert job["status"] == "RUNNING"
    listed = (await api.get("/job/list/")).json()
    assert listed["total_count"] == len(listed["jobs"]) == 15
    series = (await api.get("/job/metrics/")).json()
    assert series["request_id"] == IDS["running"]
    assert set(series["metrics"][0]) == {"key", "value", "timestamp", "step", "epoch"}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {DEFAULT_TOKEN}"}],
)
async def test_a_missing_or_wrong_key_is_401(api: _Served, headers: dict[str, str]) -> None:
    """The detail says which, never what was sent."""
    response = await api.get(headers=headers)
    assert response.status_code == 401
    assert "wrong" not in response.json()["detail"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"org_id": ""}, 400),
        ({"org_id": "another"}, 403),
        ({"request_id": ""}, 400),
        ({"request_id": "two words"}, 400),
        ({"request_id": "x" * 65}, 400),
        ({"request_id": "no-such-job"}, 404),
    ],
)
async def test_documented_errors(api: _Served, change: dict[str, str], status: int) -> None:
    """Each bad question has its status and a detail."""
    response = await api.get(asked={**ASKED, **change})
    assert response.status_code == status
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("switch", "status"), [("rate_limited", 429), ("server_error", 500), ("key_expired", 401), ("html", 200)]
)
async def test_switches_answer(api: _Served, switch: str, status: int) -> None:
    """A switch breaks every answer, until it is off again."""
    api.suite.switches.update({switch: True})
    response = await api.get()
    assert response.status_code == status
    assert ("Retry-After" in response.headers) == (switch == "rate_limited")
    assert response.headers["Content-Type"].startswith(
        "text/html" if switch == "html" else "application/json"
    )
    api.suite.switches.update({switch: False})
    assert (await api.get()).status_code == 200


async def test_down_closes_the_connection(api: _Served) -> None:
    """No answer at all."""
    api.suite.switches.down = True
    with pytest.raises(httpx.TransportError):
        await api.get()


async def test_latency_waits_on_the_clock(api: _Served) -> None:
    """A slow answer comes when its time has passed, not before."""
    api.suite.switches.latency_seconds = 3
    asked = asyncio.create_task(api.get())
    await until_asleep(api.clock, 3)
    assert not asked.done()
    api.clock.advance(3)
    assert (await asked).status_code == 200


async def test_jobs_and_raw_answers_can_be_added(api: _Served) -> None:
    """A document stays as it is; a raw answer is sent byte by byte."""
    api.suite.add_job({"request_id": "mine", "status": "ODD"})
    assert (await api.get(asked={**ASKED, "request_id": "mine"})).json() == {
        "request_id": "mine",
        "status": "ODD",
    }
    api.suite.raw("mine", "<html>", 502, {"Content-Type": "text/html"})
    response = await api.get(asked={**ASKED, "request_id": "mine"})
    assert (response.status_code, response.text) == (502, "<html>")
    api.suite.reset()
    assert (await api.get(asked={**ASKED, "request_id": "mine"})).status_code == 404


async def test_every_request_is_counted_and_kept(api: _Served) -> None:
    """The rate limit can be read from the log: when, what, and how many at once."""
    await api.get()
    api.clock.advance(5)
    await api.get("/job/list/")
    assert api.suite.counts == {"/job/get/": 1, "/job/list/": 1}
    assert [(one.path, one.at_seconds, one.in_flight) for one in api.suite.requests] == [
        ("/job/get/", 0, 1),
        ("/job/list/", 5, 1),
    ]


async def test_the_clock_moves_the_jobs(api: _Served) -> None:
    """A queued job starts when its time has come."""
    asked = {**ASKED, "request_id": IDS["queued"]}
    assert (await api.get(asked=asked)).json()["status"] == "QUEUED"
    api.clock.advance(3600)
    assert (await api.get(asked=asked)).json()["status"] == "RUNNING"


@given(st.dictionaries(st.text(max_size=20), st.none() | st.booleans() | st.floats() | st.text(max_size=5)))
def test_bad_switches_change_nothing(partial: dict[str, object]) -> None:
    """What the page sends is checked as a whole before anything is set."""
    switches = Switches()
    with pytest.raises(ValueError, match="switch"):
        switches.update({"down": True, **partial, "no such switch": 1})
    assert switches == Switches()


@pytest.mark.parametrize(
    "partial",
    [
        {"down": 1},
        {"latency_seconds": -1},
        {"latency_seconds": 61},
        {"latency_seconds": True},
        {"html_status": "x"},
    ],
)
def test_switches_refuse_the_wrong_kind(partial: dict[str, object]) -> None:
    """A number where a yes belongs, or one out of range, is an error in plain words."""
    with pytest.raises(ValueError, match=next(iter(partial))):
        Switches().update(partial)
