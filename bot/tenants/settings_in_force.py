"""What workspaces and channels set, at hand for every question; read again as soon as it changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from bot.domain.errors import StoreError
from bot.domain.permissions.policies import InForce, PlaceSettings, Right, Who, narrowest, permits_all
from bot.domain.ports import Clock, InstallationStore
from bot.domain.ports.tenants import PlaceSettingsStore, StoredSettings

REFRESH_SECONDS: Final = 3.0
"""How often it is asked whether another process changed something."""
_LONGEST_PAUSE_SECONDS: Final = 60.0
_NOTHING: Final = PlaceSettings()
_ORGANIZATION: Final = "E"
"""As the IDs of Enterprise Grid organizations begin."""


class _Set(NamedTuple):
    """A channel, or a whole workspace."""

    team_id: str
    channel_id: str = ""


class KeptSettings:
    """Implements `bot.domain.ports.tenants.SettingsInForce`."""

    def __init__(self, store: PlaceSettingsStore, installations: InstallationStore, clock: Clock) -> None:
        self._store = store
        self._installations = installations
        self._clock = clock
        self._revision: int | None = None
        self._known: Mapping[_Set, StoredSettings] = {}

    def known(self, team_id: str, channel_id: str, enterprise_id: str = "") -> InForce | None:
        """See the port."""
        if self._revision is None:
            return None
        known = self._known
        own = known.get(_Set(team_id, channel_id)) if channel_id else None
        whole = known.get(_Set(team_id))
        found = InForce(_of(whole), _of(own))
        if not (enterprise_id or team_id.startswith(_ORGANIZATION)):
            return found
        return self._in_organization(found, team_id, channel_id, enterprise_id or team_id)

    def _in_organization(self, found: InForce, team_id: str, channel_id: str, enterprise_id: str) -> InForce:
        """With what another workspace set for the channel; and what all allow, where it's unknown which.

        An earlier version kept everything under the organization: that counts wherever nothing was set since.
        """
        theirs = [
            each for each in self._known.values() if enterprise_id in {each.enterprise_id, each.team_id}
        ]
        if channel_id and _Set(team_id, channel_id) not in self._known:
            there = [each for each in theirs if each.channel_id == channel_id]
            later = (each for each in there if each.team_id != enterprise_id)
            found = replace(found, channel=_of(next(later, next(iter(there), None))))
        if team_id == enterprise_id:
            wholes = [each.settings for each in theirs if not each.channel_id]
            found = replace(found, workspace=narrowest(wholes))
        elif _Set(team_id) not in self._known:
            found = replace(found, workspace=_of(self._known.get(_Set(enterprise_id))))
        return found

    async def read(self, team_id: str, channel_id: str, enterprise_id: str = "") -> InForce:
        """See the port."""
        if (found := self.known(team_id, channel_id, enterprise_id)) is None:
            await self.refresh()
            found = self.known(team_id, channel_id, enterprise_id) or InForce()
        return found

    def shows_cost(
        self, team_id: str, channel_id: str, enterprise_id: str = "", *, is_read_elsewhere: bool = False
    ) -> bool:
        """Whether everybody in this conversation may see what jobs cost; no, where nobody knows.

        The ``enterprise_id`` is as `known` has it. What is read elsewhere, as in direct messages, may be read
        by somebody who is no member of the channel anymore.
        """
        known = self.known(team_id, channel_id, enterprise_id)
        if known is None:
            return False
        policy = known.policy(Right.COST)
        return policy.who is Who.EVERYONE or (
            permits_all(policy) and not (is_read_elsewhere or channel_id.startswith("D"))
        )

    async def own(self, team_id: str, channel_id: str, enterprise_id: str = "") -> StoredSettings | None:
        """See the port."""
        every = {_Set(each.team_id, each.channel_id): each for each in await self._store.all_settings()}
        earlier = every.get(_Set(enterprise_id, channel_id)) if enterprise_id else None
        return every.get(_Set(team_id, channel_id), earlier)

    async def save(self, stored: StoredSettings) -> None:
        """See the port."""
        await self._store.set_settings(stored)
        await self.refresh()

    async def refresh(self) -> None:
        """Take over what the database says now.

        Raises:
            StoreError: it does not answer; everything stays as it was.
        """
        revision = await self._installations.revision()
        if revision == self._revision:
            return
        every = await self._store.all_settings()
        self._known = {_Set(each.team_id, each.channel_id): each for each in every}
        self._revision = revision

    async def run(self, on_round: Callable[[Exception | None], None]) -> None:
        """Refresh again and again, until cancelled."""
        failures = 0
        while True:
            try:
                await self.refresh()
            except StoreError as error:
                failures += 1
                on_round(error)
            else:
                failures = 0
                on_round(None)
            pause = REFRESH_SECONDS * 2 ** min(failures, 10)
            await self._clock.sleep(min(_LONGEST_PAUSE_SECONDS, pause))


def _of(stored: StoredSettings | None) -> PlaceSettings:
    return _NOTHING if stored is None else stored.settings
