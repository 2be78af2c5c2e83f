"""What Slack delivers that nothing here is made for: nobody waits in vain, and the log has a line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import structlog

from bot.cards.kit import actions
from bot.playground.workspace import BOT, ME, PARTNERS, TRAINING, Message
from tests.e2e.messages import text_of
from tests.e2e.strangers import OURS, Sender
from tests.e2e.world import JOB, World

UNKNOWN = "of.another.version"
LINE = "belongs to another version of me"
LOGGED = "a delivery that nothing is made for"


def _mine(made: World) -> Sender:
    return Sender(made, OURS, ME)


def _told(made: World) -> list[Message]:
    """What I alone have been told in the channel the sender is in."""
    return [one for one in made.workspace.messages(PARTNERS) if one.user_id == BOT and one.ephemeral_to == ME]


@pytest.mark.parametrize("typed", ["/JOB", "/Job"])
async def test_the_command_in_another_case_is_answered(each: World, typed: str) -> None:
    """Whoever typed it means the bot."""
    delivery = await each.workspace.slash(TRAINING, ME, "help", command=typed)
    assert delivery.message is not None
    assert "Ask in your own words" in text_of(delivery.message)


async def test_another_command_of_the_app_is_told_which_is_answered(each: World) -> None:
    """Such as one left in the manifest after SLASH_COMMAND was changed."""
    with structlog.testing.capture_logs() as logged:
        delivery = await each.workspace.slash(TRAINING, ME, JOB, command="/train<&>")
    assert delivery.message is not None
    said = text_of(delivery.message)
    assert "I don't answer `/train&lt;&amp;&gt;`, only `/job`." in said
    assert "`/job help`" in said
    assert delivery.message.ephemeral_to == ME
    assert ("/train<&>", "/job") in [(line.get("typed"), line.get("answered")) for line in logged]


Ask = Callable[[Sender], dict[str, Any]]
ELSEWHERE: dict[str, Ask] = {
    "button": lambda mine: mine.press(UNKNOWN),
    "message shortcut": lambda mine: mine.interaction(
        "message_action", callback_id=UNKNOWN, message=mine.message(), channel={"id": PARTNERS}
    ),
    "older buttons": lambda mine: mine.interaction(
        "interactive_message", callback_id=UNKNOWN, channel={"id": PARTNERS}
    ),
}
IN_NO_CONVERSATION: dict[str, Ask] = {
    "Home": lambda mine: mine.press(UNKNOWN, in_home=True),
    "shortcut": lambda mine: mine.interaction("shortcut", responds=False, callback_id=UNKNOWN),
}


@pytest.mark.parametrize("name", ELSEWHERE)
async def test_in_a_conversation_they_are_told_there(each: World, name: str) -> None:
    """To their eyes alone; said once, however often Slack delivers it."""
    payload = ELSEWHERE[name](_mine(each))
    with structlog.testing.capture_logs() as logged:
        for _ in range(2):
            assert (await _mine(each).send(payload)).ok
        await each.soon(lambda: _told(each))
    assert [LINE in text_of(one) for one in _told(each)] == [True]
    line = next(line for line in logged if line["event"] == LOGGED)
    assert UNKNOWN in {line.get("action_id"), line.get("callback_id")}


@pytest.mark.parametrize("name", IN_NO_CONVERSATION)
async def test_outside_of_any_conversation_a_window_opens(each: World, name: str) -> None:
    """And tells what to type instead."""
    assert (await _mine(each).send(IN_NO_CONVERSATION[name](_mine(each)))).ok
    (window,) = await each.soon(lambda: each.workspace.views_of(ME))
    assert LINE in json.dumps(window.content)
    assert "/job &lt;job&gt;" in json.dumps(window.content)


async def test_a_window_of_another_version_says_so_itself(each: World) -> None:
    """It stays open with the words in it."""
    mine = _mine(each)
    sent = await mine.send(mine.interaction("view_submission", responds=False, view=mine.view(UNKNOWN)))
    assert sent.body["response_action"] == "update"
    assert LINE in json.dumps(sent.body["view"])


async def test_where_nobody_waits_the_log_alone_has_it(each: World) -> None:
    """Events, closed windows, and a menu, which gets no options."""
    mine = _mine(each)
    silent = {
        "event": mine.event("not_yet_invented"),
        "closed": mine.interaction("view_closed", responds=False, view=mine.view(UNKNOWN)),
        "menu": mine.interaction("block_suggestion", responds=False, action_id=UNKNOWN, value="a"),
    }
    with structlog.testing.capture_logs() as logged:
        bodies = {name: (await mine.send(payload)).body for name, payload in silent.items()}
    assert bodies.pop("menu") == {"options": []}
    assert all(not body for body in bodies.values())
    said = [line["event"] for line in logged if line["log_level"] in {"warning", "error"}]
    assert said == [LOGGED, LOGGED, "a menu that is none of ours"]
    await each.bot.stop(grace_seconds=2)
    assert _told(each) == []


@pytest.mark.parametrize("action_id", sorted(actions.ALL))
async def test_a_button_whose_value_is_of_another_version(over_http: World, action_id: str) -> None:
    """Whatever it says, whoever pressed it sees something happen."""
    mine = _mine(over_http)
    assert (await mine.send(mine.press(action_id, value="\x00{nonsense"))).ok

    def happened() -> bool:
        made = over_http.workspace
        return bool(_told(over_http) or made.views_of(ME) or made.board.homes.get(ME)) or any(
            url for url in made.calls_of("response_url")
        )

    await over_http.soon(happened)
