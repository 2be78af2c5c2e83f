"""What strangers cost: nothing of theirs is read or stored, and nothing in memory grows with it."""

from __future__ import annotations

import gc
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

import aiohttp
from cachetools import Cache

from bot import EVENTS_PATH
from bot.playground.workspace.dispatch.envelope import Envelope
from bot.playground.workspace.dispatch.http_link import encode, signed_headers
from bot.web.server import MAX_BODY_BYTES
from tests.e2e.strangers import OURS, Sender
from tests.e2e.world import World
from tests.fuzz.conftest import judge_of
from tests.fuzz.doors import WALKS, Payload
from tests.resting_loop import at_rest

TRIES: Final = 5
"""The cheapest of them counts: a busy machine makes one dearer, never cheaper."""
TIMES_CHEAPER: Final = 5
FLOOD: Final = 150
"""Deliveries, each of somebody else, somewhere else, about something else."""
MOST_GROWN: Final = 25
"""Items that something in memory may have more afterwards."""
MOST_CACHED: Final = 100_000
"""Of what anything remembers, by its own bound."""
_STRIDE: Final = 5
_FORM: Final = "application/x-www-form-urlencoded"


async def _posted(made: World, body: bytes, secret: str, content_type: str = _FORM) -> int:
    headers = {"Content-Type": content_type, **signed_headers(secret, body)}
    url = f"http://127.0.0.1:{made.bot.port}{EVENTS_PATH}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=body, headers=headers, skip_auto_headers=("User-Agent",)) as answer,
    ):
        return answer.status


async def _cpu_seconds(made: World, body: bytes, secret: str) -> float:
    taken = []
    for _ in range(TRIES):
        before = time.process_time()
        await _posted(made, body, secret)
        await at_rest()
        taken.append(time.process_time() - before)
    return min(taken)


async def test_what_is_signed_wrongly_is_not_read(over_http: World) -> None:
    """As many fields as fit: to read them takes many times as long as to see who signed them."""
    body = (b"&a=1" * MAX_BODY_BYTES)[: MAX_BODY_BYTES - 4]
    right = over_http.workspace.identity.signing_secret
    assert await _posted(over_http, body, "another secret") == 401
    wrong = await _cpu_seconds(over_http, body, "another secret")
    assert wrong * TIMES_CHEAPER < await _cpu_seconds(over_http, body, right)


async def test_what_is_signed_wrongly_does_nothing(over_http: World, log: Callable[[], str]) -> None:
    """Through every door: nothing is stored, nobody is asked, nobody is told, and the log has few words."""
    made, judge = over_http, judge_of(over_http, log)
    before, asked = await _stored(made), len(made.suite.requests)
    log()
    for walk in WALKS.values():
        for payload in islice(walk(Sender(made, OURS, "U0STRANGER")), 0, None, _STRIDE):
            body, content_type = encode(Envelope(_kind(payload), payload))
            assert await _posted(made, body, "another secret", content_type) == 401
    await at_rest()
    said = log()
    assert said.count("\n") <= 2, said
    assert "U0STRANGER" not in said
    assert (await _stored(made), len(made.suite.requests)) == (before, asked)
    assert made.workspace.calls_of("chat.postEphemeral") == []
    assert judge.findings() == []


async def test_nothing_grows_with_what_is_sent(over_http: World, log: Callable[[], str]) -> None:
    """Whoever sends it, in our workspace and in others, about jobs, messages and windows that are no more."""
    judge = judge_of(over_http, log)
    for part in ("warm", "flood"):
        if part == "flood":
            before = dict(_sizes())
        for number in range(FLOOD if part == "flood" else 12):
            await _one_of(over_http, f"{part}{number}", number)
        await at_rest()
        judge.findings()
    await over_http.let_pass(120, 6)
    grown = {
        name: (before.get(name, 0), size)
        for name, size in _sizes()
        if size > before.get(name, 0) + MOST_GROWN
    }
    assert grown == {}
    too_large = {name: size for name, size in _bounds() if size > MOST_CACHED}
    assert too_large == {}


async def _one_of(made: World, name: str, number: int) -> None:
    """One delivery in which every ID is another one."""
    team_id = OURS if number % 3 else f"T0{name.upper()}"
    sender = Sender(made, team_id, f"U0{name.upper()}", home_id=team_id, channel_id=f"C0{name.upper()}")
    event = sender.event("app_mention", text=f"<@U0JOBBOT> status {name}", ts=f"{number}.5") | {
        "event_id": f"Ev{name}"
    }
    payloads: tuple[Payload, ...] = (
        sender.command(f"status {name}"),
        event,
        sender.press("job.refresh", value=name),
        sender.interaction("block_suggestion", responds=False, action_id="job.pick", value=name),
        sender.event("app_home_opened") | {"event_id": f"Eh{name}"},
        sender.interaction("view_submission", responds=False, view=sender.view(name)),
    )
    await sender.send(payloads[number % len(payloads)])
    address = f"http://127.0.0.1:{made.bot.port}/{name}"
    async with aiohttp.ClientSession() as session, session.request(name.upper(), address) as answer:
        assert answer.status < 500


def _kind(payload: Payload) -> Any:
    if "command" in payload:
        return "slash_commands"
    return "events_api" if payload["type"] == "event_callback" else "interactive"


async def _stored(made: World) -> Mapping[str, int]:
    async with made.stored() as store:
        tables = await store.stored_data.of_team(OURS)
    return {name: len(rows) for name, rows in tables.items()}


def _sizes() -> Iterator[tuple[str, int]]:
    """How much everything of the bot's remembers, all objects of a kind together, but for bounded caches."""
    found: dict[str, int] = {}
    for owner, name, value in _attributes():
        is_bounded = isinstance(value, Cache) or (isinstance(value, deque) and value.maxlen is not None)
        if isinstance(value, dict | list | set | deque) and not is_bounded:
            key = f"{type(owner).__module__}.{type(owner).__name__}.{name}"
            found[key] = max(found.get(key, 0), len(value))
    return iter(found.items())


def _bounds() -> Iterator[tuple[str, float]]:
    for owner, name, value in _attributes():
        if isinstance(value, Cache):
            yield f"{type(owner).__name__}.{name}", value.maxsize


def _attributes() -> Iterator[tuple[object, str, object]]:
    gc.collect()
    for owner in gc.get_objects():
        module = str(type(owner).__module__)
        if module.startswith("bot.") and not module.startswith("bot.playground"):
            yield from ((owner, name, value) for name, value in list(getattr(owner, "__dict__", {}).items()))
