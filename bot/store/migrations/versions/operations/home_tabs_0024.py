"""Open Home tabs, so that any process draws them again, and a restart forgets none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "home_tabs",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("open_until", sa.Double(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.Column("drawn_at", sa.Double(), server_default="0", nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("news", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.Double(), server_default="0", nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("team_id", "user_id", name=op.f("pk_home_tabs")),
    )
    is_due = sa.text("due_at IS NOT NULL")
    op.create_index("ix_home_tabs_due", "home_tabs", ["due_at"], sqlite_where=is_due, postgresql_where=is_due)
