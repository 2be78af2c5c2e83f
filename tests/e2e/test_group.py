"""A sweep: one card for all its jobs, one message a failure, and one when the last has ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.cards.kit import actions
from bot.playground.workspace import GRACE, ME, TRAINING, Message
from tests.e2e.messages import has_button
from tests.e2e.messages import text_of as shown_in
from tests.e2e.world import World

NAMES = ("sweep-a", "sweep-b", "sweep-c", "sweep-d")
SUBJECT = "name:sweep-*"


def text_of(message: Message) -> str:
    """What the message says, with plain blanks."""
    return shown_in(message).replace("\u00a0", " ")


def start(made: World, name: str, status: str = "RUNNING", **fields: Any) -> None:
    """A job of the sweep, as it is now."""
    created_at = made.clock.now().isoformat()
    made.suite.set(name, experiment_name=name, status=status, created_at=created_at, **fields)


def end(made: World, name: str, status: str = "COMPLETED", **fields: Any) -> None:
    """It ends now."""
    now = made.clock.now().isoformat()
    made.suite.set(name, status=status, updated_at=now, completed_at=now, **fields)


def log(made: World, name: str, **values: float) -> None:
    """It logs these values."""
    points: list[Mapping[str, Any]] = [
        {"key": key, "value": value, "step": 100} for key, value in values.items()
    ]
    made.suite.log(name, *points)


def public(made: World, words: str, channel_id: str = TRAINING) -> list[Message]:
    """The bot's messages that everybody sees, with these words."""
    bot = made.workspace.identity.bot_user_id
    said = (each for each in made.workspace.messages(channel_id) if each.user_id == bot)
    return [each for each in said if each.ephemeral_to is None and words in text_of(each)]


async def _told(made: World, words: str, card: Message) -> Message:
    """What the thread is told, as soon as it is."""
    await made.pass_until(lambda: bool(in_thread(made, words, card)), seconds=300)
    (found,) = in_thread(made, words, card)
    return found


def in_thread(made: World, words: str, card: Message) -> list[Message]:
    """The messages in a card's thread that everybody sees, with these words."""
    return [each for each in public(made, words) if each.thread_ts == card.ts]


async def test_a_sweep_of_four_that_start_one_by_one(each: World) -> None:
    """One fails, one runs again; the last word comes once, with the ranking and the best to compare."""
    start(each, "sweep-a", started_at=each.clock.now().isoformat())
    start(each, "old-run")
    await each.slash(f"subscribe {SUBJECT}")
    told = await each.told("Subscribed to")
    assert "1 running" in text_of(told)
    (card,) = public(each, SUBJECT)
    assert "sweep-a" in text_of(card)
    assert "old-run" not in text_of(card)
    start(each, "sweep-b", "QUEUED")
    await each.pass_until(lambda: "1 queued" in text_of(each.now(card)))
    log(each, "sweep-a", eval_loss=1.25)
    end(each, "sweep-a")
    start(each, "sweep-c", progress=10)
    await each.pass_until(lambda: "1 completed" in text_of(each.now(card)))
    end(each, "sweep-b", "FAILED", error_message="torch.cuda.OutOfMemoryError: CUDA out of memory.")
    failure = await _told(each, "*Failed*", card)
    assert (failure.thread_ts, f"<@{ME}>" in text_of(failure)) == (card.ts, True)
    assert "memory" in text_of(failure)
    async with each.another():
        start(each, "sweep-d")
        await each.pass_until(lambda: "1.25" in text_of(each.now(card)))
        log(each, "sweep-c", eval_loss=1.125)
        end(each, "sweep-c")
        await each.let_pass(2_400, 80)
        assert not public(each, "Finished")
        log(each, "sweep-d", eval_loss=1.5)
        end(each, "sweep-d")
        last = await _told(each, "*Finished*", card)
    assert last.thread_ts == card.ts
    words = text_of(last)
    assert [words.index(name) for name in ("sweep-c", "sweep-a", "sweep-d", "sweep-b")] == sorted(
        words.index(name) for name in NAMES
    )
    assert f"<@{ME}>" in words
    await each.workspace.click(ME, last, actions.GROUP_COMPARE)
    compared = await each.told("sweep-d")
    assert "sweep-c" in text_of(compared)
    await each.let_pass(3_600, 60)
    assert len(in_thread(each, "*Finished*", card)) == len(in_thread(each, "*Failed*", card)) == 1
    assert not has_button(each.now(card), actions.GROUP_SUBSCRIBE)
    assert "name:sweep" not in text_of(await each.ask("subscriptions"))


