"""Our bot with 30 commands in the place of the few it has, else as ``python -m bot serve`` runs it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.app import Application
from bot.handlers.entry.registry import COMMANDS
from bot.logs import configure_logging
from bot.settings import load_settings

NUMBER = 30

if __name__ == "__main__":
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    (*_, last) = COMMANDS
    more = (replace(last, name=f"extra{number}") for number in range(NUMBER - len(COMMANDS)))
    asyncio.run(Application(settings, commands=(*COMMANDS, *more)).run_until_stopped())
