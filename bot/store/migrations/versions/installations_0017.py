"""Installations by a click: tokens, connected organizations, and states that were used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "installations",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("is_org_wide", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("bot_user_id", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("installer_user_id", sa.Text(), nullable=False),
        sa.Column("installed_at", sa.Double(), nullable=False),
        sa.Column("bot_token", sa.Text(), nullable=True),
        sa.Column("refresh_token", sa.Text(), nullable=True),
        sa.Column("token_expires_at", sa.Double(), nullable=True),
        sa.Column("refresh_at", sa.Double(), nullable=True),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("problem", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_installations")),
    )
    op.create_table(
        "connections",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("api_key", sa.Text(), nullable=True),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name=op.f("pk_connections")),
    )
    op.create_table(
        "tenants_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenants_revision")),
    )
    op.create_table(
        "spent_states",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_spent_states")),
    )
