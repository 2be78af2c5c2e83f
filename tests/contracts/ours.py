"""A tenant who has something of everything, and all rows of theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, insert, or_, select

from bot.domain import ports
from bot.domain.audit import Action, AuditEntry
from bot.domain.channels.digest import DigestPlan, Period
from bot.domain.health.incidents import Happened, Incident
from bot.domain.history import FinishedJob
from bot.domain.job import JobStatus
from bot.domain.key_expiry import KeyNotice
from bot.domain.permissions.policies import Right
from bot.domain.ports import Incoming, MetricsCheckOutcome
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, reads, writes
from bot.store.store import DatabaseStore
from bot.store.tables import incidents, metadata, processes, spent_states, subscriptions, tenants_revision
from tests.contracts.configured import WHOLE, settings_of
from tests.contracts.examined import due, finding, wait_for
from tests.contracts.facts import ADA, CHANNEL, JOB, LEASE, ORG, T0, TEAM, at, deliver, follow, look, note
from tests.contracts.fed import fed, fed_into, feed_of, row
from tests.contracts.grouped import group_of
from tests.contracts.installed import connected, installed

ERROR = "0123456789abcdef"
NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)
PLAN = DigestPlan(TEAM, CHANNEL, ORG, ADA, Period.DAILY, 540, "UTC", NINE, NINE - timedelta(days=1))
FAILED = FinishedJob(ORG, JOB, "ours", JobStatus.FAILED, T0, fingerprint=ERROR, reason="no memory")
NOTICE = KeyNotice(ORG, T0 + timedelta(days=7), 7)
NOBODYS = frozenset({tenants_revision, spent_states, processes})
"""Tables that say nothing of a tenant."""


class Rows(StoreQueries):
    """What the tables have."""

    @reads
    async def ours(self, connection: Connected) -> Mapping[str, Sequence[Row[Any]]]:
        """Everything that is the first tenant's."""
        return {
            table.name: sorted(
                (await connection.execute(select(table).where(_is_ours(table)))).all(), key=str
            )
            for table in metadata.sorted_tables
            if table not in NOBODYS
        }

    @writes
    async def count_as_before(self, connection: Connected) -> None:
        """As the version does that doesn't say in which workspace."""
        await connection.execute(insert(incidents).values(org_id=ORG, day=1, kind="parked", times=1))


def _is_ours(table: Table) -> ColumnElement[bool]:
    columns = table.c
    if "team_id" in columns or "org_id" in columns:
        named = (("team_id", TEAM), ("org_id", ORG))
        return or_(*(columns[name] == value for name, value in named if name in columns))
    return columns.subscription_id.in_(select(subscriptions.c.id).where(subscriptions.c.team_id == TEAM))


async def fill(store: DatabaseStore) -> None:
    """Something of everything, for the first tenant."""
    await follow(store)
    await wait_for(store)
    await deliver(store, T0, ports.Sent("100.1", "100.1"))
    await look(store, at(1), note())
    examination = await due(store, at(2))
    outcome = MetricsCheckOutcome(examination, at(3), findings=(finding(),))
    await store.metrics_checks.finish_metrics_checks([outcome], at(2))
    await store.metrics_checks.silence(ORG, JOB, "spike", at(2))
    await store.feeds.set_feed(feed_of("status:failed"), [row("a")], T0)
    await fed_into(store, at(4), fed("a", "FAILED"))
    await store.digests.set_digest(PLAN)
    await group_of(store)
    await store.finished_jobs.record([FAILED])
    await store.key_notices.notify_of_key(NOTICE, TEAM, "D1", T0)
    await store.deliveries.claim_deliveries([Incoming("key", TEAM, ADA, payload="{}")], T0, LEASE)
    await store.watches.api_failed(ORG, T0, 0.0)
    await store.greetings.greet(TEAM, ADA, T0)
    await store.settings.set_settings(
        settings_of(settings=replace(WHOLE, people=dict.fromkeys(Right, (ADA,))))
    )
    await store.pauses.pause(TEAM, ADA, "D1", at(100 * LEASE))
    wait = ports.SlackWait(at(LEASE), LEASE)
    await store.slack_waits.begin_wait(ports.SlackLimit(TEAM, "chat.update"), wait)
    await store.home_tabs.open_tab(TEAM, ADA, T0, LEASE)
    await store.installations.install(installed(TEAM), is_first_only=True)
    await store.connections.connect(connected(TEAM, ORG))
    await store.audit.append(AuditEntry(T0, TEAM, CHANNEL, ADA, Action.FEED_ON))
    await Rows(store.database).count_as_before()
    await store.incidents.add_incidents({Happened(TEAM, ORG, Incident.PARKED): 1}, T0)
