"""The Home tab: drawn when it is opened, and again when its reader begins or ceases to follow something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cachetools import TTLCache

from bot.cards.card import Card
from bot.cards.home import home_view
from bot.domain.errors import StoreError, TrainingApiError
from bot.domain.listing import JobListing
from bot.domain.subscription import Followed
from bot.handlers.context import Context
from bot.handlers.failures import failure_card
from bot.handlers.replies import nowhere
from bot.handlers.work import Work

REMEMBERED = 10_000
REMEMBERED_SECONDS = 24 * 3600.0
"""How long after a person opened their tab it is drawn again by itself; opening it always draws it."""
_NOWHERE = ""
"""For the list of what is followed: no conversation is asked about."""


class Homes:
    """Everybody's Home tab. Slack keeps what was drawn last, so what changes is drawn again."""

    def __init__(self, context: Context, work: Work) -> None:
        self._context = context
        self._work = work
        self._readers: TTLCache[tuple[str, str], None] = TTLCache(
            REMEMBERED, REMEMBERED_SECONDS, timer=context.clock.monotonic
        )
        self._due: set[tuple[str, str]] = set()
        self._drawing: set[tuple[str, str]] = set()

    def keep_true(self) -> None:
        """From now on draw the tabs of those whose subscriptions change."""
        self._context.subscriptions.on_change = self.changed

    def opened(self, body: Mapping[str, Any]) -> None:
        """An ``app_home_opened`` event: other tabs of the app than Home are none of ours."""
        event = body["event"]
        if event.get("tab") == "home" and isinstance(event.get("user"), str):
            self.show(str(body.get("team_id") or ""), event["user"])

    def show(self, team_id: str, user_id: str) -> None:
        """Draw the tab of somebody who is looking at it."""
        self._readers[team_id, user_id] = None
        self._draw_soon((team_id, user_id))

    def changed(self, team_id: str, user_ids: Iterable[str]) -> None:
        """What these people follow has changed: draw the tabs of those who looked at theirs lately."""
        for user_id in user_ids:
            if (team_id, user_id) in self._readers:
                self._draw_soon((team_id, user_id))

    def _draw_soon(self, reader: tuple[str, str]) -> None:
        """However much changes before it is drawn, it is drawn once."""
        self._due.add(reader)
        if reader not in self._drawing:
            self._drawing.add(reader)
            self._work.start(self._draw(reader), nowhere)

    async def _draw(self, reader: tuple[str, str]) -> None:
        """One at a time, so that what was read first never comes last."""
        try:
            while reader in self._due:
                self._due.discard(reader)
                await self._publish(*reader)
        finally:
            self._due.discard(reader)
            self._drawing.discard(reader)

    async def _publish(self, team_id: str, user_id: str) -> None:
        view = home_view(
            await self._followed(team_id, user_id),
            await self._listing(),
            now=self._context.clock.now(),
            slash_command=self._context.slash_command,
        )
        await self._context.slack.publish_home(user_id, view)

    async def _followed(self, team_id: str, user_id: str) -> Sequence[Followed] | Card:
        try:
            return await self._context.subscriptions.followed(team_id, _NOWHERE, user_id)
        except StoreError as error:
            return failure_card(self._context, error)

    async def _listing(self) -> JobListing | Card:
        try:
            return await self._context.training_api.jobs()
        except TrainingApiError as error:
            return failure_card(self._context, error)
