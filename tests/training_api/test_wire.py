"""What goes over the wire, as the API's page documents it: method, address, parameters, key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import respx

from bot.domain.errors import InvalidIdError, JobNotFoundError, KeyRejectedError, TrainingApiError
from bot.playground.clock import InstantClock
from bot.training_api.build import build_training_api
from bot.training_api.client import TrainingApiClient

BASE = "https://training-suite.app.simplismart.ai"
ORG = "0bf00b43-430a-4ca3-a8b3-b13cc8dc6d4f"
JOB = "3fe92c25-e5fd-4281-93df-5aa886064dbd"
Question = Callable[[TrainingApiClient], Awaitable[Any]]


@pytest.fixture
def suite() -> respx.Router:
    """The training suite: whatever no route of a test takes is an error."""
    return respx.Router(assert_all_called=True, assert_all_mocked=True)


def _client(suite: respx.Router, base_url: str = BASE) -> TrainingApiClient:
    transport = httpx.MockTransport(suite.async_handler)
    api = build_training_api(
        base_url=base_url, org_id=ORG, token="a-key", clock=InstantClock(), transport=transport
    )
    return api.client


@pytest.mark.parametrize("base_url", [BASE, f"{BASE}/"])
@pytest.mark.parametrize(
    ("path", "parameters", "body", "ask"),
    [
        (
            "/job/get/",
            {"org_id": ORG, "request_id": JOB},
            {"status": "QUEUED"},
            lambda client: client.job(JOB),
        ),
        ("/job/list/", {"org_id": ORG}, {"jobs": []}, lambda client: client.jobs()),
        (
            "/job/metrics/",
            {"org_id": ORG, "request_id": JOB},
            {"metrics": []},
            lambda client: client.metrics(JOB),
        ),
    ],
)
async def test_each_question_is_one_get_with_the_key(  # noqa: PLR0913, PLR0917  (one case, told in full)
    suite: respx.Router,
    base_url: str,
    path: str,
    parameters: dict[str, str],
    body: dict[str, Any],
    ask: Question,
) -> None:
    """A GET with a trailing slash, exactly the documented parameters, and the key as a bearer token."""
    route = suite.get(f"{BASE}{path}", params__eq=parameters, headers={"Authorization": "Bearer a-key"})
    route.respond(json=body)
    await ask(_client(suite, base_url))
    request = route.calls.last.request
    assert request.method == "GET"
    assert request.headers["Accept"] == "application/json"
    assert request.headers["User-Agent"].startswith("jobbot/")
    assert not request.content


@pytest.mark.parametrize(
    ("status", "kind"), [(400, InvalidIdError), (401, KeyRejectedError), (404, JobNotFoundError)]
)
@pytest.mark.parametrize("field", ["detail", "error"])
async def test_both_documented_error_bodies_are_read(
    suite: respx.Router, status: int, kind: type[TrainingApiError], field: str
) -> None:
    """The page says ``detail``, an older document ``error``: the log gets either."""
    suite.get(f"{BASE}/job/get/").respond(status, json={field: "no such thing"})
    with pytest.raises(kind) as caught:
        await _client(suite).job(JOB)
    assert "no such thing" in caught.value.detail
    assert caught.value.status == status


async def test_an_id_is_escaped_in_the_address(suite: respx.Router) -> None:
    """An id cannot add a parameter or leave the path."""
    odd = "a&org_id=other/../#x"
    suite.get(f"{BASE}/job/get/", params__eq={"org_id": ORG, "request_id": odd}).respond(
        json={"status": "QUEUED"}
    )
    await _client(suite).job(odd)
