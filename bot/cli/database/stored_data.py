"""``python -m bot forget`` and ``python -m bot adopt``: remove what is stored, or move it elsewhere."""

from __future__ import annotations

import argparse
from functools import partial

from bot.cli.begin import with_store
from bot.clock import SystemClock
from bot.store.store import DatabaseStore


def forget(arguments: argparse.Namespace) -> int:
    """Remove a person or a workspace, and say from how many subscriptions.

    Raises:
        StoreError: the database does not answer.
    """
    if arguments.user:
        return with_store(partial(_forget_user, arguments.user))
    return with_store(partial(_forget_team, arguments.team))


def adopt(arguments: argparse.Namespace) -> int:
    """Let one workspace have what is stored for another, and say how much that was.

    Raises:
        StoreError: the database does not answer.
    """
    return with_store(partial(_adopt, arguments.old_team, arguments.team))


async def _forget_user(user_id: str, store: DatabaseStore) -> None:
    many = await store.subscriptions.forget_user(None, user_id, SystemClock().now())
    print(f"{user_id} is forgotten. Subscriptions they were in: {many}")


async def _forget_team(team_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.forget_team(team_id)
    print(f"{team_id} is forgotten. Subscriptions removed: {many}")


async def _adopt(old_team_id: str, team_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.adopt(old_team_id, team_id, SystemClock().now())
    print(f"Moved from {old_team_id} to {team_id}: {many} subscriptions, feeds and digests")
