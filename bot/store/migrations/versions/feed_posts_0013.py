"""Feeds mention a user group, and post three lines with the card in the thread."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add to the tables there are. What was posted before stays a whole card."""
    op.add_column("feeds", sa.Column("mention", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("feed_post_mark", sa.Text(), nullable=True))
