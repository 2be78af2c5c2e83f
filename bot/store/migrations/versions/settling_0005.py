"""How far the search for a message that may have been sent has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"


def upgrade() -> None:
    """Whoever is searched for just now is searched for from the first page on."""
    op.add_column("outbox", sa.Column("settling", sa.Text(), nullable=True))
