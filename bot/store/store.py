"""The database behind ``DATABASE_URL``: a SQLite file or PostgreSQL, behind the `Store` port."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.job import TrainingJob
from bot.store.database.address import address_of
from bot.store.lazy_database import PATIENCE_SECONDS
from bot.store.organisation import OrganisationStore

if TYPE_CHECKING:  # only named here; the start does without them
    from bot.domain.storage import (
        ClaimedJob,
        ClaimedList,
        Edit,
        Lane,
        ListPlan,
        Look,
        Outcome,
        Post,
        Waiting,
    )
    from bot.domain.subscriptions.subscription import (
        Ending,
        Followed,
        Left,
        Subscribed,
        Subscription,
        Wish,
    )
    from bot.domain.subscriptions.watch_state import WatchedState

PING_TIMEOUT_SECONDS = 2.0


class DatabaseStore(OrganisationStore):
    """The `Store`: every method does what the port's docstrings say."""

    async def subscribe(
        self, wish: Wish, state: WatchedState, document: TrainingJob, now: datetime
    ) -> Subscribed:
        """Follow a job, or join those who do."""
        return await (await self.opened()).subscribing.subscribe(wish, state, document, now)

    async def unsubscribe(
        self, team_id: str, channel_id: str, request_id: str, user_id: str, now: datetime
    ) -> Left:
        """Leave; with the last subscriber the subscription ends."""
        queries = (await self.opened()).subscriptions
        return await queries.unsubscribe(team_id, channel_id, request_id, user_id, now)

    async def stop(
        self, subscription_id: str, ending: Ending, now: datetime, *, detail: str = ""
    ) -> Subscription | None:
        """End a subscription for all."""
        return await (await self.opened()).subscriptions.stop(subscription_id, ending, now, detail=detail)

    async def subscription(self, subscription_id: str) -> Subscription | None:
        """One subscription, also an ended one."""
        return await (await self.opened()).subscriptions.subscription(subscription_id)

    async def active(self, team_id: str, channel_id: str, request_id: str) -> Subscription | None:
        """The subscription to this job in this conversation."""
        return await (await self.opened()).subscriptions.active(team_id, channel_id, request_id)

    async def followed(self, team_id: str, channel_id: str, user_id: str) -> Sequence[Followed]:
        """What is followed here, then what this person follows elsewhere."""
        return await (await self.opened()).subscriptions.followed(team_id, channel_id, user_id)

    async def plan(self, org_id: str) -> ListPlan:
        """How the organisation is to be watched."""
        return await (await self.opened()).watch.plan(org_id)

    async def claim_jobs(
        self,
        org_id: str,
        now: datetime,
        lease_seconds: float,
        limit: int,
        *,
        due_by: datetime | None = None,
    ) -> Sequence[ClaimedJob]:
        """Jobs whose look is due, most overdue first."""
        watch = (await self.opened()).watch
        return await watch.claim_jobs(org_id, now, lease_seconds, limit, due_by=due_by)

    async def claim_list(self, org_id: str, now: datetime, lease_seconds: float) -> ClaimedList | None:
        """The organisation's list, if it is due and nobody holds it."""
        return await (await self.opened()).watch.claim_list(org_id, now, lease_seconds)

    async def fingerprints(self, org_id: str) -> Mapping[str, int]:
        """The fingerprint of every watched job's last row in the list."""
        return await (await self.opened()).watch.fingerprints(org_id)

    async def claim_these(
        self, org_id: str, request_ids: Iterable[str], now: datetime, lease_seconds: float
    ) -> Sequence[ClaimedJob]:
        """These jobs, due or not."""
        return await (await self.opened()).watch.claim_these(org_id, request_ids, now, lease_seconds)

    async def finish_looks(self, looks: Sequence[Look], now: datetime) -> int:
        """What the looks came to, in one transaction."""
        return await (await self.opened()).looks.finish_looks(looks, now)

    async def finish_list(
        self,
        claim: ClaimedList,
        next_list_at: datetime,
        *,
        failures: int = 0,
        refused_until: datetime | None = None,
    ) -> bool:
        """Release the list."""
        watch = (await self.opened()).watch
        return await watch.finish_list(claim, next_list_at, failures=failures, refused_until=refused_until)

    async def rebase_looks(self, org_id: str, latest: datetime, latest_rare: datetime) -> None:
        """The clock jumped: looks wait no longer than until then."""
        await (await self.opened()).rebasing.rebase_looks(org_id, latest, latest_rare)

    async def rebase_sending(self, now: datetime, latest: datetime, lease_seconds: float) -> None:
        """The clock jumped: nothing to send waits longer than until then."""
        await (await self.opened()).rebasing.rebase_sending(now, latest, lease_seconds)

    async def api_failed(
        self, org_id: str, now: datetime, told_after_seconds: float, *, longest_gap_seconds: float = math.inf
    ) -> None:
        """The training suite did not answer."""
        await (await self.opened()).outages.api_failed(
            org_id, now, told_after_seconds, longest_gap_seconds=longest_gap_seconds
        )

    async def api_answered(self, org_id: str, now: datetime) -> None:
        """It answered."""
        await (await self.opened()).outages.api_answered(org_id, now)

    async def end_overdue(self, now: datetime, limit: int) -> int:
        """End subscriptions whose time is over, with a last word."""
        return await (await self.opened()).outages.end_overdue(now, limit)

    async def clean(self, now: datetime) -> None:
        """Forget what ended long ago."""
        await (await self.opened()).upkeep.clean(now)

    async def claim_lanes(self, now: datetime, lease_seconds: float, limit: int) -> Sequence[Lane]:
        """Lanes in which something is due, most overdue first."""
        return await (await self.opened()).lanes.claim_lanes(now, lease_seconds, limit)

    async def claim_lane(
        self, team_id: str, channel_id: str, now: datetime, lease_seconds: float
    ) -> Lane | datetime | None:
        """This lane, or when it is due."""
        return await (await self.opened()).lanes.claim_lane(team_id, channel_id, now, lease_seconds)

    async def next_lane_at(self) -> datetime | None:
        """When the next lane is due."""
        return await (await self.opened()).lanes.next_lane_at()

    async def take_post(self, lane: Lane, now: datetime) -> Post | None:
        """The next message of the channel, marked as begun."""
        return await (await self.opened()).posts.take_post(lane, now)

    async def finish_post(
        self, lane: Lane, post: Post, outcome: Outcome, now: datetime, *, lane_free_at: datetime
    ) -> bool:
        """What became of it."""
        posts = (await self.opened()).posts
        return await posts.finish_post(lane, post, outcome, now, lane_free_at=lane_free_at)

    async def take_edit(self, lane: Lane, now: datetime) -> Edit | None:
        """The card that waits longest."""
        return await (await self.opened()).edits.take_edit(lane, now)

    async def finish_edit(
        self, lane: Lane, edit: Edit, outcome: Outcome, now: datetime, *, lane_free_at: datetime
    ) -> bool:
        """What became of that."""
        edits = (await self.opened()).edits
        return await edits.finish_edit(lane, edit, outcome, now, lane_free_at=lane_free_at)

    async def waiting(self) -> Sequence[Waiting]:
        """Messages that are parked, or were tried and wait."""
        return await (await self.opened()).upkeep.waiting()

    async def retry_parked(self, now: datetime) -> int:
        """Let parked messages be tried again."""
        return await (await self.opened()).upkeep.retry_parked(now)

    async def forget_user(self, user_id: str, now: datetime) -> int:
        """Remove a person."""
        return await (await self.opened()).upkeep.forget_user(user_id, now)

    async def end_team(self, team_id: str, reason: str, now: datetime) -> int:
        """Everything that is told in a workspace ends."""
        return await (await self.opened()).uninstalling.end_team(team_id, reason, now)

    async def forget_team(self, team_id: str) -> int:
        """Remove everything of a workspace."""
        return await (await self.opened()).upkeep.forget_team(team_id)

    async def adopt(self, team_id: str, now: datetime) -> int:
        """Everything belongs to this workspace."""
        return await (await self.opened()).adopting.adopt(team_id, now)


def open_store(
    database_url: str,
    *,
    ping_timeout_seconds: float = PING_TIMEOUT_SECONDS,
    patience_seconds: float = PATIENCE_SECONDS,
) -> DatabaseStore:
    """The store for a ``DATABASE_URL`` that the settings have checked."""
    return DatabaseStore(address_of(database_url, ping_timeout_seconds), patience_seconds)
