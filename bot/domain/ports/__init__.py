"""What the inside asks of the outside: Protocols by subject. Adapters implement them; `bot.app` chooses.

Every method of the database's ports raises `StoreError` when the database does not answer; nothing is changed
then. Each method that changes something is one transaction. Times are aware, UTC.

Work is claimed by a lease: whoever holds the newest ``generation`` may finish it, everyone else's results are
thrown away. A lease that runs out makes the work due again.
"""

from bot.domain.ports.clock import Clock
from bot.domain.ports.deliveries import Claim, ClaimedDelivery, Deliveries, HeldDelivery, Incoming
from bot.domain.ports.digests import ClaimedDigest, DigestStore
from bot.domain.ports.feeds import FedJob, FeedStore, Listed
from bot.domain.ports.finished_jobs import FinishedJobStore
from bot.domain.ports.groups import ClaimedGroup, GroupLook, GroupStore
from bot.domain.ports.metrics_checks import (
    AlertSubscriber,
    ClaimedMetricsCheck,
    MetricsCheckOutcome,
    MetricsCheckStore,
)
from bot.domain.ports.notices import GreetingStore, HomeTab, HomeTabStore, KeyNoticeStore, PauseStore
from bot.domain.ports.outbox import (
    Deliverer,
    Edit,
    Lane,
    Later,
    OutboxStore,
    Outcome,
    Over,
    Parked,
    Post,
    Sent,
    Waiting,
)
from bot.domain.ports.slack import (
    Gateways,
    NotInstalled,
    SlackGateway,
    SlackLimit,
    SlackLogin,
    SlackPeople,
    SlackWait,
    SlackWaitStore,
)
from bot.domain.ports.subscriptions import Subscriptions
from bot.domain.ports.tenants import (
    ClaimedRefresh,
    Connection,
    ConnectionSetup,
    ConnectionStore,
    Grant,
    InstallationStore,
    OrganizationAccess,
    SealedTokens,
    SecretKind,
    SecretStore,
    SlackOAuth,
    StoredInstallation,
    StoredSecret,
    TenantSource,
    WorkspaceAccess,
)
from bot.domain.ports.training_api import Snapshot, TrainingApi
from bot.domain.ports.upkeep import AuditStore, Stored, StoredData, Upkeep
from bot.domain.ports.watches import ClaimedJob, ClaimedList, ListPlan, Look, WatchStore

__all__ = [
    "AlertSubscriber",
    "AuditStore",
    "Claim",
    "ClaimedDelivery",
    "ClaimedDigest",
    "ClaimedGroup",
    "ClaimedJob",
    "ClaimedList",
    "ClaimedMetricsCheck",
    "ClaimedRefresh",
    "Clock",
    "Connection",
    "ConnectionSetup",
    "ConnectionStore",
    "Deliverer",
    "Deliveries",
    "DigestStore",
    "Edit",
    "FedJob",
    "FeedStore",
    "FinishedJobStore",
    "Gateways",
    "Grant",
    "GreetingStore",
    "GroupLook",
    "GroupStore",
    "HeldDelivery",
    "HomeTab",
    "HomeTabStore",
    "Incoming",
    "InstallationStore",
    "KeyNoticeStore",
    "Lane",
    "Later",
    "ListPlan",
    "Listed",
    "Look",
    "MetricsCheckOutcome",
    "MetricsCheckStore",
    "NotInstalled",
    "OrganizationAccess",
    "OutboxStore",
    "Outcome",
    "Over",
    "Parked",
    "PauseStore",
    "Post",
    "SealedTokens",
    "SecretKind",
    "SecretStore",
    "Sent",
    "SlackGateway",
    "SlackLimit",
    "SlackLogin",
    "SlackOAuth",
    "SlackPeople",
    "SlackWait",
    "SlackWaitStore",
    "Snapshot",
    "Stored",
    "StoredData",
    "StoredInstallation",
    "StoredSecret",
    "Subscriptions",
    "TenantSource",
    "TrainingApi",
    "Upkeep",
    "Waiting",
    "WatchStore",
    "WorkspaceAccess",
]
