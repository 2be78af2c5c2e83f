"""What was typed into the window: acknowledged at once, tried, and kept."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import structlog

from bot.cards.jobs.views import failure_view
from bot.cards.kit import actions
from bot.cards.kit.card import Card
from bot.cards.setup.answers import as_view, kept_view, refused_text
from bot.cards.setup.form import NOTHING_SET, SetupEntry, SetupPlace, entry_in, mistakes_in, trying_view
from bot.cards.setup.permissions import lacks_an_answer
from bot.domain.audit import Action, Result
from bot.domain.errors import SlackGoneError, StoreError, TrainingApiError
from bot.domain.job.reading import read_object
from bot.domain.ports.tenants import StoredSettings
from bot.handlers.audit import record
from bot.handlers.channels.time_zones import find_zone
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.replies import place_of_press
from bot.handlers.kit.work import Todo
from bot.handlers.setup.opening import allowed_view, connection_place, denied_setup, form

_TRIES: Final = 6
_PAUSE_SECONDS: Final = 0.5
"""Until Slack has put the window there that the ack names."""
_WHO_EXACTLY: Final = "*Nothing was saved:* choose who, below."
_MORE_THAN_A_KEY: Final = "*This key wasn't saved:* another organization needs a key of its own."

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sent:
    """A window that was sent."""

    asker: Place
    place: SetupPlace
    entry: SetupEntry
    window_id: str
    """By which the window that stands there meanwhile is found."""
    view_id: str
    """By which it is found once something else was put there, such as what a late choice came to."""

    def ack(self) -> dict[str, Any]:
        """What stands there from now on: what is wrong at first sight, or that it is tried."""
        if wrong := mistakes_in(self.entry):
            return {"response_action": "errors", "errors": wrong}
        has_key = bool(self.entry.api_key.get_secret_value())
        return {"response_action": "update", "view": trying_view(self.window_id, has_key=has_key)}


def sent_in(context: Context, body: Mapping[str, Any]) -> Sent | None:
    """The sent window; None where it is another one, or of another version."""
    view = read_object(body.get("view"))
    place = SetupPlace.read(str(view.get("private_metadata") or ""))
    if view.get("callback_id") != actions.SETUP_SEND or place is None:
        return None
    pressed = place_of_press(body, context.login.installation)
    asker = Place(place.team_id, place.channel_id, pressed.user_id)
    window_id, view_id = f"setup-{context.new_reference()}-{view.get('hash')}", str(view.get("id") or "")
    return Sent(asker, place, entry_in(view), window_id, view_id)


def todo(context: Context, sent: Sent) -> Todo | None:
    """What is left to do after the ack; None where that says what is wrong."""
    if mistakes_in(sent.entry):
        return None
    return Todo(partial(_keep, context, sent), partial(_tell_failure, context, sent))


def changed_in(context: Context, body: Mapping[str, Any]) -> Todo | None:
    """What is left to do once somebody chose in the window who has a right; None where it is another's."""
    view = read_object(body.get("view"))
    if view.get("callback_id") != actions.SETUP_SEND:
        return None
    sent = sent_in(context, body)
    if sent is None or sent.place.home_id != context.login.installation.home_id:
        return None
    return Todo(partial(_show_fields, context, sent), partial(_show_card, context, sent.view_id))


async def _show_fields(context: Context, sent: Sent) -> None:
    """The window with the field that the choice needs. What was typed into it Slack keeps, the key too."""
    view = await allowed_view(context, sent.asker, sent.place, sent.entry)
    try:
        await context.slack.update_view(sent.view_id, view)
    except SlackGoneError:
        _log.info("setup was closed before it was changed")


async def _keep(context: Context, sent: Sent) -> None:
    """Asks again who sends it: the window may have been open for long, or be another's."""
    denied = await denied_setup(context, sent.asker, sent.place)
    if denied is not None:
        await _show(context, sent, as_view(denied))
        return
    subject = sent.entry.org_id or "no organization"
    try:
        problem = await _kept(context, sent)
    except (TrainingApiError, StoreError) as error:
        _log.info("setup kept nothing", error=error.code, detail=error.detail)
        problem = refused_text(error)
    if problem:
        await record(context, sent.asker, Action.SETUP, subject, Result.FAILED)
        await _show(context, sent, await form(context, sent.asker, sent.place, problem, sent.entry))
        return
    await record(context, sent.asker, Action.SETUP, subject)
    tried = sent.entry.org_id if sent.entry.api_key.get_secret_value() else ""
    await _show(context, sent, kept_view(sent.place, tried, slash_command=context.slash_command))


async def _connect(context: Context, sent: Sent) -> str:
    """Connect, keep or disconnect the organization; why not, where something is missing.

    Raises:
        TrainingApiError: the key was refused.
        StoreError: the database did not take it.
    """
    entry, where = sent.entry, connection_place(context.login.installation, sent.place)
    if not context.connecting.can_connect:
        return ""
    own = await context.connecting.facts(where)
    if entry.api_key.get_secret_value():
        await context.connecting.connect(where, entry.org_id, entry.api_key, sent.asker.user_id)
    elif entry.org_id and (own is None or own.org_id != entry.org_id or not own.has_key):
        return _MORE_THAN_A_KEY
    elif own is not None and not entry.org_id:
        await context.connecting.disconnect(where)
    return ""


async def _kept(context: Context, sent: Sent) -> str:
    """Keep all of it; why not, where something is wrong: then nothing is kept.

    Raises:
        TrainingApiError: the key was refused.
        StoreError: the database did not take it.
    """
    asker = sent.asker
    before = await context.own_settings(asker.team_id, sent.place.channel_id)
    stored = NOTHING_SET if before is None else before.settings
    settings = sent.entry.over(stored)
    if lacks_an_answer(settings):
        return _WHO_EXACTLY
    if settings.time_zone:
        zone = await asyncio.to_thread(find_zone, settings.time_zone)
        if zone is None:
            return "*Nothing was saved:* that time zone isn't known. Use a name such as `Europe/Berlin`."
        settings = replace(settings, time_zone=zone)
    if problem := await _connect(context, sent):
        return problem
    if settings != stored:
        now, enterprise_id = context.clock.now(), context.login.installation.enterprise_id
        made = StoredSettings(
            asker.team_id, sent.place.channel_id, settings, asker.user_id, now, enterprise_id
        )
        await context.settings.save(made)
    return ""


async def _show(context: Context, sent: Sent, view: Mapping[str, Any]) -> None:
    """In the window, as soon as Slack has it; whoever closed it reads no more."""
    for _ in range(_TRIES):
        try:
            await context.slack.update_view("", view, external_id=sent.window_id)
        except SlackGoneError:
            await context.clock.sleep(_PAUSE_SECONDS)
        else:
            return
    try:
        await context.slack.update_view(sent.view_id, view)
    except SlackGoneError:
        _log.info("setup was closed before its outcome was known")


async def _show_card(context: Context, view_id: str, card: Card) -> None:
    await context.slack.update_view(view_id, failure_view(card))


async def _tell_failure(context: Context, sent: Sent, card: Card) -> None:
    await _show(context, sent, failure_view(card))
