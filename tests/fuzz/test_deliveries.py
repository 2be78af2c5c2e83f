"""Whatever deliveries say, over HTTP and Socket Mode: no failure, no leak, nothing that Slack refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncApp

from bot.handlers.entry.buttons import BUTTONS
from bot.handlers.entry.listeners import Listeners
from bot.handlers.entry.registry import COMMANDS
from bot.handlers.kit.tenants import Tenants
from bot.handlers.kit.work import Work
from bot.manifest import message_shortcuts
from bot.playground.training_suite import DEFAULT_TOKEN
from bot.playground.workspace import Delivery
from bot.playground.workspace.dispatch.envelope import Envelope
from bot.store.store import open_store
from bot.web.server import MAX_BODY_BYTES
from tests.e2e.by_click import by_click
from tests.e2e.strangers import events
from tests.e2e.world import World
from tests.fuzz.budget import fuzzed
from tests.fuzz.conftest import judge_of
from tests.fuzz.doors import WALKS, Payload, endings, name_of, sender_in
from tests.fuzz.mutations import Mutation, mutated, mutations
from tests.handlers.neighbours import Neighbourhood
from tests.resting_loop import at_rest

_STRIDE = 9
"""One in so many payloads of a walk is changed in the same way, and delivered."""


async def deliver(made: World, sound: Payload, sent: Payload) -> Delivery:
    """Send a payload in the place of a sound one, the way that one would come."""
    dispatcher = made.workspace.dispatcher
    if "command" in sound:
        form = {name: str(each).encode("utf-8", "replace").decode() for name, each in sent.items()}
        return await dispatcher.send(Envelope("slash_commands", form))
    kind: Any = "events_api" if sound["type"] == "event_callback" else "interactive"
    return await dispatcher.send(Envelope(kind, sent))


async def test_every_door_is_walked_through(each: World, log: Callable[[], str]) -> None:
    """As Slack sends it, everything that is registered; what comes out is beyond reproach already."""
    judge = judge_of(each, log)
    for name, walk in WALKS.items():
        for payload in walk(sender_in(each)):
            delivery = await deliver(each, payload, payload)
            await at_rest()
            assert judge.findings([delivery]) == [], f"{name} {name_of(payload)}"


async def test_no_door_is_left_out(over_http: World) -> None:
    """What is registered has a payload: commands, actions, windows, shortcuts, menus and events."""
    sent = [payload for walk in (*WALKS.values(), endings) for payload in walk(sender_in(over_http))]
    commands = {str(each["text"]).partition(" ")[0] for each in sent if "command" in each}
    pressed = {action["action_id"] for each in sent for action in each.get("actions", ())}
    windows = {each["view"]["callback_id"] for each in sent if each.get("type") == "view_submission"}
    shortcuts = {each["callback_id"] for each in sent if each.get("type") == "message_action"}
    told = {each["event"]["type"] for each in sent if each.get("type") == "event_callback"}
    kinds = {each.get("type", "command") for each in sent} | told
    assert {each.name for each in COMMANDS} <= commands
    assert set(BUTTONS) <= pressed & windows & shortcuts
    assert {each["callback_id"] for each in message_shortcuts()} <= shortcuts
    assert events() <= told
    assert kinds_taken() <= kinds


def kinds_taken() -> set[str]:
    """Every kind of delivery that has a function of its own."""
    made, store = Neighbourhood(), open_store("sqlite:///never-opened.sqlite3")
    here = made.context.subscriptions, made.clock, made.dispatch, Work(made.context)
    listeners = Listeners(Tenants([made.context]), *here, store.deliveries, store.home_tabs)
    listeners.register(AsyncApp(signing_secret="unused", token="xoxb-unused"))
    return set(listeners._by_kind)  # noqa: SLF001  (nobody else asks for them)


@pytest.mark.parametrize("walk", sorted(WALKS))
@fuzzed(6)
@given(start=st.integers(0, _STRIDE - 1), changes=mutations())
async def test_whatever_is_delivered(
    over_http: World, log: Callable[[], str], walk: str, start: int, changes: tuple[Mutation, ...]
) -> None:
    """Acknowledged in time, answered or not, and nothing else."""
    await _delivered(over_http, log, walk, start, changes)


@fuzzed(25)
@given(walk=st.sampled_from(sorted(WALKS)), start=st.integers(0, _STRIDE - 1), changes=mutations())
async def test_whatever_comes_over_the_socket(
    over_socket: World, log: Callable[[], str], walk: str, start: int, changes: tuple[Mutation, ...]
) -> None:
    """The same."""
    await _delivered(over_socket, log, walk, start, changes)


@fuzzed(12)
@given(walk=st.sampled_from(sorted(WALKS)), start=st.integers(0, _STRIDE - 1), changes=mutations())
async def test_whatever_is_written_to_a_database_server(
    on_postgresql: World, log: Callable[[], str], walk: str, start: int, changes: tuple[Mutation, ...]
) -> None:
    """PostgreSQL takes other texts and numbers than SQLite does."""
    await _delivered(on_postgresql, log, walk, start, changes)


@fuzzed(10)
@given(changes=mutations())
async def test_whatever_ends_an_installation(log: Callable[[], str], changes: tuple[Mutation, ...]) -> None:
    """Whether it ends or not."""
    async with by_click("http", org_id=None, simplismart_api_token=DEFAULT_TOKEN) as made:
        await made.install()
        judge = judge_of(made.world, log)
        for payload in endings(sender_in(made.world)):
            delivery = await deliver(made.world, payload, odd := mutated(payload, changes))
            await at_rest()
            assert judge.findings([delivery]) == [], name_of(odd)


async def _delivered(
    made: World, log: Callable[[], str], walk: str, start: int, changes: tuple[Mutation, ...]
) -> None:
    judge = judge_of(made, log)
    delivered, names = [], []
    for payload in islice(WALKS[walk](sender_in(made)), start, None, _STRIDE):
        odd = mutated(payload, changes)
        if len(json.dumps(odd)) > MAX_BODY_BYTES:
            continue
        names.append(name_of(odd))
        delivered.append(await deliver(made, payload, odd))
    await at_rest()
    assert judge.findings(delivered) == [], "\n".join(names)
