"""The metrics: their names, what their labels may be, and that nothing of anybody is in them."""

from __future__ import annotations

import re
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.ports.monitoring import CommandOutcome, DeliveryOutcome, Endpoint, SettlementOutcome
from bot.observability.gauges import Gauges
from bot.observability.metrics import Metrics
from bot.observability.slack_methods import SLACK_METHODS
from tests.documents import OPERATING, rows

BOT = Path(__file__).parents[2] / "bot"
COMMANDS = ("status", "list")
CLOSED = {
    "command": {*COMMANDS, "other"},
    "outcome": {
        *CommandOutcome,
        *DeliveryOutcome,
        *SettlementOutcome,
        *("hit", "miss", "ok", "other", "training_api", "job_not_found", "invalid_id", "key_rejected"),
        *("rate_limited", "upstream_failed", "upstream_timeout", "unreachable", "unreadable"),
    },
    "endpoint": set(Endpoint),
    "method": {*SLACK_METHODS, "other"},
    "task": {"watcher", "delivery", "answering"},
    "database": {"sqlite"},
}
"""What each label may say; a version is a number, and so is a bucket's bound."""
HOSTILE = (
    "3fe92c25-e5fd-4281-93df-5aa886064dbd",
    "U0ADA",
    "C0TRAINING",
    "T0ACME",
    'x"} 1\njobbot_up{evil="',
    "ünïcode\0" * 1000,
    "",
)


def _filled() -> Metrics:
    """Everything that can be measured, with whatever may come."""
    metrics = Metrics(COMMANDS)
    for words in (*HOSTILE, *COMMANDS, "chat.postMessage"):
        metrics.acknowledged(0.01)
        metrics.slack_limited(words, words)
        metrics.end_told(words, -5.0)
        metrics.lease_lost()
        for command in CommandOutcome:
            metrics.commanded(words, command, 0.2)
        for delivery in DeliveryOutcome:
            metrics.delivered(words, delivery)
        for settlement in SettlementOutcome:
            metrics.settled(settlement)
        for endpoint in Endpoint:
            metrics.asked(endpoint, words, 0.3)
            metrics.cached(endpoint, is_hit=True)
        with metrics.span(words, fact=words):
            pass
    return metrics


def _gauges() -> Gauges:
    clock = SystemClock()
    rounds = dict.fromkeys(("watcher", "watcher 2", "delivery", *HOSTILE), clock.now())
    gauges = Gauges(clock, lambda: rounds, lambda: True, "sqlite")
    gauges.reading.outbox_oldest_at = gauges.reading.api_key_expires_at = clock.now()
    gauges.reading.outbox_parked, gauges.reading.workspaces = 3, 2
    return gauges


def test_no_label_says_who_or_where() -> None:
    """Whatever comes in, each label has one of a few values that were known before."""
    metrics = _filled()
    metrics.registry.register(_gauges())
    labels = [
        (name, value)
        for metric in metrics.registry.collect()
        for sample in metric.samples
        for name, value in sample.labels.items()
    ]
    assert {name for name, _ in labels} == {*CLOSED, "le", "version", "python"}
    for name, value in labels:
        if name in CLOSED:
            assert value in CLOSED[name], name
        else:
            assert re.fullmatch(r"[\d.]+(e[+-]?\d+)?|\+Inf|\d[\w.+-]*", value), name
    page = metrics.page().decode()
    assert not any(words in page for words in HOSTILE if words)
    assert "evil" not in page


def test_what_never_happened_is_zero() -> None:
    """So that its first time is an increase that an alert sees."""
    page = Metrics(COMMANDS).page().decode()
    for line in (
        'jobbot_deliveries_total{outcome="parked"} 0.0',
        'jobbot_settlements_total{outcome="unknowable"} 0.0',
        'jobbot_training_api_requests_total{endpoint="list",outcome="unreachable"} 0.0',
        "jobbot_leases_lost_total 0.0",
    ):
        assert line in page.splitlines()


def test_what_is_not_known_is_not_told() -> None:
    """Nothing was read yet, no key says when it expires, and there is no websocket."""
    names = {metric.name for metric in Gauges(SystemClock(), dict, lambda: None, "sqlite").collect()}
    assert names == {"jobbot_build_info", "jobbot_round_age_seconds"}


def test_every_method_of_slacks_that_is_called_has_its_name() -> None:
    """Else it would count as another."""
    called = {
        name
        for path in (BOT / "slack").rglob("*.py")
        for name in re.findall(r'"((?:[a-z]+\.){1,2}[a-zA-Z]+)"', path.read_text("utf-8"))
        if name.split(".")[0] in {each.split(".")[0] for each in SLACK_METHODS}
    }
    assert called == SLACK_METHODS - {"response_url"}


def test_the_documents_list_every_metric() -> None:
    """By its name, in the table of operating.md."""
    metrics = _filled()
    metrics.registry.register(_gauges())
    names = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in metrics.registry.collect()
        if not metric.name.startswith("process_")
    }
    listed = [name.strip("`") for name, *_ in rows(OPERATING, "Metrics")]
    assert sorted(listed) == sorted(names)
