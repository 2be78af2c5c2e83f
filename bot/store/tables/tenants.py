"""Where the app is installed, and which organizations people ask about there."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Double, Integer, Table, Text, false, text

from bot.store.tables.metadata import SECRET, metadata

installations: Final = Table(
    "installations",
    metadata,
    # The workspace; the Enterprise Grid organization where it is org-wide.
    Column("team_id", Text, primary_key=True),
    Column("enterprise_id", Text, nullable=False, server_default=text("''")),
    Column("is_org_wide", Boolean, nullable=False, server_default=false()),
    Column("app_id", Text, nullable=False),
    Column("bot_user_id", Text, nullable=False),
    # With commas between them.
    Column("scopes", Text, nullable=False),
    Column("installer_user_id", Text, nullable=False),
    Column("installed_at", Double, nullable=False),
    # Sealed, see bot.tenants.sealing; NULL where there is none.
    Column("bot_token", Text, info=SECRET),
    Column("refresh_token", Text, info=SECRET),
    Column("token_expires_at", Double),
    # When the next token is asked for, or the end of the lease while somebody does; NULL: never.
    Column("refresh_at", Double),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("problem", Text, nullable=False, server_default=text("''")),
)

connections: Final = Table(
    "connections",
    metadata,
    # The workspace; the Enterprise Grid organization where it counts in each of its workspaces.
    Column("team_id", Text, primary_key=True),
    # Empty: in every channel that has no connection of its own.
    Column("channel_id", Text, primary_key=True),
    Column("enterprise_id", Text, nullable=False, server_default=text("''")),
    Column("org_id", Text, nullable=False),
    # Sealed; NULL where it was removed.
    Column("api_key", Text, info=SECRET),
    Column("set_by", Text, nullable=False),
    Column("set_at", Double, nullable=False),
)

tenants_revision: Final = Table(
    "tenants_revision",
    metadata,
    # One row: counted up by each change of the two tables above, which so happen one after the other.
    Column("id", Integer, primary_key=True),
    Column("revision", BigInteger, nullable=False),
)

processes: Final = Table(
    "processes",
    metadata,
    # Made up by each process as it starts.
    Column("id", Text, primary_key=True),
    Column("lives_until", Double, nullable=False),
)

spent_states: Final = Table(
    "spent_states",
    metadata,
    Column("state_hash", Text, primary_key=True, info=SECRET),
    Column("expires_at", Double, nullable=False),
)

place_settings: Final = Table(
    "place_settings",
    metadata,
    Column("team_id", Text, primary_key=True),
    # Empty: of the workspace.
    Column("channel_id", Text, primary_key=True),
    # Empty where the workspace belongs to no Enterprise Grid organization, or an earlier version set it.
    Column("enterprise_id", Text, nullable=False, server_default=text("''")),
    # See bot.domain.permissions.policies.PlaceSettings; it names nobody.
    Column("document", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", Double, nullable=False),
)

people_with_right: Final = Table(
    "people_with_right",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("right_name", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
)

# Those of them whom each right lists: all that an earlier version reads, and writes.
permitted_people: Final = Table(
    "permitted_people",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
)
