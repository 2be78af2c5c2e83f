"""The names commands had before, and other words for the same, in every place that reads a command's name."""

from __future__ import annotations

import pytest

from bot.cards.jobs.which_one import Choice
from bot.domain.errors import NotUnderstoodError
from bot.handlers.entry.registry import COMMANDS, Dispatch
from bot.handlers.kit.command import Place
from tests.handlers.neighbours import Neighbourhood

ALIASES = {
    "watch": "subscribe",
    "follow": "subscribe",
    "unwatch": "unsubscribe",
    "watching": "subscriptions",
    "snooze": "pause",
    "dnd": "pause",
}
PLACE = Place("T1", "C1", "U1")


def test_the_names_that_were_stay_aliases() -> None:
    """People's fingers, their scripts, and buttons that were posted know them."""
    assert {alias: each.name for each in COMMANDS for alias in each.aliases} == ALIASES
    names = [name for each in COMMANDS for name in (each.name, *each.aliases)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(("alias", "name"), list(ALIASES.items()))
def test_an_alias_asks_the_same(alias: str, name: str) -> None:
    """The question has the command's own name, whichever was typed, and in any case."""
    dispatch = Dispatch()
    words = "" if name == "subscriptions" else " run-7"
    for typed in (alias, alias.upper(), f"`{alias}`"):
        read = dispatch.read(f"{typed}{words}", PLACE, is_private=True)
        assert read == dispatch.read(f"{name}{words}", PLACE, is_private=True)
        assert dispatch.command_of(read).name == name
        assert dispatch.changes(read) == (name != "subscriptions")


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        (
            "watch 3fe92c25-7a0b-4d1c-9e2f-0123456789ab finl",
            "subscribe 3fe92c25-7a0b-4d1c-9e2f-0123456789ab final",
        ),
        ("follow", "subscribe <job>"),
        ("unwatch", "unsubscribe <job>"),
        ("folow run-7", "subscribe run-7"),
        ("unwach run-7", "unsubscribe run-7"),
        ("wtching", "subscriptions"),
        ("watch run-7 when loss", "subscribe run-7 when eval_loss < 1.2"),
    ],
)
def test_what_is_suggested_has_the_commands_own_name(typed: str, suggestion: str) -> None:
    """Also where a slip of the keys was nearest to an alias."""
    with pytest.raises(NotUnderstoodError) as caught:
        Dispatch().read(typed, PLACE, is_private=True)
    assert caught.value.suggestion == suggestion


def test_help_has_no_alias() -> None:
    """One name a command."""
    usages = " ".join(each.usage for each in Dispatch().help)
    assert not set(ALIASES) & set(usages.replace("<", " ").split())


def test_a_button_that_was_posted_with_an_alias_still_works() -> None:
    """[This one] carries the command's name as it was then."""
    dispatch = Dispatch()
    choice = Choice.read('["watch",["run-7"],["quiet"],[]]')
    assert choice is not None
    assert dispatch.has(choice.command)
    assert not dispatch.has("watchman")


async def test_an_alert_is_a_subscription_to_one_value() -> None:
    """By its own command, as by the long form."""
    wishes = []
    for typed in ("alert run-7 when eval_loss &lt; 1.2", "follow run-7 when eval_loss &lt; 1.2"):
        made = Neighbourhood()
        made.jobs.give("run-7", status="RUNNING", progress=40)
        await made.ask(typed)
        wishes += made.stored.wishes
    assert [(each.condition, each.mode) for each in wishes] == [("eval_loss < 1.2", None)] * 2
