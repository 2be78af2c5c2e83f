"""The outcome for a row of the list that some feed wants, once its job's own document was asked for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.channels.feed import Feed
from bot.domain.errors import InvalidIdError, JobNotFoundError, TrainingApiError
from bot.domain.history import FinishedJob, finished_job
from bot.domain.job import JobSummary, TrainingJob
from bot.domain.job.stored import kept, with_row
from bot.domain.polling.intervals import next_look_seconds
from bot.domain.polling.poll_outcomes import PollPolicy
from bot.domain.ports import FedJob
from bot.domain.subscriptions.notifications.job_updates import JobEnd
from bot.domain.subscriptions.rules import notifications
from bot.domain.subscriptions.watch_state import first_state

MOST_TRIES: Final = 5
"""Lists in a row that ask for a document that is not had, or contradicts its row."""


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """Whether the row is news again in the next list, and what is posted of it."""

    is_settled: bool = True
    """The row is kept: it is news no more."""
    tries: int = 0
    """Else, how often in a row its document was asked for in vain."""
    is_believed: bool = False
    """The job's own document says so too: kept whatever the row's time says."""
    post: FedJob | None = None
    finished: FinishedJob | None = None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """One row that reached a status; ``feeds`` are those that want it.

    ``tries`` counts how often in a row its document was asked for in vain before. ``listed``: the next poll
    of the job may be the list's.
    """

    policy: PollPolicy
    org_id: str
    row: JobSummary
    feeds: Sequence[Feed]
    tries: int
    listed: bool

    def fetched(self, job: TrainingJob, now: datetime) -> FeedOutcome:
        """The document came: the list may be behind it, or ahead."""
        believing = [feed for feed in self.feeds if feed.believes(job)]
        if not believing:
            return self._in_vain()
        post = self._post(job, believing, now, is_whole=True)
        finished = finished_job(self.org_id, self.row.request_id, job, now)
        return FeedOutcome(is_believed=True, post=post, finished=finished)

    def failed(self, error: TrainingApiError, now: datetime) -> FeedOutcome:
        """Where the document cannot be had for long, the row is posted; the watcher goes on asking."""
        if isinstance(error, JobNotFoundError | InvalidIdError):
            return FeedOutcome()
        if not error.was_asked:
            return FeedOutcome(is_settled=False, tries=self.tries)
        later = self._in_vain()
        if not later.is_settled:
            return later
        job = with_row(TrainingJob.model_construct(request_id=self.row.request_id), self.row)
        return FeedOutcome(post=self._post(job, self.feeds, now, is_whole=False))

    def _in_vain(self) -> FeedOutcome:
        tries = self.tries + 1
        return FeedOutcome() if tries >= MOST_TRIES else FeedOutcome(is_settled=False, tries=tries)

    def _post(
        self, job: TrainingJob, feeds: Sequence[Feed], now: datetime, *, is_whole: bool
    ) -> FedJob | None:
        """``is_whole``: it is the job's own document, so that nobody has to ask for it at once."""
        news = tuple(feed for feed in feeds if feed.is_news(job))
        if not news:
            return None
        policy = self.policy
        state = first_state(job, now).model_copy(update={"wants_document": not is_whole})
        pause = timedelta(seconds=next_look_seconds(state, now, policy.bounds, policy.jitter()))
        grace = policy.grace if self.listed and is_whole else timedelta()
        going_on = state.model_copy(update={"finished_seen_at": None})
        ends = [each for each in notifications(going_on, state, now, job) if isinstance(each, JobEnd)]
        return FedJob(news, self.row, state, kept(job), now + pause + grace, tuple(ends))
