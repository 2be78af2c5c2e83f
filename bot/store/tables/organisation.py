"""What is known of an organisation's jobs beyond those with subscriptions, and who gets updates on them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
)

from bot.store.tables.metadata import metadata
from bot.store.tables.threads import subscriptions, watched_jobs

examinations: Final = Table(
    "examinations",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    # When the metrics are looked at next, or the end of the lease; NULL: not before the job starts again.
    Column("due_at", Double),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    ForeignKeyConstraint(
        ["org_id", "request_id"], [watched_jobs.c.org_id, watched_jobs.c.request_id], ondelete="CASCADE"
    ),
)

silenced_findings: Final = Table(
    "silenced_findings",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("finding", Text, primary_key=True),
    Column("silenced_at", Double, nullable=False),
)

conditions: Final = Table(
    "conditions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subscription_id", Text, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("created_at", Double, nullable=False),
    ForeignKeyConstraint(["subscription_id"], [subscriptions.c.id], ondelete="CASCADE"),
)

subscription_groups: Final = Table(
    "subscription_groups",
    metadata,
    Column("subscription_id", Text, primary_key=True),
    Column("org_id", Text, nullable=False),
    # What the subscription has in place of a job's request id.
    Column("subject", Text, nullable=False),
    # JSON, see bot.domain.groups.group.
    Column("state", Text, nullable=False),
    # When the group is looked at next, or the end of the lease while somebody holds it.
    Column("due_at", Double, nullable=False),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(["subscription_id"], [subscriptions.c.id], ondelete="CASCADE"),
)

finished_jobs: Final = Table(
    "finished_jobs",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("name", Text),
    Column("status", Text, nullable=False),
    Column("finished_at", Double, nullable=False),
    # Of the answer it is known by, by the training suite's clock; NULL where that did not say.
    Column("updated_at", Double),
    Column("gpu_hours", Double),
    Column("duration_seconds", Double),
    # Of the error.
    Column("fingerprint", Text),
    Column("reason", Text),
)

listed_jobs: Final = Table(
    "listed_jobs",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    # As it was sent.
    Column("status", Text, nullable=False),
    # By the training suite's clock.
    Column("updated_at", Double),
    # Since when the list has no such job, as far as was noticed; NULL while it has.
    Column("missing_since", Double),
)

feeds: Final = Table(
    "feeds",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("org_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    # JSON, see bot.domain.commands.stored_query; earlier versions stored what people type.
    Column("query", Text, nullable=False),
    # The user group that failures mention, see bot.domain.channels.feed.UserGroup.
    Column("mention", Text),
    # JSON: statuses by request id, where the list at that moment was ahead of `listed_jobs`.
    Column("already", Text, nullable=False),
    Column("created_at", Double, nullable=False),
)

digests: Final = Table(
    "digests",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("channel_id", Text, primary_key=True),
    Column("org_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("period", Text, nullable=False),
    # Local time of day, in minutes since midnight.
    Column("at_minutes", Integer, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("since", Double, nullable=False),
    Column("next_at", Double, nullable=False),
    # The same, or the end of the lease while somebody holds it.
    Column("due_at", Double, nullable=False),
    Column("generation", BigInteger, nullable=False, server_default="0"),
)
