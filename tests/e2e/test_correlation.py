"""One reference from Slack's delivery to the request to Simplismart, the log and the card."""

from __future__ import annotations

import re

import structlog

from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World


async def test_what_people_quote_is_what_simplismart_was_sent(each: World) -> None:
    """Of several jobs that fail in one question it is one, on every card and request."""
    other = JOB[:-4] + "0000"
    each.suite.switches.update({"key_expired": True})
    with structlog.testing.capture_logs() as logged:
        before = len(each.suite.requests)
        card = await each.ask(f"status {JOB} {other}")
    (quoted,) = set(re.findall(r"Reference `?(\w+)", text_of(card)))
    asked = [request for request in list(each.suite.requests)[before:] if request.path == "/job/get/"]
    assert {request.correlation for request in asked} == {quoted}
    assert {line["reference"] for line in logged if line["event"] == "question failed"} == {quoted}


async def test_each_delivery_has_its_own(each: World) -> None:
    """And each round of the watcher, which nobody asked."""
    each.suite.switches.update({"key_expired": True})
    quoted = [re.findall(r"Reference `?(\w+)", text_of(await each.ask(JOB))) for _ in range(2)]
    assert quoted[0] != quoted[1]
    each.suite.switches.update({"key_expired": False})
    await each.ask(f"subscribe {JOB}")
    before = len(each.suite.requests)
    await each.let_pass(480, 16)
    rounds = [request.correlation for request in list(each.suite.requests)[before:]]
    assert len(set(rounds)) > 1
    assert all(re.fullmatch(r"[0-9a-f]{8}", reference) for reference in rounds)
