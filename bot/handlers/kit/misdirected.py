"""What Slack delivers that nothing here is made for: whoever did it is told what to do instead.

Such as a command that the app has and ``SLASH_COMMAND`` does not name, or a button on a card that another
version of the bot has posted. The log has a line of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import structlog

from bot.cards.jobs.views import failure_view
from bot.cards.kit.card import Card
from bot.cards.kit.misdirected import other_command_card, other_version_card
from bot.domain.messages.carried import carried_by
from bot.handlers.kit.button_press import ButtonPress, to_presser
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import whoever_asked
from bot.handlers.kit.work import Reply, Todo

_SILENT: Final = frozenset({"event_callback", "view_closed", "block_suggestion"})
"""Kinds of deliveries in which nobody waits for an answer."""
_WORDS: Final = {"block_actions": "button", "view_submission": "window"}

_log = structlog.stdlib.get_logger(__name__)


def other_command(context: Context, typed: str) -> Card:
    """For a slash command of the app's that is not ours."""
    _log.warning("a command that SLASH_COMMAND does not name", typed=typed, answered=context.slash_command)
    return other_command_card(typed, slash_command=context.slash_command)


def told(context: Context, body: Mapping[str, Any]) -> Todo | None:
    """For any other delivery: to the eyes of whoever did it; None where nobody waits."""
    kind = _noted(body)
    if kind in _SILENT:
        return None
    card = other_version_card(_WORDS.get(kind, "shortcut"), slash_command=context.slash_command)
    reply = whoever_asked(context.slack, body)
    return Todo(partial(_tell, reply, card), reply)


def in_its_window(context: Context, body: Mapping[str, Any]) -> dict[str, Any]:
    """For a window that was sent: what stands in it instead, as the ack tells it."""
    _noted(body)
    return {
        "response_action": "update",
        "view": failure_view(other_version_card("window", slash_command=context.slash_command)),
    }


def is_anothers_window(context: Context, body: Mapping[str, Any]) -> bool:
    """Whether a window that was sent was opened in another workspace: nothing that it carries counts here."""
    view = body.get("view")
    if body.get("type") != "view_submission" or not isinstance(view, dict):
        return False
    return carried_by(view).home_id not in {"", context.login.installation.home_id}


async def tell_presser(context: Context, pressed: ButtonPress) -> None:
    """For a button of ours whose value this version does not know."""
    _log.warning("a button with an unknown value", action_id=pressed.action_id, user_id=pressed.user_id)
    await to_presser(context, pressed)(other_version_card("button", slash_command=context.slash_command))


async def _tell(reply: Reply, card: Card) -> None:
    await reply(card)


def _noted(body: Mapping[str, Any]) -> str:
    """The kind of a delivery, which the log has now, with what it names."""
    kind, actions = str(body.get("type")), body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    named = {
        "event_type": _text_in(body.get("event"), "type"),
        "action_id": action.get("action_id") or body.get("action_id"),
        "callback_id": _text_in(body.get("view"), "callback_id") or body.get("callback_id"),
    }
    _log.warning(
        "a delivery that nothing is made for",
        kind=kind,
        **{key: value for key, value in named.items() if value},
    )
    return kind


def _text_in(value: object, key: str) -> str | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
