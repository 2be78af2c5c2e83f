"""What people asked for before a soak begins: workspaces with the app, subscriptions, feeds, digests."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pydantic import SecretStr

from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.channels.feed import Feed, read_feed_query
from bot.domain.groups.group import Group, Member
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.stored import kept
from bot.domain.ports import Clock, Connection, SecretKind, StoredInstallation
from bot.domain.subscriptions.subscription import Mode, SubscribeRequest
from bot.domain.subscriptions.watch_state import first_state
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import BOT, ME, Workspace
from bot.playground.workspace.identity import DEFAULT_SCOPES
from bot.store.store import DatabaseStore
from bot.tenants.installations import seal_tokens
from bot.tenants.sealing import Sealer
from tests.soak.lives import CONDITION, channel_of, group_subject, team_id
from tests.soak.plan import Job, Plan, Role, workspace_name
from tests.soak.slack import DIGEST, FEED, GROUP, channel_id

_LONG_AGO: Final = timedelta(hours=1)


class Before:
    """Writes it down, as the bot's handlers would."""

    def __init__(self, store: DatabaseStore, sealer: Sealer, clock: Clock) -> None:
        self._store = store
        self._sealer = sealer
        self._clock = clock

    async def install(self, workspace: Workspace, suite: TrainingSuite) -> None:
        """Somebody installed the app, and connected an organization."""
        home_id, now = workspace.identity.team_id, self._clock.now()
        token, key = workspace.identity.bot_token, suite.token
        installation = StoredInstallation(
            home_id,
            "",
            is_org_wide=False,
            app_id=workspace.identity.api_app_id,
            bot_user_id=BOT,
            scopes=DEFAULT_SCOPES,
            installer_user_id=ME,
            installed_at=now,
            tokens=seal_tokens(self._sealer, home_id, SecretStr(token), None, expires_at=None, now=now),
        )
        await self._store.installations.install(installation, is_first_only=False)
        sealed = self._sealer.seal(SecretKind.API_KEY, suite.org_id, SecretStr(key))
        await self._store.connections.connect(Connection(home_id, "", "", suite.org_id, sealed, ME, now))

    async def subscribe(self, job: Job, suite: TrainingSuite) -> None:
        """A job is there, and somebody subscribes to it."""
        document = TrainingJob.model_validate(suite.document(job.name))
        wish = SubscribeRequest(
            team_id(job.workspace),
            channel_of(job),
            suite.org_id,
            job.name,
            ME,
            Mode.MILESTONES,
            condition=CONDITION if job.has_alert else "",
        )
        now = self._clock.now()
        await self._store.subscriptions.subscribe(wish, first_state(document, now), kept(document), now)

    async def in_channels(self, workspace: int, suite: TrainingSuite, plan: Plan) -> None:
        """A group of jobs, a feed of those that fail, and a digest."""
        team, now, org_id = team_id(workspace), self._clock.now(), suite.org_id
        jobs = [each for each in plan.jobs if (each.workspace, each.role) == (workspace, Role.GROUP)]
        began, name = now - _LONG_AGO, f"{workspace_name(workspace)}-{Role.GROUP}"
        members = tuple(Member(each.name, began, each.name, JobStatus.QUEUED) for each in jobs)
        group = Group(
            f'{{"names":["{name}"]}}', began, members=members, newest_joined_at=began, looked_at=now
        )
        wish = SubscribeRequest(team, channel_id(workspace, GROUP), org_id, group_subject(workspace), ME)
        assert await self._store.subscriptions.subscribe_to_group(wish, group, now) is not None
        feed = Feed(team, channel_id(workspace, FEED), org_id, ME, read_feed_query(("status:failed",)), now)
        await self._store.feeds.set_feed(feed, [], now, is_whole=False)
        next_at = now + timedelta(seconds=plan.digests_at[workspace])
        at_minutes = (now - timedelta(hours=2)).hour * 60
        where = channel_id(workspace, DIGEST)
        digest = DigestPlan(
            team, where, org_id, ME, Period.DAILY, at_minutes, "UTC", next_at, now - 3 * _LONG_AGO
        )
        await self._store.digests.set_digest(digest)
