"""What the buttons on a card do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from bot.cards import actions
from bot.cards.card import Card
from bot.cards.job import job_card
from bot.cards.views import details_view, error_view, failure_view, loading_view
from bot.domain.errors import SlackError, SlackGoneError, TrainingApiError
from bot.domain.ports import Snapshot
from bot.handlers.command import Place, Question
from bot.handlers.context import Context
from bot.handlers.failures import failure_card
from bot.handlers.present_state import following
from bot.handlers.replies import in_same_thread, privately, thread_of_container
from bot.handlers.status import card_of, look_up

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Press:
    """One press of a button on a card."""

    action_id: str
    request_id: str
    team_id: str
    channel_id: str
    user_id: str
    trigger_id: str
    response_url: str
    thread_ts: str | None
    """The thread the card stands in."""
    is_private: bool
    """The card is ephemeral: only the presser sees it."""

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Press | None:
        """The press in a ``block_actions`` payload; None if it is not a button of ours."""
        pressed = body.get("actions")
        action = pressed[0] if isinstance(pressed, list) and pressed else None
        if not isinstance(action, dict) or action.get("action_id") not in _BUTTONS:
            return None
        container, user = body.get("container") or {}, body.get("user") or {}
        team, channel = body.get("team") or {}, body.get("channel") or {}
        return cls(
            action_id=action["action_id"],
            request_id=str(action.get("value") or ""),
            team_id=str(team.get("id") or user.get("team_id") or ""),
            channel_id=str(channel.get("id") or container.get("channel_id") or ""),
            user_id=str(user.get("id") or ""),
            trigger_id=str(body.get("trigger_id") or ""),
            response_url=str(body.get("response_url") or ""),
            thread_ts=thread_of_container(body),
            is_private=bool(container.get("is_ephemeral")),
        )

    @property
    def question(self) -> Question:
        """The question whose answer the card is."""
        return Question("status", (self.request_id,), self.place, is_private=self.is_private)

    @property
    def place(self) -> Place:
        """Who pressed, and where."""
        return Place(self.team_id, self.channel_id, self.user_id, self.thread_ts)


async def press(context: Context, pressed: Press) -> None:
    """Do what the button says."""
    await _BUTTONS[pressed.action_id](context, pressed)


async def _refresh(context: Context, pressed: Press) -> None:
    """The card as it is now, in its place. A failure never takes a good card away."""
    try:
        snapshot = await context.training_api.job(pressed.request_id, refresh=True)
    except TrainingApiError as error:
        await _tell(context, pressed, error)
        return
    question = pressed.question
    followed = await following(context, pressed.place, pressed.request_id, is_private=pressed.is_private)
    await _replace(context, pressed, card_of(context, snapshot, pressed.request_id, question, followed))


async def _try_again(context: Context, pressed: Press) -> None:
    """The card of what comes back this time, in the place of the failure's."""
    await _replace(
        context, pressed, await look_up(context, pressed.request_id, pressed.question, refresh=True)
    )


async def _share(context: Context, pressed: Press) -> None:
    """The card for everyone in the conversation; the private one has done its work and goes."""
    try:
        snapshot = await context.training_api.job(pressed.request_id)
    except TrainingApiError as error:
        await _tell(context, pressed, error)
        return
    card = job_card(
        snapshot,
        request_id=pressed.request_id,
        now=context.clock.now(),
        shared_by=pressed.user_id,
        following=await following(context, pressed.place, pressed.request_id, is_private=False),
    )
    how = {"response_type": "in_channel", "replace_original": False} | in_same_thread(pressed.thread_ts)
    await context.slack.respond(pressed.response_url, how | card.message())
    try:
        await context.slack.respond(pressed.response_url, {"delete_original": True})
    except SlackError as error:
        _log.info("the private card stays beside the shared one", detail=error.detail)


async def _details(context: Context, pressed: Press) -> None:
    await _show(context, pressed, partial(details_view, now=context.clock.now()))


async def _full_error(context: Context, pressed: Press) -> None:
    await _show(context, pressed, error_view)


_View = Callable[..., dict[str, Any]]


async def _show(context: Context, pressed: Press, view_of: _View) -> None:
    """Open a modal on what is known; where nothing is, open it at once and fill it when it is.

    A trigger lives 3 s and an answer may take longer.
    """

    def view(snapshot: Snapshot) -> dict[str, Any]:
        return view_of(snapshot, request_id=pressed.request_id)

    known = context.training_api.recall(pressed.request_id)
    if known is not None:
        await context.slack.open_view(pressed.trigger_id, view(known))
        return
    view_id = await context.slack.open_view(pressed.trigger_id, loading_view(pressed.request_id))
    try:
        filled = view(await context.training_api.job(pressed.request_id))
    except TrainingApiError as error:
        filled = failure_view(failure_card(context, error, pressed.request_id))
    try:
        await context.slack.update_view(view_id, filled)
    except SlackGoneError:
        _log.info("the window was closed before it was filled", request_id=pressed.request_id)


async def _replace(context: Context, pressed: Press, card: Card) -> None:
    await context.slack.respond(pressed.response_url, {"replace_original": True, **card.message()})


async def _tell(context: Context, pressed: Press, error: TrainingApiError) -> None:
    """The failure for the presser's eyes, beside the card."""
    reply = privately(context.slack, pressed.response_url, pressed.thread_ts)
    await reply(failure_card(context, error, pressed.request_id))


_BUTTONS: Mapping[str, Callable[[Context, Press], Awaitable[None]]] = {
    actions.REFRESH: _refresh,
    actions.TRY_AGAIN: _try_again,
    actions.SHARE: _share,
    actions.DETAILS: _details,
    actions.FULL_ERROR: _full_error,
}
