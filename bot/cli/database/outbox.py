"""``python -m bot outbox``: the messages that could not be sent."""

from __future__ import annotations

import argparse
from functools import partial

from bot.cli.begin import with_store
from bot.clock import SystemClock
from bot.domain.ports import Waiting
from bot.store.store import DatabaseStore


def run(arguments: argparse.Namespace) -> int:
    """List them, one line each; with ``--retry`` the parked ones are put back first.

    Raises:
        StoreError: the database does not answer.
    """
    return with_store(partial(_list, arguments.retry))


async def _list(is_to_be_tried: bool, store: DatabaseStore) -> None:  # noqa: FBT001  (the option, as it was typed)
    if is_to_be_tried:
        print(f"Put back: {await store.outbox.retry_parked(SystemClock().now())}")
    waiting = await store.outbox.waiting()
    for each in waiting:
        print(_line(each))
    oldest_at = (await store.backlog.backlog(SystemClock().now())).oldest_at
    if oldest_at is not None and not any(each.next_try_at for each in waiting):
        since = f"{oldest_at:%Y-%m-%d %H:%M:%S}Z"
        print(f"Since {since} a message waits for its first try. If it stays, no process is delivering.")
    elif not waiting:
        print("Outbox is empty.")


def _line(waiting: Waiting) -> str:
    subscription = waiting.subscription
    where = f"{subscription.team_id}/{subscription.channel_id}"
    then = f", next try {waiting.next_try_at:%Y-%m-%d %H:%M:%S}Z" if waiting.next_try_at else ""
    job = f"job {subscription.request_id} " if subscription.request_id else ""
    return (
        f"{waiting.state:8} {waiting.kind:10} {where} {job}"
        f"since {waiting.created_at:%Y-%m-%d %H:%M:%S}Z, {waiting.attempts} tries{then}: {waiting.reason}"
    )
