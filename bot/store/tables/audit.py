"""Who did what: rows are added, and go when they are old; nothing but `forget` changes one."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text

from bot.store.tables.metadata import metadata

audit_trail: Final = Table(
    "audit_trail",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", Double, nullable=False),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    # A Slack ID, or `#` and a number once the person is forgotten.
    Column("user_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("result", Text, nullable=False),
    sqlite_autoincrement=True,
)
