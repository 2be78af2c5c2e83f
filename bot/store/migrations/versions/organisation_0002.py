"""Beyond one job: metrics checks, conditions, feeds, digests, and what is remembered of finished jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add to the tables there are, then make the new ones."""
    op.add_column("organisations", sa.Column("listed_since", sa.Double(), nullable=True))
    for table, column in (
        ("subscriptions", "is_fed"),
        ("subscriptions", "posted_by_feed"),
        ("subscribers", "only_waits"),
    ):
        op.add_column(table, sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False))
    # Feeds look for what they posted before, ended or not.
    op.create_index("ix_subscriptions_all_of_job", "subscriptions", ["org_id", "request_id"], unique=False)
    _examinations()
    _silenced_findings()
    _conditions()
    _finished_jobs()
    _listed_jobs()
    _feeds()
    _digests()


def _examinations() -> None:
    op.create_table(
        "examinations",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "request_id"],
            ["watched_jobs.org_id", "watched_jobs.request_id"],
            name=op.f("fk_examinations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("org_id", "request_id", name=op.f("pk_examinations")),
    )
    op.create_index(
        "ix_examinations_due",
        "examinations",
        ["org_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    # Every job that is watched by now is looked at once: that says when the next time is.
    op.execute(
        "INSERT INTO examinations (org_id, request_id, due_at) SELECT org_id, request_id, 0 FROM watched_jobs"
    )


def _silenced_findings() -> None:
    op.create_table(
        "silenced_findings",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("finding", sa.Text(), nullable=False),
        sa.Column("silenced_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "request_id", "finding", name=op.f("pk_silenced_findings")),
    )


def _conditions() -> None:
    op.create_table(
        "conditions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_conditions"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conditions")),
    )
    op.create_index("ix_conditions_subscription_id", "conditions", ["subscription_id"], unique=False)


def _finished_jobs() -> None:
    op.create_table(
        "finished_jobs",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.Double(), nullable=False),
        sa.Column("gpu_hours", sa.Double(), nullable=True),
        sa.Column("duration_seconds", sa.Double(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("org_id", "request_id", name=op.f("pk_finished_jobs")),
    )
    op.create_index("ix_finished_jobs_finished_at", "finished_jobs", ["org_id", "finished_at"], unique=False)
    op.create_index(
        "ix_finished_jobs_fingerprint",
        "finished_jobs",
        ["org_id", "fingerprint", "finished_at"],
        unique=False,
        sqlite_where=sa.text("fingerprint IS NOT NULL"),
        postgresql_where=sa.text("fingerprint IS NOT NULL"),
    )


def _listed_jobs() -> None:
    op.create_table(
        "listed_jobs",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("org_id", "request_id", name=op.f("pk_listed_jobs")),
    )


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("already", sa.Text(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id", "org_id", name=op.f("pk_feeds")),
    )
    op.create_index("ix_feeds_org_id", "feeds", ["org_id"], unique=False)


def _digests() -> None:
    op.create_table(
        "digests",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("at_minutes", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("next_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id", "org_id", name=op.f("pk_digests")),
    )
    op.create_index("ix_digests_due", "digests", ["org_id", "due_at"], unique=False)
