"""Whatever Slack answers to a call, of whichever method: no failure, no leak, and the bot goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import cycle
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.workspace import Call
from bot.playground.workspace.faults import Fault
from bot.playground.workspace.methods.table import METHODS
from bot.slack.web_api.bounded import MAX_ANSWER_BYTES
from tests.e2e.by_click import ByClick
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World
from tests.fuzz.budget import fuzzed
from tests.fuzz.conftest import judge_of
from tests.fuzz.doors import sender_in
from tests.fuzz.mutations import DEEP, Mutation, mutated, mutations
from tests.fuzz.slack_calls import BY_SOCKET, CAUSES, NOT_CALLED, Cause, kept_to_some

_LONG: Final = "x" * 300_000
SHAPES: Final[tuple[bytes, ...]] = (
    b"",
    b"<!doctype html><title>502</title>",
    b"null",
    b"[]",
    b'"ok"',
    b"{}",
    b"\xff\xfe{",
    b'{"ok": true}',
    b'{"ok": "true"}',
    b'{"ok": null, "error": null}',
    b'{"ok": false, "error": {"code": [1]}}',
    b'{"ok": false, "error": "fatal_error", "needed": {"a": 1}, "response_metadata": {"messages": {"a": 1}}}',
    json.dumps({"ok": False, "error": _LONG, "needed": _LONG, "errors": [{"pointer": _LONG}]}).encode(),
    json.dumps(
        {"ok": False, "error": "fatal_error", "response_metadata": {"messages": [_LONG, "\ud83d"]}}
    ).encode(),
    b'{"ok": true, "a": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    b" " * (MAX_ANSWER_BYTES + 1),
)
"""In the place of any answer."""
ODD: Final = (None, True, 0, 1.5, "", _LONG, "\0\u202e", [], ["a"], {}, {"id": None})
"""In the place of each field of a sound answer."""
MOST_TRIES: Final = 100
"""Of connecting: by then every shape was answered."""
_HANDED_BACK: Final = (
    "channel",
    "ts",
    "thread_ts",
    "message_ts",
    "timestamp",
    "view_id",
    "user",
    "users",
    "cursor",
)
"""Arguments that say what Slack's answers or deliveries said: they are IDs, or nothing."""


def shapes_of(sound: bytes) -> Iterator[bytes]:
    """What comes in its place; and the answer once for each odd value, which all fields but ``ok`` have."""
    yield from SHAPES
    answer = json.loads(sound)
    for odd in ODD:
        yield json.dumps({name: name == "ok" or odd for name in answer}).encode()
    yield from (json.dumps(answer | {name: {"id": None}}).encode() for name in answer.keys() - {"ok"})


class Shapes:
    """Each answer in the next of its shapes."""

    def __init__(self) -> None:
        self.given = 0
        self.count = 1

    def __call__(self, sound: bytes) -> bytes:
        """The next one; once all were given, the first again."""
        shapes = list(shapes_of(sound))
        self.count = len(shapes)
        self.given += 1
        return shapes[(self.given - 1) % self.count]

    @property
    def are_all_given(self) -> bool:
        """Whether none is left."""
        return self.given >= self.count


def _not_ids(calls: Iterable[Call]) -> Iterator[str]:
    for call in calls:
        for name in _HANDED_BACK:
            value = call.arguments.get(name)
            if value and (not re.fullmatch(r"[\w.:=,-]{1,100}", str(value)) or value == "None"):
                yield f"{call.method}: {name}={str(value)[:100]}"


async def _goes_on(made: World) -> None:
    """Once Slack answers as it should."""
    await made.let_pass(120, 8)
    assert "support-tone-llama-8b" in text_of(await made.ask(JOB))


def test_every_method_has_something_that_calls_it() -> None:
    """One that is added to the made-up Slack fails here until it has."""
    called = {method for methods in CAUSES.values() for method in methods}
    assert called | {BY_SOCKET} | NOT_CALLED == set(METHODS)


async def test_what_calls_a_method_does(installed: ByClick) -> None:
    """Where Slack answers as it should."""
    await kept_to_some(installed)
    sender = sender_in(installed.world)
    for cause, methods in CAUSES.items():
        installed.world.workspace.calls.clear()
        await cause(installed, sender)
        await installed.world.let_pass(90, 6)
        called = {call.method for call in installed.world.workspace.calls}
        assert set(methods) <= called, cause.__name__


@pytest.mark.parametrize(
    ("method", "cause"), [(method, cause) for cause, methods in CAUSES.items() for method in methods]
)
async def test_every_shape_of_an_answer(
    installed: ByClick, log: Callable[[], str], method: str, cause: Cause
) -> None:
    """No JSON, other JSON, far too much of it; and the fields of the sound one as something else."""
    await kept_to_some(installed)
    sender = sender_in(installed.world)
    made, shapes, found = installed.world, Shapes(), list[str]()
    judge, made.workspace.faults.standing = judge_of(made, log), Fault("odd", method, reshape=shapes)
    while not shapes.are_all_given:
        before = shapes.given
        delivered = await cause(installed, sender)
        await made.let_pass(20, 2)
        assert shapes.given > before, "it is not called any more"
        found += [*_not_ids(made.workspace.calls), *judge.findings(delivered)]
    made.workspace.faults.standing = None
    await made.let_pass(120, 8)
    assert [*found, *judge.findings()] == []
    assert "support-tone-llama-8b" in text_of(await made.ask(JOB))


async def test_every_shape_of_an_answer_about_the_socket(over_socket: World, log: Callable[[], str]) -> None:
    """A process that starts meanwhile is connected once Slack answers as it should."""
    shapes, found, made = Shapes(), list[str](), over_socket
    judge, made.workspace.faults.standing = judge_of(made, log), Fault("odd", BY_SOCKET, reshape=shapes)
    async with made.another():
        for _ in range(MOST_TRIES):
            await made.let_pass(20, 2)
            found += judge.findings()
            if shapes.are_all_given:
                break
        made.workspace.faults.standing = None
        before = made.workspace.socket.connections
        await made.let_pass(60, 6)
        assert made.workspace.socket.connections > before
    assert shapes.are_all_given
    assert [*found, *judge.findings()] == []


@fuzzed(8)
@given(
    cause=st.sampled_from(list(CAUSES)),
    which=st.integers(0, 4),
    changes=st.lists(mutations(), min_size=4, max_size=4),
)
async def test_whatever_slack_answers(
    installed: ByClick,
    log: Callable[[], str],
    cause: Cause,
    which: int,
    changes: Sequence[tuple[Mutation, ...]],
) -> None:
    """A sound answer with one to three changes."""
    await kept_to_some(installed)
    made, method = installed.world, CAUSES[cause][which % len(CAUSES[cause])]
    left = cycle(changes)

    def reshape(sound: bytes) -> bytes:
        return json.dumps(mutated(json.loads(sound), next(left))).encode()

    judge, made.workspace.faults.standing = judge_of(made, log), Fault("odd", method, reshape=reshape)
    delivered = await cause(installed, sender_in(made))
    await made.let_pass(60, 4)
    made.workspace.faults.standing = None
    await made.let_pass(60, 4)
    assert [*_not_ids(made.workspace.calls), *judge.findings(delivered)] == []
