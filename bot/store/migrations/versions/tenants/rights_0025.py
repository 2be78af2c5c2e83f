"""Each right has its own people; the workspaces of an Enterprise Grid organization are known by it.

Code of the version before reads and writes the table of people that all rights share, which stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the table and the column."""
    op.create_table(
        "people_with_right",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("right_name", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "team_id", "channel_id", "right_name", "user_id", name=op.f("pk_people_with_right")
        ),
    )
    op.add_column(
        "place_settings", sa.Column("enterprise_id", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