async def test_people_join_and_leave_a_group(each: World) -> None:
    """By the command, in any spelling, and by the button on its card."""
    start(each, "sweep-a")
    await each.slash(f"subscribe {SUBJECT} quiet")
    await each.told("Subscribed to")
    (card,) = public(each, SUBJECT)
    await each.workspace.click(GRACE, card, actions.GROUP_SUBSCRIBE)
    await each.told("Subscribed to", GRACE)
    await each.changed(card, "2 people subscribed")
    assert "0 of 1 job ended" in text_of(await each.ask("subscriptions"))
    await each.slash("unsubscribe name:SWEEP-", user_id=GRACE)
    await each.told("unsubscribed from", GRACE)
    await each.changed(card, "1 person subscribed")
    await each.slash(f"unsubscribe {SUBJECT}")
    await each.told("unsubscribed from")
    end(each, "sweep-a")
    await each.let_pass(2_400, 40)
    assert not public(each, "Finished")
    assert not has_button(each.now(card), actions.GROUP_SUBSCRIBE)


async def test_who_is_subscribed_to_a_member_is_told_once(each: World) -> None:
    """In one conversation; whoever is not is told in the group's thread."""
    start(each, "sweep-a")
    start(each, "sweep-b")
    await each.slash("subscribe sweep-a")
    await each.told("Subscribed to")
    await each.slash(f"subscribe {SUBJECT}")
    await each.told(f"Subscribed to `{SUBJECT}`")
    (card,) = [message for message in public(each, SUBJECT) if message.thread_ts is None]
    end(each, "sweep-a", "FAILED", error_message="CUDA out of memory")
    await each.let_pass(300, 60)
    assert public(each, "*Failed*")
    assert not in_thread(each, "*Failed*", card)
    await each.workspace.click(GRACE, card, actions.GROUP_SUBSCRIBE)
    await each.told("Subscribed to", GRACE)
    end(each, "sweep-b", "FAILED", error_message="CUDA out of memory")
    await each.let_pass(120, 60)
    (failure,) = in_thread(each, "*Failed*", card)
    assert (f"<@{ME}>" in text_of(failure), f"<@{GRACE}>" in text_of(failure)) == (True, True)


async def test_a_group_without_a_job_waits_for_one(each: World) -> None:
    """And says so; what it doesn't take is refused with a line that works."""
    await each.slash(f"subscribe {SUBJECT} by eval_accuracy for 7d")
    assert "No job fits yet" in text_of(await each.told("Subscribed to"))
    (card,) = public(each, SUBJECT)
    assert "Waiting for jobs" in text_of(card)
    start(each, "sweep-a")
    await each.pass_until(lambda: "1 running" in text_of(each.now(card)))
    log(each, "sweep-a", eval_accuracy=0.75)
    end(each, "sweep-a")
    await each.pass_until(lambda: "0.75" in text_of(each.now(card)))
    assert "A group takes" in text_of(await each.ask("subscribe name:sweep since:7d"))
    assert "isn't a time" in text_of(await each.ask("subscribe name:sweep for ever"))
    assert "No price" in text_of(await each.ask("alert name:sweep when cost > 5"))


