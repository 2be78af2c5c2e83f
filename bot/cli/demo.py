"""``python -m bot demo``: the playground."""

from __future__ import annotations

import argparse
import asyncio

from bot.cli.begin import cannot_listen
from bot.logs import configure_logging
from bot.playground.server import run_playground


def run(arguments: argparse.Namespace) -> int:
    """Run the playground until a signal ends it."""
    configure_logging("error")
    try:
        asyncio.run(run_playground(arguments.host, arguments.port))
    except BrokenPipeError:
        raise
    except OSError as error:
        return cannot_listen(arguments.host, arguments.port, error, "Try another --host or --port")
    return 0
