"""What the watcher remembers of a job between two looks, and what each kind of look makes of it. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict

from bot.domain.job import TrainingJob
from bot.domain.job.stored import document_of

NOT_FOUND_LIMIT = 3
"""So many 404 in a row, and the job is gone."""


class WatchedState(BaseModel):
    """Small, and stored as JSON beside the schedule. Every time is aware, UTC."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    job: TrainingJob
    """Only what rules and schedule need; see `bot.domain.job.stored.slim`."""
    first_seen_at: datetime
    seen_at: datetime
    """The last look that was answered."""
    run: int = 1
    """Counts up when the job comes back to life."""
    not_found: int = 0
    """404 in a row."""
    failures: int = 0
    """Looks in a row that were not answered."""
    finished_seen_at: datetime | None = None
    """When this run was first seen finished; None while it goes on."""

    def to_json(self) -> str:
        """As the store keeps it."""
        fields = self.model_dump(mode="json", exclude={"job"}, exclude_defaults=True)
        return json.dumps(fields | {"job": document_of(self.job)}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` wrote.

        Raises:
            ValueError: it is something else.
        """
        return cls.model_validate_json(text)
