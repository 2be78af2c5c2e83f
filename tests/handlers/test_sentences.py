"""Questions in people's own words: what is answered, to whom, and what is offered."""

from __future__ import annotations

import json

import pytest
from structlog.testing import capture_logs

from bot.cards.kit import actions
from bot.domain.commands.sentences.names import Names
from bot.domain.errors import SlackPermissionError
from bot.domain.job import JobStatus, JobSummary
from bot.domain.messages.installation import Installation
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.test_naming import press_button
from tests.handlers.three_jobs import DONE, FAILED, RUNNING, buttons_of, mentioned, text_of, three_jobs


@pytest.fixture
def made() -> Neighbourhood:
    """Three jobs: one runs, one failed, one is done."""
    return three_jobs()


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("is tone-dpo done yet?", "Not yet: tone-dpo is at 53%, about 1 h 46 min left."),
        ("did tone-dpo fail", "No: tone-dpo is at 53%"),
        ("is tone-dpo still running?", "Yes: tone-dpo is at 53%"),
        ("how long does tone-dpo need", "tone-dpo is at 53%, about 1 h 46 min left."),
        ("eta tone-dpo", "tone-dpo is at 53%"),
        ("is summarizer done?", "Yes: summarizer completed"),
        ("has summarizer been cancelled", "No: summarizer completed"),
        ("is summarizer running", "No longer: summarizer completed"),
        ("did med-qa fail?", "Yes: med-qa failed: torch.OutOfMemoryError"),
        ("is med-qa done?", "No: med-qa failed"),
        ("why did med-qa fail", "med-qa failed: "),
        ("why med-qa", "CUDA out of memory"),
        ("why did tone-dpo fail", "No: tone-dpo is at 53%"),
        ("what failed today?", "med-qa"),
        ("failed", "med-qa"),
        ("list crashed", "med-qa"),
        ("list everything", "tone-dpo"),
        ("my subscriptions", "subscribed"),
        ("hello", "Ask me about your Simplismart fine-tuning jobs"),
        ("thanks", "You're welcome!"),
        ("kill tone-dpo", "I can't stop jobs"),
        ("logs of med-qa", "I have no logs"),
        ("pause until 9am", "Paused until"),
        ("mute everything until 9am", "Paused until"),
        ("be quiet for 3 hours please", "Paused until"),
        ("snooze 2h", "Paused until"),
        ("do not disturb", "I can pause my messages to you"),
        ("canel tone-dpo", "I can't stop jobs"),
        ("who started tone-dpo?", "doesn't say who started a job"),
        ("when did tone-dpo start", "started 2 hours ago"),
        ("when did summarizer finish", "summarizer completed"),
        ("hows my training", "tone-dpo"),
        ("jobs that are not finished", "tone-dpo"),
        ("compare tone-dpo summarizer eval_loss", "Training jobs compared"),
        ("which job failed between yesterday and today", "med-qa"),
        ("resume", "Nothing was paused"),
        ("pause tone-dpo", "I can't stop jobs"),
        ("resume tone-dpo", "I can't restart jobs"),
        ("what?", "I didn't understand that"),
        ("how is the latest job?", "tone-dpo"),
        ("why did the last job fail?", "med-qa failed"),
    ],
)
async def test_a_question_gets_a_sentence(made: Neighbourhood, text: str, answer: str) -> None:
    """The shortest answer that is whole."""
    (card,) = await made.ask(text)
    assert answer in text_of(card)


async def test_a_sentence_offers_the_card(made: Neighbourhood) -> None:
    """For the eyes of whoever presses."""
    (card,) = await made.ask("is tone-dpo done yet?")
    (section,) = json.loads(card)["blocks"]
    assert (section["accessory"]["action_id"], section["accessory"]["value"]) == (actions.OPEN, RUNNING)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("tone-dpo watch", ("", None, None)),
        ("tell me when tone-dpo is finished", ("", "final", None)),
        ("watch tone-dpo when eval_loss drops below 1.2", ("eval_loss < 1.2", None, None)),
        ("alert tone-dpo when it is done", ("", "final", None)),
        ("tone-dpo subscribe quiet", ("", None, True)),
        ("let me know if tone-dpo crashes", ("", "failures", None)),
    ],
)
async def test_updates_are_asked_for_in_ones_own_words(
    made: Neighbourhood, text: str, wish: tuple[str, str | None, bool | None]
) -> None:
    """And what changes something is known to before it is acknowledged."""
    assert made.dispatch.changes(made.question(text))
    await made.ask(text)
    (found,) = made.stored.wishes
    assert (found.request_id, found.condition, found.mode, found.is_quiet) == (RUNNING, *wish)


async def test_a_slip_is_asked_about_and_the_button_does_it(made: Neighbourhood) -> None:
    """Nothing is done before it is pressed."""
    (card,) = await made.ask("subcribe tone-dpo")
    assert made.stored.wishes == []
    (button,) = buttons_of(card)
    assert button["text"]["text"] == "Subscribe tone-dpo"
    await press_button(made, button)
    assert [wish.request_id for wish in made.stored.wishes] == [RUNNING]


