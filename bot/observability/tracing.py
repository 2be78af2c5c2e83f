"""Traces by OpenTelemetry: an extra, imported only where somebody turned them on.

A span has a name, the reference that the log has, and facts of closed sets. What an error says is never part
of one: it may quote what people typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor, SpanExporter
from opentelemetry.trace import Status, StatusCode

from bot import __version__
from bot.tasks import aside, current_reference

LAST_SECONDS: Final = 2.0
"""How long a process that leaves waits for the collector."""

_log = structlog.stdlib.get_logger(__name__)


class Traces:
    """Begins spans; ``exporter`` takes each as it ends, or many at a time where ``is_batched``."""

    def __init__(self, exporter: SpanExporter, *, is_batched: bool = True) -> None:
        # Nothing of the machine: no host name, no command line.
        resource = Resource({"service.name": "jobbot", "service.version": __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        processor = BatchSpanProcessor(exporter) if is_batched else SimpleSpanProcessor(exporter)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("jobbot", __version__)

    @contextmanager
    def span(self, name: str, **facts: str) -> Iterator[None]:
        """What happens in the block, below the span that it happens in; of an error only its class."""
        attributes = {**facts, "reference": current_reference()}
        with self._tracer.start_as_current_span(
            name, attributes=attributes, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield
            except Exception as error:
                span.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    async def aclose(self) -> None:
        """Send what is left, if the collector takes it in time: OpenTelemetry itself would wait for 30 s."""
        try:
            async with asyncio.timeout(LAST_SECONDS):
                await aside(self._provider.shutdown)
        except TimeoutError:
            _log.warning("the collector does not take the last traces")
