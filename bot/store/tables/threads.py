"""Subscriptions, their threads, and the updates in them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from bot.store.tables.metadata import metadata

organisations: Final = Table(
    "organisations",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("next_list_at", Double),
    Column("lease_until", Double, nullable=False, server_default="0"),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("list_refused_until", Double),
    Column("api_down_since", Double),
    Column("api_down_told", Boolean, nullable=False, server_default=false()),
    # The last look that failed, and the first one since which looks were made without a gap.
    Column("api_failed_at", Double),
    Column("api_outage_since", Double),
    # Since when `listed_jobs` is kept up to date.
    Column("listed_since", Double),
)

watched_jobs: Final = Table(
    "watched_jobs",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("next_look_at", Double, nullable=False),
    # The same, or the end of the lease while somebody holds it: the one thing to look for.
    Column("due_at", Double, nullable=False),
    Column("lease_until", Double, nullable=False, server_default="0"),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("fingerprint", BigInteger, nullable=False, server_default="0"),
    Column("state", Text, nullable=False),
)

job_documents: Final = Table(
    "job_documents",
    metadata,
    Column("org_id", Text, primary_key=True),
    Column("request_id", Text, primary_key=True),
    Column("document", Text, nullable=False),
    Column("seen_at", Double, nullable=False),
    # The worst thing that the last metrics check found; NULL where that was nothing.
    Column("finding", Text),
)

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("id", Text, primary_key=True),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("org_id", Text, nullable=False),
    Column("request_id", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("is_quiet", Boolean, nullable=False),
    Column("thread_ts", Text),
    Column("card_ts", Text),
    Column("created_at", Double, nullable=False),
    Column("ends_at", Double, nullable=False),
    Column("ends_because", Text, nullable=False),
    Column("ended", Text),
    Column("ended_detail", Text, nullable=False, server_default=text("''")),
    Column("ended_at", Double),
    Column("card_version", Integer, nullable=False, server_default="0"),
    Column("card_wished_at", Double),
    Column("card_next_try_at", Double, nullable=False, server_default="0"),
    Column("card_attempts", Integer, nullable=False, server_default="0"),
    # The channel's feed opened it, and nobody follows it there.
    Column("is_fed", Boolean, nullable=False, server_default=false()),
    # The same, whoever follows it since.
    Column("posted_by_feed", Boolean, nullable=False, server_default=false()),
    # Of those: the last end of the job that the thread was told, by the training suite's clock.
    Column("told_status", Text),
    Column("told_end_at", Double),
    # Of those with a post of three lines: what it shows, see bot.domain.channels.feed_post.
    Column("feed_post_mark", Text),
)

subscribers: Final = Table(
    "subscribers",
    metadata,
    Column("subscription_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    # Came for a condition and nothing else.
    Column("only_waits", Boolean, nullable=False, server_default=false()),
    ForeignKeyConstraint(["subscription_id"], [subscriptions.c.id], ondelete="CASCADE"),
)

outbox: Final = Table(
    "outbox",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("subscription_id", Text, ForeignKey(subscriptions.c.id, ondelete="CASCADE"), nullable=False),
    Column("team_id", Text, nullable=False),
    Column("channel_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("once_key", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("broadcast", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    # An attempt was begun and may have reached Slack.
    Column("is_uncertain", Boolean, nullable=False, server_default=false()),
    Column("next_try_at", Double, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("first_try_at", Double),
    # How far the search for an uncertain one has come, as JSON; NULL while it is tried.
    Column("settling", Text),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("ts", Text),
    Column("created_at", Double, nullable=False),
    # The reference, in the log, of what put it in.
    Column("caused_by", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("subscription_id", "kind", "once_key"),
    sqlite_autoincrement=True,
)

lanes: Final = Table(
    "lanes",
    metadata,
    Column("team_id", Text, primary_key=True),
    # Empty for the workspace's edits.
    Column("channel_id", Text, primary_key=True),
    # When something waits next; NULL where nothing does.
    Column("due_at", Double),
    # Leased, or resting between two messages, until then.
    Column("closed_until", Double, nullable=False, server_default="0"),
    # How long that was, as it was closed: see `bot.domain.ports.OutboxStore`.
    Column("closed_seconds", Double, nullable=False, server_default="0"),
    Column("generation", BigInteger, nullable=False, server_default="0"),
)

slack_waits: Final = Table(
    "slack_waits",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("method", Text, primary_key=True),
    # Empty where all channels share the limit.
    Column("channel_id", Text, primary_key=True),
    Column("waits_until", Double, nullable=False),
    # How long that was, as Slack asked for it.
    Column("seconds", Double, nullable=False),
)

pauses: Final = Table(
    "pauses",
    metadata,
    Column("team_id", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    # Their direct messages with the bot: nothing is sent there until then.
    Column("channel_id", Text, nullable=False),
    Column("paused_until", Double, nullable=False),
)

WAITING: Final = "waiting"
"""The state of a message that is still to be sent; see `is_waiting`."""
SENT: Final = "sent"
PARKED: Final = "parked"
DROPPED: Final = "dropped"

is_waiting: Final = outbox.c.state == literal_column(f"'{WAITING}'")
is_parked: Final = outbox.c.state == literal_column(f"'{PARKED}'")
"""Written out, not as parameters: only so can the databases use the indexes of just these messages."""
