"""Who and where: the ids, names and tokens of the made-up workspace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bot.playground.workspace.model import Channel, ChannelKind, User

ME: Final = "U0ADAPARK1"
GRACE: Final = "U0GRACE001"
LINUS: Final = "U0LINUS001"
PARTNER: Final = "U0PARTNER1"
BOT: Final = "U0JOBBOT01"
BOT_ID: Final = "B0JOBBOT01"

TRAINING: Final = "C0TRAINING"
"""Public, the bot is in it."""
GENERAL: Final = "C0GENERAL1"
"""Public, without the bot."""
ML_OPS: Final = "C0MLOPS001"
"""Private, the bot is in it."""
HIDDEN: Final = "C0HIDDEN01"
"""Private, without the bot."""
PARTNERS: Final = "C0PARTNERS"
"""Shared with another company, the bot is in it."""
ARCHIVED: Final = "C0ARCHIVED"
DM: Final = "D0JOBBOT01"
"""The direct messages of `ME` and the bot."""
BETWEEN_TWO: Final = "D0ADAGRACE"
"""The direct messages of two people, where the bot is not and cannot be."""
BETWEEN_THREE: Final = "C0ADAGRALI"
"""The same of a group; its id is like a channel's."""

DEFAULT_SCOPES: Final = frozenset(
    {
        "commands",
        "app_mentions:read",
        "chat:write",
        "im:history",
        "im:write",
        "channels:history",
        "channels:read",
        "groups:history",
        "groups:read",
        "links:read",
        "links:write",
        "reactions:write",
        "usergroups:read",
        "users:read",
    }
)
UNFURL_DOMAINS: Final = ("app.simplismart.ai",)
"""The domains that the app has registered: it is told about links to them, and below."""


def people() -> dict[str, User]:
    """The workspace's users by id."""
    users = (
        User(ME, "ada", "Ada Park", is_admin=True),
        User(GRACE, "grace", "Grace Okafor"),
        User(LINUS, "linus", "Linus Abara", is_admin=True),
        User(PARTNER, "petra", "Petra (Partner Ltd)", home_team_id="T0PARTNER1"),
        User(BOT, "jobbot", "Training jobs", is_bot=True, bot_id=BOT_ID),
    )
    return {user.id: user for user in users}


def channels() -> dict[str, Channel]:
    """The workspace's conversations by id, without messages."""
    everyone = {ME, GRACE}
    rooms = (
        Channel(TRAINING, "training", ChannelKind.PUBLIC, {*everyone, BOT}, "Training jobs, all day long"),
        Channel(GENERAL, "general", ChannelKind.PUBLIC, {*everyone}, "Everyone; jobbot was not invited"),
        Channel(ML_OPS, "ml-ops", ChannelKind.PRIVATE, {*everyone, BOT}, "Private, with jobbot"),
        Channel(HIDDEN, "secret-models", ChannelKind.PRIVATE, {*everyone}, "Private, without jobbot"),
        Channel(
            PARTNERS, "partners", ChannelKind.SHARED, {*everyone, PARTNER, BOT}, "Shared with Partner Ltd"
        ),
        Channel(ARCHIVED, "old-runs", ChannelKind.PUBLIC, {*everyone, BOT}, is_archived=True),
        Channel(DM, "jobbot", ChannelKind.DM, {ME, BOT}),
        Channel(BETWEEN_TWO, "Ada Park, Grace Okafor", ChannelKind.DM, {*everyone}),
        Channel(BETWEEN_THREE, "mpdm-ada--grace--linus-1", ChannelKind.GROUP_DM, {*everyone, LINUS}),
    )
    return {channel.id: channel for channel in rooms}


@dataclass(frozen=True, slots=True)
class Identity:
    """The workspace's and the app's ids and secrets; all made up."""

    team_id: str = "T0PLAYGRND"
    team_domain: str = "playground"
    team_name: str = "Playground"
    enterprise_id: str | None = None
    """The organisation (Enterprise Grid) the workspace belongs to."""
    api_app_id: str = "A0JOBBOT01"
    bot_user_id: str = BOT
    bot_id: str = BOT_ID
    bot_token: str = field(default="xoxb-0000000000-playground-bot", repr=False)
    app_token: str = field(default="xapp-1-A0JOBBOT01-playground", repr=False)
    signing_secret: str = field(default="0123456789abcdef0123456789abcdef", repr=False)
    verification_token: str = field(default="playgroundVerification", repr=False)
    visitor_id: str = ME
    """Through whose eyes the page shows the workspace; an admin."""
    people: Callable[[], dict[str, User]] = field(default=people, repr=False)
    """Who is there at first, by id."""
    channels: Callable[[], dict[str, Channel]] = field(default=channels, repr=False)
    """The conversations at first, by id, without messages."""
