"""What put a message into the outbox, by its reference in the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Add the column."""
    op.add_column("outbox", sa.Column("caused_by", sa.Text(), server_default=sa.text("''"), nullable=False))
