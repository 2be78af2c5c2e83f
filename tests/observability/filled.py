"""Metrics of which each has been measured, with whatever may come in."""

from __future__ import annotations

from bot.clock import SystemClock
from bot.domain.ports.monitoring import CommandOutcome, DeliveryOutcome, Endpoint, SettlementOutcome
from bot.observability.gauges import Gauges
from bot.observability.metrics import Metrics

COMMANDS = ("status", "list")
HOSTILE = (
    "3fe92c25-e5fd-4281-93df-5aa886064dbd",
    "U0ADA",
    "C0TRAINING",
    "T0ACME",
    'x"} 1\njobbot_up{evil="',
    "ünïcode\0" * 1000,
    "",
)


def filled() -> Metrics:
    """Everything that can be measured, with whatever may come."""
    metrics = Metrics(COMMANDS)
    for words in (*HOSTILE, *COMMANDS, "chat.postMessage"):
        with metrics.acknowledging():
            pass
        metrics.slack_limited(words, words, words)
        metrics.end_told(words, words, -5.0)
        metrics.lease_lost()
        for command in CommandOutcome:
            metrics.commanded(words, command, 0.2)
        for delivery in DeliveryOutcome:
            metrics.delivered(words, words, delivery)
        for settlement in SettlementOutcome:
            metrics.settled(settlement)
        for endpoint in Endpoint:
            metrics.asked(endpoint, words, 0.3)
            metrics.cached(endpoint, is_hit=True)
        with metrics.span(words, fact=words):
            pass
    metrics.registry.register(_gauges())
    return metrics


def _gauges() -> Gauges:
    clock = SystemClock()
    rounds = dict.fromkeys(("watcher", "watcher 2", "delivery", *HOSTILE), clock.now())
    gauges = Gauges(clock, lambda: rounds, lambda: True, "sqlite")
    gauges.reading.outbox_oldest_at = gauges.reading.api_key_expires_at = clock.now()
    gauges.reading.outbox_parked, gauges.reading.workspaces = 3, 2
    return gauges
