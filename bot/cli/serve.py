"""``python -m bot serve``: the bot."""

from __future__ import annotations

import argparse
import asyncio

from bot.app import Application
from bot.cli.begin import cannot_listen, settings_and_log


def run(_arguments: argparse.Namespace) -> int:
    """Serve until a signal ends it.

    Raises:
        SettingsError: settings are missing or malformed.
        SchemaError: the database's tables are not those of this version.
    """
    settings = settings_and_log()
    try:
        asyncio.run(Application(settings).run_until_stopped())
    except OSError as error:
        return cannot_listen(settings.host, settings.port, error, "Set another HOST or PORT")
    return 0
