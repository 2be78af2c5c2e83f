"""The metrics: their names, what their labels may be, and that nothing of anybody is in them."""

from __future__ import annotations

import re
from pathlib import Path

from bot.clock import SystemClock
from bot.domain import errors
from bot.domain.ports.monitoring import CommandOutcome, DeliveryOutcome, Endpoint, SettlementOutcome
from bot.observability.gauges import Gauges
from bot.observability.label_values import SLACK_METHODS
from bot.observability.metrics import Metrics
from tests.documents import OPERATING, rows
from tests.observability.filled import COMMANDS, HOSTILE, filled

BOT = Path(__file__).parents[2] / "bot"
CLOSED = {
    "command": {*COMMANDS, "other"},
    "outcome": {
        *CommandOutcome,
        *DeliveryOutcome,
        *SettlementOutcome,
        *("hit", "miss", "ok", "other"),
        *(str(getattr(error, "code", "")) for error in vars(errors).values()),
    },
    "endpoint": set(Endpoint),
    "method": {*SLACK_METHODS, "other"},
    "task": {"watcher", "delivery", "answering"},
    "database": {"sqlite"},
}
"""What each label may say; a version is a number, and so is a bucket's bound."""


def test_no_label_says_who_or_where() -> None:
    """Whatever comes in, each label has one of a few values that were known before."""
    metrics = filled()
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
        for name in re.findall(r'"((?:[a-z][a-z0-9]*\.){1,2}[a-zA-Z]+)"', path.read_text("utf-8"))
        if name.split(".")[0] in {each.split(".")[0] for each in SLACK_METHODS}
    }
    assert called == SLACK_METHODS - {"response_url"}


def test_the_documents_list_every_metric() -> None:
    """By its name, in the table of operating.md."""
    metrics = filled()
    names = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in metrics.registry.collect()
        if not metric.name.startswith("process_")
    }
    listed = [name.strip("`") for name, *_ in rows(OPERATING, "Metrics")]
    assert sorted(listed) == sorted(names)
