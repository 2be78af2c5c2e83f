"""Slack's waits: known to all processes. And how long lanes are closed for, as a clock may have jumped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Make the table, and the lanes' column."""
    op.create_table(
        "slack_waits",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("waits_until", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "method", "channel_id", name=op.f("pk_slack_waits")),
    )
    op.add_column("lanes", sa.Column("closed_seconds", sa.Double(), server_default="0", nullable=False))
