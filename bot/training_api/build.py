"""Simplismart, put together."""

from __future__ import annotations

import httpx

from bot.domain.ports import Clock
from bot.domain.ports.monitoring import NOT_MEASURED, Measures
from bot.training_api.cache import CachedTrainingApi
from bot.training_api.cache_rules import MAX_WEIGHT
from bot.training_api.client import TrainingApiClient
from bot.training_api.protocol import Account
from bot.training_api.rate_limiter import RateLimiter
from bot.training_api.transport import SharedTransport


def build_training_api(  # noqa: PLR0913  (the account, and what others share or tests replace)
    *,
    base_url: str,
    org_id: str,
    token: str,
    clock: Clock,
    transport: httpx.AsyncBaseTransport | None = None,
    measures: Measures = NOT_MEASURED,
    shared: httpx.AsyncBaseTransport | None = None,
    rate_limiter: RateLimiter | None = None,
    max_weight: int = MAX_WEIGHT,
) -> CachedTrainingApi:
    """The cached API of one organisation; `CachedTrainingApi.aclose` ends it. Nothing is sent yet.

    ``token`` is the key in plain text; it stays in the request's headers. ``transport`` replaces the
    connections (for tests); those that are ``shared``, and a ``rate_limiter`` that is, stay open when
    this one ends.

    Raises:
        SettingsError: ``base_url`` or ``token`` can never work.
    """
    if shared is not None:
        transport = SharedTransport(shared)
    client = TrainingApiClient(
        Account(base_url, org_id, token),
        clock,
        transport=transport,
        measures=measures,
        rate_limiter=rate_limiter,
    )
    return CachedTrainingApi(client, clock, max_weight=max_weight, measures=measures)
