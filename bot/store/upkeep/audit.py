"""The audit trail in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update

from bot.domain.audit import OPERATOR, AuditEntry
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.rows import moment, written_entry
from bot.store.tables import audit_trail
from bot.store.tenants.revisions import count_up

_NUMBER: Final = "#"
"""Before the number that stands for a person: no Slack ID begins so."""
DIRECT: Final = "D"
"""Before the ID of direct messages, which says whose they are."""


class AuditQueries(StoreQueries):
    """See `bot.domain.ports.AuditStore`."""

    @writes
    async def append(
        self, connection: Connected, entry: AuditEntry, *, once_since: datetime | None = None
    ) -> bool:
        """See the port. Where it is to be there once, nobody else adds one meanwhile."""
        if once_since is not None:
            await count_up(self.database, connection)
            same = audit_trail.c.team_id == entry.team_id, audit_trail.c.action == entry.action
            is_there = exists().where(*same, audit_trail.c.at >= once_since.timestamp())
            if await connection.scalar(select(is_there)):
                return False
        await connection.execute(insert(audit_trail).values(written_entry(entry)))
        return True

    @reads
    async def entries(
        self,
        connection: Connected,
        since: datetime | None = None,
        user_id: str | None = None,
        team_id: str | None = None,
    ) -> Sequence[AuditEntry]:
        """See the port."""
        wanted = select(audit_trail).order_by(audit_trail.c.at, audit_trail.c.seq)
        if since is not None:
            wanted = wanted.where(audit_trail.c.at >= since.timestamp())
        if user_id is not None:
            wanted = wanted.where(audit_trail.c.user_id == user_id)
        if team_id is not None:
            wanted = wanted.where(audit_trail.c.team_id == team_id)
        return [
            AuditEntry(
                moment(row.at), row.team_id, row.channel_id, row.user_id, row.action, row.subject, row.result
            )
            for row in await connection.execute(wanted)
        ]


async def number_person(connection: Connected, user_id: str) -> None:
    """Let a number stand for this person, the same in every row.

    Their direct messages, by whose ID they could be found, are named no longer.
    """
    theirs = or_(audit_trail.c.user_id == user_id, audit_trail.c.subject == user_id)
    number = await connection.scalar(select(func.min(audit_trail.c.seq)).where(theirs))
    if number is None:
        return
    stands = f"{_NUMBER}{number}"
    mine = audit_trail.c.user_id == user_id
    direct = audit_trail.c.channel_id.startswith(DIRECT, autoescape=True)
    await connection.execute(update(audit_trail).where(mine, direct).values(channel_id=""))
    await connection.execute(update(audit_trail).where(mine).values(user_id=stands))
    named = audit_trail.c.subject == user_id
    await connection.execute(update(audit_trail).where(named).values(subject=stands))


async def forget_place(connection: Connected, team_id: str) -> None:
    """Keep of a workspace's rows what was done and when; numbers stand for its people."""
    here = or_(audit_trail.c.team_id == team_id, audit_trail.c.subject == team_id)
    people = select(audit_trail.c.user_id).distinct().where(here, _is_person())
    for user_id in list(await connection.scalars(people)):
        number = await connection.scalar(
            select(func.min(audit_trail.c.seq)).where(here, audit_trail.c.user_id == user_id)
        )
        theirs = update(audit_trail).where(here, audit_trail.c.user_id == user_id)
        await connection.execute(theirs.values(user_id=f"{_NUMBER}{number}"))
    gone = update(audit_trail).where(here).values(team_id="", channel_id="", subject="")
    await connection.execute(gone)


def _is_person() -> ColumnElement[bool]:
    user_id = audit_trail.c.user_id
    return and_(~user_id.startswith(_NUMBER, autoescape=True), user_id.not_in(("", OPERATOR)))
