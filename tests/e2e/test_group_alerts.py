"""Alerts for groups, and that nobody is told anything twice in one conversation."""

from __future__ import annotations

from typing import Any

from bot.cards.kit import actions
from bot.playground.workspace import ME, TRAINING, Message
from tests.e2e.test_group import SUBJECT, end, in_thread, log, public, start, text_of
from tests.e2e.world import World


async def test_one_message_when_any_member_reaches_it(each: World) -> None:
    """By a metric, by what the job has used, by its wait; the thread gets nothing else."""
    start(each, "sweep-a", progress=10)
    start(each, "sweep-b", progress=10)
    await each.slash(f"alert {SUBJECT} when eval_loss < 1.2")
    assert "I'll ping you once, as soon as `eval_loss &lt; 1.2`" in text_of(await each.told("Subscribed to"))
    await each.slash(f"alert {SUBJECT} when queued > 10m")
    await each.told("queued &gt; 10m")
    (card,) = public(each, SUBJECT)
    await each.let_pass(120, 20)
    log(each, "sweep-b", eval_loss=1.18)
    alert = await _told(each, "1.18", card)
    assert "sweep-b" in text_of(alert)
    assert f"<@{ME}>" in text_of(alert)
    assert f"your alert for `{SUBJECT}`: `eval_loss &lt; 1.2`" in text_of(alert)
    await each.workspace.click(ME, alert, actions.OPEN)
    await each.told("sweep-b")
    log(each, "sweep-a", eval_loss=1.1)
    start(each, "sweep-c", "QUEUED")
    assert "queued &gt; 10m" in text_of(await each.ask("subscriptions"))
    waited = await _told(each, "queued for", card, 1_200)
    assert "sweep-c" in text_of(waited)
    end(each, "sweep-a", "FAILED", error_message="CUDA out of memory")
    await each.let_pass(300, 60)
    assert len(in_thread(each, "", card)) == 2


async def test_an_alert_that_nothing_reached_is_said_at_the_end(each: World) -> None:
    """Once, by the group's name."""
    start(each, "sweep-a", progress=10)
    await each.slash(f"alert {SUBJECT} when eval_loss rises 10%")
    await each.told("Subscribed to")
    (card,) = public(each, SUBJECT)
    log(each, "sweep-a", eval_loss=1.18)
    end(each, "sweep-a")
    missed = await _told(each, "without reaching", card, 2_400)
    assert f"`{SUBJECT}` ended without reaching `eval_loss rises 10%`" in text_of(missed)
    assert len(in_thread(each, "", card)) == 1


async def test_a_member_failure_that_the_feed_posts_is_heard_once(each: World) -> None:
    """The channel's feed says it, and mentions who is subscribed to the group; a DM's group says it too."""
    await each.slash("feed on status:failed")
    start(each, "sweep-a", progress=10)
    await each.slash(f"subscribe {SUBJECT}")
    await each.told("Subscribed to")
    (card,) = [message for message in public(each, SUBJECT) if "1 running" in text_of(message)]
    await each.let_pass(60, 20)
    end(each, "sweep-a", "FAILED", error_message="torch.cuda.OutOfMemoryError: CUDA out of memory.")
    await each.pass_until(lambda: bool(_failures(each)), seconds=300)
    await each.let_pass(300, 60)
    assert not in_thread(each, "*Failed*", card)
    (post,) = _failures(each)
    assert f"<@{ME}>" in text_of(post)
    async with each.another():
        await each.let_pass(2_400, 80)
    assert len(in_thread(each, "*Finished*", card)) == 1
    assert len(_failures(each)) == 1


def _failures(made: World) -> list[Message]:
    """What says in the channel itself that a job of the sweep failed."""
    failed = (each for each in public(made, "*Failed*") if each.thread_ts is None)
    return [each for each in failed if "sweep-" in text_of(each)]


async def _told(made: World, words: str, card: Message, seconds: float = 600) -> Any:
    await made.pass_until(lambda: bool(in_thread(made, words, card)), seconds=seconds)
    (found,) = in_thread(made, words, card)
    assert found.channel_id == TRAINING
    return found
