"""What the run doctor found last, beside the documents that cards are drawn from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add to the table there is. The next metrics check fills it."""
    op.add_column("job_documents", sa.Column("finding", sa.Text(), nullable=True))
