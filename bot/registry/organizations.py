"""Simplismart's training API for each organization: opened with the first use, closed when nobody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import structlog

from bot.domain.errors import SettingsError
from bot.domain.ports import Clock
from bot.domain.ports.monitoring import Measures
from bot.domain.ports.tenants import OrganizationAccess
from bot.tasks import Errands
from bot.training_api.build import build_training_api
from bot.training_api.cache import CachedTrainingApi
from bot.training_api.cache_rules import MAX_WEIGHT
from bot.training_api.protocol import Account
from bot.training_api.rate_limiter import RateLimiter
from bot.training_api.transport import AiohttpTransport

IDLE_SECONDS: Final = 600.0
"""What nobody asked for so long is closed, and what it had in its cache forgotten."""
RETIRED_SECONDS: Final = 60.0
"""For so long questions under way may go on with a key that was replaced."""
LEAST_WEIGHT: Final = 20
"""Jobs that each organization's cache keeps, however many organizations share what there is for all."""

_log = structlog.stdlib.get_logger(__name__)


class Organizations(Mapping[str, CachedTrainingApi]):
    """The APIs in use, by account; as a mapping, one for each organization.

    They share the connections, and those of one organization its limits, whichever of its keys they ask with.
    """

    def __init__(self, clock: Clock, measures: Measures, *, is_fixed: bool) -> None:
        self._clock = clock
        self._measures = measures
        self._is_fixed = is_fixed
        """The settings' tenants keep connections of their own, and are never idle."""
        self._transport = None if is_fixed else AiohttpTransport(connections=0)
        self._accounts: dict[str, list[Account]] = {}
        self._opened: dict[Account, CachedTrainingApi] = {}
        self._used_at: dict[Account, float] = {}
        self._limiters: dict[str, RateLimiter] = {}
        self._parts = 1
        self._held_until = clock.monotonic()
        self._retiring = Errands("letting an API key go")

    def __getitem__(self, org_id: str) -> CachedTrainingApi:
        """The API of this organization, with the first of its keys that is not refused.

        Raises:
            KeyError: it is no tenant's, or cannot be opened.
        """
        accounts = self._accounts[org_id]
        opened = [api for each in accounts if (api := self.api(each)) is not None]
        if not opened:
            raise KeyError(org_id)
        return next((each for each in opened if not each.client.is_refused), opened[0])

    def __contains__(self, org_id: object) -> bool:
        """Whether it is some tenant's; nothing is opened."""
        return org_id in self._accounts

    def __iter__(self) -> Iterator[str]:
        """Every organization."""
        return iter(self._accounts)

    def __len__(self) -> int:
        """How many organizations there are."""
        return len(self._accounts)

    @property
    def opened(self) -> Collection[CachedTrainingApi]:
        """Those in use."""
        return self._opened.values()

    def api(self, account: Account) -> CachedTrainingApi | None:
        """The API of this account; None where its address or key can never work."""
        self._used_at[account] = self._clock.monotonic()
        api = self._opened.get(account)
        if api is None:
            try:
                api = self.open(account)
            except SettingsError as error:
                _log.error("an organization's API cannot be opened", org_id=account.org_id, detail=str(error))
        return api

    def open(self, account: Account) -> CachedTrainingApi:
        """As `api`.

        Raises:
            SettingsError: its address or key can never work.
        """
        if (limiter := self._limiters.get(account.org_id)) is None:
            limiter = self._limiters[account.org_id] = self._limiter()
        api = self._opened[account] = build_training_api(
            base_url=account.base_url,
            org_id=account.org_id,
            token=account.token,
            clock=self._clock,
            measures=self._measures,
            shared=self._transport,
            rate_limiter=limiter,
            max_weight=self._weight(),
        )
        return api

    def share(self, parts: int) -> None:
        """This process has one of so many equal parts of each organization's limits."""
        self._parts = parts
        for limiter in self._limiters.values():
            limiter.share(parts)

    def hold(self, seconds: float) -> None:
        """Ask nothing for so long."""
        self._held_until = self._clock.monotonic() + seconds
        for limiter in self._limiters.values():
            limiter.hold(seconds)

    def keep(self, accesses: Sequence[OrganizationAccess]) -> None:
        """These are the tenants' from now on; what is no longer among them ends once it has answered."""
        accounts: dict[str, list[Account]] = defaultdict(list)
        for access in accesses:
            if (account := account_of(access)) not in accounts[access.org_id]:
                accounts[access.org_id].append(account)
        self._accounts = dict(accounts)
        known = {each for listed in accounts.values() for each in listed}
        for account in self._opened.keys() - known:
            self._retiring.start(self._close_later(self._opened.pop(account)))
            self._used_at.pop(account, None)
        self._limiters = {each: limiter for each, limiter in self._limiters.items() if each in accounts}

    async def close_idle(self) -> None:
        """Close what nobody asked lately."""
        if self._is_fixed:
            return
        since = self._clock.monotonic() - IDLE_SECONDS
        for account in [each for each in self._opened if self._used_at.get(each, 0.0) <= since]:
            self._used_at.pop(account, None)
            await self._opened.pop(account).aclose()

    async def aclose(self) -> None:
        """Close all of them."""
        await self._retiring.aclose()
        for api in self._opened.values():
            await api.aclose()
        self._opened.clear()
        if self._transport is not None:
            await self._transport.aclose()

    async def _close_later(self, api: CachedTrainingApi) -> None:
        try:
            await self._clock.sleep(RETIRED_SECONDS)
        finally:
            await api.aclose()

    def _limiter(self) -> RateLimiter:
        limiter = RateLimiter(self._clock)
        limiter.share(self._parts)
        if (held := self._held_until - self._clock.monotonic()) > 0:
            limiter.hold(held)
        return limiter

    def _weight(self) -> int:
        return max(LEAST_WEIGHT, MAX_WEIGHT // max(1, len(self._accounts)))


def account_of(access: OrganizationAccess) -> Account:
    """The address, the organization and the key."""
    return Account(access.training_api_url, access.org_id, access.training_api_token.get_secret_value())
