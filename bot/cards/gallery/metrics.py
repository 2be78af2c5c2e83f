"""Samples of curves: as charts, and as the text that stands for them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.cards.gallery import documents
from bot.cards.gallery.documents import REQUEST_ID, SETTINGS
from bot.cards.gallery.updates import UpdateSample
from bot.cards.jobs.compare import compare_card
from bot.cards.jobs.metrics import metrics_card
from bot.cards.jobs.report import report_card
from bot.cards.jobs.run import Run
from bot.cards.kit.card import Card
from bot.domain.errors import UpstreamTimeoutError
from bot.domain.job import MetricPoint, TrainingJob
from bot.domain.listing import MetricsSnapshot
from bot.domain.ports import Snapshot

_NOW: Final = datetime(2025, 11, 3, 13, 16, tzinfo=UTC)
_EVALUATED: Final = 100
"""Steps between two evaluations."""
_PEAK_STEP: Final = 1320


def points(until: int = 2100, floor: float = 0.9) -> list[MetricPoint]:
    """A run's series as it is logged: a loss with noise and one peak, a learning rate, the eval loss."""
    found = []
    for step in range(10, until + 1, 10):
        noise = math.sin(step * 1.7) * 0.05 + math.sin(step * 0.31) * 0.03
        loss = floor + 1.6 * math.exp(-step / 600) + noise + (1.1 if step == _PEAK_STEP else 0)
        found.append(MetricPoint(key="train_loss", value=round(loss, 4), step=step))
        rate = 1e-4 * 0.5 * (1 + math.cos(math.pi * step / 4000))
        found.append(MetricPoint(key="learning_rate", value=float(f"{rate:.4g}"), step=step))
        if step % _EVALUATED == 0:
            evaluated = floor + 0.12 + 1.5 * math.exp(-step / 600)
            found.append(MetricPoint(key="eval_loss", value=round(evaluated, 4), step=step))
    return found


def snapshot_of(document: Mapping[str, Any]) -> Snapshot:
    """A job that was just seen."""
    return Snapshot(TrainingJob.from_json(json.dumps(document).encode()), _NOW)


def _broken(numbers: int = 40) -> list[MetricPoint]:
    """A run whose loss is NaN after so many numbers."""
    found = points(numbers * 10)
    steps = range(10 * numbers + 10, 10 * numbers + 210, 10)
    keys = ("train_loss",) if numbers else ("train_loss", "eval_loss", "learning_rate")
    return [*found, *(MetricPoint(key=key, value=math.nan, step=step) for key in keys for step in steps)]


def _hostile() -> list[MetricPoint]:
    tricks = str(documents.HOSTILE["experiment_name"])[:90]
    keys = (
        tricks,
        f"{tricks} ",
        "```fence```",
        "hf_AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "k" * 300,
        " ",
        "& < >",
    )
    values = (1.7e308, -1.7e308, 5e-324, 0.0)
    return [
        MetricPoint(key=key, value=value, step=step * 10**14)
        for key in keys
        for step, value in enumerate(values)
    ]


def _card(found: list[MetricPoint], *keys: str, document: Mapping[str, Any] = documents.RUNNING) -> Card:
    metrics = MetricsSnapshot(tuple(found), _NOW)
    return metrics_card(
        metrics, snapshot_of(document), request_id=REQUEST_ID, now=_NOW, keys=keys, settings=SETTINGS
    )


def _compared(*keys: str) -> Card:
    other_id = "9d3b64f0-2f41-4d53-a3a8-1f4f1c7d2b10"
    infra, training = documents.RUNNING["infra_config"], documents.RUNNING["train_config"]
    other = {
        **documents.COMPLETED,
        "experiment_name": "support-assistant-v4",
        "train_config": {
            **training,
            "hyperparameters": {**training["hyperparameters"], "learning_rate": 2e-4, "num_epochs": 2},
            "adapter_config": {**training["adapter_config"], "r": 32},
        },
        "infra_config": {**infra, "node_count": 1},
    }
    runs = (
        Run(REQUEST_ID, snapshot_of(documents.COMPLETED), MetricsSnapshot(tuple(points()), _NOW)),
        Run(other_id, snapshot_of(other), MetricsSnapshot(tuple(points(1400, 0.7)), _NOW)),
        Run("run-0", snapshot_of(documents.FAILED)),
    )
    return compare_card(runs, now=_NOW, keys=keys, settings=SETTINGS)


