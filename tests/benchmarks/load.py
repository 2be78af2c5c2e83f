"""The load: signed requests made beforehand, sent over raw keep-alive connections.

A client of a few dozen lines, so that it is never the slower side of what is measured.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import cast
from urllib.parse import urlencode

SIGNING_SECRET = "benchmark-secret"
PATH = "/slack/events"

_serial = count()
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(slots=True)
class Outcome:
    """What a drive measured."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    """Seconds from sending a request to its whole answer, one for each."""
    body: bytes = b""
    """The last answer's, to see that it is what it should be."""


def slash_payload(text: str, response_url: str = "") -> dict[str, str]:
    """A slash command as Slack sends it; each has a ``trigger_id`` of its own."""
    return {
        "token": "legacy",
        "team_id": "T0BENCH",
        "team_domain": "bench",
        "channel_id": "C0BENCH",
        "channel_name": "general",
        "user_id": "U0BENCH",
        "user_name": "someone",
        "command": "/job",
        "text": text,
        "api_app_id": "A0BENCH",
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": f"{time.time_ns()}.{next(_serial)}.bench",
    }


def signed_request(text: str, response_url: str = "") -> bytes:
    """One whole HTTP request carrying ``/job text``, signed now."""
    body = urlencode(slash_payload(text, response_url)).encode()
    timestamp = str(int(time.time()))
    signed = b"v0:" + timestamp.encode() + b":" + body
    signature = hmac.new(SIGNING_SECRET.encode(), signed, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: v0={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def drive(port: int, requests: Sequence[bytes], connections: int = 1) -> Outcome:
    """Send all ``requests``, as many at once as there are ``connections``; every answer has to be 200."""
    outcome = Outcome()
    queue = iter(requests)
    loop = asyncio.get_running_loop()
    senders = [_Sender(queue, outcome, loop.create_future()) for _ in range(connections)]
    for sender in senders:
        await loop.create_connection(lambda sender=sender: sender, "127.0.0.1", port)  # type: ignore[misc]
    started = time.perf_counter()
    for sender in senders:
        sender.send_next()
    async with asyncio.timeout(120):
        await asyncio.gather(*(sender.done for sender in senders))
    outcome.seconds = time.perf_counter() - started
    for sender in senders:
        sender.transport.close()
    return outcome


class _Sender(asyncio.Protocol):
    """One connection: sends the next request when the answer to the last one is complete."""

    transport: asyncio.Transport

    def __init__(self, queue: Iterator[bytes], outcome: Outcome, done: asyncio.Future[None]) -> None:
        self.done = done
        self._queue = queue
        self._outcome = outcome
        self._buffer = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def send_next(self) -> None:
        request = next(self._queue, None)
        if request is None:
            if not self.done.done():
                self.done.set_result(None)
            return
        self._sent = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        length = _CONTENT_LENGTH.search(head)
        if not separator or (length and len(body) < int(length[1])):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            self._fail(ConnectionError(f"not 200: {self._buffer[:300]!r}"))
            return
        self._outcome.latencies.append(time.perf_counter() - self._sent)
        self._outcome.body = body
        self._buffer = b""
        self.send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or ConnectionError("the server closed the connection"))

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)
