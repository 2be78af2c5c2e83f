"""When it is where somebody asks: for "today", and for digests that name no time zone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.errors import StoreError
from bot.handlers.kit.command import Place
from bot.handlers.kit.context import Context

PATIENCE_SECONDS: Final = 1.0
"""An answer waits so long for Slack to say where the asker is; then the default counts."""


async def zone_name(context: Context, place: Place) -> str:
    """The IANA name of the asker's time zone, or the default: the channel's or workspace's, or the bot's."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            name = await context.slack.time_zone(place.user_id) if place.user_id else ""
    except TimeoutError:
        name = ""
    return (
        name if name and await asyncio.to_thread(_zone, name) is not None else await _default(context, place)
    )


async def _default(context: Context, place: Place) -> str:
    try:
        in_force = await context.settings_at(place.team_id, place.channel_id)
    except StoreError:
        return context.time_zone
    return in_force.others.time_zone or context.time_zone


async def local_now(context: Context, place: Place) -> datetime:
    """The present moment, in the asker's time zone."""
    name = await zone_name(context, place)
    zone = await asyncio.to_thread(_zone, name)
    return context.clock.now().astimezone(zone or UTC)


def _zone(name: str) -> tzinfo | None:
    """None where this machine does not know it. It may read the disk."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
