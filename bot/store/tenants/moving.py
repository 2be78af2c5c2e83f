"""What ends where a workspace or a channel is connected to another organization."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, union

from bot.domain.permissions.belonging import Reconnected
from bot.domain.subscriptions.subscription import Ending
from bot.store.database.connection import Connected
from bot.store.database.dialect import Dialect
from bot.store.jobs.listed_jobs import begin_listing, forget_listing_if_unwanted
from bot.store.subscriptions.threads import Threads
from bot.store.tables import connections, digests, feeds, subscriptions

_TOLD: Final = (feeds, digests)


async def end_what_moved(  # noqa: PLR0913, PLR0917  (the connection, as it was and as it is)
    database: Dialect,
    connection: Connected,
    team_id: str,
    channel_id: str,
    orgs: tuple[str, str],
    now: datetime,
) -> None:
    """End the subscriptions, feeds and digests that belong there no more; ``orgs`` are before and after.

    What is only waiting to be sent is dropped with them.
    """
    mine = select(connections.c.channel_id, connections.c.org_id).where(connections.c.team_id == team_id)
    connected = [(row.channel_id, row.org_id) for row in await connection.execute(mine)]
    changed = Reconnected(channel_id, *orgs, connected)
    ended = subscriptions.c.ended.is_(None)
    named = union(
        *(select(each.c.channel_id, each.c.org_id).where(each.c.team_id == team_id) for each in _TOLD),
        select(subscriptions.c.channel_id, subscriptions.c.org_id).where(
            subscriptions.c.team_id == team_id, ended
        ),
    )
    rows = (await connection.execute(named)).all()
    over = sorted((row.org_id, row.channel_id) for row in rows if changed.ends(row.channel_id, row.org_id))
    threads = Threads(database)
    for org_id in dict.fromkeys(org_id for org_id, _ in over):
        await begin_listing(database, connection, org_id)
        channel_ids = [each for of_org, each in over if of_org == org_id]
        for told in _TOLD:
            there = told.c.team_id == team_id, told.c.org_id == org_id, told.c.channel_id.in_(channel_ids)
            await connection.execute(delete(told).where(*there))
        here = subscriptions.c.channel_id.in_(channel_ids) & (subscriptions.c.org_id == org_id)
        held = await threads.held(connection, here & (subscriptions.c.team_id == team_id) & ended)
        await threads.end(connection, held, Ending.RECONNECTED, now)
        await forget_listing_if_unwanted(database, connection, org_id)
