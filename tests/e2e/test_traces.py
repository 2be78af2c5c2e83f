"""Traces, kept in memory: what belongs together does, and nothing of anybody is in them."""

from __future__ import annotations

import re

import structlog
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.observability.tracing import Traces
from bot.playground.training_suite import DEFAULT_TOKEN, Ending
from bot.playground.workspace import ME, TRAINING
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World
from tests.resting_loop import at_rest

_FACTS = {"caused_by", "command", "endpoint", "method", "reference"}


def _traced(made: World) -> InMemorySpanExporter:
    """The spans of the bot from now on."""
    exporter = InMemorySpanExporter()
    made.bot.monitoring.measures.begin_span = Traces(exporter, is_batched=False).span
    return exporter


def _named(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.name == name]


def _id(span: ReadableSpan) -> int:
    assert span.context is not None
    return span.context.span_id


def _trace(span: ReadableSpan) -> int:
    assert span.context is not None
    return span.context.trace_id


def _fact(span: ReadableSpan, name: str) -> str:
    return str((span.attributes or {}).get(name, ""))


def _is_below(child: ReadableSpan, parent: ReadableSpan) -> bool:
    return child.parent is not None and child.parent.span_id == _id(parent)


async def test_a_question_is_one_trace(each: World) -> None:
    """From the delivery over the command to the requests to Simplismart and Slack, after the ack."""
    exporter = _traced(each)
    await each.ask(f"report {JOB}")
    await at_rest()
    (delivery,), (command,) = _named(exporter, "delivery"), _named(exporter, "command")
    asked, answered = _named(exporter, "training_api.request"), _named(exporter, "slack.request")
    assert delivery.parent is None
    assert _is_below(command, delivery)
    assert asked
    assert {_fact(span, "endpoint") for span in asked} >= {"job"}
    assert [_fact(span, "method") for span in answered] == ["response_url"]
    spans = (delivery, command, *asked, *answered)
    assert len(set(map(_trace, spans))) == 1
    assert len({_fact(span, "reference") for span in spans}) == 1
    assert _fact(command, "command") == "report"


async def test_an_update_leads_back_to_the_round_that_found_it(each: World) -> None:
    """The message's own trace names the round's reference, as its line in the log does, over the database."""
    await each.ask(f"subscribe {JOB}")
    await each.let_pass(61, 2)
    exporter, before = _traced(each), len(each.suite.requests)
    each.suite.end(JOB, Ending.COMPLETED)

    def is_told() -> bool:
        return any(
            "ompleted" in text_of(said) for said in each.workspace.messages(TRAINING) if said.thread_ts
        )

    await each.pass_until(is_told)
    await at_rest()
    rounds = {_fact(span, "reference"): span for span in _named(exporter, "watcher.round")}
    sent = [span for span in _named(exporter, "outbox.post") if _fact(span, "caused_by") in rounds]
    assert sent
    # As Simplismart was sent it: whoever works there can look for it too.
    assert {request.correlation for request in list(each.suite.requests)[before:]} <= set(rounds)
    for post in sent:
        cause = rounds[_fact(post, "caused_by")]
        assert any(_is_below(asked, cause) for asked in _named(exporter, "training_api.request"))
        calls = [call for call in _named(exporter, "slack.request") if _is_below(call, post)]
        assert [_fact(call, "method") for call in calls if _fact(call, "method") == "chat.postMessage"]
        assert {_fact(call, "reference") for call in calls} == {_fact(post, "reference")}
    assert _named(exporter, "outbox.edit")


async def test_a_message_that_a_command_caused_names_its_delivery(each: World) -> None:
    """The card of a subscription is posted under a reference of its own; what asked for it is named."""
    exporter = _traced(each)
    await each.ask(f"subscribe {JOB}")
    await each.let_pass(61, 2)
    (delivery,) = _named(exporter, "delivery")
    (post,) = _named(exporter, "outbox.post")
    assert _fact(post, "caused_by") == _fact(delivery, "reference") != _fact(post, "reference")


async def test_the_log_names_the_cause_of_a_message(each: World) -> None:
    """Also without traces: whoever has the reference of a command finds what became of its message."""
    each.workspace.faults.fail_next(1, "rate_limited", method="chat.postMessage", retry_after_seconds=1)
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        await each.ask(f"subscribe {JOB}")
        await each.let_pass(61, 2)
    (limited,) = [line for line in logged if line["event"] == "asked to wait"]
    assert re.fullmatch(r"[0-9a-f]{8}", limited["caused_by"])


async def test_nothing_of_anybody_is_in_a_span(each: World) -> None:
    """No text, key, job, person or channel, also where everything fails; an error's class at most."""
    exporter = _traced(each)
    await each.ask(f"subscribe {JOB}")
    await each.let_pass(61, 2)
    each.workspace.faults.fail_next(1, "rate_limited", method="chat.update", retry_after_seconds=1)
    each.suite.end(JOB, Ending.COMPLETED)
    await each.let_pass(120, 4)
    each.suite.switches.update({"key_expired": True})
    await each.ask(f"status {JOB} my secret words")
    each.suite.switches.update({"key_expired": False, "down": True})
    await each.ask("list swordfish")
    await each.let_pass(120, 4)
    spans = exporter.get_finished_spans()
    assert {span.name for span in spans} == {
        "command",
        "delivery",
        "outbox.edit",
        "outbox.post",
        "slack.request",
        "training_api.request",
        "watcher.round",
    }
    told = "".join(span.to_json() for span in spans)
    for words in (JOB, "secret", "swordfish", DEFAULT_TOKEN, ME, TRAINING, each.suite.org_id, "T0"):
        assert words not in told
    assert {name for span in spans for name in span.attributes or {}} <= _FACTS
    assert [span.events for span in spans if span.events] == []
    failed = [span.status.description for span in spans if not span.status.is_ok]
    assert set(failed) <= {"UnreachableError", "SlackLimitedError"}


async def test_they_are_off_by_default(each: World) -> None:
    """Nothing is begun, and nothing imported."""
    assert each.bot.monitoring.measures.begin_span is None
