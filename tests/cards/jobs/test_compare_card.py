"""Runs side by side and in full, whatever their documents and metrics."""

from __future__ import annotations

import json
from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.gallery.documents import REQUEST_ID
from bot.cards.jobs.compare import compare_card
from bot.cards.jobs.report import report_card
from bot.cards.jobs.run import Run
from bot.cards.kit.card import Card
from bot.cards.kit.card_settings import CardSettings
from bot.domain.job import MetricPoint
from bot.domain.job.cost import Money
from bot.domain.listing import MetricsSnapshot
from bot.playground.block_kit import message_problems
from tests.cards.jobs.test_hostile_documents import SECRETS, jobs
from tests.cards.jobs.test_metrics_card import hostile_points
from tests.cards.shown import NOW, live_markup, snapshot

logged = st.none() | st.lists(hostile_points, max_size=12)


def _run(document: dict[str, Any], found: list[MetricPoint] | None) -> Run:
    metrics = None if found is None else MetricsSnapshot(tuple(found), NOW)
    return Run(REQUEST_ID, snapshot(json.dumps(document).encode()), metrics)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(_run, jobs, logged), min_size=2, max_size=3))
def test_every_comparison_is_fit_to_show(runs: list[Run]) -> None:
    """No limit of Slack's is broken, no markup live, no secret shown: as a chart and without."""
    _check(compare_card(runs, now=NOW))


@settings(max_examples=60, deadline=None)
@given(st.builds(_run, jobs, logged))
def test_every_report_is_fit_to_show(run: Run) -> None:
    """The same."""
    prices = {"h100": Money(2.49, "USD"), "": Money(1)}
    _check(report_card(run, now=NOW, settings=CardSettings(gpu_hour_prices=prices)))


def _check(card: Card) -> None:
    for form in (card, card.plainer or card):
        body = {key: value for key, value in form.message().items() if key != "plainer"}
        assert message_problems(body) == []
        assert live_markup(body) == []
        sent = orjson.dumps(body).decode()
        assert [secret for secret in SECRETS if secret in sent] == []
        assert 0 < len(form.text) < 300
