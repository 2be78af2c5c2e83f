"""Traces, kept in memory: what belongs together does, and nothing of anybody is in them."""

from __future__ import annotations

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.observability.tracing import Traces
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import ME, TRAINING
from tests.e2e.world import JOB, World
from tests.resting_loop import at_rest

_FACTS = {"command", "endpoint", "reference"}


def _traced(made: World) -> InMemorySpanExporter:
    """The spans of the bot from now on."""
    exporter = InMemorySpanExporter()
    made.bot.monitoring.measures.begin_span = Traces(exporter, is_batched=False).span
    return exporter


def _named(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.name == name]


async def test_a_question_is_one_trace(each: World) -> None:
    """From the delivery over the command to the request, though the answer comes after the ack."""
    exporter = _traced(each)
    await each.ask(f"report {JOB}")
    await at_rest()
    (delivery,), (command,) = _named(exporter, "delivery"), _named(exporter, "command")
    requests = _named(exporter, "training_api.request")
    assert delivery.parent is None
    assert command.parent is not None
    assert delivery.context is not None
    assert command.parent.span_id == delivery.context.span_id
    assert requests
    spans = (delivery, command, *requests)
    assert len({span.context.trace_id for span in spans if span.context}) == 1
    assert len({(span.attributes or {})["reference"] for span in spans}) == 1
    assert (command.attributes or {})["command"] == "report"


async def test_nothing_of_anybody_is_in_a_span(each: World) -> None:
    """No text, key, job, person or channel, also where everything fails; an error's class at most."""
    exporter = _traced(each)
    each.suite.switches.update({"key_expired": True})
    await each.ask(f"status {JOB} my secret words")
    each.suite.switches.update({"key_expired": False, "down": True})
    await each.ask("list swordfish")
    await each.let_pass(120, 4)
    spans = exporter.get_finished_spans()
    assert len(spans) > 5
    told = "".join(span.to_json() for span in spans)
    for words in (JOB, "secret", "swordfish", DEFAULT_TOKEN, ME, TRAINING, each.suite.org_id, "T0"):
        assert words not in told
    assert {name for span in spans for name in span.attributes or {}} <= _FACTS
    assert [span.events for span in spans if span.events] == []
    failed = [span.status.description for span in spans if not span.status.is_ok]
    assert set(failed) <= {"UnreachableError"}


async def test_they_are_off_by_default(each: World) -> None:
    """Nothing is begun, and nothing imported."""
    assert each.bot.monitoring.measures.begin_span is None
