"""The store: every method that takes a tenant keeps to it, whatever another one has."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import get_type_hints

import pytest

from bot.domain import ports
from bot.domain.health.incidents import Week
from bot.domain.ports import (
    ClaimedDelivery,
    Incoming,
    ListPlan,
    SecretKind,
    StoredSecret,
)
from bot.domain.ports.monitoring import Backlog, BacklogStore, IncidentStore
from bot.domain.ports.tenants import PlaceSettingsStore, ProcessStore
from bot.domain.subscriptions.subscription import Spot, SubscribeRequest
from bot.store.store import DatabaseStore
from tests.contracts.configured import settings_of
from tests.contracts.facts import (
    ADA,
    CHANNEL,
    JOB,
    LEASE,
    T0,
    TEAM,
    at,
    drained,
    follow,
    held,
    job,
    state,
)
from tests.contracts.fed import feed_of, row
from tests.contracts.grouped import GROUP, SUBJECT
from tests.contracts.installed import connected, installed
from tests.contracts.ours import ERROR, NINE, NOTICE, PLAN, Rows, fill

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER_ORG, OTHER_TEAM = "org-2", "T2"
"""A tenant who has nothing, and asks about the same channel, job and person."""
SPOT = Spot(OTHER_TEAM, CHANNEL, OTHER_ORG, JOB)
LATER = at(10 * LEASE)
"""Everything is due then, and every lease is over."""
PORTS = {
    "subscriptions": ports.Subscriptions,
    "watches": ports.WatchStore,
    "metrics_checks": ports.MetricsCheckStore,
    "finished_jobs": ports.FinishedJobStore,
    "feeds": ports.FeedStore,
    "digests": ports.DigestStore,
    "groups": ports.GroupStore,
    "outbox": ports.OutboxStore,
    "backlog": BacklogStore,
    "incidents": IncidentStore,
    "deliveries": ports.Deliveries,
    "key_notices": ports.KeyNoticeStore,
    "greetings": ports.GreetingStore,
    "pauses": ports.PauseStore,
    "upkeep": ports.Upkeep,
    "installations": ports.InstallationStore,
    "connections": ports.ConnectionStore,
    "settings": PlaceSettingsStore,
    "secrets": ports.SecretStore,
    "processes": ProcessStore,
    "audit": ports.AuditStore,
    "stored_data": ports.StoredData,
}
NAMES = frozenset(
    {"org_id", "team_id", "old_team_id", "spot", "wish", "feed", "plan", "notice", "incoming"}
    | {"installation", "connection", "secret", "stored"}
)
"""The parameters that say whose something is; what finishes a claim goes by that."""


Act = Callable[[DatabaseStore], Awaitable[object]]
ACTS: Mapping[str, Act] = {
    "subscriptions.active": lambda s: s.subscriptions.active(SPOT),
    "subscriptions.unsubscribe": lambda s: s.subscriptions.unsubscribe(SPOT, ADA, LATER),
    "subscriptions.followed": lambda s: s.subscriptions.followed(OTHER_TEAM, CHANNEL, ADA),
    "subscriptions.forget_user": lambda s: s.subscriptions.forget_user(OTHER_TEAM, ADA, LATER),
    "subscriptions.end_team": lambda s: s.subscriptions.end_team(OTHER_TEAM, "token_revoked", LATER),
    "watches.plan": lambda s: s.watches.plan(OTHER_ORG),
    "watches.claim_jobs": lambda s: s.watches.claim_jobs(OTHER_ORG, LATER, LEASE, 10),
    "watches.claim_list": lambda s: s.watches.claim_list(OTHER_ORG, LATER, LEASE),
    "watches.fingerprints": lambda s: s.watches.fingerprints(OTHER_ORG),
    "watches.claim_these": lambda s: s.watches.claim_these(OTHER_ORG, [JOB, "a"], LATER, LEASE),
    "watches.api_answered": lambda s: s.watches.api_answered(OTHER_ORG, LATER),
    "watches.api_failed": lambda s: s.watches.api_failed(OTHER_ORG, LATER, 0.0),
    "watches.rebase_looks": lambda s: s.watches.rebase_looks(OTHER_ORG, T0, T0),
    "metrics_checks.next_metrics_check_at": lambda s: s.metrics_checks.next_metrics_check_at(OTHER_ORG),
    "metrics_checks.claim_metrics_checks": lambda s: s.metrics_checks.claim_metrics_checks(
        OTHER_ORG, LATER, LEASE, 10
    ),
    "metrics_checks.standing_findings": lambda s: s.metrics_checks.standing_findings(OTHER_ORG, [JOB]),
    "metrics_checks.silenced_findings": lambda s: s.metrics_checks.silenced_findings(OTHER_ORG, JOB),
    "metrics_checks.was_told": lambda s: s.metrics_checks.was_told(OTHER_ORG, JOB, "plateau"),
    "metrics_checks.silence": lambda s: s.metrics_checks.silence(OTHER_ORG, JOB, "plateau", LATER),
    "finished_jobs.earlier": lambda s: s.finished_jobs.earlier(OTHER_ORG, "b", ERROR, LATER),
    "finished_jobs.finished": lambda s: s.finished_jobs.finished(OTHER_ORG, at(-60), LATER),
    "finished_jobs.recorded": lambda s: s.finished_jobs.recorded(OTHER_ORG, [JOB]),
    "finished_jobs.unrecorded": lambda s: s.finished_jobs.unrecorded(OTHER_ORG, at(-60), 10),
    "feeds.feed": lambda s: s.feeds.feed(OTHER_TEAM, CHANNEL, OTHER_ORG),
    "feeds.drop_feed": lambda s: s.feeds.drop_feed(OTHER_TEAM, CHANNEL, OTHER_ORG, LATER),
    "feeds.feeds": lambda s: s.feeds.feeds(OTHER_ORG),
    "feeds.listed": lambda s: s.feeds.listed(OTHER_ORG),
    "feeds.refresh_listed": lambda s: s.feeds.refresh_listed(OTHER_ORG, [row("a", "FAILED", LATER)]),
    "feeds.note_missing": lambda s: s.feeds.note_missing(OTHER_ORG, ["a"], LATER),
    "digests.digest": lambda s: s.digests.digest(OTHER_TEAM, CHANNEL, OTHER_ORG),
    "digests.drop_digest": lambda s: s.digests.drop_digest(OTHER_TEAM, CHANNEL, OTHER_ORG),
    "digests.next_digest_at": lambda s: s.digests.next_digest_at(OTHER_ORG),
    "digests.oldest_digest_since": lambda s: s.digests.oldest_digest_since(OTHER_ORG),
    "digests.claim_digests": lambda s: s.digests.claim_digests(OTHER_ORG, NINE, LEASE, 10),
    "groups.next_group_at": lambda s: s.groups.next_group_at(OTHER_ORG),
    "groups.claim_groups": lambda s: s.groups.claim_groups(OTHER_ORG, LATER, LEASE, 10),
    "outbox.claim_lane": lambda s: s.outbox.claim_lane(OTHER_TEAM, CHANNEL, LATER, LEASE),
    "incidents.week": lambda s: s.incidents.week(OTHER_TEAM, OTHER_ORG, T0.date()),
    "incidents.was_week_reported": lambda s: s.incidents.was_week_reported(OTHER_TEAM, OTHER_ORG, T0.date()),
    "backlog.backlog": lambda s: s.backlog.backlog(LATER, OTHER_ORG, OTHER_TEAM),
    "key_notices.was_notified_of_key": lambda s: s.key_notices.was_notified_of_key(
        replace(NOTICE, org_id=OTHER_ORG)
    ),
    "pauses.resume": lambda s: s.pauses.resume(OTHER_TEAM, ADA),
    "pauses.paused_until": lambda s: s.pauses.paused_until(OTHER_TEAM, ADA, T0),
    "installations.uninstall": lambda s: s.installations.uninstall(OTHER_TEAM, LATER),
    "connections.disconnect": lambda s: s.connections.disconnect(OTHER_TEAM, "", LATER),
    "secrets.replace_secret": lambda s: s.secrets.replace_secret(
        StoredSecret(SecretKind.BOT_TOKEN, OTHER_TEAM, (OTHER_TEAM, ""), f"sealed bot of {TEAM}"), None
    ),
    "upkeep.forget_team": lambda s: s.upkeep.forget_team(OTHER_TEAM),
    "audit.entries": lambda s: s.audit.entries(team_id=OTHER_TEAM),
    "stored_data.of_team": lambda s: s.stored_data.of_team(OTHER_TEAM),
    "upkeep.adopt": lambda s: s.upkeep.adopt(OTHER_TEAM, "T3", LATER),
    # From here on the other tenant has something too.
    "subscriptions.subscribe": lambda s: s.subscriptions.subscribe(
        SubscribeRequest(*SPOT, ADA, condition="progress >= 80"), state(), job(), LATER
    ),
    "subscriptions.subscribe_to_group": lambda s: s.subscriptions.subscribe_to_group(
        SubscribeRequest(OTHER_TEAM, CHANNEL, OTHER_ORG, SUBJECT, ADA), GROUP, LATER
    ),
    "feeds.set_feed": lambda s: s.feeds.set_feed(
        replace(feed_of(), team_id=OTHER_TEAM, org_id=OTHER_ORG), [row("a", "COMPLETED", LATER)], LATER
    ),
    "digests.set_digest": lambda s: s.digests.set_digest(replace(PLAN, team_id=OTHER_TEAM, org_id=OTHER_ORG)),
    "key_notices.notify_of_key": lambda s: s.key_notices.notify_of_key(
        replace(NOTICE, org_id=OTHER_ORG), OTHER_TEAM, "D1", LATER
    ),
    "incidents.report_week": lambda s: s.incidents.report_week(
        Week(OTHER_ORG, T0.date(), late=1, team_id=OTHER_TEAM), OTHER_TEAM, "D1", LATER
    ),
    "pauses.pause": lambda s: s.pauses.pause(OTHER_TEAM, ADA, "D1", LATER),
    "greetings.greet": lambda s: s.greetings.greet(OTHER_TEAM, ADA, LATER),
    "installations.install": lambda s: s.installations.install(installed(OTHER_TEAM), is_first_only=False),
    "connections.connect": lambda s: s.connections.connect(connected(OTHER_TEAM, OTHER_ORG)),
    "settings.set_settings": lambda s: s.settings.set_settings(settings_of(OTHER_TEAM)),
    "deliveries.claim_deliveries": lambda s: s.deliveries.claim_deliveries(
        [Incoming("other key", OTHER_TEAM, ADA)], LATER, LEASE
    ),
}
NOT_NOTHING = {
    "backlog.backlog": lambda backlog: backlog == Backlog(None, 0),
    "watches.plan": lambda plan: plan == ListPlan(0, None, None, None, None),
    "subscriptions.unsubscribe": lambda left: left.subscription is None and not left.was_subscriber,
    "feeds.listed": lambda listed: (dict(listed.statuses), listed.is_whole) == ({}, False),
    "subscriptions.subscribe": lambda came: came.is_new and not came.was_subscriber and not came.is_full,
    "subscriptions.subscribe_to_group": lambda came: came.is_new and not came.was_subscriber,
    "feeds.set_feed": lambda is_new: is_new,
    "digests.set_digest": lambda is_new: is_new,
    "key_notices.notify_of_key": lambda is_new: is_new,
    "incidents.week": lambda week: week.is_quiet,
    "incidents.report_week": lambda is_new: is_new,
    "greetings.greet": lambda is_first: is_first,
    "installations.install": lambda is_done: is_done,
    "connections.connect": lambda is_new: is_new,
    "deliveries.claim_deliveries": lambda claims: isinstance(claims[0], ClaimedDelivery),
}
"""What comes of some; of all others nothing at all."""


async def test_every_method_that_takes_a_tenant_is_tried() -> None:
    """Also one that is added later."""
    taking = {
        f"{port}.{name}"
        for port, protocol in PORTS.items()
        for name, method in inspect.getmembers(protocol, inspect.isfunction)
        if NAMES & (taken := get_type_hints(method).keys()) and "claim" not in taken
    }
    assert set(ACTS) == taking


async def test_what_another_tenant_does_touches_nothing(store: DatabaseStore) -> None:
    """Nor do they see anything of it."""
    await fill(store)
    rows = Rows(store.database)
    before = await rows.ours()
    assert all(before.values()), [name for name, found in before.items() if not found]
    for name, act in ACTS.items():
        came = await act(store)
        assert NOT_NOTHING[name](came) if name in NOT_NOTHING else not came, (name, came)
        assert await rows.ours() == before, name
    assert await store.upkeep.teams() == [TEAM, OTHER_TEAM]
    await store.subscriptions.end_team(OTHER_TEAM, "token_revoked", LATER)
    await store.upkeep.forget_team(OTHER_TEAM)
    assert await rows.ours() == before


async def test_one_channel_may_have_two_organizations_jobs_of_one_name(store: DatabaseStore) -> None:
    """In one workspace: each is left by itself."""
    ours = await follow(store)
    there = Spot(TEAM, CHANNEL, OTHER_ORG, JOB)
    request = SubscribeRequest(*there, ADA)
    theirs = (await store.subscriptions.subscribe(request, state(), job(), at(1))).subscription
    assert await store.subscriptions.active(ours.spot) == ours
    assert await store.subscriptions.active(there) == theirs
    assert (await store.subscriptions.unsubscribe(there, ADA, at(2))).was_subscriber
    assert await store.subscriptions.active(there) is None
    assert await store.subscriptions.active(ours.spot) is not None


async def test_a_lane_that_cannot_be_worked_on_rests_as_it_was(store: DatabaseStore) -> None:
    """No message of it counts as tried; whoever held it before lets nothing go."""
    await follow(store)
    lane = await held(store, T0)
    assert await store.outbox.rest_lane(lane, at(60))
    assert await store.outbox.claim_lane(TEAM, CHANNEL, at(59), LEASE) == at(60)
    assert not await store.outbox.rest_lane(lane, at(600))
    (post,) = await drained(store, at(60))
    assert (post.attempts, post.first_try_at, post.is_uncertain) == (1, at(60), False)
