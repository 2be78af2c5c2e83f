"""What one look at a job changed. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.domain.job import TrainingJob
from bot.domain.subscriptions.watch_state import WatchedState


class Change(NamedTuple):
    """Two states, one look apart, and the job's own document where this look fetched it."""

    previous: WatchedState
    state: WatchedState
    now: datetime
    document: TrainingJob | None

    @property
    def job(self) -> TrainingJob:
        """The most that is known of the job."""
        return self.document or self.state.job

    @property
    def has_ended(self) -> bool:
        """This look saw the end of a run."""
        before, after = self.previous, self.state
        return after.finished_seen_at is not None and (
            before.finished_seen_at is None or after.run > before.run
        )

    @property
    def has_started(self) -> bool:
        """This look saw a run under way for the first time."""
        before, after = self.previous, self.state
        return after.has_started and not self.has_ended and (not before.has_started or after.run > before.run)

    @property
    def has_more(self) -> bool:
        """This look saw what the end of a run that was known came without, or with other words."""
        before, after = self.previous, self.state
        return after.added > before.added and after.run == before.run

    @property
    def has_passed(self) -> bool:
        """This look saw a milestone passed; what a later run had when it was noticed was passed before."""
        before, after = self.previous, self.state
        return after.milestone > before.milestone and after.run == before.run and not self.has_ended
