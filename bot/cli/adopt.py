"""``python -m bot adopt``: what is stored for one workspace becomes another's."""

from __future__ import annotations

import argparse
from functools import partial

from bot.cli.begin import with_store
from bot.clock import SystemClock
from bot.store.store import DatabaseStore


def run(arguments: argparse.Namespace) -> int:
    """Do so, and say how much that was.

    Raises:
        StoreError: the database does not answer.
    """
    return with_store(partial(_adopt, arguments.old_team, arguments.team))


async def _adopt(old_team_id: str, team_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.adopt(old_team_id, team_id, SystemClock().now())
    print(f"Subscriptions, feeds and digests of {old_team_id} that are {team_id}'s now: {many}")
