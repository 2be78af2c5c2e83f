"""Our bot twice in one process: as it is on ``PORT``, and without any measures on the port that is given.

Two processes differ by more than that: by where their memory lies, and by the order of their sets.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from bot.app import Application
from bot.domain.ports.monitoring.not_measured import NotMeasured
from bot.logs import configure_logging
from bot.observability.incidents import IncidentCounts
from bot.settings import Settings, load_settings


class Unmeasured(NotMeasured):
    """What a process takes of its measures where nobody asks for a page: the counts, which stay empty."""

    def __init__(self) -> None:
        self.incidents = IncidentCounts()


async def main(settings: Settings, port: int) -> None:
    """Serve both until SIGTERM."""
    other = {"port": port, "metrics_port": None, "database_url": f"{settings.database_url}.other"}
    unmeasured = Application(settings.model_copy(update=other))
    unmeasured.monitoring.measures = Unmeasured()  # type: ignore[assignment]  # see there
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    both = Application(settings), unmeasured
    for each in both:
        await each.start()
    await stopped.wait()
    for each in both:
        await each.stop()


if __name__ == "__main__":
    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(main(settings, int(sys.argv[1])))