def _compared_hostile() -> Card:
    metrics = MetricsSnapshot(tuple(_hostile()), _NOW)
    pairs = (("a`b", documents.HOSTILE), ("<!here>", documents.NULLS), (REQUEST_ID, documents.EXAMPLE))
    return compare_card([Run(name, snapshot_of(document), metrics) for name, document in pairs], now=_NOW)


def _reports() -> tuple[UpdateSample, ...]:
    """Of a run that completed, with its price; of one that failed; of a hostile one."""
    logged = MetricsSnapshot(tuple(points()), _NOW)
    completed = Run(REQUEST_ID, snapshot_of(documents.COMPLETED), logged)
    report = partial(report_card, now=_NOW, settings=SETTINGS)
    priced = report(completed)
    failed = Run(REQUEST_ID, snapshot_of(documents.FAILED))
    hostile = Run(REQUEST_ID, snapshot_of(documents.HOSTILE), MetricsSnapshot(tuple(_hostile()), _NOW))
    return (
        UpdateSample("report", "A run in one message", priced),
        UpdateSample("report-text", "The same without charts", _plainer(priced)),
        UpdateSample(
            "report-failed", "Of a run that failed", report_card(failed, now=_NOW, settings=SETTINGS)
        ),
        UpdateSample(
            "report-hostile",
            "Of one with markup everywhere",
            report_card(hostile, now=_NOW, settings=SETTINGS),
        ),
    )


def _plainer(card: Card) -> Card:
    return card.plainer or card


def metrics_samples() -> tuple[UpdateSample, ...]:
    """All of them, the same at every call."""
    drawn, hostile = _card(points()), _card(_hostile(), *(point.key for point in _hostile()))
    stale = MetricsSnapshot(tuple(points(400)), _NOW - timedelta(minutes=12), UpstreamTimeoutError())
    earlier = metrics_card(stale, None, request_id=REQUEST_ID, now=_NOW, settings=SETTINGS)
    several = _card(points(), "loss", "learning_rate", document=documents.COMPLETED)
    return (
        UpdateSample("metrics", "Loss curves", drawn),
        UpdateSample("metrics-text", "Loss curves, where there are no charts", _plainer(drawn)),
        UpdateSample("metrics-several", "Series of different size", several),
        UpdateSample("metrics-unknown", "A series there is not", _card(points(), "accuracy")),
        UpdateSample("metrics-nothing", "Nothing logged yet", _card([], document=documents.STARTING)),
        UpdateSample("metrics-stale", "Earlier curves, as the API is down", earlier),
        UpdateSample("metrics-broken", "A loss that is no number any more", _card(_broken())),
        UpdateSample("metrics-never", "Losses that never were a number", _card(_broken(0))),
        UpdateSample("metrics-hostile", "Markup and nonsense in every series", hostile),
        UpdateSample("compare", "Runs side by side", _compared()),
        UpdateSample("compare-by", "Runs by a metric", _compared("learning_rate", "bleu")),
        UpdateSample("compare-table", "The same without charts", _plainer(_compared())),
        UpdateSample("compare-chart", "The same without tables", _plainer(_plainer(_compared()))),
        UpdateSample("compare-text", "The same without either", _plainer(_plainer(_plainer(_compared())))),
        UpdateSample("compare-hostile", "Runs with markup everywhere", _compared_hostile()),
        *_reports(),
        UpdateSample("metrics-hostile-text", "The same without charts", _plainer(hostile)),
    )
