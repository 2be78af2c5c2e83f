"""The tables. Every time is seconds since 1970 (UTC); every document is JSON as text."""

from bot.store.tables.audit import audit_trail
from bot.store.tables.deliveries import deliveries, greeted
from bot.store.tables.home import home_tabs
from bot.store.tables.incidents import incidents
from bot.store.tables.metadata import metadata
from bot.store.tables.organisation import (
    conditions,
    digests,
    examinations,
    feeds,
    finished_jobs,
    listed_jobs,
    silenced_findings,
    subscription_groups,
)
from bot.store.tables.tenants import (
    connections,
    installations,
    people_with_right,
    permitted_people,
    place_settings,
    processes,
    spent_states,
    tenants_revision,
)
from bot.store.tables.threads import (
    DROPPED,
    PARKED,
    SENT,
    WAITING,
    is_parked,
    is_waiting,
    job_documents,
    lanes,
    organisations,
    outbox,
    pauses,
    slack_waits,
    subscribers,
    subscriptions,
    watched_jobs,
)

__all__ = [
    "DROPPED",
    "PARKED",
    "SENT",
    "WAITING",
    "audit_trail",
    "conditions",
    "connections",
    "deliveries",
    "digests",
    "examinations",
    "feeds",
    "finished_jobs",
    "greeted",
    "home_tabs",
    "incidents",
    "installations",
    "is_parked",
    "is_waiting",
    "job_documents",
    "lanes",
    "listed_jobs",
    "metadata",
    "organisations",
    "outbox",
    "pauses",
    "people_with_right",
    "permitted_people",
    "place_settings",
    "processes",
    "silenced_findings",
    "slack_waits",
    "spent_states",
    "subscribers",
    "subscription_groups",
    "subscriptions",
    "tenants_revision",
    "watched_jobs",
]
