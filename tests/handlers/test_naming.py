"""Names and parts of ids wherever an id is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.cards.kit import actions
from bot.domain.commands.request_id import is_uuid
from bot.domain.job import JobStatus, JobSummary
from bot.handlers.entry import mentions
from bot.handlers.entry.buttons import press
from bot.handlers.jobs.job_resolver import identified, jobs_soon
from bot.handlers.kit.button_press import ButtonPress
from bot.handlers.kit.command import Question
from tests.handlers.neighbours import Neighbourhood

TICKETS = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
VISION = "bee72c25-7a0b-4d1c-9e2f-0123456789ab"
OTHER = "bee7ffff-7a0b-4d1c-9e2f-0123456789ab"


def row(request_id: str, name: str) -> JobSummary:
    """A running job."""
    return JobSummary(request_id, name, JobStatus.RUNNING, "RUNNING", progress=10)


@pytest.fixture
def made() -> Neighbourhood:
    """Three jobs that only the list knows of."""
    made = Neighbourhood()
    made.jobs.list_of(row(TICKETS, "Tickets run 7"), row(VISION, "vision v2"), row(OTHER, "vision v1"))
    return made


async def press_button(made: Neighbourhood, button: dict[str, Any], *, private: bool = True) -> list[Any]:
    """What is sent after a press on a button of a card in channel C1."""
    pressed = ButtonPress.read(
        {
            "team": {"id": "T1"},
            "channel": {"id": "C1"},
            "user": {"id": "U01"},
            "container": {"message_ts": "3.0", "is_ephemeral": private},
            "response_url": "https://hooks.example/1",
            "actions": [{"action_id": button["action_id"], "value": button["value"]}],
        }
    )
    assert pressed is not None
    before = len(made.slack.sent)
    await press(made.context, pressed)
    return made.slack.sent[before:]


def buttons_of(message: str) -> list[dict[str, Any]]:
    """Those beside lines."""
    rows = (block for block in json.loads(message)["blocks"] if block["type"] == "actions")
    return [each for row in rows for each in row["elements"]]


@pytest.mark.parametrize("words", ["3fe9", "3FE92C25", "tickets run 7", "TICKETS  RUN 7", "tickets", "run 7"])
async def test_a_part_of_an_id_or_a_name_finds_the_job(made: Neighbourhood, words: str) -> None:
    """For every command that takes an id."""
    (card,) = await made.ask(words)
    assert "Tickets run 7" in card
    assert await made.ask(f"watch {words} quiet") != []
    assert [wish.request_id for wish in made.stored.wishes] == [TICKETS]


async def test_a_whole_id_costs_nothing(made: Neighbourhood) -> None:
    """Nor does any id the cache has."""
    await made.ask(TICKETS)
    made.jobs.give("run-7", status="RUNNING")
    await made.ask("run-7")
    assert made.jobs.lists_asked == 0
    question = made.question("run-7")
    assert made.dispatch.instantly(made.context, question) is not None
    await made.ask("vision v2")
    assert made.jobs.lists_asked == 1


async def test_several_that_fit_are_offered(made: Neighbourhood) -> None:
    """A press asks the same of the one that was meant, and its answer takes the card's place."""
    (card,) = await made.ask("vision")
    assert "2 jobs match vision: " in json.loads(card)["text"]
    ((_, _, said),) = await press_button(made, buttons_of(card)[1])
    assert said["replace_original"]
    assert "vision v1" in json.dumps(said)


async def test_the_other_ids_and_the_options_go_along(made: Neighbourhood) -> None:
    """A button asks the whole question."""
    (card,) = await made.ask("watch 3fe9 bee7 quiet")
    sent = await press_button(made, buttons_of(card)[0])
    assert [wish.request_id for wish in made.stored.wishes] == [TICKETS, VISION]
    assert all(wish.is_quiet for wish in made.stored.wishes)
    assert sent[0][2].get("replace_original") or sent[0][2] == {"delete_original": True}


async def test_a_condition_goes_along(made: Neighbourhood) -> None:
    """Whichever job was meant, the same is waited for."""
    (card,) = await made.ask("watch bee7 when loss &lt; 1")
    await press_button(made, buttons_of(card)[0])
    assert [wish.condition for wish in made.stored.wishes] == ["loss < 1"]


async def test_what_is_not_followed_is_named_all_the_same(made: Neighbourhood) -> None:
    """By the name in the list, where nobody looked at the job itself."""
    (card,) = await made.ask("unwatch tickets")
    assert "Tickets run 7" in card
    assert TICKETS not in card.partition("To subscribe")[0]


