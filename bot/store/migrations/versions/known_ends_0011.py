"""By which answer an end is known, which end a feed's thread has told, and since when a job is missing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add to the tables there are. What is not known of older rows is found out when it matters."""
    op.add_column("finished_jobs", sa.Column("updated_at", sa.Double(), nullable=True))
    op.add_column("listed_jobs", sa.Column("missing_since", sa.Double(), nullable=True))
    op.add_column("subscriptions", sa.Column("told_status", sa.Text(), nullable=True))
    op.add_column("subscriptions", sa.Column("told_end_at", sa.Double(), nullable=True))
