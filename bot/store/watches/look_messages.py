"""What a poll of a job is told as, thread by thread."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.domain.ports import Look
from bot.domain.subscriptions.notifications.job_updates import Completed
from bot.domain.subscriptions.notifications.metrics_updates import MetricsFinding
from bot.domain.subscriptions.notifications.registry import copy_for
from bot.store.rows import mode_of
from bot.store.subscriptions.threads import Message


def messages_of(
    look: Look, threads: Sequence[Row[Any]], hidden: Collection[str], now: datetime
) -> Iterator[Message]:
    """Each notification for each subscription that is told about it, in order.

    What a completion says of the metrics is not told by itself after it.
    """
    finding = next((each for each in look.findings if each.name not in hidden), None)
    for notification in look.notifications:
        is_said = finding is not None and isinstance(notification, Completed)
        told = notification.model_copy(update={"finding": finding}) if is_said else notification
        for row in threads:
            copy = copy_for(type(told), mode_of(row.mode), is_quiet=row.is_quiet, is_fed=row.is_fed)
            if copy is None:
                continue
            yield Message(row, told, copy.broadcast)
            if finding is not None and is_said:
                run, name = look.state.run, look.state.job.experiment_name
                yield Message(row, MetricsFinding.of(finding, run=run, at=now, name=name), is_said=True)
