"""What Slack delivered, and who was told what the bot can do."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text, text

from bot.store.tables.metadata import SECRET, metadata

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("key", Text, primary_key=True, info=SECRET),
    Column("team_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("kind", Text, nullable=False, server_default=text("''")),
    # JSON; NULL where it is not taken up again, and once it was answered.
    Column("payload", Text),
    # NULL once it was answered, or can no longer be.
    Column("response_url", Text, info=SECRET),
    Column("claimed_until", Double, nullable=False),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("answered_at", Double),
    Column("created_at", Double, nullable=False),
)

greeted: Final = Table(
    "greeted",
    metadata,
    Column("team_id", Text, primary_key=True),
    # A channel, or a person for their direct messages.
    Column("place", Text, primary_key=True),
    Column("greeted_at", Double, nullable=False),
)
