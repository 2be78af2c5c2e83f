"""A training suite in memory: an httpx transport that gives scripted answers and keeps what it was asked."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.domain.ports import Clock
from bot.playground.clock import InstantClock
from bot.training_api.cache import CachedTrainingApi
from bot.training_api.client import TrainingApiClient
from bot.training_api.protocol import Account

BASE_URL = "https://training.example"
TOKEN = "eyJhbGciOi.bWFkZS11cA.c2VjcmV0LWtleQ"
JOB_ID = "3fe92c25-1b1c-4a0e-9d0f-2f6a5c1e7b90"


@dataclass(frozen=True)
class Scripted:
    """One answer; ``chunks`` are sent one by one."""

    status: int = 200
    chunks: tuple[bytes, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def job(status: str = "RUNNING", **fields: Any) -> Scripted:
    """A job document."""
    return document({"request_id": JOB_ID, "status": status, **fields})


def document(value: object) -> Scripted:
    """A success with this JSON."""
    return Scripted(200, (json.dumps(value).encode(),))


def failing(status: int, detail: str = "made up", **headers: str) -> Scripted:
    """An error as the API sends it; ``retry_after="3"`` becomes a header."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Scripted(status, (json.dumps({"detail": detail}).encode(),), names)


class Upstream(httpx.AsyncBaseTransport):
    """Gives its answers in turn, the last one for ever after; an exception is raised.

    While ``open`` is not set, requests wait. ``most_at_once`` is how many ran together.
    """

    def __init__(self, *answers: Scripted | Exception) -> None:
        self._answers = deque(answers or [job()])
        self.requests: list[httpx.Request] = []
        self.open = asyncio.Event()
        self.open.set()
        self.running = 0
        self.most_at_once = 0

    @property
    def asked(self) -> list[str]:
        """The request ids that were asked for, in order."""
        return [request.url.params.get("request_id", "") for request in self.requests]

    def then(self, *answers: Scripted | Exception) -> None:
        """From now on, these."""
        self._answers = deque(answers)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the script says."""
        self.requests.append(request)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            await self.open.wait()
        finally:
            self.running -= 1
        answer = self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        # About whatever job was asked for, as a server would.
        about = request.url.params.get("request_id", JOB_ID).encode()
        chunks = tuple(chunk.replace(JOB_ID.encode(), about) for chunk in answer.chunks)
        return httpx.Response(answer.status, headers=dict(answer.headers), content=_chunks(chunks))


async def _chunks(chunks: tuple[bytes, ...]) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def make_client(
    transport: httpx.AsyncBaseTransport | None,
    clock: Clock | None = None,
    *,
    base_url: str = BASE_URL,
    budget_seconds: float = 8.0,
) -> TrainingApiClient:
    """A client without chance: the jitter is always 1."""
    return TrainingApiClient(
        Account(base_url, "org-1", TOKEN),
        clock or InstantClock(),
        transport=transport,
        budget_seconds=budget_seconds,
        jitter=lambda: 1.0,
    )


def make_api(
    transport: httpx.AsyncBaseTransport, clock: Clock, *, max_weight: int = 10_000
) -> CachedTrainingApi:
    """The cached API over such a client."""
    return CachedTrainingApi(make_client(transport, clock), clock, max_weight=max_weight)


async def settle() -> None:
    """Let every task that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)
