"""The tables with their indexes, for whoever compares or changes a database; the queries need not know them.

Apart from the tables, since their conditions, told to each dialect, load both: 2 MB of each running bot.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from bot.store.tables.audit import audit_trail
from bot.store.tables.deliveries import deliveries
from bot.store.tables.home import home_tabs
from bot.store.tables.metadata import metadata
from bot.store.tables.organisation import (
    conditions,
    digests,
    examinations,
    feeds,
    finished_jobs,
    subscription_groups,
)
from bot.store.tables.threads import lanes, outbox, subscribers, subscriptions, watched_jobs

__all__ = ["metadata"]

Index("ix_watched_jobs_due", watched_jobs.c.org_id, watched_jobs.c.due_at)
_ACTIVE = text("ended IS NULL")
_WISHED = text("card_wished_at IS NOT NULL")
Index(
    "uq_subscriptions_active",
    subscriptions.c.team_id,
    subscriptions.c.channel_id,
    subscriptions.c.org_id,
    subscriptions.c.request_id,
    unique=True,
    sqlite_where=_ACTIVE,
    postgresql_where=_ACTIVE,
)
Index(
    "ix_subscriptions_job",
    subscriptions.c.org_id,
    subscriptions.c.request_id,
    sqlite_where=_ACTIVE,
    postgresql_where=_ACTIVE,
)
Index("ix_subscriptions_all_of_job", subscriptions.c.org_id, subscriptions.c.request_id)
Index("ix_subscriptions_ends_at", subscriptions.c.ends_at, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE)
Index(
    "ix_subscriptions_card_wished",
    subscriptions.c.team_id,
    subscriptions.c.card_wished_at,
    sqlite_where=_WISHED,
    postgresql_where=_WISHED,
)
Index("ix_subscribers_user_id", subscribers.c.user_id)
_WAITING = text("state = 'waiting'")
_PARKED = text("state = 'parked'")
Index(
    "ix_outbox_lane",
    outbox.c.team_id,
    outbox.c.channel_id,
    outbox.c.seq,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index(
    "ix_outbox_thread",
    outbox.c.subscription_id,
    outbox.c.seq,
    sqlite_where=_WAITING,
    postgresql_where=_WAITING,
)
Index("ix_outbox_parked", outbox.c.subscription_id, sqlite_where=_PARKED, postgresql_where=_PARKED)
_DUE = text("due_at IS NOT NULL")
Index("ix_lanes_due", lanes.c.due_at, sqlite_where=_DUE, postgresql_where=_DUE)

_TO_EXAMINE = text("due_at IS NOT NULL")
Index(
    "ix_examinations_due",
    examinations.c.org_id,
    examinations.c.due_at,
    sqlite_where=_TO_EXAMINE,
    postgresql_where=_TO_EXAMINE,
)
Index("ix_conditions_subscription_id", conditions.c.subscription_id)
Index("ix_finished_jobs_finished_at", finished_jobs.c.org_id, finished_jobs.c.finished_at)
_FAILED = text("fingerprint IS NOT NULL")
Index(
    "ix_finished_jobs_fingerprint",
    finished_jobs.c.org_id,
    finished_jobs.c.fingerprint,
    finished_jobs.c.finished_at,
    sqlite_where=_FAILED,
    postgresql_where=_FAILED,
)
Index("ix_feeds_org_id", feeds.c.org_id)
Index("ix_digests_due", digests.c.org_id, digests.c.due_at)
Index("ix_subscription_groups_due", subscription_groups.c.org_id, subscription_groups.c.due_at)

Index("ix_deliveries_created_at", deliveries.c.created_at)
_UNANSWERED = text("answered_at IS NULL")
Index(
    "ix_deliveries_left",
    deliveries.c.claimed_until,
    sqlite_where=_UNANSWERED,
    postgresql_where=_UNANSWERED,
)

Index("ix_home_tabs_due", home_tabs.c.due_at, sqlite_where=_DUE, postgresql_where=_DUE)
Index("ix_audit_trail_at", audit_trail.c.at)
