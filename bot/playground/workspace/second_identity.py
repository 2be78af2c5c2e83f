"""A second made-up workspace: ids, people and channels of its own, and the same app."""

from __future__ import annotations

from typing import Final

from bot.playground.workspace.identity import Identity
from bot.playground.workspace.model import Channel, ChannelKind, User

VISITOR: Final = "U0ADAORCHD"
MEI: Final = "U0MEIORCHD"
_TOMAS: Final = "U0TOMORCHD"
SECOND_BOT: Final = "U0JOBBOT02"
_BOT_ID: Final = "B0JOBBOT02"

ROBOTS: Final = "C0ROBOTS01"
"""Public, the bot is in it once it is installed."""
_LOBBY: Final = "C0LOBBY001"
_DM: Final = "D0JOBBOT02"


def _people() -> dict[str, User]:
    users = (
        User(VISITOR, "ada", "Ada Park", is_admin=True),
        User(MEI, "mei", "Mei Tanaka"),
        User(_TOMAS, "tomas", "Tomas Lindqvist"),
        User(SECOND_BOT, "jobbot", "Training jobs", is_bot=True, bot_id=_BOT_ID),
    )
    return {user.id: user for user in users}


def _channels() -> dict[str, Channel]:
    everyone = {VISITOR, MEI, _TOMAS}
    rooms = (
        Channel(ROBOTS, "robots", ChannelKind.PUBLIC, {*everyone, SECOND_BOT}, "What the robots learn"),
        Channel(_LOBBY, "lobby", ChannelKind.PUBLIC, everyone, "Everyone; jobbot was not invited"),
        Channel(_DM, "jobbot", ChannelKind.DM, {VISITOR, SECOND_BOT}),
    )
    return {channel.id: channel for channel in rooms}


ORCHARD: Final = Identity(
    team_id="T0ORCHARD1",
    team_domain="orchard",
    team_name="Orchard",
    bot_user_id=SECOND_BOT,
    bot_id=_BOT_ID,
    bot_token="xoxb-0000000000-orchard-bot",  # noqa: S106  (made up)
    visitor_id=VISITOR,
    people=_people,
    channels=_channels,
)
