"""Simplismart, put together."""

from __future__ import annotations

import httpx

from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.training_api.cache import CachedTrainingApi
from bot.training_api.client import TrainingApiClient
from bot.training_api.protocol import Account


def build_training_api(  # noqa: PLR0913  (what it takes, each by its name)
    *,
    base_url: str,
    org_id: str,
    token: str,
    clock: Clock,
    transport: httpx.AsyncBaseTransport | None = None,
    measures: Measures = NOT_MEASURED,
) -> CachedTrainingApi:
    """The cached API of one organisation; `CachedTrainingApi.aclose` ends it. Nothing is sent yet.

    ``token`` is the key in plain text; it stays in the request's headers. ``transport`` replaces the
    connections (for tests).

    Raises:
        SettingsError: ``base_url`` or ``token`` can never work.
    """
    client = TrainingApiClient(
        Account(base_url, org_id, token), clock, transport=transport, measures=measures
    )
    return CachedTrainingApi(client, clock, measures=measures)
