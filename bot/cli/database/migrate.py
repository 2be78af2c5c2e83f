"""``python -m bot migrate``: bring the tables up to this version."""

from __future__ import annotations

import argparse

from bot.cli.begin import with_store
from bot.store.store import DatabaseStore


def run(_arguments: argparse.Namespace) -> int:
    """Do so, and say what was done.

    Raises:
        StoreError: the database does not answer, or its tables are newer.
    """
    return with_store(_migrate)


async def _migrate(store: DatabaseStore) -> None:
    print(await store.database.migrate())
