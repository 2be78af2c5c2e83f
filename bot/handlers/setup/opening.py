"""Opening the window: at once, since a trigger lives 3 s, and filled once it is known who asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from bot.cards.jobs.views import failure_view
from bot.cards.kit.card import Card
from bot.cards.setup.answers import as_view, which_workspace_view
from bot.cards.setup.form import NOTHING_SET, Connected, SetupEntry, SetupPlace, opening_view, setup_view
from bot.cards.setup.permissions import UserGroups, is_about_groups
from bot.domain.commands.request_id import words_in
from bot.domain.errors import SlackError, SlackGoneError, StoreError
from bot.domain.messages.installation import Installation
from bot.domain.permissions.administration import AdminRight
from bot.domain.permissions.policies import PlaceSettings
from bot.domain.ports.tenants import ConnectionPlace
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context
from bot.handlers.kit.failures import failure_card
from bot.handlers.rights.checks import denial

CHANNEL = "channel"
"""The word for this channel alone."""
NAME = "setup"
_DIRECT = "D"

_log = structlog.stdlib.get_logger(__name__)


def is_asked_for(text: str) -> bool:
    """Whether a slash command that names it opens this window."""
    return tuple(each.lower() for each in words_in(text)) in {(NAME,), (NAME, CHANNEL)}


def place_in(text: str, channel_id: str) -> SetupPlace:
    """What it is to be about: in direct messages always the workspace."""
    is_channel = CHANNEL in words_in(text.lower()) and not channel_id.startswith(_DIRECT)
    return SetupPlace(channel_id if is_channel else "")


async def open_setup(context: Context, asker: Place, place: SetupPlace, trigger_id: str) -> None:
    """Open it and fill it."""
    view_id = await context.slack.open_view(trigger_id, opening_view())
    view = await allowed_view(context, asker, place)
    try:
        await context.slack.update_view(view_id, view)
    except SlackGoneError:
        _log.info("setup was closed before it was filled")


async def pressed_setup(context: Context, pressed: ButtonPress) -> None:
    """[Set up], wherever it stands."""
    channel_id = pressed.value if pressed.value == pressed.channel_id else ""
    await open_setup(context, pressed.place, SetupPlace(channel_id), pressed.trigger_id)


async def allowed_view(
    context: Context, asker: Place, place: SetupPlace, typed: SetupEntry | None = None
) -> dict[str, Any]:
    """The form, for whoever may set it up in the workspace where they are; anybody else reads who can."""
    if context.is_org_wide and not (place.team_id or context.workspace_id):
        return which_workspace_view(slash_command=context.slash_command)
    denied = await denied_setup(context, asker, place)
    return await form(context, asker, place, typed=typed) if denied is None else as_view(denied)


async def denied_setup(context: Context, asker: Place, place: SetupPlace) -> Card | None:
    """Why they can't; of a window that is open, in the workspace it is about, wherever they are now."""
    if context.is_org_wide and place.team_id:
        context = replace(context, workspace_id=place.team_id)
    return await denial(context, asker, AdminRight.SETUP, NAME)


async def form(
    context: Context, asker: Place, place: SetupPlace, problem: str = "", typed: SetupEntry | None = None
) -> dict[str, Any]:
    """The form as things are now, or as it was ``typed`` but for the key, where there was a problem."""
    team_id = place.team_id or context.workspace_id or asker.team_id
    place = replace(place, team_id=team_id, home_id=context.login.installation.home_id)
    try:
        own = await context.connecting.facts(connection_place(context.login.installation, place))
        stored = await context.own_settings(team_id, place.channel_id)
    except StoreError as error:
        return failure_view(failure_card(context, error))
    settings = NOTHING_SET if stored is None else stored.settings
    if typed is not None:
        settings = typed.over(settings)
    groups = await _groups(context, team_id, settings)
    connected = Connected(
        context.connecting.can_connect,
        own,
        context.org_id,
        settings,
        groups,
        is_one_of_many=context.is_org_wide,
    )
    org_id = "" if typed is None else typed.org_id
    return setup_view(place, connected, slash_command=context.slash_command, problem=problem, org_id=org_id)


async def _groups(context: Context, team_id: str, settings: PlaceSettings) -> UserGroups:
    """Those there are, where the window asks for one."""
    if not is_about_groups(settings):
        return UserGroups()
    try:
        names = await context.slack.people.listed_groups(team_id)
    except SlackError as error:
        _log.info("user groups are not listed", error=error.code, detail=error.detail)
        return UserGroups()
    return UserGroups(lacks_scope=True) if names is None else UserGroups(names, is_known=True)


def connection_place(installation: Installation, place: SetupPlace) -> ConnectionPlace:
    """The place as connections are stored by."""
    return ConnectionPlace(place.team_id, place.channel_id, installation.enterprise_id)
