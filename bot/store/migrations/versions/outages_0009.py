"""An outage is told by the looks that were made: when the last one failed, and since when without a gap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0005"


def upgrade() -> None:
    """What was told goes on from when it was told to have begun; anything else begins with the next look."""
    op.add_column("organisations", sa.Column("api_failed_at", sa.Double(), nullable=True))
    op.add_column("organisations", sa.Column("api_outage_since", sa.Double(), nullable=True))
    op.execute("UPDATE organisations SET api_outage_since = api_down_since WHERE api_down_told")
