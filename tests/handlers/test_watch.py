"""``watch``: what is promised, what is said, and what is undone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cards.kit import actions
from bot.domain.errors import (
    SlackPassingError,
    SlackPermanentError,
    SlackPermissionError,
    StoreError,
)
from bot.domain.messages.slack_messages import Conversation
from bot.domain.subscriptions.subscription import Ending, Mode
from tests.handlers.neighbours import HERE, Neighbourhood

PUBLIC = Conversation(is_member=True, is_shared=False, is_private=False)


def _running() -> Neighbourhood:
    made = Neighbourhood()
    made.jobs.give("run-7", status="RUNNING", progress=10, experiment_name="tickets")
    return made


async def test_the_card_is_posted_and_the_asker_told_where() -> None:
    """The wish has who, what and where; the watcher is woken, and the answer links to the card."""
    made = _running()
    (told,) = await made.ask("watch run-7")
    (wish,) = made.stored.wishes
    assert (wish.team_id, wish.channel_id, wish.user_id, wish.org_id) == ("T1", "C1", "U01", "org")
    assert (wish.request_id, wish.mode, wish.is_quiet, wish.thread_ts) == ("run-7", None, None, None)
    assert made.deliverer.hurried == ["s1"]
    assert made.watcher.rung == 1
    assert "https://example.slack.com/archives/C1/p90|" in told


@pytest.mark.parametrize(
    ("words", "mode", "quiet"),
    [("", None, None), ("FINAL", Mode.FINAL, None), ("quiet failures", Mode.FAILURES, True)],
)
async def test_the_words_become_the_wish(words: str, mode: Mode | None, quiet: bool | None) -> None:  # noqa: FBT001  (parametrised)
    """What was not said is left to the thread that is joined."""
    made = _running()
    await made.ask(f"watch run-7 {words}")
    assert (made.stored.wishes[0].mode, made.stored.wishes[0].is_quiet) == (mode, quiet)


async def test_a_second_person_joins_and_gets_the_link() -> None:
    """No second card; asking twice says that one follows already."""
    made = _running()
    await made.ask("watch run-7")
    (joined,) = await made.ask("watch run-7", replace(HERE, user_id="U02"))
    (again,) = await made.ask("watch run-7")
    assert made.stored.all["s1"].subscribers == ("U01", "U02")
    assert made.deliverer.hurried == ["s1"]
    assert "/archives/C1/p90|" in joined
    assert "already" in again


async def test_words_in_a_message_get_the_card_and_nothing_more() -> None:
    """The card that appears in the thread is the answer; who joins is told."""
    made = _running()
    thread = replace(HERE, thread_ts="5.0")
    assert await made.ask("watch run-7", thread, is_private=False) == []
    assert made.stored.wishes[0].thread_ts == "5.0"
    assert len(await made.ask("watch run-7", replace(thread, user_id="U02"), is_private=False)) == 1


@pytest.mark.parametrize("private", [True, False])
async def test_dm_opens_the_thread_there(private: bool) -> None:  # noqa: FBT001  (parametrised)
    """Whoever else reads the channel sees nothing; the asker is told where it is."""
    made = _running()
    made.slack.conversations["C1"] = replace(PUBLIC, is_shared=True)
    (told,) = await made.ask("watch run-7 dm", replace(HERE, thread_ts="5.0"), is_private=private)
    assert (made.stored.wishes[0].channel_id, made.stored.wishes[0].thread_ts) == ("DU01", None)
    assert "archives/DU01" in told


async def test_a_dm_that_cannot_be_opened_is_told() -> None:
    """Nothing is promised."""
    made = _running()
    made.slack.refuses["open_dm"] = SlackPermissionError(slack_code="missing_scope", needed="im:write")
    (told,) = await made.ask("watch run-7 dm")
    assert "permission" in told
    assert "im:write" in told
    assert made.stored.wishes == []


@pytest.mark.parametrize(
    ("conversation", "words"),
    [
        (replace(PUBLIC, is_private=True, is_member=False), "/invite @jobbot"),
        (replace(PUBLIC, is_shared=True), "/job subscribe run-7 dm"),
        (replace(PUBLIC, is_archived=True), "archived"),
    ],
)
async def test_where_the_bot_cannot_post_nothing_is_promised(conversation: Conversation, words: str) -> None:
    """The way out is said instead."""
    made = _running()
    made.slack.conversations["C1"] = conversation
    (told,) = await made.ask("watch run-7")
    assert words in told
    assert made.stored.wishes == []


async def test_a_private_conversation_slack_does_not_tell_of_is_one_the_bot_is_not_in() -> None:
    """``channel_not_found`` is all the bot learns of it."""
    made = _running()
    made.slack.refuses["conversation"] = SlackPermanentError(slack_code="channel_not_found")
    (told,) = await made.ask("watch run-7")
    assert "/invite" in told
    assert made.stored.wishes == []


async def test_a_shared_channel_is_refused_also_where_only_the_event_says_so() -> None:
    """The scope for asking was not granted."""
    made = _running()
    (told,) = await made.ask("watch run-7", replace(HERE, is_shared=True), is_private=False)
    assert "shared with another company" in told
    assert made.stored.wishes == []


async def test_a_card_slack_refuses_is_told_as_a_refusal() -> None:
    """What could not be known before is known after: the subscription has ended with Slack's reason."""
    made = _running()
    made.deliverer.does = {"ended": Ending.CANNOT_POST, "ended_detail": "not_in_channel"}
    for private in (True, False):
        (told,) = await made.ask("watch run-7", is_private=private)
        assert "/invite @jobbot" in told


