"""The `Store` port: what the inside asks of the database, and the values that go in and out.

Every method raises `StoreError` when the database does not answer; nothing is changed then. Each method
that changes something is one transaction. Times are aware, UTC.

Work is claimed by a lease: whoever holds the newest ``generation`` may finish it, everyone else's results are
thrown away. A lease that runs out makes the work due again.
"""

from bot.domain.storage.deliveries import Claim, ClaimedDelivery, Deliveries, HeldDelivery, Incoming
from bot.domain.storage.digests import ClaimedDigest, DigestStore
from bot.domain.storage.examinations import ClaimedExamination, ExaminationStore, Examined, Waiter
from bot.domain.storage.feeds import FedJob, FeedStore, Listed
from bot.domain.storage.history import HistoryStore
from bot.domain.storage.outbox import (
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
from bot.domain.storage.store import Store, Subscriptions, WatcherStore
from bot.domain.storage.watch import ClaimedJob, ClaimedList, ListPlan, Look, WatchStore

__all__ = [
    "Claim",
    "ClaimedDelivery",
    "ClaimedDigest",
    "ClaimedExamination",
    "ClaimedJob",
    "ClaimedList",
    "Deliveries",
    "DigestStore",
    "Edit",
    "ExaminationStore",
    "Examined",
    "FedJob",
    "FeedStore",
    "HeldDelivery",
    "HistoryStore",
    "Incoming",
    "Lane",
    "Later",
    "ListPlan",
    "Listed",
    "Look",
    "OutboxStore",
    "Outcome",
    "Over",
    "Parked",
    "Post",
    "Sent",
    "Store",
    "Subscriptions",
    "Waiter",
    "Waiting",
    "WatchStore",
    "WatcherStore",
]
