"""``python -m bot worker``: the watcher and delivery alone, beside any number of others."""

from __future__ import annotations

import argparse
import asyncio

from bot.background import Worker
from bot.cli.begin import settings_and_log


def run(_arguments: argparse.Namespace) -> int:
    """Work until a signal ends it.

    Raises:
        SettingsError: settings are missing or malformed.
        SchemaError: the database's tables are not those of this version.
    """
    asyncio.run(Worker(settings_and_log()).run_until_stopped())
    return 0