async def test_a_workspace_without_tables_gets_lines(each: World) -> None:
    """Found out once; in its thread "unsubscribe" means the group, and a question about a job names it."""
    each.workspace.faults.takes_charts = False
    start(each, "sweep-a", progress=10)
    await each.mention(f"subscribe {SUBJECT}")
    await each.pass_until(lambda: bool(public(each, SUBJECT)))
    (card,) = public(each, SUBJECT)
    assert not any(block["type"] == "table" for block in card.blocks or ())
    assert "🔵 sweep-a · running 10%" in text_of(card)
    await each.let_pass(2)
    asked = await each.mention("status", TRAINING, card.ts)
    assert "Give me a name or an ID" in text_of(asked)
    left = await each.mention("unsubscribe", TRAINING, card.ts)
    assert f"unsubscribed from `{SUBJECT}`" in text_of(left)


async def test_the_first_table_that_is_refused_is_nobodys_business(each: World) -> None:
    """The refused message counts against the channel's rate; the one who asked is told as always."""
    each.workspace.faults.takes_charts = False
    start(each, "sweep-a")
    await each.slash(f"subscribe {SUBJECT}")
    await each.told("Subscribed to")
    assert "🔵 sweep-a" in text_of(public(each, SUBJECT)[0])
    assert not any("accepting" in text_of(said) for said in each.workspace.messages(TRAINING))


async def test_a_list_that_does_not_come_is_waited_for(each: World) -> None:
    """Nothing is said of jobs that nobody could look for; they join when it comes."""
    start(each, "sweep-a")
    each.suite.switches.update({"down": True})
    await each.slash(f"subscribe {SUBJECT}")
    told = await each.told("Subscribed to")
    assert "No job fits" not in text_of(told)
    each.suite.switches.update({"down": False})
    (card,) = public(each, SUBJECT)
    await each.pass_until(lambda: "1 running" in text_of(each.now(card)))


async def test_its_menu_draws_it_anew_and_changes_what_comes(each: World) -> None:
    """[Refresh] shows what the list says now; the window sets which updates the thread gets, or a DM's."""
    start(each, "sweep-a", started_at=each.clock.now().isoformat())
    await each.slash(f"subscribe {SUBJECT}")
    await each.told("Subscribed to")
    (card,) = public(each, SUBJECT)
    await each.let_pass(20)
    start(each, "sweep-b", "QUEUED")
    await each.let_pass(16)
    await each.choose(each.now(card), actions.GROUP_REFRESH)
    await each.changed(card, "1 queued")
    await each.choose(each.now(card), actions.GROUP_CHANGE)
    (view,) = await each.soon(lambda: each.workspace.views_of(ME))
    assert "Only the ranking at the end" in str(view.content)
    asked = {"where": "here", "which": "final"}
    values = {name: {name: {"selected_option": {"value": said}}} for name, said in asked.items()}
    assert (await each.workspace.submit_view(ME, view, values)).ok
    assert "nothing before that" in text_of(await each.told("already subscribed"))
    end(each, "sweep-a", "FAILED", error_message="CUDA out of memory")
    await each.let_pass(300, 20)
    assert not in_thread(each, "*Failed*", card)
    await each.slash(f"unsubscribe {SUBJECT}")
    await each.told("unsubscribed from")
    await each.choose(card, actions.GROUP_CHANGE)
    await each.told("nothing left to subscribe to")


@pytest.mark.parametrize(
    "words", ["follow all sweep-* jobs", "watch sweep-*", "subscribe to every sweep run"]
)
async def test_a_group_in_peoples_own_words(each: World, words: str) -> None:
    """As if it was typed as a filter; and no more of it."""
    start(each, "sweep-a")
    start(each, "sweep-b")
    await each.slash(words)
    assert "2 running" in text_of(await each.told("Subscribed to"))
    await each.slash("stop following the sweep-* jobs" if "*" in words else "unsubscribe from all sweep runs")
    await each.told("unsubscribed from")


async def test_the_last_one_may_be_the_newest_or_the_last_to_end(each: World) -> None:
    """The bot asks, with a button for each."""
    start(each, "sweep-a")
    start(each, "sweep-b")
    await each.slash("let me know when the last one finishes")
    assert "sweep-" in text_of(await each.told("status:queued,running"))