async def test_a_card_that_waits_is_told_as_one() -> None:
    """Slack takes nothing just now, or the database no longer says: followed, and the card comes later."""
    made = _running()
    made.deliverer.does = {}
    (told,) = await made.ask("watch run-7", is_private=False)
    assert "as soon as Slack recovers" in told
    made.deliverer.then_fails = StoreError("locked")
    (told,) = await made.ask("watch run-7")
    assert "You're subscribed" in told


async def test_an_answer_without_a_link_is_an_answer() -> None:
    """The permalink is a kindness."""
    made = _running()
    made.slack.refuses["permalink"] = SlackPassingError()
    (told,) = await made.ask("watch run-7")
    assert "tickets" in told
    assert "archives" not in told


async def test_a_finished_job_opens_no_thread() -> None:
    """It says how it ended, also where it was known to run a moment ago."""
    made = _running()
    made.jobs.give("run-7", anew=True, status="COMPLETED", progress=100)
    (told,) = await made.ask("watch run-7", is_private=False)
    assert "already finished" in told
    assert made.stored.wishes == []


async def test_an_end_that_the_watcher_saw_first_is_asked_for() -> None:
    """Our answer was a little old: nothing of the new thread is left."""
    made = _running()
    made.stored.knows_the_end, made.jobs.in_vain = True, 1
    made.jobs.give("run-7", anew=True, status="FAILED", error_message="boom")
    (told,) = await made.ask("watch run-7")
    assert "already finished" in told
    assert made.deliverer.hurried == []
    assert made.stored.all["s1"].ended is Ending.UNSUBSCRIBED


async def test_a_thread_that_others_have_is_left_to_them() -> None:
    """Whoever joins in the hour after the end is told of the end."""
    made = _running()
    await made.ask("watch run-7", replace(HERE, user_id="U02"))
    made.stored.knows_the_end, made.jobs.in_vain = True, 1
    made.jobs.give("run-7", anew=True, status="COMPLETED")
    (told,) = await made.ask("watch run-7")
    assert "already finished" in told
    assert made.stored.all["s1"].is_active


async def test_a_job_that_came_back_to_life_is_followed() -> None:
    """The stored end is older than what the training suite says now, or it cannot be asked."""
    made = _running()
    made.stored.knows_the_end = True
    (told,) = await made.ask("watch run-7")
    assert "Subscribed to" in told


async def test_several_jobs_get_an_answer_each() -> None:
    """One that fails does not cost the others; more than five are counted."""
    made = _running()
    made.jobs.give("run-8", status="COMPLETED")
    first, second, third = await made.ask("watch run-7 nothing-1 run-8")
    assert "Subscribed to" in first
    assert "No such job" in second
    assert "already finished" in third
    ids = " ".join(f"none-{number}" for number in range(7))
    for command in ("watch", "unwatch"):
        answers = await made.ask(f"{command} {ids}")
        assert ["Showing 5 of 7 (" in each for each in answers] == [False] * 4 + [True]
    for each in ids.split():
        made.jobs.give(each, status="RUNNING")
    assert (
        "Showing 5 of 7 ("
        in (await made.ask(f"watch {ids}", replace(HERE, thread_ts="5.0"), is_private=False))[0]
    )


async def test_a_database_that_does_not_answer_is_told() -> None:
    """With a reference, and without a promise."""
    made = _running()
    made.stored.fails = StoreError("locked")
    for words in ("watch run-7", "unwatch run-7", "watching"):
        (told,) = await made.ask(words)
        assert "database isn't responding" in told
        assert "ab12cd34" in told
        assert actions.TRY_AGAIN not in told


async def test_who_leaves_is_told_and_the_last_one_ends_it() -> None:
    """Who never followed may stop it for all."""
    made = _running()
    await made.ask("watch run-7")
    (stranger,) = await made.ask("unwatch run-7", replace(HERE, user_id="U02"))
    assert actions.STOP_FOR_ALL in stranger
    (left,) = await made.ask("unwatch run-7 please")
    assert "unsubscribed from" in left
    assert "tickets" in left
    assert made.stored.all["s1"].ended is Ending.UNSUBSCRIBED
    (nothing,) = await made.ask("unwatch run-7")
    assert "No one is subscribed to" in nothing


async def test_watching_lists_what_is_here_and_mine() -> None:
    """A button to stop on each line."""
    made = _running()
    await made.ask("watch run-7")
    await made.ask("watch run-7", replace(HERE, channel_id="C2"))
    await made.ask("watch run-7", replace(HERE, channel_id="C3", user_id="U02"))
    made.clock.advance(timedelta(minutes=1).total_seconds())
    (listed,) = await made.ask("watching")
    assert listed.count(f'"{actions.STOP}"') == 2
    assert "C3" not in listed