async def test_a_name_that_is_nearly_right_is_offered_with_the_same_question(made: Neighbourhood) -> None:
    """Whatever was asked of it."""
    (card,) = await made.ask("is tone-dop-1 done?")
    assert "Did you mean eta tone-dpo completed?" in text_of(card)
    ((_, _, said),) = await press_button(made, buttons_of(card)[0])
    assert said["text"].startswith("Not yet: tone-dpo")


async def test_a_part_of_several_names_is_asked_about(made: Neighbourhood) -> None:
    """The button asks the same question of the one that is meant."""
    made.jobs.list_of(*(JobSummary(f"run-{n}", f"legal v{n}", JobStatus.QUEUED, "QUEUED") for n in (1, 2)))
    (card,) = await made.ask("is the legal job done?")
    assert "2 jobs match" in card


@pytest.mark.parametrize("text", ["failed", "Failed"])
async def test_a_jobs_own_name_beats_a_filter_and_the_other_is_a_button(
    made: Neighbourhood, text: str
) -> None:
    """It may be called like one."""
    made.jobs.list_of(JobSummary(FAILED, "failed"), JobSummary(DONE, "failed-too"))
    made.jobs.give(FAILED, experiment_name="failed", status="QUEUED")
    (card,) = await made.ask(text)
    assert "failed is queued" in text_of(card)
    assert buttons_of(card)[-1]["value"] == "list status:failed"


async def test_a_filter_beats_a_part_of_a_name(made: Neighbourhood) -> None:
    """Which is no exact name."""
    made.jobs.list_of(JobSummary(FAILED, "retry-failed-run", JobStatus.FAILED, "FAILED"))
    (card,) = await made.ask("failed")
    assert "newest first" in card


async def test_in_a_thread_its_job_is_meant(made: Neighbourhood) -> None:
    """And the question is answered, not the card repeated."""
    made.slack.root = {"text": f"started {RUNNING}"}
    for text, answer in (
        ("is it done?", "Not yet: tone-dpo is at 53%"),
        ("how's it going", "tone-dpo is at 53%"),
        ("compare with summarizer", "summarizer"),
    ):
        ((method, channel_id, said),) = await mentioned(made, text, thread_ts="5.0")
        assert (method, channel_id, said["thread_ts"]) == ("post_message", "C1", "5.0")
        assert answer in said["text"]
    assert await mentioned(made, "watch this", thread_ts="5.0") == []
    assert [wish.thread_ts for wish in made.stored.wishes] == ["5.0"]
    ((_, _, said),) = await mentioned(made, "stop", thread_ts="5.0")
    assert "tone-dpo" in said["text"]
    assert not made.stored.all["s1"].is_active


async def test_thanks_get_a_reaction_and_no_message(made: Neighbourhood) -> None:
    """Nor anything at all where the app cannot react."""
    made.slack.root = {"text": f"started {RUNNING}"}
    assert await mentioned(made, "thanks!", thread_ts="5.0") == [
        ("react", "C1", {"ts": "6.0", "emoji": "+1"})
    ]
    made.slack.refuses["react"] = SlackPermissionError(slack_code="missing_scope", needed="reactions:write")
    assert await mentioned(made, "thank you", thread_ts="5.0") == []


@pytest.mark.parametrize(
    "text", ["lol what a curve", "I think we should lower it", "<@U123> can you look at this?"]
)
async def test_talk_in_a_thread_posts_no_card(made: Neighbourhood, text: str) -> None:
    """Only who said it is told that it was not understood."""
    made.slack.root = {"text": f"started {RUNNING}"}
    made.login.installation = Installation("T1", bot_user_id="U09BOT")
    ((method, _, said),) = await mentioned(made, text, thread_ts="5.0")
    assert method == "post_ephemeral"
    assert "tone-dpo" not in json.dumps(said)


async def test_what_was_not_understood_is_counted_without_its_words(made: Neighbourhood) -> None:
    """By kind, so that operators see what is missing."""
    with capture_logs() as logs:
        for text in ("zebra crossing", "subcribe tone-dpo", "is tone-dop-1 done?", "kill tone-dpo", "why"):
            await made.ask(text)
    counted = [line for line in logs if line["event"] == "not understood"]
    assert [line["kind"] for line in counted] == [
        "nothing understood",
        "slip of the keys",
        "no such job",
        "not possible: cancel",
        "no job named",
    ]
    assert {line["where"] for line in counted} == {"command"}
    assert not any("zebra" in json.dumps(line, default=str) for line in counted)


def test_an_index_is_made_of_any_list() -> None:
    """Also of one without names."""
    assert Names([JobSummary("a"), JobSummary("b", "🚀")]).jobs[1].experiment_name == "🚀"
