"""A watched job's story told look by look, for the tests of what is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.job import JobSummary, TrainingJob, read_summary
from bot.domain.subscriptions.notifications.job_updates import Cancelled, Completed, Ended, Failed
from bot.domain.subscriptions.rules import notifications
from bot.domain.subscriptions.unanswered import not_found, refused, unanswered
from bot.domain.subscriptions.watch_state import (
    WatchedState,
    first_state,
    needs_details,
    seen,
    seen_in_list,
    unchanged,
)

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = 60.0
ENDS = frozenset(each.kind for each in (Completed, Failed, Cancelled, Ended))
_TIMES = ("created_at", "updated_at", "started_at", "completed_at")


def moment(seconds: float) -> datetime:
    """So many seconds after the story's start."""
    return START + timedelta(seconds=seconds)


def document(status: str | None, **fields: Any) -> TrainingJob:
    """A job's own document; times are in seconds after the story's start."""
    return TrainingJob.from_json(json.dumps(_entry(status, fields)).encode())


def row(status: str | None, **fields: Any) -> JobSummary:
    """A job's row in the list; times are in seconds after the story's start."""
    return read_summary(_entry(status, fields)) or JobSummary("")


def _entry(status: str | None, fields: dict[str, Any]) -> dict[str, Any]:
    said = {name: moment(value).isoformat() if name in _TIMES else value for name, value in fields.items()}
    return {"request_id": "job-1", "status": status, **said}


class Story:
    """What is known of one job, our clock, and everything that was told.

    Each look happens ``after`` so many seconds and returns the kinds of what it tells.
    """

    def __init__(self, status: str = "QUEUED", **fields: Any) -> None:
        self.seconds = 0.0
        self.state = first_state(document(status, **fields), START)
        self.told: list[Any] = []
        self.wants_details = False

    @property
    def now(self) -> datetime:
        """Our clock."""
        return moment(self.seconds)

    @property
    def last(self) -> Any:
        """What was told last."""
        return self.told[-1]

    def look(self, status: str | None, *, after: float = MINUTE, **fields: Any) -> list[str]:
        """Fetch the job's own document."""
        return self.take(document(status, **fields), after=after)

    def take(self, job: TrainingJob, *, after: float = MINUTE) -> list[str]:
        """Fetch this document."""
        return self._become(after, lambda state, now: seen(state, job, now), job)

    def list(self, status: str | None, *, after: float = MINUTE, **fields: Any) -> list[str]:
        """Find the job's row changed."""
        return self.take_row(row(status, **fields), after=after)

    def take_row(self, found: JobSummary, *, after: float = MINUTE) -> list[str]:
        """Find this row."""
        return self._become(after, lambda state, now: seen_in_list(state, found, now))

    def rest(self, *, after: float = MINUTE) -> list[str]:
        """Find the job's row as it was."""
        return self._become(after, unchanged)

    def miss(self, *, after: float = MINUTE) -> list[str]:
        """Get 404."""
        return self._become(after, not_found)

    def refuse(self, *, after: float = MINUTE) -> list[str]:
        """Get 400."""
        return self._become(after, refused)

    def fail(self, *, after: float = MINUTE) -> list[str]:
        """Get no answer."""
        return self._become(after, unanswered)

    def _become(
        self,
        after: float,
        make: Callable[[WatchedState, datetime], WatchedState],
        job: TrainingJob | None = None,
    ) -> list[str]:
        self.seconds += after
        # As between two processes: what is not stored is not known.
        previous = WatchedState.from_json(self.state.to_json())
        assert previous == self.state
        self.state = make(previous, self.now)
        self.wants_details = needs_details(previous, self.state)
        told = notifications(previous, self.state, self.now, job)
        self.told += told
        return [each.kind for each in told]
