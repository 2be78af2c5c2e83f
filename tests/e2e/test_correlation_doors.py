"""One reference from each door of Slack's: in the request to Simplismart, the log, and what people see."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable

import pytest
import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from bot.cards.kit import actions
from bot.observability.tracing import Traces
from bot.playground.workspace import DM, GRACE, ME, TRAINING, Message
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World
from tests.resting_loop import at_rest

Door = Callable[[World, Message], Awaitable[object]]
NEW = JOB[:-4] + "0000"
OTHER = JOB[:-4] + "1111"
"""Jobs of which nothing is known yet."""


async def _slash(made: World, _card: Message) -> None:
    await made.ask(f"status {NEW}")


async def _mention(made: World, _card: Message) -> None:
    await made.mention(f"status {NEW}")


async def _direct_message(made: World, _card: Message) -> None:
    await made.workspace.say(DM, ME, f"status {NEW}")


async def _button(made: World, card: Message) -> None:
    await made.choose(card, actions.TRY_AGAIN)


async def _shortcut(made: World, _card: Message) -> None:
    board = made.workspace.board
    said = board.post(Message(board.next_ts(), TRAINING, GRACE, f"look at {NEW}"))
    await made.workspace.shortcut(ME, said, actions.CHECK_JOB)


async def _submission(made: World, _card: Message) -> None:
    await made.slash("")
    (view,) = await made.soon(lambda: made.workspace.views_of(ME))
    option = {"text": {"type": "plain_text", "text": "any"}, "value": NEW}
    field = {"type": "external_select", "selected_option": option}
    await made.workspace.submit_view(ME, view, {actions.PICK: {actions.PICK: field}})


async def _suggestion(made: World, _card: Message) -> None:
    await made.slash("")
    (view,) = await made.soon(lambda: made.workspace.views_of(ME))
    await made.workspace.suggest(ME, view, actions.PICK, "tone")


async def _link(made: World, _card: Message) -> None:
    await made.workspace.say(TRAINING, ME, f"https://training.app.simplismart.ai/jobs/{NEW}")


async def _home(made: World, _card: Message) -> None:
    await made.workspace.open_home(ME)


TELLING = (_slash, _mention, _direct_message, _button, _shortcut, _submission, _home)
"""Those where people are told of a failure, with the reference."""
SILENT = (_suggestion, _link)
"""Those where Slack shows less, or nothing."""


@pytest.mark.parametrize("door", [*TELLING, *SILENT], ids=lambda door: door.__name__.strip("_"))
async def test_one_reference_from_each_door(each: World, door: Door) -> None:
    """Simplismart refuses the key: what it was sent, what the log has and what people quote are one."""
    each.suite.switches.update({"down": True})
    card = await each.ask(f"status {OTHER}")
    await each.let_pass(10, 2)
    each.suite.switches.update({"down": False, "key_expired": True})
    exporter = InMemorySpanExporter()
    each.bot.monitoring.measures.begin_span = Traces(exporter, is_batched=False).span
    before, seen = len(each.suite.requests), _quoted(each)
    with structlog.testing.capture_logs() as logged:
        await door(each, card)
        await each.let_pass(10, 2)
        await at_rest()
    delivered = {
        str((span.attributes or {})["reference"])
        for span in exporter.get_finished_spans()
        if span.name == "delivery"
    }
    asked = {request.correlation for request in list(each.suite.requests)[before:]}
    failed = {line["reference"] for line in logged if line["event"] == "question failed"}
    quoted = _quoted(each) - seen
    assert asked
    assert asked <= delivered
    assert quoted <= failed <= delivered
    assert bool(quoted) is (door in TELLING)


def _quoted(made: World) -> set[str]:
    """The references that people can read."""
    channels = (TRAINING, DM)
    said = [text_of(message) for channel_id in channels for message in made.workspace.messages(channel_id)]
    shown = [json.dumps(view.content) for view in made.workspace.board.homes.values()]
    return {quoted for text in (*said, *shown) for quoted in re.findall(r"Reference `?([0-9a-f]{8})", text)}
