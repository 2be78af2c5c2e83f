"""Waiting for a value, and what the run doctor sees: from the words people type to the message they get."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.training_suite import IDS
from bot.playground.workspace import GRACE, ME, TRAINING, Message
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import World

ILL = IDS["diverges"]


def _thread(made: World, channel_id: str = TRAINING) -> list[Message]:
    """What the bot has told in threads."""
    said = (each for each in made.workspace.messages(channel_id) if each.thread_ts)
    return [each for each in said if each.user_id == made.workspace.identity.bot_user_id]


async def _said(made: World, words: str) -> Message:
    """A message in a thread, as soon as it is there."""

    def found() -> list[Message]:
        return [each for each in _thread(made) if words in text_of(each)]

    await made.pass_until(lambda: bool(found()))
    return found()[0]


async def test_a_value_is_told_to_whoever_waits_for_it(each: World) -> None:
    """At once where it is there; in a thread that tells nothing else."""
    await each.slash(f"watch {ILL} when train_loss &gt; 3")
    answer = text_of(await each.told("I'll ping you once, as soon as"))
    assert "train_loss &gt; 3" in answer
    told = await _said(each, "your alert:")
    assert "`train_loss` hit *" in text_of(told)
    assert f"<@{ME}>" in text_of(told)
    assert told.ephemeral_to is None
    assert not told.broadcast
    seen = each.clock.monotonic()
    await each.pass_until(lambda: each.clock.monotonic() > seen + 30)
    assert len(_thread(each)) == 1


async def test_a_job_that_ends_without_it_says_so(each: World) -> None:
    """With the last value; whoever watches it is shown what they wait for."""
    each.suite.set("run-7", status="RUNNING", progress=10, experiment_name="tickets")
    each.suite.log("run-7", {"key": "eval_loss", "value": 1.34, "step": 200})
    await each.slash("watch run-7 when eval_loss&lt;1.2")
    await each.told("I'll ping you once, as soon as")
    listed = text_of(await each.ask("watching"))
    assert "only an alert when `eval_loss &lt; 1.2`" in listed
    each.suite.set("run-7", status="COMPLETED")
    told = text_of(await _said(each, "completed without reaching"))
    assert "completed without reaching `eval_loss &lt; 1.2`" in told
    assert "Last value 1.34 at step 200" in told


async def test_a_metric_that_is_not_there_is_accepted_and_told(each: World) -> None:
    """It may come later."""
    await each.slash(f"watch {ILL} when bleu &gt; 30")
    answer = text_of(await each.told("I'll ping you once, as soon as"))
    assert (
        "This job doesn't log that metric yet. Available: `train_loss`, `learning_rate`, `eval_loss`."
        in answer
    )


async def test_what_is_no_condition_is_answered_with_one(each: World) -> None:
    """On the ack; nobody is subscribed without it."""
    delivery = await each.slash(f"watch {ILL} when eta &lt; 30")
    assert delivery.message is not None
    assert f"/job subscribe {ILL} when eta &lt; 30m" in text_of(delivery.message)
    assert _thread(each) == []


async def test_whoever_leaves_waits_no_longer(each: World) -> None:
    """And the thread ends with them."""
    await each.slash(f"watch {ILL} when train_loss &gt; 300")
    await each.told("I'll ping you once, as soon as")
    await each.slash(f"unwatch {ILL}")
    await each.told("unsubscribed from")
    assert "No one is subscribed to a job here" in text_of(await each.ask("watching"))


async def test_a_mention_waits_too(each: World) -> None:
    """In the thread it was said in, with a name for the job; the asker alone is told what will come."""
    await each.workspace.say(TRAINING, ME, "look at this")
    root = each.workspace.messages(TRAINING)[-1]
    await each.mention("watch reviews-full-3b when progress &gt; 99", TRAINING, root.ts)
    answer = await each.told("I'll ping you once, as soon as")
    assert "progress &gt; 99%" in text_of(answer)
    card = next(one for one in _thread(each) if has_button(one, actions.SUBSCRIBE))
    assert card.thread_ts == root.ts


async def test_a_finding_is_told_and_whoever_thinks_so_stops_it(each: World) -> None:
    """The message stays, without its button; nobody hears of it again, not in a new thread either.

    Somebody who waits has the job examined at once.
    """
    await each.slash(f"watch {ILL} milestones when bleu &gt; 30")
    await each.told("I'll ping you once")
    found = await _said(each, "Loss is diverging")
    assert "train_loss rose from" in text_of(found)
    assert "lower learning rate" in text_of(found)
    assert has_button(found, actions.NOT_HELPFUL)
    await each.workspace.click(GRACE, found, actions.NOT_HELPFUL)
    silenced = await each.changed(found, "Got it. I won't mention this again for this job.")
    assert not has_button(silenced, actions.NOT_HELPFUL)
    assert "train_loss rose from" in text_of(silenced)
    await each.slash(f"unwatch {ILL}")
    await each.told("unsubscribed from")
    await each.slash(f"watch {ILL} milestones when train_loss &gt; 3")
    await _said(each, "your alert:")
    assert [one for one in _thread(each) if "is diverging" in text_of(one)] == [silenced]


async def test_changes_and_what_a_job_has_used_are_waited_for(each: World) -> None:
    """A loss that rises again, one that gets no better, a job that waits for too long."""
    each.suite.set("run-8", status="RUNNING", progress=10, experiment_name="tickets")
    for step, value in enumerate([2.0, 1.0, 1.05, 1.3], start=1):
        each.suite.log("run-8", {"key": "eval_loss", "value": value, "step": 100 * step})
    for wish, told in (
        ("eval_loss rises 10%", "eval_loss rose 30% from 1 at step 200 to 1.3 at step 400"),
        ("eval_loss no better for 200 steps", "eval_loss is no better than 1 at step 200 for 200 steps"),
        ("gpu_hours &gt; 0.1", "GPU-hours"),
    ):
        await each.slash(f"alert run-8 when {wish}")
        await each.told(f"as soon as `{wish}`")
        assert "our alert: " in text_of(await _said(each, told))


async def test_a_cost_that_nobody_knows_is_not_waited_for(each: World) -> None:
    """Without a price of a GPU-hour the answer has the line that can be waited for, for a group too."""
    for jobs in (ILL, "name:sweep-*"):
        answer = text_of(await each.ask(f"alert {jobs} quiet when cost &gt; 50 USD"))
        assert "No price of a GPU-hour is set" in answer
        assert f"/job alert {jobs.removesuffix('*')} quiet when gpu_hours &gt; 100" in answer
    assert _thread(each) == []
