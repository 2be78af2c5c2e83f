"""Whether the bot is spoken to: talk that only names it, talk that is no question, and which job is meant."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.job import JobStatus, JobSummary
from bot.domain.messages.installation import Installation
from bot.handlers.entry import mentions
from tests.handlers.neighbours import Neighbourhood

FAILED = "bbbbbbbb-0000-4000-8000-000000000000"


@pytest.fixture
def made() -> Neighbourhood:
    """One job, and it failed."""
    made = Neighbourhood()
    made.login.installation = Installation("T1", bot_user_id="U09BOT")
    made.jobs.list_of(JobSummary(FAILED, "med-qa", JobStatus.FAILED, "FAILED", updated_at=made.clock.now()))
    made.jobs.give(FAILED, experiment_name="med-qa", status="FAILED", error_message="CUDA out of memory")
    return made


async def _said(made: Neighbourhood, text: str, **more: Any) -> tuple[str, Any]:
    """How a message that names the bot is answered, and what with."""
    event = {"type": "app_mention", "user": "U01", "channel": "C1", "ts": "6.0", "text": text}
    body = {"team_id": "T1", "event": event | more, "event_id": "E1"}
    before = len(made.slack.sent)
    await mentions.answer(made.context, made.dispatch, body)
    ((method, _, answer),) = made.slack.sent[before:]
    return method, answer


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("post_ephemeral", "I asked <@U09BOT> yesterday about med-qa and it was right"),
        ("post_ephemeral", "<@U123> the <@U09BOT> thing says med-qa failed, can you look?"),
        ("post_message", "hey <@U09BOT> why did med-qa fail"),
        ("post_message", "good morning, <@U09BOT> why did med-qa fail"),
        ("post_message", "could you look at med-qa for us <@U09BOT>"),
        ("post_message", "so can <@U09BOT> say why med-qa failed?"),
    ],
)
async def test_who_only_names_the_bot_gets_no_answer_that_all_read(
    made: Neighbourhood, method: str, text: str
) -> None:
    """Amid what people say to each other the bot is not spoken to."""
    assert (await _said(made, text))[0] == method


@pytest.mark.parametrize(
    "text",
    ["what's the weather in bangalore", "which one takes the longest of them", "fyi down for maintenance"],
)
async def test_talk_is_not_asked_for_a_job(made: Neighbourhood, text: str) -> None:
    """No ID is asked for that has nothing to do with what was said; examples are shown."""
    method, answer = await _said(made, f"<@U09BOT> {text}")
    assert method == "post_ephemeral"
    assert answer["text"].startswith("I didn't understand that. For example")


@pytest.mark.parametrize("text", ["why?", "what should we do", "has this happened before?"])
async def test_a_thread_is_about_the_job_that_its_first_message_calls_by_name(
    made: Neighbourhood, text: str
) -> None:
    """As about one whose ID it has."""
    made.slack.root = {"text": "<@U09BOT> med-qa"}
    method, answer = await _said(made, f"<@U09BOT> {text}", thread_ts="5.0")
    assert method == "post_message"
    assert answer["text"].startswith("med-qa failed: ")


async def test_when_a_job_ended_is_told_by_the_clock(made: Neighbourhood) -> None:
    """Beside how long it took, in each reader's own zone."""
    now = made.clock.now()
    made.jobs.give(FAILED, experiment_name="med-qa", status="COMPLETED", completed_at=now.isoformat())
    _, answer = await _said(made, "<@U09BOT> when was med-qa finished?")
    assert f"completed (<!date^{int(now.timestamp())}^{{time}}|" in str(answer["blocks"])
