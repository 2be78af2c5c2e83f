"""What went wrong is counted by workspace: several may ask one organization.

Code of the version before counts by organization alone, in its own table, which stays. What it counted is
taken over as of no workspace in particular.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "workspace_incidents",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "org_id", "day", "kind", name=op.f("pk_workspace_incidents")),
    )
    op.execute(
        "INSERT INTO workspace_incidents (team_id, org_id, day, kind, times)"
        " SELECT '', org_id, day, kind, times FROM incidents"
    )
