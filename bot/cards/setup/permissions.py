"""The fields of `setup` that say who may do what, and what counts where nobody chooses; and what was chosen.

Source: https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element#users_multi_select
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.cards.kit.card import OPTION_CHARACTERS, Block, header, plain_text
from bot.domain.job.reading import read_object
from bot.domain.permissions.policies import Place, PlaceSettings, Right, Who
from bot.domain.subscriptions.subscription import Mode

PEOPLE, GROUP, ZONE = "people", "group", "zone"
_CONNECT, _DESTINATION, _MODE = "connect", "destination", "mode"
_HINT_CHARACTERS: Final = 150
_MOST_PEOPLE: Final = 100
_UNSET: Final = "-"
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{2,20}")
_GROUP_ID: Final = re.compile(r"S[A-Z0-9]{2,30}")
_QUESTIONS: Final = {
    Right.SUBSCRIBE: "Who can subscribe in channels?",
    Right.CHANNELS: "Who can turn feeds and digests on and off?",
    Right.COST: "Who can see cost?",
}
_WHO: Final = {
    Who.EVERYONE: "Everyone",
    Who.MEMBERS: "Members of the channel",
    Who.PEOPLE: "The people below",
    Who.GROUP: "The user group below",
}
_GROUP_HINT: Final = "Its ID, such as S0123ABC: open the group in Slack, then ⋮, Copy group ID."
_ON, _OFF = "on", "off"
_CONNECTS: Final = {_ON: "Post updates and link cards there too", _OFF: "Post nothing there"}
_PLACES: Final = {Place.DM: "Direct messages", Place.HERE: "The channel"}
_MODES: Final = {Mode.MILESTONES: "Milestones", Mode.FINAL: "Final result", Mode.FAILURES: "Failures"}


def permission_fields(settings: PlaceSettings, *, is_channel: bool) -> list[Block]:
    """Every field, as it is set."""
    unset = "As the workspace" if is_channel else ""
    connect = {None: "", True: _ON, False: _OFF}[settings.slack_connect]
    return [
        header("Who can do what"),
        *(_choice(_name(each), _QUESTIONS[each], _WHO, settings.who.get(each, ""), unset) for each in Right),
        _people(settings.people),
        _text(GROUP, "User group", _GROUP_HINT, settings.group_id),
        _choice(_CONNECT, "Channels shared with another company", _CONNECTS, connect,
                unset or "As the bot's settings say"),
        header("Defaults"),
        _text(ZONE, "Time zone", "Such as Europe/Berlin. Counts where Slack doesn't say where somebody is.",
              settings.time_zone),
        _choice(_DESTINATION, "Where should updates go?", _PLACES, settings.destination or "",
                unset or "As jobbot has it"),
        _choice(_MODE, "Which updates?", _MODES, settings.mode or "", unset or "As jobbot has it"),
    ]  # fmt: skip


def settings_in(values: Mapping[str, Any]) -> PlaceSettings:
    """What was chosen; ``values`` is the view's ``state.values``."""
    who = {each: Who(said) for each in Right if (said := _chosen(values, _name(each), _WHO))}
    connect = _chosen(values, _CONNECT, _CONNECTS)
    destination, mode = _chosen(values, _DESTINATION, _PLACES), _chosen(values, _MODE, _MODES)
    named = _field_of(values, PEOPLE).get("selected_users")
    listed = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    return PlaceSettings(
        who,
        tuple(dict.fromkeys(each for each in listed if _PERSON.fullmatch(each)))[:_MOST_PEOPLE],
        _typed(values, GROUP).upper(),
        {_ON: True, _OFF: False}.get(connect),
        _typed(values, ZONE),
        Place(destination) if destination else None,
        Mode(mode) if mode else None,
    )


def mistakes_in_settings(settings: PlaceSettings) -> dict[str, str]:
    """What is wrong with it at first sight, by field."""
    wrong, asked = {}, set(settings.who.values())
    if settings.group_id and not _GROUP_ID.fullmatch(settings.group_id):
        wrong[GROUP] = "That isn't the ID of a user group: it starts with S."
    elif Who.GROUP in asked and not settings.group_id:
        wrong[GROUP] = "Which user group?"
    if Who.PEOPLE in asked and not settings.people:
        wrong[PEOPLE] = "Who? Choose at least one person."
    return wrong


def _name(right: Right) -> str:
    return f"who.{right.value}"


def _choice(name: str, label: str, options: Mapping[Any, str], chosen: str, unset: str) -> Block:
    """A menu; ``unset`` is what it says where nothing is set, empty where its first option is that."""
    every = [_option(unset, _UNSET)] if unset else []
    every += [_option(words, str(value)) for value, words in options.items()]
    initial = next((each for each in every if each["value"] == str(chosen)), every[0])
    element = {"type": "static_select", "options": every, "initial_option": initial}
    return _input(name, label, element)


def _people(people: Sequence[str]) -> Block:
    element: dict[str, Any] = {"type": "multi_users_select", "max_selected_items": _MOST_PEOPLE}
    if people:
        element["initial_users"] = list(people)
    return _input(PEOPLE, "People", element)


def _text(name: str, label: str, hint: str, value: str) -> Block:
    element: dict[str, Any] = {"type": "plain_text_input", "max_length": 100}
    if value:
        element["initial_value"] = value
    return _input(name, label, element) | {"hint": plain_text(hint, _HINT_CHARACTERS)}


def _input(name: str, label: str, element: dict[str, Any]) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain_text(label, OPTION_CHARACTERS),
        "element": element | {"action_id": name},
    }


def _option(words: str, value: str) -> dict[str, Any]:
    return {"text": plain_text(words, OPTION_CHARACTERS), "value": value}


def _field_of(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return read_object(read_object(values.get(name)).get(name))


def _chosen(values: Mapping[str, Any], name: str, options: Mapping[Any, str]) -> str:
    said = str(read_object(_field_of(values, name).get("selected_option")).get("value") or "")
    return said if said in {str(each) for each in options} else ""


def _typed(values: Mapping[str, Any], name: str) -> str:
    return str(_field_of(values, name).get("value") or "").strip()
