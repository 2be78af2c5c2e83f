"""[Subscribe] on what only one person sees: a window asks where updates go and which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cards.jobs.job_lines import NO_FACTS, Seen, title_line
from bot.cards.kit import actions
from bot.cards.kit.card_settings import job_name
from bot.cards.subscriptions.subscribe_dialog import Origin, choice_in, subscribe_dialog
from bot.domain.job.reading import read_object
from bot.domain.permissions.policies import AS_EVER
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.context import Context


def asks_first(pressed: ButtonPress) -> bool:
    """Whether [Subscribe] opens a window."""
    return pressed.is_private or pressed.is_in_home


def message_of(pressed: ButtonPress) -> str:
    """The message with the button, for the window that it opens; empty in Home."""
    return pressed.stands_in[0] if pressed.stands_in else ""


async def ask(context: Context, pressed: ButtonPress) -> None:
    """Open the window on what is known: a trigger is good for 3 s."""
    origin = Origin(
        pressed.request_id,
        pressed.channel_id,
        pressed.channel_name,
        pressed.place.thread_ts,
        pressed.response_url,
        pressed.is_on_card,
        context.login.installation.home_id,
        message_of(pressed),
    )
    title = _title(context, pressed.request_id)
    known = context.known_settings_at(pressed.team_id, pressed.channel_id) or AS_EVER
    view = subscribe_dialog(title, origin, known.others.destination, known.others.mode)
    await context.slack.open_view(pressed.trigger_id, view)


def _title(context: Context, request_id: str) -> str:
    known = context.training_api.recall(request_id)
    if known is None:
        return job_name(None, request_id, context.card_settings, is_bold=True)
    return title_line(Seen(known.job, request_id, context.clock.now(), NO_FACTS, context.card_settings))


def as_press(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The sent window as the press of a button, which it stands for; None where it is none of this version's.

    What it chose is done, promised and repeated in the same way as everything that people press.
    """
    view = read_object(body.get("view"))
    origin = Origin.read(str(view.get("private_metadata") or ""))
    if view.get("callback_id") != actions.SUBSCRIBE or origin is None:
        return None
    value = choice_in(view, origin).value()
    container: dict[str, Any] = {"is_ephemeral": True, "channel_id": origin.channel_id}
    container |= {} if origin.thread_ts is None else {"thread_ts": origin.thread_ts}
    container |= {"message_ts": origin.message_ts} if origin.message_ts else {}
    return {
        **{name: each for name, each in body.items() if name != "view"},
        "type": "block_actions",
        "channel": {"id": origin.channel_id, "name": origin.channel_name},
        "container": container,
        "response_url": origin.response_url,
        "actions": [{"action_id": actions.SUBSCRIBE_AS, "value": value}],
    }
