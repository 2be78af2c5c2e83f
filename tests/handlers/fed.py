"""The part of the store that handlers ask about feeds, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.channels.feed import Feed
from bot.domain.errors import StoreError
from bot.domain.job import JobSummary


@dataclass
class Feeds:
    """What a test finds of it afterwards; with ``is_down`` it does not answer."""

    known: dict[tuple[str, str, str], Feed] = field(default_factory=dict)
    begun_with: list[tuple[tuple[str, ...], bool]] = field(default_factory=list)
    """The jobs of the list each began with, and whether it was whole."""
    is_down: bool = False

    def _answer(self) -> None:
        if self.is_down:
            raise StoreError

    async def feed(self, team_id: str, channel_id: str, org_id: str) -> Feed | None:
        """As the port says."""
        self._answer()
        return self.known.get((team_id, channel_id, org_id))

    async def set_feed(
        self,
        feed: Feed,
        jobs: Sequence[JobSummary],
        now: datetime,  # noqa: ARG002  (the port)
        *,
        is_whole: bool = True,
    ) -> bool:
        """As the port says."""
        self._answer()
        key = (feed.team_id, feed.channel_id, feed.org_id)
        is_new = key not in self.known
        self.known[key] = feed
        self.begun_with.append((tuple(job.request_id for job in jobs), is_whole))
        return is_new

    async def drop_feed(
        self,
        team_id: str,
        channel_id: str,
        org_id: str,
        now: datetime,  # noqa: ARG002  (the port)
    ) -> Feed | None:
        """As the port says."""
        self._answer()
        return self.known.pop((team_id, channel_id, org_id), None)
