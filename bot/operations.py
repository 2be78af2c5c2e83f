"""What an operator does with the database: migrate it, look into the outbox, forget somebody. A line each."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from bot.clock import SystemClock
from bot.domain.storage import Waiting
from bot.settings import load_database
from bot.store.store import DatabaseStore, open_store


async def migrate(_arguments: argparse.Namespace) -> AsyncIterator[str]:
    """Bring the tables up to this version.

    Raises:
        StoreError: the database does not answer, or its tables are newer.
    """
    yield await open_store(load_database().database_url).migrate()


async def outbox(arguments: argparse.Namespace) -> AsyncIterator[str]:
    """Every message that could not be sent; with ``--retry`` the parked ones are put back first.

    Raises:
        StoreError: the database does not answer.
    """
    async with _store() as store:
        if arguments.retry:
            yield f"Put back: {await store.retry_parked(SystemClock().now())}"
        waiting = await store.waiting()
    for each in waiting:
        yield _line(each)
    if not waiting:
        yield "Nothing waits: every message was sent."


async def forget(arguments: argparse.Namespace) -> AsyncIterator[str]:
    """Remove a person or a workspace.

    Raises:
        StoreError: the database does not answer.
    """
    async with _store() as store:
        if arguments.user:
            many = await store.forget_user(arguments.user, SystemClock().now())
            yield f"{arguments.user} is forgotten. Subscriptions they were in: {many}"
        else:
            many = await store.forget_team(arguments.team)
            yield f"{arguments.team} is forgotten. Subscriptions removed: {many}"


def _line(waiting: Waiting) -> str:
    subscription = waiting.subscription
    where = f"{subscription.team_id}/{subscription.channel_id}"
    then = f", next try {waiting.next_try_at:%Y-%m-%d %H:%M:%S}Z" if waiting.next_try_at else ""
    job = f"job {subscription.request_id} " if subscription.request_id else ""
    return (
        f"{waiting.state:8} {waiting.kind:10} {where} {job}"
        f"since {waiting.created_at:%Y-%m-%d %H:%M:%S}Z, {waiting.attempts} tries{then}: {waiting.reason}"
    )


@asynccontextmanager
async def _store() -> AsyncIterator[DatabaseStore]:
    store = open_store(load_database().database_url)
    try:
        yield store
    finally:
        await store.close()


OPERATIONS: Mapping[str, Callable[[argparse.Namespace], AsyncIterator[str]]] = {
    "migrate": migrate,
    "outbox": outbox,
    "forget": forget,
}
"""By the name people type."""
