"""How long Slack asked to wait."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select

from bot.domain.ports import SlackLimit, SlackWait
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment, storable
from bot.store.tables import slack_waits


class SlackWaitQueries(StoreQueries):
    """See `bot.domain.ports.SlackWaitStore`."""

    @reads
    async def wait(self, connection: Connected, limit: SlackLimit) -> SlackWait | None:
        """See the port."""
        wanted = select(slack_waits.c.waits_until, slack_waits.c.seconds).where(_is_of(limit))
        row = (await connection.execute(wanted)).first()
        return None if row is None else SlackWait(moment(row.waits_until), row.seconds)

    @writes
    async def begin_wait(self, connection: Connected, limit: SlackLimit, wait: SlackWait) -> None:
        """See the port."""
        given = self.database.insert(slack_waits).values(
            team_id=storable(limit.team_id),
            method=limit.method,
            channel_id=storable(limit.channel_id),
            waits_until=wait.until.timestamp(),
            seconds=wait.seconds,
        )
        newest = {"waits_until": given.excluded.waits_until, "seconds": given.excluded.seconds}
        key = [slack_waits.c.team_id, slack_waits.c.method, slack_waits.c.channel_id]
        await connection.execute(given.on_conflict_do_update(index_elements=key, set_=newest))

    @writes
    async def end_wait(self, connection: Connected, limit: SlackLimit, until: datetime) -> None:
        """See the port."""
        is_same = slack_waits.c.waits_until == until.timestamp()
        await connection.execute(delete(slack_waits).where(_is_of(limit), is_same))


def _is_of(limit: SlackLimit) -> ColumnElement[bool]:
    return and_(
        slack_waits.c.team_id == storable(limit.team_id),
        slack_waits.c.method == limit.method,
        slack_waits.c.channel_id == storable(limit.channel_id),
    )
