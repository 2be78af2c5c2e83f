"""What is as it is when somebody looks: read now and then, and told when Prometheus asks."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot import __version__
from bot.domain.ports import Clock

ROUNDS: Final = ("watcher", "delivery", "answering")
"""The tasks that go round and round; a second watcher counts as a watcher."""


@dataclass
class Reading:
    """What was read last; None where it is not known."""

    outbox_oldest_at: datetime | None = None
    outbox_parked: int | None = None
    api_key_expires_at: datetime | None = None
    """The first of the keys to expire."""
    workspaces: int | None = None


class Gauges(Collector):
    """Tells `Reading`, and what costs nothing to look at.

    Args:
        clock: tells how old things are.
        last_rounds: when each task of rounds last ended one; None where it has not yet.
        is_connected: whether the websocket to Slack is open; None without Socket Mode.
        database: ``sqlite`` or ``postgresql``.
    """

    def __init__(
        self,
        clock: Clock,
        last_rounds: Callable[[], Mapping[str, datetime | None]],
        is_connected: Callable[[], bool | None],
        database: str,
    ) -> None:
        self._clock = clock
        self._last_rounds = last_rounds
        self._is_connected = is_connected
        self._database = database
        self._since = clock.now()
        self.reading = Reading()

    def collect(self) -> Iterator[Metric]:
        """What there is to tell; what is not known is left out."""
        yield self._build_info()
        yield self._round_ages()
        oldest, reading = self.reading.outbox_oldest_at, self.reading
        if reading.outbox_parked is not None:
            age = 0.0 if oldest is None else self._age(oldest)
            about = "Age of the oldest message that waits to be sent; 0 where none waits."
            yield GaugeMetricFamily("jobbot_outbox_oldest_age_seconds", about, age)
            about = "Messages that Slack did not take, kept for an operator."
            yield GaugeMetricFamily("jobbot_outbox_parked", about, reading.outbox_parked)
        if reading.api_key_expires_at is not None:
            about = "When the first of Simplismart's API keys expires."
            expires = reading.api_key_expires_at.timestamp()
            yield GaugeMetricFamily("jobbot_api_key_expiry_timestamp_seconds", about, expires)
        if reading.workspaces is not None:
            about = "Workspaces that the bot works for."
            yield GaugeMetricFamily("jobbot_workspaces", about, reading.workspaces)
        if (connected := self._is_connected()) is not None:
            about = "Whether the websocket to Slack is open; only with Socket Mode."
            yield GaugeMetricFamily("jobbot_socket_connected", about, float(connected))

    def describe(self) -> Sequence[Metric]:
        """Nothing beforehand: what is told may change."""
        return ()

    def _build_info(self) -> Metric:
        labels = {
            "version": __version__,
            "python": platform.python_version(),
            "database": self._database,
        }
        info = GaugeMetricFamily("jobbot_build_info", "Always 1: what runs here.", labels=tuple(labels))
        info.add_metric(tuple(labels.values()), 1)
        return info

    def _round_ages(self) -> Metric:
        about = "Since when a task has ended no round well."
        ages = GaugeMetricFamily("jobbot_round_age_seconds", about, labels=("task",))
        last_rounds = self._last_rounds()
        for task in ROUNDS:
            found = [at for name, at in last_rounds.items() if name.partition(" ")[0] == task]
            if found:
                ages.add_metric((task,), self._age(min(at or self._since for at in found)))
        return ages

    def _age(self, since: datetime) -> float:
        return max(0.0, (self._clock.now() - since).total_seconds())