async def test_runs_are_compared_by_their_names(made: Neighbourhood) -> None:
    """A name, a part of an id and a whole id side by side."""
    read = made.question(f"compare tickets 3fe9 {OTHER}")
    assert read.request_ids == ("tickets", "3fe9", OTHER)
    named = identified(made.context, made.question(f"compare tickets {OTHER}"), await jobs_soon(made.context))
    assert isinstance(named, Question)
    assert named.request_ids == (TICKETS, OTHER)


async def test_what_concerns_one_person_leaves_a_public_card_alone(made: Neighbourhood) -> None:
    """What is answered about anything else takes its place for all."""
    (asked,) = await made.ask("unwatch vision", is_private=False)
    ((_, _, alone),) = await press_button(made, buttons_of(asked)[0], private=False)
    assert alone["response_type"] == "ephemeral"
    (asked,) = await made.ask("vision", is_private=False)
    ((_, _, for_all),) = await press_button(made, buttons_of(asked)[0], private=False)
    assert for_all["replace_original"]


@pytest.mark.parametrize("value", ["", '["gone",["a"],[],[]]'])
async def test_a_button_of_another_version_says_so(made: Neighbourhood, value: str) -> None:
    """A command may be no more. The card stays."""
    ((_, _, said),) = await press_button(made, {"action_id": actions.CHOOSE, "value": value})
    assert (said["replace_original"], said["response_type"]) == (False, "ephemeral")
    assert "another version of me" in said["text"]


async def test_where_nothing_fits_the_card_says_so(made: Neighbourhood) -> None:
    """A whole id cannot be a name."""
    (card,) = await made.ask("nothing-like-it")
    assert "No job with this name or ID" in card
    (card,) = await made.ask("99999999-7a0b-4d1c-9e2f-0123456789ab")
    assert "No job with this name or ID" not in card
    (card,) = await made.ask("how is my thing")
    assert "3 training jobs" in card


async def test_without_a_list_all_is_as_before(made: Neighbourhood) -> None:
    """Words are ids, or not understood."""
    made.jobs.listing = None
    (card,) = await made.ask("tickets")
    assert "No such job" in card
    assert "No job with this name or ID" not in card
    (card,) = await made.ask("tickets run 7")
    assert "Give me a name or an ID" in card


async def test_in_a_message_only_a_whole_name_is_one(made: Neighbourhood) -> None:
    """Prose may hold a part of one."""
    (card,) = await made.ask("tickets run 7", is_private=False)
    assert "Tickets run 7" in card
    (card,) = await made.ask("run 7", is_private=False)
    assert "Give me a name or an ID" in card


async def test_a_name_said_in_a_thread_is_not_its_job(made: Neighbourhood) -> None:
    """Words a command does not take are looked for before the thread is; "this" is the thread's job."""
    made.slack.root = {"text": f"request_id={VISION}"}
    event = {"type": "app_mention", "user": "U01", "channel": "C1", "ts": "6.0", "thread_ts": "5.0"}
    for words in ("watch tickets run 7", "watch this one now"):
        body = {"team_id": "T1", "event": event | {"text": f"<@U09BOT> {words}"}}
        await mentions.answer(made.context, made.dispatch, body)
    assert [wish.request_id for wish in made.stored.wishes] == [TICKETS, VISION]


def test_a_whole_uuid_is_told_from_its_parts() -> None:
    """In either case."""
    assert is_uuid(TICKETS)
    assert is_uuid(TICKETS.upper())
    assert not is_uuid(TICKETS[:-1])


async def test_a_name_of_several_words_is_compared_in_quotes(made: Neighbourhood) -> None:
    """Each in its own; which two are meant is not asked."""
    (card,) = await made.ask('compare "tickets run 7" “vision v1”')
    assert "Tickets run 7" in card
    assert "vision v1" in card
    assert actions.CHOOSE not in card


@pytest.mark.parametrize("name", ["!!!", "\U0001f680\U0001f680", "--- ***"])
async def test_a_name_without_letters_is_one_in_quotes(made: Neighbourhood, name: str) -> None:
    """Whatever it is made of."""
    made.jobs.list_of(JobSummary("odd-1", name))
    made.jobs.give("odd-1", status="RUNNING", experiment_name=name)
    await made.ask(f'subscribe "{name}" quiet')
    assert [wish.request_id for wish in made.stored.wishes] == ["odd-1"]
