"""The audit trail: what it says where something does not work."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.domain.errors import SlackPermanentError, StoreError
from bot.domain.job import JobStatus, JobSummary
from tests.handlers.neighbours import Neighbourhood


@pytest.fixture
def neighbours() -> Neighbourhood:
    """A workspace, and a list with one job."""
    made = Neighbourhood()
    made.jobs.list_of(JobSummary("a", "a run", JobStatus.FAILED, "FAILED"))
    return made


@pytest.mark.parametrize("typed", ["feed on", "digest daily 09:00 UTC"])
async def test_where_nothing_can_be_posted_that_is_the_result(neighbours: Neighbourhood, typed: str) -> None:
    """Nothing was changed."""
    neighbours.slack.refuses["post_message"] = SlackPermanentError(slack_code="restricted_action")
    await neighbours.ask(typed)
    (entry,) = neighbours.audit.kept
    assert (entry.action, entry.result) == (f"{typed.split(maxsplit=1)[0]} on", "failed")


async def test_without_the_database_the_log_has_it(neighbours: Neighbourhood) -> None:
    """What was done is answered all the same."""
    neighbours.audit.fails = StoreError()
    with capture_logs() as logs:
        [answer] = await neighbours.ask("feed on status:failed")
    assert "from now on" in answer
    (line,) = [log for log in logs if log["event"] == "audit"]
    assert line == {
        "event": "audit",
        "log_level": "info",
        "team_id": "T1",
        "channel_id": "C1",
        "user_id": "U01",
        "action": "feed on",
        "subject": "status:failed",
        "result": "done",
    }
    assert any(log["log_level"] == "error" and "audit trail" in log["event"] for log in logs)
