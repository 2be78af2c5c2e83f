"""The moments at which a watcher may be killed, by name: tests do so at each."""

from __future__ import annotations

from typing import Final

LIST_CLAIMED: Final = "watch.list_claimed"
LIST_ANSWERED: Final = "watch.list_answered"
ROWS_CLAIMED: Final = "watch.rows_claimed"
ROWS_JUDGED: Final = "watch.rows_judged"
ROWS_FINISHED: Final = "watch.rows_finished"
FEED_FETCHED: Final = "feed.documents_fetched"
FEED_FINISHED: Final = "feed.finished"
LIST_JUDGED: Final = "watch.list_judged"
LIST_FINISHED: Final = "watch.list_finished"
JOBS_CLAIMED: Final = "watch.jobs_claimed"
JOB_ANSWERED: Final = "watch.job_answered"
END_CHECKED: Final = "watch.end_checked"
JOB_JUDGED: Final = "watch.job_judged"
JOB_FINISHED: Final = "watch.job_finished"
EXAM_CLAIMED: Final = "exam.claimed"
EXAM_ANSWERED: Final = "exam.answered"
EXAM_JUDGED: Final = "exam.judged"
EXAM_FINISHED: Final = "exam.finished"
HISTORY_FETCHED: Final = "history.documents_fetched"
HISTORY_FINISHED: Final = "history.finished"
DIGEST_CLAIMED: Final = "digest.claimed"
DIGEST_MADE: Final = "digest.made"
DIGEST_FINISHED: Final = "digest.finished"
GROUP_CLAIMED: Final = "group.claimed"
GROUP_ANSWERED: Final = "group.answered"
GROUP_JUDGED: Final = "group.judged"
GROUP_FINISHED: Final = "group.finished"

CRASH_POINTS: Final = (
    LIST_CLAIMED,
    LIST_ANSWERED,
    ROWS_CLAIMED,
    ROWS_JUDGED,
    ROWS_FINISHED,
    FEED_FETCHED,
    FEED_FINISHED,
    LIST_JUDGED,
    LIST_FINISHED,
    JOBS_CLAIMED,
    JOB_ANSWERED,
    END_CHECKED,
    JOB_JUDGED,
    JOB_FINISHED,
    EXAM_CLAIMED,
    EXAM_ANSWERED,
    EXAM_JUDGED,
    EXAM_FINISHED,
    HISTORY_FETCHED,
    HISTORY_FINISHED,
    DIGEST_CLAIMED,
    DIGEST_MADE,
    DIGEST_FINISHED,
    GROUP_CLAIMED,
    GROUP_ANSWERED,
    GROUP_JUDGED,
    GROUP_FINISHED,
)
"""In the order of a round. "Judged" comes before a transaction, "finished" after it."""
