"""A trace collector on loopback: takes OTLP over HTTP, or does not, each in its own way."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

WAYS: Final = ("refuses", "answers nonsense", "takes", "hangs")
"""The last one keeps whoever asks for ever."""


@dataclass
class Collector:
    """What was sent to it, and how it answers."""

    way: str = "takes"
    address: str = ""
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def spans(self) -> list[str]:
        """The names of all spans that it took."""
        scopes = (
            scope for sent in self.requests for each in sent.resource_spans for scope in each.scope_spans
        )
        return [span.name for scope in scopes for span in scope.spans]

    def resources(self) -> list[dict[str, str]]:
        """What each request said of who sent it."""
        found = (each.resource.attributes for sent in self.requests for each in sent.resource_spans)
        return [{fact.key: fact.value.string_value for fact in facts} for facts in found]

    async def take(self, request: web.Request) -> web.Response:
        """One export."""
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.asked.set()
        if self.way == "hangs":
            await asyncio.Event().wait()
        if self.way == "refuses":
            return web.Response(status=401)
        if self.way == "answers nonsense":
            return web.Response(
                status=302, headers={"Location": "http://127.0.0.1:9/"}, text="<html>" * 10_000
            )
        self.requests.append(ExportTraceServiceRequest.FromString(body))
        return web.Response(content_type="application/x-protobuf")


@asynccontextmanager
async def collector() -> AsyncIterator[Collector]:
    """It listens as long as the block lasts."""
    made = Collector()
    app = web.Application()
    app.router.add_post("/v1/traces", made.take)
    server = TestServer(app, host="127.0.0.1", shutdown_timeout=0.1)
    await server.start_server()
    made.address = str(server.make_url("")).rstrip("/")
    try:
        yield made
    finally:
        await server.close()
