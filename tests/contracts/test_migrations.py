"""Tables that an older version made, with what people had in them: nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Final

from alembic import command
from sqlalchemy import text

from bot.domain.job.stored import to_json
from bot.domain.subscriptions.notifications.job_updates import Progress
from bot.store.database.address import address_of
from bot.store.database.connection import Connected
from bot.store.database.engine import Database
from bot.store.database.revisions import NEWEST
from bot.store.database.schema import alembic_config
from bot.store.store import open_store
from tests.contracts.facts import ADA, CHANNEL, JOB, ORG, T0, TEAM, at, drained, job, look, note, state

# The columns of the first version, as it wrote them.
_SUBSCRIPTION: Final = """
INSERT INTO subscriptions (id, team_id, channel_id, org_id, request_id, mode, is_quiet, thread_ts, card_ts,
    created_at, ends_at, ends_because)
VALUES (:id, :team_id, :channel_id, :org_id, :request_id, 'milestones', FALSE, '100.1', '100.1',
    CAST(:now AS DOUBLE PRECISION), CAST(:now AS DOUBLE PRECISION) + 2592000, 'expired')
"""
_SUBSCRIBER: Final = "INSERT INTO subscribers (subscription_id, user_id, place) VALUES (:id, :user_id, 1)"
_WATCHED: Final = """
INSERT INTO watched_jobs (org_id, request_id, next_look_at, due_at, state)
VALUES (:org_id, :request_id, CAST(:now AS DOUBLE PRECISION), CAST(:now AS DOUBLE PRECISION), :state)
"""
_DOCUMENT: Final = """
INSERT INTO job_documents (org_id, request_id, document, seen_at)
VALUES (:org_id, :request_id, :document, :now)
"""
_ROWS: Final[dict[str, Any]] = {
    "id": "5ub",
    "team_id": TEAM,
    "channel_id": CHANNEL,
    "org_id": ORG,
    "request_id": JOB,
    "user_id": ADA,
    "now": T0.timestamp(),
    "state": state().to_json(),
    "document": to_json(job()),
}


async def first_version(database_url: str) -> None:
    """A database as the first version left it: one job that somebody follows, its card posted."""

    async def fill(connection: Connected) -> None:
        await connection.run_sync(lambda each: command.upgrade(alembic_config(each), "0001"))
        await connection.execute(text("INSERT INTO organisations (org_id) VALUES (:org_id)"), _ROWS)
        for statement in (_WATCHED, _DOCUMENT, _SUBSCRIPTION, _SUBSCRIBER):
            await connection.execute(text(statement), _ROWS)

    await behind(database_url, fill)


async def behind(database_url: str, work: Callable[[Connected], Coroutine[Any, Any, Any]]) -> Any:
    """Do this behind the store's back."""
    database = Database(address_of(database_url, 2.0), 5.0)
    try:
        return await database.run(work)
    finally:
        await database.close()


async def test_a_thread_of_the_first_version_goes_on(empty_database_url: str) -> None:
    """It is followed by the same people, and told what comes next; the job is examined soon."""
    await first_version(empty_database_url)
    store = open_store(empty_database_url)
    assert await store.database.migrate() == f"The database was brought from version 0001 to {NEWEST}."
    found = await store.subscriptions.subscription("5ub")
    assert found is not None
    assert (found.subscribers, found.is_fed, found.card_ts) == ((ADA,), False, "100.1")
    await look(store, at(60), note(Progress))
    (post,) = await drained(store, at(60))
    assert post.subscription.id == "5ub"
    await store.database.close()
    due = "SELECT request_id FROM examinations WHERE due_at <= 0"
    assert await behind(empty_database_url, lambda connection: connection.scalar(text(due))) == JOB


async def test_sqlite_is_brought_up_to_date_by_the_first_query(empty_database_url: str) -> None:
    """Nobody has to know that there is a newer version: the bot only has to be started."""
    if not empty_database_url.startswith("sqlite"):
        return
    await first_version(empty_database_url)
    store = open_store(empty_database_url)
    assert (await store.watches.plan(ORG)).watched == 1
    await store.database.close()
