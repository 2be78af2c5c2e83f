"""Without each scope that may be declined: what docs/operating.md says, and nothing worse.

Walked over as the manifest lists them, so that a scope which is added fails here until it has its case.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cards.kit import actions
from bot.domain.permissions.policies import PlaceSettings, Right, Who
from bot.domain.ports.tenants import StoredSettings
from bot.manifest import message_shortcuts, optional_scopes
from bot.playground.workspace import DM, GENERAL, HIDDEN, ME, ML_OPS, PARTNERS, TRAINING, Message
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World, world

OPERATING = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
NAME = "support-tone-llama-8b"
(CHECK,) = (each["callback_id"] for each in message_shortcuts())


def _for_all(made: World, channel_id: str) -> list[Message]:
    """What the bot said there for everybody."""
    bot = made.workspace.identity.bot_user_id
    said = made.workspace.messages(channel_id)
    return [each for each in said if each.user_id == bot and each.ephemeral_to is None]


async def _a_lost_answer_comes_twice(made: World, words: str, asked_in: str, channel_id: str) -> None:
    """Whether the card was posted cannot be seen: it is posted again, and the second one counts."""
    made.workspace.faults.fail_next(1, "lost_answer", method="chat.postMessage", channel_id=channel_id)
    await made.slash(words, asked_in)
    await made.pass_until(lambda: len(_for_all(made, channel_id)) == 2)
    await made.let_pass(60, steps=60)
    assert len(_for_all(made, channel_id)) == 2


async def _asks_for_the_job(made: World, channel_id: str, scope: str) -> None:
    """A bare mention in a thread about a job."""
    root = (await made.workspace.say(channel_id, ME, f"how is {JOB} doing?")).message
    assert root is not None
    told = await made.mention("", channel_id, root.ts)
    assert told.text.startswith("Which job?")
    assert f"`{scope}`" in text_of(told)
    assert told.thread_ts == root.ts


async def _without_history(made: World, channel_id: str, scope: str) -> None:
    await _asks_for_the_job(made, channel_id, scope)
    before = len(_for_all(made, channel_id))
    made.workspace.faults.fail_next(1, "lost_answer", method="chat.postMessage", channel_id=channel_id)
    await made.let_pass(2)
    await made.slash(f"watch {JOB}", channel_id)
    await made.pass_until(lambda: len(_for_all(made, channel_id)) == before + 2)


async def _without_public_history(made: World) -> None:
    await _without_history(made, TRAINING, "channels:history")


async def _without_private_history(made: World) -> None:
    await _without_history(made, ML_OPS, "groups:history")


async def _without_direct_history(made: World) -> None:
    """What people write to the bot is not heard; updates come, one whose answer was lost twice."""
    said = await made.workspace.say(DM, ME, JOB)
    assert said.status is None
    await _a_lost_answer_comes_twice(made, f"watch {JOB} dm", TRAINING, DM)


async def _without_opening(made: World) -> None:
    """The way into direct messages is closed; everything in them and elsewhere goes on."""
    told = text_of(await made.ask(f"watch {JOB} dm"))
    assert "permission" in told
    assert "im:write" in told
    assert "No one is subscribed to a job" in text_of(await made.ask("watching"))
    await made.slash("digest daily", DM)
    await made.told("09:00", channel_id=DM)
    await made.slash(f"watch {JOB}")
    await made.told("Subscribed to")


async def _without_asking(made: World, open_channel: str, closed_channel: str) -> None:
    """Posting shows what could not be asked; the shortcut keeps to the asker."""
    assert "/invite @" in text_of(await made.ask(f"watch {JOB}", closed_channel))
    assert "No one is subscribed to a job" in text_of(await made.ask("watching", closed_channel))
    message = (await made.workspace.say(open_channel, ME, JOB)).message
    assert message is not None
    await made.workspace.shortcut(ME, message, CHECK)
    await made.told(NAME, channel_id=open_channel)
    assert _for_all(made, open_channel) == []
    await made.slash(f"watch {JOB}", open_channel)
    await made.told("Subscribed to", channel_id=open_channel)
    (card,) = _for_all(made, open_channel)
    assert has_button(card, actions.SUBSCRIBE)


async def _without_asking_of_public_ones(made: World) -> None:
    await _without_asking(made, TRAINING, GENERAL)
    await made.let_pass(2)
    await made.slash(f"watch {JOB}", PARTNERS)
    await made.told("Subscribed to", channel_id=PARTNERS)


async def _without_asking_of_private_ones(made: World) -> None:
    await _without_asking(made, ML_OPS, HIDDEN)


async def _stays_a_link(made: World) -> None:
    await made.workspace.say(TRAINING, ME, f"see https://app.simplismart.ai/jobs/{JOB}")
    assert NAME in text_of(await made.ask(JOB))
    await made.let_pass(3, steps=3)
    assert not [each for each in made.workspace.calls_of("chat.unfurl") if each.answer["ok"]]


async def _without_reacting(made: World) -> None:
    """Thanks are not answered; nothing else is said either."""
    root = (await made.workspace.say(TRAINING, ME, f"started {JOB}")).message
    assert root is not None
    bot = made.workspace.identity.bot_user_id
    await made.workspace.say(TRAINING, ME, f"<@{bot}> thanks!", root.ts)
    await made.soon(lambda: made.workspace.calls_of("reactions.add"))
    await made.let_pass(2)
    assert _for_all(made, TRAINING) == []


async def _without_time_zones(made: World) -> None:
    """Days begin where the setting says; that is asked for once."""
    for _ in range(2):
        assert "since:yesterday" in text_of(await made.ask("list yesterday failed"))
        await made.let_pass(2)
    assert len(made.workspace.calls_of("users.info")) == 1


async def _without_user_groups(made: World) -> None:
    """Nobody is let in by one, and the card says why."""
    made.workspace.board.groups["S0MLTEAM"] = {ME}
    async with made.stored() as store:
        settings = PlaceSettings({Right.SUBSCRIBE: Who.GROUP}, groups={Right.SUBSCRIBE: "S0MLTEAM"})
        stored = StoredSettings(made.workspace.identity.team_id, "", settings, ME, made.clock.now())
        await store.settings.set_settings(stored)
    await made.let_pass(4, steps=4)
    assert "`usergroups:read`" in text_of(await made.ask(f"watch {JOB}"))
    made.workspace.scopes.add("usergroups:read")
    await made.slash(f"watch {JOB}")
    await made.told("Subscribed to")


CASES: dict[str, Callable[[World], Awaitable[None]]] = {
    "im:history": _without_direct_history,
    "im:write": _without_opening,
    "links:read": _stays_a_link,
    "links:write": _stays_a_link,
    "reactions:write": _without_reacting,
    "usergroups:read": _without_user_groups,
    "users:read": _without_time_zones,
    "channels:history": _without_public_history,
    "groups:history": _without_private_history,
    "channels:read": _without_asking_of_public_ones,
    "groups:read": _without_asking_of_private_ones,
}


@pytest.mark.parametrize("scope", sorted(optional_scopes()))
async def test_without_a_scope(scope: str) -> None:
    """Nothing but what it buys is lost, and nothing fails unexpectedly."""
    async with world("http") as made:
        made.workspace.scopes.discard(scope)
        with capture_logs() as logs:
            await CASES[scope](made)
        assert [line for line in logs if "exc_info" in line or line["log_level"] == "error"] == []


def test_the_documents_say_what_each_costs() -> None:
    """In the row of the table of scopes."""
    for scope in optional_scopes():
        (row,) = [line for line in OPERATING.splitlines() if line.startswith("| `") and f"`{scope}`" in line]
        assert "Drop " in row, scope


async def test_without_the_right_to_post() -> None:
    """`chat:write` is not optional. Where it is missing all the same, that is said by its name."""
    async with world("http") as made:
        made.workspace.scopes.discard("chat:write")
        told = text_of(await made.ask(f"watch {JOB}"))
        assert "`chat:write`" in told
        for typed in ("feed on", "digest daily"):
            assert "chat:write" in text_of(await made.ask(typed)), typed
        with capture_logs() as logs:
            await made.workspace.say(TRAINING, ME, f"<@{made.workspace.identity.bot_user_id}> {JOB}")
            await made.soon(lambda: made.workspace.calls_of("chat.postMessage")[1:])
        assert not [line for line in logs if "exc_info" in line]
        made.workspace.scopes.add("chat:write")
        await made.pass_until(lambda: bool(_for_all(made, TRAINING)))
