"""The window that asks where updates go and which, and what was chosen in it.

Source: https://docs.slack.dev/reference/block-kit/block-elements/radio-button-group-element
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from bot.cards.kit import actions
from bot.cards.kit.card import OPTION_CHARACTERS, Block, modal, plain_text, section
from bot.cards.kit.text import cut, escape, line
from bot.domain.job.json_text import parse_json
from bot.domain.job.reading import read_object
from bot.domain.permissions.policies import Place
from bot.domain.subscriptions.subscription import Mode

DM: Final = "dm"
_HERE: Final = "here"
_WHERE, _WHICH = "where", "which"
_MODES: Final = (
    ("Milestones", "Start, 25/50/75%, warnings, end", Mode.MILESTONES),
    ("Final result", "Only how it ends", Mode.FINAL),
    ("Failures", "How it ends; in the channel only a failure", Mode.FAILURES),
)
_MODES_OF_A_GROUP: Final = (
    ("Milestones", "Each failure, and the ranking at the end", Mode.MILESTONES),
    ("Final result", "Only the ranking at the end", Mode.FINAL),
    ("Failures", "The ranking; in the channel only a failure", Mode.FAILURES),
)
_Option = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where [Subscribe] was pressed: the window carries it, and Slack hands it back."""

    request_id: str
    channel_id: str
    """Empty in the Home tab."""
    channel_name: str
    thread_ts: str | None
    response_url: str
    is_on_card: bool
    """The button stood on the job's card, which shows the new state."""
    home_id: str = ""
    """Whose window it is: see `bot.domain.messages.installation.Carried`."""
    message_ts: str = ""
    """The message with the button."""

    def metadata(self) -> str:
        """As the window's ``private_metadata``."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, metadata: str) -> Origin | None:
        """From ``private_metadata``; None where another version of the bot wrote it."""
        try:
            said = parse_json(metadata)
        except ValueError:
            return None
        if not (isinstance(said, dict) and isinstance(said.get("request_id"), str)):
            return None
        texts = {name: each for name, each in said.items() if isinstance(each, str)}
        return cls(
            texts["request_id"],
            texts.get("channel_id", ""),
            texts.get("channel_name", ""),
            texts.get("thread_ts"),
            texts.get("response_url", ""),
            said.get("is_on_card") is True,
            texts.get("home_id", ""),
            texts.get("message_ts", ""),
        )


@dataclass(frozen=True, slots=True)
class SubscribeChoice:
    """What was chosen, as a press of `bot.cards.kit.actions.SUBSCRIBE_AS` carries it."""

    request_id: str
    options: frozenset[str]
    """Words of ``subscribe``: a mode, and ``dm`` for direct messages."""
    is_on_card: bool

    def value(self) -> str:
        """As a button's value."""
        return json.dumps([self.request_id, sorted(self.options), self.is_on_card], separators=(",", ":"))

    @classmethod
    def read(cls, value: str) -> SubscribeChoice | None:
        """From a value; None where it is not one of ours."""
        try:
            request_id, options, is_on_card = parse_json(value)
        except (ValueError, TypeError):
            return None
        if not (isinstance(request_id, str) and isinstance(options, list)):
            return None
        known = {DM, *(mode.value for _, _, mode in _MODES)}
        return cls(request_id, frozenset(str(each) for each in options) & known, bool(is_on_card))


def subscribe_dialog(
    title: str, origin: Origin, destination: Place | None = None, mode: Mode | None = None
) -> dict[str, Any]:
    """The window for a job; direct messages are chosen, since the card was private, unless an admin chose.

    Args:
        title: the job's status and name, as its card says it; ``mrkdwn``.
        origin: where the button was pressed. In direct messages and in Home there is no other place.
        destination: where updates go there, unless somebody chooses.
        mode: which ones.
    """
    which = _question(_WHICH, "Which updates?", [_option(*each) for each in _MODES], mode or "")
    where = _where(origin, destination or Place.DM)
    return _window("Subscribe", "Subscribe", [section(title), *where, which], origin)


def group_dialog(title: str, origin: Origin, mode: Mode) -> dict[str, Any]:
    """The window for a group, as its thread is now: its card stands where updates go.

    Args:
        title: which group; ``mrkdwn``.
        origin: where its card stands.
        mode: which updates its thread gets.
    """
    which = _question(_WHICH, "Which updates?", [_option(*each) for each in _MODES_OF_A_GROUP], mode.value)
    return _window("Change what I get", "Save", [section(title), *_where(origin, _HERE), which], origin)


def _window(title: str, submit: str, blocks: list[Block], origin: Origin) -> dict[str, Any]:
    return modal(title, blocks) | {
        "callback_id": actions.SUBSCRIBE,
        "private_metadata": origin.metadata(),
        "submit": plain_text(submit, OPTION_CHARACTERS),
        "close": plain_text("Cancel", OPTION_CHARACTERS),
    }


def _where(origin: Origin, chosen: str) -> list[Block]:
    """Nothing in direct messages and in Home: there is no other place."""
    if not origin.channel_id or origin.channel_id.startswith("D"):
        return []
    channel = f"A card and a thread in #{line(origin.channel_name)}" if origin.channel_name else ""
    where = [
        _option("DM me", "Only you see updates", DM),
        _option("This channel", channel or "A card and a thread in this channel", _HERE),
    ]
    return [_question(_WHERE, "Where should updates go?", where, chosen)]


def choice_in(view: Mapping[str, Any], origin: Origin) -> SubscribeChoice:
    """What the sent window chose; direct messages where it did not ask."""
    values = read_object(read_object(view.get("state")).get("values"))
    where, which = (_chosen(values, name) for name in (_WHERE, _WHICH))
    options = {which} | (set() if where == _HERE else {DM})
    return SubscribeChoice(origin.request_id, frozenset(options - {""}), origin.is_on_card)


def _chosen(values: Mapping[str, Any], name: str) -> str:
    field = read_object(read_object(values.get(name)).get(name))
    return str(read_object(field.get("selected_option")).get("value") or "")


def _option(words: str, description: str, value: str) -> _Option:
    shown = cut(escape(description), OPTION_CHARACTERS, note="…")
    return {
        "text": plain_text(words, OPTION_CHARACTERS),
        "description": plain_text(shown, OPTION_CHARACTERS),
        "value": str(value),
    }


def _question(name: str, words: str, options: list[_Option], chosen: str = "") -> Block:
    initial = next((each for each in options if each["value"] == chosen), options[0])
    element = {"type": "radio_buttons", "action_id": name, "options": options, "initial_option": initial}
    return {
        "type": "input",
        "block_id": name,
        "label": plain_text(words, OPTION_CHARACTERS),
        "element": element,
    }
