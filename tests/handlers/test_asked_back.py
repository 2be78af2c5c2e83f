"""What needs more than one sentence: which job is meant, what to compare by, why a card is not there."""

from __future__ import annotations

import pytest

from bot.domain.job import JobStatus, JobSummary, MetricPoint
from bot.domain.messages.installation import Installation
from bot.handlers.kit.command import Place
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.test_naming import press_button
from tests.handlers.three_jobs import DONE, RUNNING, buttons_of, mentioned, text_of, three_jobs


@pytest.fixture
def made() -> Neighbourhood:
    """Three jobs: one runs, one failed, one is done."""
    return three_jobs()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("how long does it take?", "tone-dpo"),
        ("why did it crash", "med-qa"),
        ("let me know when it is done", "tone-dpo"),
        ("how much did it cost", "summarizer"),
    ],
)
async def test_a_question_without_a_job_is_asked_back_withbuttons_of(
    made: Neighbourhood, text: str, first: str
) -> None:
    """The likeliest job comes first, and its button asks the same of it; nobody else is bothered."""
    (card,) = await made.ask(text)
    assert text_of(card).startswith(f"Which job? {first}")
    await press_button(made, buttons_of(card)[0])
    assert [wish.request_id for wish in made.stored.wishes] == [RUNNING] * ("let me know" in text)
    made.login.installation = Installation("T1", bot_user_id="U09BOT")
    ((method, *_),) = await mentioned(made, text)
    assert method == "post_ephemeral"


async def test_a_metric_to_compare_by_is_no_job(made: Neighbourhood) -> None:
    """Also behind the command; unless a job is called so."""
    points = {RUNNING: (1.4, 1.2), DONE: (1.3, 1.1)}
    for request_id, values in points.items():
        made.jobs.points[request_id] = [
            MetricPoint(key, value - shift, step=step)
            for step, value in enumerate(values)
            for key, shift in (("eval_loss", 0), ("train_loss", 0.05), ("kl", 0))
        ]
    for text in (
        "compare tone-dpo summarizer eval_loss",
        "which has the lower eval loss, tone-dpo or summarizer",
    ):
        (card,) = await made.ask(text)
        assert text_of(card).startswith("Lowest eval loss: summarizer, 1.1.")
        assert "train_loss" not in card
    (card,) = await made.ask("compare perplexity of tone-dpo and summarizer")
    assert "None of them logs `perplexity`" in card


async def test_who_is_winning_compares_what_runs(made: Neighbourhood) -> None:
    """Two or three; of more there is the list."""
    made.jobs.list_of(*(JobSummary(f"run-{n}", f"sweep {n}", JobStatus.RUNNING, "RUNNING") for n in (1, 2)))
    (card,) = await made.ask("who is winning?")
    assert text_of(card).startswith("Training jobs compared: sweep 1 running")
    made.jobs.list_of(*(JobSummary(f"run-{n}", f"sweep {n}", JobStatus.RUNNING, "RUNNING") for n in range(5)))
    (card,) = await made.ask("who is winning?")
    assert "5 running" in card.replace("\xa0", " ")


async def test_who_has_paused_direct_messages_is_told_that_the_card_waits(made: Neighbourhood) -> None:
    """In direct messages; in a channel nothing of the kind is said, for nothing waits there."""
    made.deliverer.does = {}
    dm = Place("T1", "D1", "U01", is_dm=True)
    (told,) = await made.ask("pause 2h", dm)
    (told,) = await made.ask("watch tone-dpo", dm)
    assert "You've paused direct messages until" in told
    assert "Slack isn't accepting" not in told
    (told,) = await made.ask("watch tone-dpo")
    assert "as soon as Slack recovers" in told


@pytest.mark.parametrize("text", ["digest every weekday at 9:30", "digest every friday at 9:30"])
async def test_what_no_digest_can_do_is_said_with_what_it_can(made: Neighbourhood, text: str) -> None:
    """Nothing is set before somebody presses."""
    (card,) = await made.ask(text)
    assert "A digest comes every day, or" in card
    assert [each["value"] for each in buttons_of(card)][:1] != []
    assert await made.digests.digest("T1", "C1", "org") is None
