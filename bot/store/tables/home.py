"""Whose Home tab is open, and what it shows."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text

from bot.store.tables.metadata import metadata

home_tabs: Final = Table(
    "home_tabs",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    # Until then it is drawn by itself; a while after its reader was last seen there.
    Column("open_until", Double, nullable=False),
    # A digest of what it shows; NULL where nobody can say.
    Column("shown", Text),
    Column("drawn_at", Double, nullable=False, server_default="0"),
    # When it is to be drawn; NULL where nothing happened since.
    Column("due_at", Double),
    # One more with whatever happens: did something while it was being drawn?
    Column("news", BigInteger, nullable=False, server_default="0"),
    # Somebody draws it until then.
    Column("lease_until", Double, nullable=False, server_default="0"),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    # In a row that Slack did not take.
    Column("attempts", Integer, nullable=False, server_default="0"),
)
