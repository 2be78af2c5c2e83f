"""What cannot be done, or is not said clearly: nothing is done, and what is nearest is a button."""

from __future__ import annotations

import json

import pytest

from bot.domain.job import JobSummary
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.test_naming import press_button
from tests.handlers.three_jobs import DONE, RUNNING, buttons_of, mentioned, text_of, three_jobs


@pytest.fixture
def made() -> Neighbourhood:
    """Three jobs: one runs, one failed, one is done."""
    return three_jobs()


async def test_updates_on_all_jobs_are_asked_about(made: Neighbourhood) -> None:
    """A group, or the channel's feed: nothing is done before one is chosen."""
    ((method, _, said),) = await mentioned(made, "watch all jobs")
    assert method == "post_ephemeral"
    assert [each["value"] for each in buttons_of(json.dumps(said))] == [
        "subscribe status:queued,running",
        "feed on",
    ]


async def test_what_nobody_can_foresee_is_said_and_the_nearest_is_a_button(made: Neighbourhood) -> None:
    """An estimate can be waited for."""
    (card,) = await made.ask("ping me 30 minutes before tone-dpo finishes")
    assert "I can't message you before something happens" in text_of(card)
    button = buttons_of(card)[0]
    await press_button(made, button)
    assert [(wish.request_id, wish.condition) for wish in made.stored.wishes] == [(RUNNING, "eta < 30m")]


async def test_what_all_jobs_of_a_time_cost_is_not_added_up(made: Neighbourhood) -> None:
    """Which they were, and the digest that adds up a day or a week, are buttons."""
    (card,) = await made.ask("how much did we spend this month")
    assert "I can't add up" in text_of(card)
    assert [each["value"] for each in buttons_of(card)] == ["list since:month", "digest"]


async def test_a_metric_that_does_something_is_no_condition(made: Neighbourhood) -> None:
    """Nothing is subscribed to in its place; what is near is offered."""
    (card,) = await made.ask("wake me if the eval loss of tone-dpo spikes")
    assert made.stored.wishes == []
    assert [each["value"] for each in buttons_of(card)] == [
        f"subscribe {RUNNING} dm",
        f"alert {RUNNING} when eval_loss rises 10%",
    ]


async def test_a_word_that_hardly_is_a_job_is_answered_to_its_author_alone(made: Neighbourhood) -> None:
    """Where all read the answer."""
    ((method, _, said),) = await mentioned(made, "lunch?")
    assert (method, said["text"].split(".")[0]) == ("post_ephemeral", "I didn't understand that")
    ((method, _, _),) = await mentioned(made, "lunch-v2?")
    assert method == "post_message"


@pytest.mark.parametrize("text", ["list my alerts", "my alerts", "list my subscriptions"])
async def test_what_i_get_can_be_listed(made: Neighbourhood, text: str) -> None:
    """Unless jobs are called so."""
    await made.jobs.jobs()
    (card,) = await made.ask(text)
    assert "subscribed" in text_of(card)
    made.jobs.list_of(JobSummary(DONE, "my alerts baseline"), JobSummary(RUNNING, "my subscriptions"))
    await made.jobs.jobs()
    (card,) = await made.ask(text)
    assert "aren't subscribed" not in text_of(card) or not text.startswith("list")


async def test_a_pause_is_ended_in_ones_own_words(made: Neighbourhood) -> None:
    """As the command does."""
    await made.ask("pause 2h")
    (card,) = await made.ask("unmute")
    assert "Nothing was paused" not in text_of(card)
    (card,) = await made.ask("end my pause please")
    assert "Nothing was paused" in text_of(card)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("every other day", "every day, or once a week"),
        ("every other day", "`/job digest daily 09:00 UTC`"),
        ("twice a day 08:30", "`/job digest daily 08:30 UTC`"),
        ("monthly", "every day, or once a week"),
        ("every 2 weeks 10:00 Paris", "`/job digest daily 10:00 Europe/Paris`"),
    ],
)
async def test_a_digest_comes_every_day_or_every_week(made: Neighbourhood, typed: str, told: str) -> None:
    """No zone is guessed from words that say how often."""
    (card,) = await made.ask(f"digest {typed}")
    assert told in card
    assert made.digests.all == {}


async def test_how_long_a_job_runs_is_no_condition(made: Neighbourhood) -> None:
    """The time that is left is another thing: nothing is promised."""
    (card,) = await made.ask("alert me if tone-dpo takes more than 3 hours")
    assert made.stored.wishes == []
    assert "I'm not sure about" in text_of(card)


async def test_people_who_are_asked_about_a_job_get_no_card_of_it(made: Neighbourhood) -> None:
    """The question is for the others in the channel."""
    ((method, _, _),) = await mentioned(made, "is anyone looking at med-qa?")
    assert method == "post_ephemeral"


async def test_all_jobs_of_a_name_are_compared(made: Neighbourhood) -> None:
    """Where two or three are meant."""
    made.jobs.list_of(JobSummary(RUNNING, "tone-dpo-2"), JobSummary(DONE, "safety-dpo-1"))
    (card,) = await made.ask("compare all dpo runs")
    assert "Training jobs compared" in text_of(card)
