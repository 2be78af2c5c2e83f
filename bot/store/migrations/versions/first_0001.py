"""The first tables: subscriptions, the jobs they watch, their outbox."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _organisations()
    _watched_jobs()
    _job_documents()
    _subscriptions()
    _subscriptions_indexes()
    _subscribers()
    _outbox()
    _outbox_indexes()
    _lanes()


def _organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("next_list_at", sa.Double(), nullable=True),
        sa.Column("lease_until", sa.Double(), server_default="0", nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("list_refused_until", sa.Double(), nullable=True),
        sa.Column("api_down_since", sa.Double(), nullable=True),
        sa.Column("api_down_told", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_organisations")),
    )


def _watched_jobs() -> None:
    op.create_table(
        "watched_jobs",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("next_look_at", sa.Double(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=False),
        sa.Column("lease_until", sa.Double(), server_default="0", nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "request_id", name=op.f("pk_watched_jobs")),
    )
    op.create_index("ix_watched_jobs_due", "watched_jobs", ["org_id", "due_at"], unique=False)


def _job_documents() -> None:
    op.create_table(
        "job_documents",
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("org_id", "request_id", name=op.f("pk_job_documents")),
    )


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("org_id", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("is_quiet", sa.Boolean(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("card_ts", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.Column("ends_at", sa.Double(), nullable=False),
        sa.Column("ends_because", sa.Text(), nullable=False),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.Column("ended_detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ended_at", sa.Double(), nullable=True),
        sa.Column("card_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("card_wished_at", sa.Double(), nullable=True),
        sa.Column("card_next_try_at", sa.Double(), server_default="0", nullable=False),
        sa.Column("card_attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )


def _subscriptions_indexes() -> None:
    op.create_index(
        "ix_subscriptions_card_wished",
        "subscriptions",
        ["team_id", "card_wished_at"],
        unique=False,
        sqlite_where=sa.text("card_wished_at IS NOT NULL"),
        postgresql_where=sa.text("card_wished_at IS NOT NULL"),
    )
    op.create_index(
        "ix_subscriptions_ends_at",
        "subscriptions",
        ["ends_at"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "ix_subscriptions_job",
        "subscriptions",
        ["org_id", "request_id"],
        unique=False,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )
    op.create_index(
        "uq_subscriptions_active",
        "subscriptions",
        ["team_id", "channel_id", "org_id", "request_id"],
        unique=True,
        sqlite_where=sa.text("ended IS NULL"),
        postgresql_where=sa.text("ended IS NULL"),
    )


def _subscribers() -> None:
    op.create_table(
        "subscribers",
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_subscribers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscription_id", "user_id", name=op.f("pk_subscribers")),
    )
    op.create_index("ix_subscribers_user_id", "subscribers", ["user_id"], unique=False)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("once_key", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("broadcast", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_uncertain", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("next_try_at", sa.Double(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_try_at", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscriptions.id"], name=op.f("fk_outbox"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
        sa.UniqueConstraint("subscription_id", "kind", "once_key", name=op.f("uq_outbox_subscription_id")),
        sqlite_autoincrement=True,
    )


def _outbox_indexes() -> None:
    op.create_index(
        "ix_outbox_lane",
        "outbox",
        ["team_id", "channel_id", "seq"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_outbox_parked",
        "outbox",
        ["subscription_id"],
        unique=False,
        sqlite_where=sa.text("state = 'parked'"),
        postgresql_where=sa.text("state = 'parked'"),
    )
    op.create_index(
        "ix_outbox_thread",
        "outbox",
        ["subscription_id", "seq"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _lanes() -> None:
    op.create_table(
        "lanes",
        sa.Column("team_id", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("due_at", sa.Double(), nullable=True),
        sa.Column("closed_until", sa.Double(), server_default="0", nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("team_id", "channel_id", name=op.f("pk_lanes")),
    )
    op.create_index(
        "ix_lanes_due",
        "lanes",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("due_at IS NOT NULL"),
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
