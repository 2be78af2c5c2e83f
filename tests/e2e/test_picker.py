"""Bare `/job`: a window that finds a job by what people remember of it."""

from __future__ import annotations

import json

import pytest

from bot.cards.kit import actions
from bot.playground.training_suite import IDS
from bot.playground.workspace import DM, HIDDEN, ME, TRAINING, View
from bot.playground.workspace.people.surfaces import options_of
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World
from tests.resting_loop import at_rest


async def _picker(made: World, channel_id: str = TRAINING) -> View:
    delivery = await made.slash("", channel_id)
    assert (delivery.ok, delivery.message) == (True, None)
    (view,) = await made.soon(lambda: made.workspace.views_of(ME))
    return view


async def _typed(made: World, view: View, words: str) -> list[str]:
    """The values of the options that are shown."""
    delivery = await made.workspace.suggest(ME, view, actions.PICK, words)
    assert delivery.ok, delivery
    return [str(option["value"]) for option in options_of(delivery)]


async def _choose(made: World, view: View, request_id: str) -> None:
    option = {"text": {"type": "plain_text", "text": "any"}, "value": request_id}
    field = {"type": "external_select", "selected_option": option}
    delivery = await made.workspace.submit_view(ME, view, {actions.PICK: {actions.PICK: field}})
    assert delivery.ok, delivery


async def test_a_job_is_found_and_its_card_shown(each: World) -> None:
    """Where the command was typed, to the asker alone: also where the bot is no member."""
    view = await _picker(each, HIDDEN)
    assert await _typed(each, view, "") == [row["request_id"] for row in each.suite.summaries()]
    assert await _typed(each, view, "TONE run") == [JOB]
    await _choose(each, view, JOB)
    card = await each.told("support-tone-llama-8b", channel_id=HIDDEN)
    assert has_button(card, actions.SHARE)
    assert each.workspace.views_of(ME) == []


@pytest.mark.parametrize("words", ["failed", "qwen", IDS["completed"][:13].upper()])
async def test_status_model_and_id_find_too(over_http: World, words: str) -> None:
    """In any case, each word on its own."""
    found = await _typed(over_http, await _picker(over_http), words)
    rows = {row["request_id"]: json.dumps(row).casefold() for row in over_http.suite.summaries()}
    assert found == [each for each, row in rows.items() if words.casefold() in row]
    assert found


async def test_a_job_that_is_not_listed_is_asked_for_by_its_id(over_http: World) -> None:
    """Also while there is no list at all, and the menu is filled within Slack's three seconds."""
    over_http.suite.add_job({"request_id": "hidden-1", "status": "RUNNING", "experiment_name": "x"})
    over_http.suite.switches.update({"list_refused": True})
    view = await _picker(over_http)
    assert await _typed(over_http, view, "hidden-1") == ["hidden-1"]
    assert await _typed(over_http, view, "") == []
    await _choose(over_http, view, "hidden-1")
    assert await over_http.told("x is running")


async def test_letters_typed_cost_no_questions(over_http: World) -> None:
    """The list is asked for once, when the window opens."""
    view = await _picker(over_http)
    for words in ("s", "su", "sup"):
        await _typed(over_http, view, words)
    assert over_http.suite.counts["/job/list/"] == 1


async def test_where_no_window_opens_there_is_help(over_http: World) -> None:
    """Slack refuses it, or is too slow: the commands are shown as before."""
    over_http.workspace.faults.refuse_next(1, "expired_trigger_id", method="views.open")
    assert (await over_http.slash("")).message is None
    assert "why did faq-assistant-8b fail?" in text_of(await over_http.told("Ask in your own words"))


async def test_a_choice_made_late_comes_as_a_direct_message(over_http: World) -> None:
    """The command can no longer be answered where it was typed."""
    view = await _picker(over_http)
    await over_http.let_pass(31 * 60)
    await _choose(over_http, view, JOB)
    assert "support-tone-llama-8b" in text_of(await over_http.next_message(DM, 0))


async def test_windows_and_menus_of_others_are_left_alone(over_http: World) -> None:
    """They are acknowledged, and nothing happens."""
    view = await _picker(over_http)
    view.content = {**view.content, "callback_id": "other"}
    await _choose(over_http, view, JOB)
    await at_rest()
    assert over_http.workspace.messages(TRAINING) == []
