"""Greeted: people and channels that were told once what the bot can do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "greeted",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("greeted_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "place", name=op.f("pk_greeted")),
    )
