"""Whose a database is, as far as what is stored says so."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Table, and_, exists, not_, or_, select, true

from bot.domain.audit import OPERATOR, Result
from bot.store.database.connection import Connected
from bot.store.tables import audit_trail, installations, metadata, slack_waits

_NOBODYS: Final = ""
"""In the place of a workspace: before Slack has named one, or where it was forgotten."""
_SAY_NOT: Final = frozenset({installations, slack_waits})
"""Installations are asked for first; Slack's limits are no possession."""
_OWNED: Final = [each for each in metadata.sorted_tables if "team_id" in each.c and each not in _SAY_NOT]
"""Also a table that is added later."""


async def is_anothers(connection: Connected, team_id: str) -> bool:
    """Whether the database is another workspace's: that has installed the app, or had it with one token.

    Once a workspace has installed the app itself, whatever else names others is as old as an earlier version,
    or of the same Enterprise Grid organization.
    """
    installed = set(await connection.scalars(select(installations.c.team_id)))
    if installed:
        return installed != {team_id}
    others = [select(exists().where(_is_owned(each, team_id))) for each in _OWNED]
    return bool(await connection.scalar(select(or_(*(each.scalar_subquery() for each in others)))))


def _is_owned(table: Table, team_id: str) -> ColumnElement[bool]:
    """By another one. Who was denied something owns nothing, nor does what an operator only asked about."""
    tried = or_(audit_trail.c.result == Result.DENIED, audit_trail.c.user_id == OPERATOR)
    counts = not_(tried) if table is audit_trail else true()
    return and_(table.c.team_id.not_in((_NOBODYS, team_id)), counts)
