"""How often something went wrong, by workspace, organization and day."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from bot.store.tables.metadata import metadata

workspace_incidents: Final = Table(
    "workspace_incidents",
    metadata,
    # Empty where the workspace wasn't known yet.
    Column("team_id", Text, primary_key=True),
    Column("org_id", Text, primary_key=True),
    # Since year 1, as Python counts them (UTC).
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("times", BigInteger, nullable=False),
)

# Of the version before, which didn't say in which workspace: it goes on counting here.
incidents: Final = Table(
    "incidents",
    metadata,
    Column("org_id", Text, primary_key=True),
    # Since year 1, as Python counts them (UTC).
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("times", BigInteger, nullable=False),
)
