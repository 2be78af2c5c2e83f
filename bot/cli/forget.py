"""``python -m bot forget``: remove a person or a workspace."""

from __future__ import annotations

import argparse
from functools import partial

from bot.cli.begin import with_store
from bot.clock import SystemClock
from bot.store.store import DatabaseStore


def run(arguments: argparse.Namespace) -> int:
    """Do so, and say from how many subscriptions.

    Raises:
        StoreError: the database does not answer.
    """
    if arguments.user:
        return with_store(partial(_forget_user, arguments.user))
    return with_store(partial(_forget_team, arguments.team))


async def _forget_user(user_id: str, store: DatabaseStore) -> None:
    many = await store.subscriptions.forget_user(None, user_id, SystemClock().now())
    print(f"{user_id} is forgotten. Subscriptions they were in: {many}")


async def _forget_team(team_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.forget_team(team_id)
    print(f"{team_id} is forgotten. Subscriptions removed: {many}")
