"""How many organizations are asked about at a time: a slow one does not stand in the way of quick ones."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.domain.ports import Clock

QUICK_PLACES: Final = 48
"""Turns that have just begun."""
PLACES: Final = 192
"""Turns in all: one that waits for Simplismart takes next to nothing."""
KEPT_FOR_QUICK: Final = 64
"""Of those, the ones that no organization gets whose last turn was slow."""
SLOW_SECONDS: Final = 2.0


class Places:
    """Counts the turns under way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_at: dict[str, float] = {}
        self._slow: set[str] = set()

    @property
    def taken(self) -> Collection[str]:
        """The organizations whose turn is under way."""
        return self._began_at.keys()

    def are_free_for(self, org_id: str) -> bool:
        """Whether its turn may begin now."""
        now = self._clock.monotonic()
        quick = sum(now - at < SLOW_SECONDS for at in self._began_at.values())
        most = PLACES - (KEPT_FOR_QUICK if org_id in self._slow else 0)
        return quick < QUICK_PLACES and len(self._began_at) < most

    def take(self, org_id: str) -> None:
        """Its turn begins."""
        self._began_at[org_id] = self._clock.monotonic()

    def free(self, org_id: str) -> None:
        """Its turn is over."""
        is_slow = self._clock.monotonic() - self._began_at.pop(org_id) >= SLOW_SECONDS
        (self._slow.add if is_slow else self._slow.discard)(org_id)
