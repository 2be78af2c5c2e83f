"""Traces to a collector, by OTLP over HTTP."""

from __future__ import annotations

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

from bot.observability.tracing import Traces


def traces() -> Traces:
    """To ``OTEL_EXPORTER_OTLP_ENDPOINT``, which OpenTelemetry reads itself; in batches."""
    return Traces(OTLPSpanExporter())
