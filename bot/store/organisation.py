"""The part of the `Store` that is about an organisation's jobs as a whole: see `bot.domain.storage`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.job import JobSummary
from bot.store.incoming import IncomingStore

if TYPE_CHECKING:  # only named here; the start does without them
    from bot.domain.channels.digest import DigestPlan
    from bot.domain.channels.feed import Feed
    from bot.domain.history import FinishedJob
    from bot.domain.key_expiry import KeyNotice
    from bot.domain.storage import ClaimedDigest, ClaimedExamination, ClaimedList, Examined, FedJob, Listed
    from bot.domain.subscriptions.notification import Earlier, Notification


class OrganisationStore(IncomingStore):
    """Feeds, digests, examinations and finished jobs."""

    async def notify_of_key(self, notice: KeyNotice, team_id: str, channel_id: str, now: datetime) -> bool:
        """Tell the admin once that the API key expires."""
        return await (await self.opened()).key_notices.notify_of_key(notice, team_id, channel_id, now)

    async def was_notified_of_key(self, notice: KeyNotice) -> bool:
        """Whether that was told."""
        return await (await self.opened()).key_notices.was_notified_of_key(notice)

    async def record(self, jobs: Sequence[FinishedJob]) -> None:
        """Remember jobs that finished."""
        await (await self.opened()).history.record(jobs)

    async def earlier(
        self, org_id: str, request_id: str, fingerprint: str, before: datetime
    ) -> Earlier | None:
        """The last other job that failed with that error before then."""
        return await (await self.opened()).history.earlier(org_id, request_id, fingerprint, before)

    async def finished(self, org_id: str, since: datetime, until: datetime) -> Sequence[FinishedJob]:
        """The jobs that ended within this time, newest first."""
        return await (await self.opened()).history.finished(org_id, since, until)

    async def recorded(self, org_id: str, request_ids: Collection[str]) -> Mapping[str, datetime]:
        """Until when those of these jobs are known that are remembered."""
        return await (await self.opened()).history.recorded(org_id, request_ids)

    async def unrecorded(self, org_id: str, since: datetime, limit: int) -> Sequence[JobSummary]:
        """Jobs that the list shows finished and nothing so new is remembered of."""
        return await (await self.opened()).history.unrecorded(org_id, since, limit)

    async def feed(self, team_id: str, channel_id: str, org_id: str) -> Feed | None:
        """The channel's feed."""
        return await (await self.opened()).feeds.feed(team_id, channel_id, org_id)

    async def set_feed(
        self, feed: Feed, jobs: Sequence[JobSummary], now: datetime, *, is_whole: bool = True
    ) -> bool:
        """Switch it on, or change what it posts."""
        return await (await self.opened()).feeds.set_feed(feed, jobs, now, is_whole=is_whole)

    async def drop_feed(self, team_id: str, channel_id: str, org_id: str, now: datetime) -> Feed | None:
        """Switch it off."""
        return await (await self.opened()).feeds.drop_feed(team_id, channel_id, org_id, now)

    async def feeds(self, org_id: str) -> Sequence[Feed]:
        """Every feed of the organisation."""
        return await (await self.opened()).feeds.feeds(org_id)

    async def listed(self, org_id: str) -> Listed:
        """What is known of the organisation's list."""
        return await (await self.opened()).feeds.listed(org_id)

    async def finish_feed(  # noqa: PLR0913  (the port's)
        self,
        claim: ClaimedList,
        rows: Sequence[JobSummary],
        posts: Sequence[FedJob],
        now: datetime,
        *,
        is_whole: bool = True,
        believed: Collection[str] = (),
    ) -> bool:
        """Keep what the list says, and open the threads that come of it."""
        feeds = (await self.opened()).feeds
        return await feeds.finish_feed(claim, rows, posts, now, is_whole=is_whole, believed=believed)

    async def refresh_listed(self, org_id: str, rows: Sequence[JobSummary]) -> None:
        """Keep when the rows of finished jobs were updated."""
        await (await self.opened()).feeds.refresh_listed(org_id, rows)

    async def note_missing(self, org_id: str, request_ids: Collection[str], now: datetime) -> None:
        """Note which jobs the list has no more, and forget those that are missing for long."""
        await (await self.opened()).feeds.note_missing(org_id, request_ids, now)

    async def next_examination_at(self, org_id: str) -> datetime | None:
        """When the first job is to be examined."""
        return await (await self.opened()).examinations.next_examination_at(org_id)

    async def claim_examinations(
        self, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedExamination]:
        """Jobs that are to be examined, most overdue first."""
        examinations = (await self.opened()).examinations
        return await examinations.claim_examinations(org_id, now, lease_seconds, limit)

    async def finish_examinations(self, examined: Sequence[Examined], now: datetime) -> int:
        """What the examinations came to, in one transaction."""
        return await (await self.opened()).examinations.finish_examinations(examined, now)

    async def silence(self, org_id: str, request_id: str, finding: str, now: datetime) -> None:
        """Nobody hears of this finding in this job again."""
        await (await self.opened()).examinations.silence(org_id, request_id, finding, now)

    async def was_told(self, org_id: str, request_id: str, finding: str) -> bool:
        """Whether some thread was told of this finding in this job."""
        return await (await self.opened()).examinations.was_told(org_id, request_id, finding)

    async def digest(self, team_id: str, channel_id: str, org_id: str) -> DigestPlan | None:
        """The channel's digest."""
        return await (await self.opened()).digests.digest(team_id, channel_id, org_id)

    async def set_digest(self, plan: DigestPlan) -> bool:
        """Set it, or set it otherwise."""
        return await (await self.opened()).digests.set_digest(plan)

    async def drop_digest(self, team_id: str, channel_id: str, org_id: str) -> DigestPlan | None:
        """Switch it off."""
        return await (await self.opened()).digests.drop_digest(team_id, channel_id, org_id)

    async def next_digest_at(self, org_id: str) -> datetime | None:
        """When the next one is due."""
        return await (await self.opened()).digests.next_digest_at(org_id)

    async def oldest_digest_since(self, org_id: str) -> datetime | None:
        """Since when the digest that has told least has to tell."""
        return await (await self.opened()).digests.oldest_digest_since(org_id)

    async def claim_digests(
        self, org_id: str, now: datetime, lease_seconds: float, limit: int
    ) -> Sequence[ClaimedDigest]:
        """Digests that are due, most overdue first."""
        return await (await self.opened()).digests.claim_digests(org_id, now, lease_seconds, limit)

    async def postpone_digest(self, claim: ClaimedDigest, until: datetime) -> bool:
        """Let go of it until then."""
        return await (await self.opened()).digests.postpone_digest(claim, until)

    async def finish_digest(
        self, claim: ClaimedDigest, plan: DigestPlan, notification: Notification | None, now: datetime
    ) -> bool:
        """Put the digest into the outbox, and note when the next one comes."""
        return await (await self.opened()).digests.finish_digest(claim, plan, notification, now)
