"""Three jobs to ask about, a mention in a channel, and what an answer shows."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from bot.domain.job import JobStatus, JobSummary
from bot.handlers.entry import mentions
from tests.handlers.neighbours import Neighbourhood

RUNNING, FAILED, DONE = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abc")


def three_jobs() -> Neighbourhood:
    """Three jobs: one runs, one failed, one is done."""
    made = Neighbourhood()
    now = made.clock.now()
    rows = (
        ("tone-dpo", RUNNING, JobStatus.RUNNING, 53),
        ("med-qa", FAILED, JobStatus.FAILED, 10),
        ("summarizer", DONE, JobStatus.COMPLETED, 100),
    )
    made.jobs.list_of(
        *(
            JobSummary(request_id, name, status, status.value, updated_at=now, progress=progress)
            for name, request_id, status, progress in rows
        )
    )
    made.jobs.give(
        RUNNING,
        experiment_name="tone-dpo",
        status="RUNNING",
        progress=53,
        started_at=(now - timedelta(hours=2)).isoformat(),
        updated_at=now.isoformat(),
    )
    made.jobs.give(
        FAILED,
        experiment_name="med-qa",
        status="FAILED",
        error_message="torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.37 GiB",
    )
    made.jobs.give(DONE, experiment_name="summarizer", status="COMPLETED", progress=100)
    return made


async def mentioned(made: Neighbourhood, text: str, **more: Any) -> list[tuple[str, str, Any]]:
    """What comes of a mention: how, where, and what."""
    event = {"type": "app_mention", "user": "U01", "channel": "C1", "ts": "6.0", "text": f"<@U09BOT> {text}"}
    body = {"team_id": "T1", "event": event | more, "event_id": "E1"}
    before = len(made.slack.sent)
    await mentions.answer(made.context, made.dispatch, body)
    return made.slack.sent[before:]


def text_of(card: str) -> str:
    """What of a card is read out."""
    return str(json.loads(card)["text"])


def buttons_of(card: str) -> list[dict[str, Any]]:
    """Those in rows, in their order."""
    rows = [block["elements"] for block in json.loads(card)["blocks"] if block["type"] == "actions"]
    return [each for row in rows for each in row]
