"""How many lanes are worked on at a time, and how many of them one workspace gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final, NamedTuple

from bot.domain.ports import Lane

AT_ONCE: Final = 16
"""Lanes worked on at a time, each with one call to Slack; no more are claimed, so that no lease waits."""
AT_ONCE_OF_MANY: Final = 32
"""The same where there are many workspaces."""
A_TEAM: Final = 4
"""One workspace's share of those, be it slow or not."""


class LaneKey(NamedTuple):
    """One lane."""

    team_id: str
    channel_id: str


class Shares:
    """The lanes this process is at; their leases may be over on a clock that runs fast."""

    def __init__(self, *, has_many_teams: bool) -> None:
        self.most = AT_ONCE_OF_MANY if has_many_teams else AT_ONCE
        self.a_team = A_TEAM if has_many_teams else None
        self._busy: set[LaneKey] = set()

    def is_busy(self, team_id: str, channel_id: str) -> bool:
        """Whether this lane is worked on."""
        return LaneKey(team_id, channel_id) in self._busy

    def full(self) -> Collection[str]:
        """The workspaces that have their share."""
        if self.a_team is None:
            return ()
        counts = Counter(team_id for team_id, _ in self._busy)
        return [team_id for team_id, count in counts.items() if count >= self.a_team]

    def begin(self, lane: Lane) -> None:
        """It is worked on."""
        self._busy.add(LaneKey(lane.team_id, lane.channel_id))

    def end(self, lane: Lane) -> None:
        """Not any more."""
        self._busy.discard(LaneKey(lane.team_id, lane.channel_id))
