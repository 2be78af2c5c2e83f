"""One press of a button on a card, as Slack tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.cards.subscriptions.subscription_list import LINE
from bot.domain.job.reading import read_object
from bot.domain.messages.installation import Installation
from bot.handlers.kit.command import Place, Question
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import place_of_press, privately_in
from bot.handlers.kit.work import Reply

_NOT_KNOWN = Installation()


@dataclass(frozen=True, slots=True)
class ButtonPress:
    """Who pressed which button, on which card, where."""

    action_id: str
    value: str
    """The job's request id; for the buttons that stop, the subscription's."""
    team_id: str
    """Ours, whoever made the channel."""
    channel_id: str
    user_id: str
    trigger_id: str
    response_url: str
    thread_ts: str | None
    """The thread the card stands in."""
    is_root: bool
    """The card is what that thread began with."""
    is_private: bool
    """The card is ephemeral: only the presser sees it."""
    is_in_list: bool
    """The button is on a line of ``/job subscriptions``."""
    text: str = ""
    """Of the message the button stands on."""
    blocks: tuple[Mapping[str, Any], ...] = ()
    """Of the same message, as Slack has them."""
    channel_name: str = ""
    """As Slack tells it; see `bot.handlers.kit.command.Place`."""
    is_on_card: bool = True
    """The message may be the card of the job; on a list it is not."""
    is_in_menu: bool = False
    """It was chosen in a menu, and is no button."""
    message_ts: str = ""
    """The message the button stands on, in its channel; empty where that is no message for all."""
    is_in_home: bool = False
    """The button is in the presser's Home tab, where there is no message and no conversation."""
    stands_in: tuple[str, ...] = ()
    """The message, of whatever kind, and the thread it stands in; of a window those it was opened from."""

    @classmethod
    def read(cls, body: Mapping[str, Any], installation: Installation = _NOT_KNOWN) -> ButtonPress | None:
        """The press in a ``block_actions`` payload; None if it is not a button of ours."""
        pressed = body.get("actions")
        action = pressed[0] if isinstance(pressed, list) and pressed else None
        chosen = _chosen(action) if isinstance(action, dict) else None
        if not isinstance(action, dict) or chosen is None:
            return None
        container, place, message = (
            body.get("container") or {},
            place_of_press(body, installation),
            read_object(body.get("message")),
        )
        return cls(
            action_id=chosen.action_id,
            value=chosen.value,
            team_id=place.team_id,
            channel_id=place.channel_id,
            channel_name=place.channel_name,
            user_id=place.user_id,
            trigger_id=str(body.get("trigger_id") or ""),
            response_url=str(body.get("response_url") or ""),
            thread_ts=place.thread_ts,
            is_root=place.thread_ts is not None and place.thread_ts == container.get("message_ts"),
            is_private=bool(container.get("is_ephemeral")),
            text=str(message.get("text") or ""),
            blocks=tuple(block for block in message.get("blocks") or () if isinstance(block, dict)),
            message_ts=_message_ts(container),
            is_in_home=container.get("type") == "view",
            stands_in=_stands_in(container),
            is_in_list=str(action.get("block_id") or "").startswith(LINE),
            is_on_card=action.get("action_id") != actions.ROW_MORE,
            is_in_menu=action.get("action_id") in actions.MENUS,
        )

    @property
    def request_id(self) -> str:
        """The job the button is about, for those of `bot.cards.kit.actions.ABOUT_JOBS`."""
        return self.value

    @property
    def place(self) -> Place:
        """Who pressed, and where."""
        thread_ts = None if self.is_root else self.thread_ts
        return Place(self.team_id, self.channel_id, self.user_id, thread_ts, channel_name=self.channel_name)

    @property
    def question(self) -> Question:
        """The question whose answer the card is."""
        return Question("status", (self.value,), self.place, is_private=self.is_private)


def _message_ts(container: Mapping[str, Any]) -> str:
    """As Slack has signed it; of what is shown below somebody's link it names the message with the link."""
    ts = container.get("message_ts")
    is_for_all = container.get("type") == "message" and not container.get("is_ephemeral")
    return ts if is_for_all and isinstance(ts, str) else ""


def _stands_in(container: Mapping[str, Any]) -> tuple[str, ...]:
    named = (container.get(each) for each in ("message_ts", "thread_ts"))
    return tuple(dict.fromkeys(each for each in named if isinstance(each, str) and each))


def _chosen(action: Mapping[str, Any]) -> actions.Chosen | None:
    """The action of a button, or of what was chosen in a menu of ours, and its value."""
    if action.get("action_id") in actions.MENUS:
        option = read_object(action.get("selected_option"))
        return actions.Chosen.read(str(option.get("value") or ""))
    action_id = action.get("action_id")
    if action_id == actions.PICK and action.get("type") == "external_select":  # the search in the Home tab
        option = read_object(action.get("selected_option"))
        return actions.Chosen(actions.DETAILS, str(option.get("value") or ""))
    return actions.Chosen(action_id, str(action.get("value") or "")) if action_id in actions.ALL else None


async def replace(context: Context, pressed: ButtonPress, card: Card, *, answers: int = 1) -> None:
    """Put this card in the place of the one that was pressed; so many ``answers`` at most."""
    body = {"replace_original": True, **card.message()}
    await context.slack.respond(pressed.response_url, body, answers=answers)


def to_presser(context: Context, pressed: ButtonPress, *, answers: int = 1) -> Reply:
    """For the presser's eyes, beside the card; so many ``answers`` at most."""
    there = Place(pressed.team_id, pressed.channel_id, pressed.user_id, pressed.thread_ts)
    return privately_in(context.slack, pressed.response_url, there, answers=answers)
