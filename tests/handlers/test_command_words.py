"""Words that name a command, and a job: every command in turn, also those that are still to come."""

from __future__ import annotations

import pytest

from bot.domain.job import JobSummary
from bot.handlers.entry.registry import COMMANDS
from bot.handlers.kit.command import Command
from tests.handlers.neighbours import Neighbourhood
from tests.handlers.test_naming import press_button
from tests.handlers.three_jobs import DONE, RUNNING, buttons_of, mentioned, text_of, three_jobs

WORDS = [(each, word) for each in COMMANDS for word in (each.name, *each.aliases)]
ABOUT_ALL = {"list", "subscriptions", "setup"}
"""What stands behind these chooses among jobs, or says nothing: they are answered as they always were."""
ON_THE_ACK = {"help"}
"""Answered before any list is looked at."""
REST = {"alert": " when eval_loss &lt; 1.2", "compare": " summarizer"}
"""What else a command has to be told."""


@pytest.fixture
def made() -> Neighbourhood:
    """Three jobs: one runs, one failed, one is done."""
    return three_jobs()


async def named(made: Neighbourhood, name: str) -> None:
    """The running job is called so, and the list is at hand."""
    made.jobs.list_of(JobSummary(RUNNING, name), JobSummary(DONE, "summarizer"))
    made.jobs.give(RUNNING, experiment_name=name, status="RUNNING", progress=53)
    await made.jobs.jobs()


@pytest.mark.parametrize("between", ["", "of ", "on ", "for "])
@pytest.mark.parametrize(("command", "word"), WORDS, ids=[word for _, word in WORDS])
async def test_a_job_behind_a_command_is_what_is_asked_about(
    made: Neighbourhood, command: Command, word: str, between: str
) -> None:
    """Whether or not the command takes one."""
    await named(made, "legal-full-8b")
    if command.name in ABOUT_ALL:
        return
    cards = await made.ask(f"{word} {between}legal-full-8b{REST.get(command.name, '')}")
    told = " ".join(cards)
    assert "legal-full-8b" in told or made.stored.wishes
    assert "I didn't understand" not in told


@pytest.mark.parametrize(("command", "word"), WORDS, ids=[word for _, word in WORDS])
async def test_a_job_that_is_called_like_a_command_is_found_by_its_name_alone(
    made: Neighbourhood, command: Command, word: str
) -> None:
    """It is shown, or a button beside the command's own answer shows it."""
    await named(made, word)
    if command.name in ON_THE_ACK:
        return
    (card,) = await made.ask(word)
    if not text_of(card).startswith(f"{word} is running"):
        await press_button(made, buttons_of(card)[-1])
        card = next(str(said["text"]) for _, _, said in reversed(made.slack.sent) if "text" in said)
        assert card.startswith(f"{word} is running")


async def test_the_admins_command_yields_to_a_job_of_its_name(made: Neighbourhood) -> None:
    """The other reading is a button, which means what it says."""
    await named(made, "health")
    (card,) = await made.ask("Health")
    assert text_of(card).startswith("health is running")
    button = buttons_of(card)[-1]
    assert button["value"] == "health"
    ((_, _, said),) = await press_button(made, button)
    assert "Only your jobbot admin" in said["text"]


async def test_in_a_jobs_thread_health_is_the_jobs(made: Neighbourhood) -> None:
    """Elsewhere it is the bot's."""
    await made.jobs.jobs()
    made.slack.root = {"text": f"started {RUNNING}"}
    ((_, _, said),) = await mentioned(made, "health?", thread_ts="5.0")
    assert said["text"].startswith("tone-dpo is at 53%")
    made.slack.root = {"text": "good morning"}
    ((_, _, said),) = await mentioned(made, "health", thread_ts="5.0")
    assert "Only your jobbot admin" in said["text"]


@pytest.mark.parametrize("line", ["pause 2h", "digest daily 09:00 berlin", "feed on", "feed off", "resume"])
async def test_what_a_command_takes_is_never_a_job(made: Neighbourhood, line: str) -> None:
    """A job that is called like a time, a place or a filter changes nothing."""
    made.jobs.list_of(*(JobSummary(f"run-{word}", word) for word in ("2h", "berlin", "on", "off", "09:00")))
    await made.jobs.jobs()
    cards = await made.ask(line)
    assert not any("run-" in card or "I didn't understand" in card for card in cards)
