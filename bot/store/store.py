"""The database behind ``DATABASE_URL``, a SQLite file or PostgreSQL, and its ports by subject."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.audit import KEPT_FOR as AUDIT_KEPT_FOR
from bot.store.channels.digests import DigestQueries
from bot.store.channels.feeds import FeedQueries
from bot.store.channels.greetings import GreetingQueries
from bot.store.channels.incidents import IncidentQueries
from bot.store.channels.key_notices import KeyNoticeQueries
from bot.store.database.address import address_of
from bot.store.database.lazy_database import PATIENCE_SECONDS, LazyDatabase
from bot.store.deliveries import IncomingQueries
from bot.store.home_tabs import HomeTabQueries
from bot.store.jobs.finished_jobs import FinishedJobQueries
from bot.store.outbox.backlog import BacklogQueries
from bot.store.outbox.outbox import OutboxQueries
from bot.store.outbox.pauses import PauseQueries
from bot.store.outbox.slack_waits import SlackWaitQueries
from bot.store.subscriptions.groups import GroupQueries
from bot.store.subscriptions.subscriptions import SubscriptionQueries
from bot.store.tenants.connections import ConnectionQueries, SecretQueries
from bot.store.tenants.installations import InstallationQueries
from bot.store.tenants.processes import ProcessQueries
from bot.store.tenants.settings import PlaceSettingsQueries
from bot.store.upkeep.audit import AuditQueries
from bot.store.upkeep.stored_data import StoredDataQueries
from bot.store.upkeep.upkeep import UpkeepQueries
from bot.store.watches.metrics_checks import MetricsCheckQueries
from bot.store.watches.watch import WatchQueries

PING_TIMEOUT_SECONDS = 2.0


class DatabaseStore:
    """A database, and its ports. What each method does its port says: see `bot.domain.ports`."""

    def __init__(self, database: LazyDatabase, audit_kept_for: timedelta = AUDIT_KEPT_FOR) -> None:
        self.database = database
        self.subscriptions = SubscriptionQueries(database)
        self.watches = WatchQueries(database)
        self.metrics_checks = MetricsCheckQueries(database)
        self.finished_jobs = FinishedJobQueries(database)
        self.feeds = FeedQueries(database)
        self.digests = DigestQueries(database)
        self.groups = GroupQueries(database)
        self.outbox = OutboxQueries(database)
        self.backlog = BacklogQueries(database)
        self.deliveries = IncomingQueries(database)
        self.key_notices = KeyNoticeQueries(database)
        self.incidents = IncidentQueries(database)
        self.greetings = GreetingQueries(database)
        self.pauses = PauseQueries(database)
        self.slack_waits = SlackWaitQueries(database)
        self.home_tabs = HomeTabQueries(database)
        self.upkeep = UpkeepQueries(database, audit_kept_for)
        self.installations = InstallationQueries(database)
        self.connections = ConnectionQueries(database)
        self.settings = PlaceSettingsQueries(database)
        self.secrets = SecretQueries(database)
        self.processes = ProcessQueries(database)
        self.audit = AuditQueries(database)
        self.stored_data = StoredDataQueries(database)


def open_store(
    database_url: str,
    *,
    ping_timeout_seconds: float = PING_TIMEOUT_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
    audit_kept_for: timedelta = AUDIT_KEPT_FOR,
) -> DatabaseStore:
    """The store for a ``DATABASE_URL`` that the settings have checked; the first transaction opens it."""
    database = LazyDatabase(address_of(database_url, ping_timeout_seconds), patience_seconds)
    return DatabaseStore(database, audit_kept_for)
