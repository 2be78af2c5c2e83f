"""Following a job: the word, the buttons, the second person, the end, over both transports."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.workspace import GRACE, ME, TRAINING, Message
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World

RUNNING = {"request_id": "run-7", "status": "RUNNING", "progress": 10, "experiment_name": "tickets"}


def _public(made: World, channel_id: str = TRAINING) -> list[Message]:
    """The bot's messages that everybody sees."""
    bot = made.workspace.identity.bot_user_id
    said = (each for each in made.workspace.messages(channel_id) if each.user_id == bot)
    return [each for each in said if each.ephemeral_to is None]


async def test_watch_posts_a_card_and_tells_the_asker_where(each: World) -> None:
    """One card for all, one answer for the asker, with a link to it."""
    await each.slash(f"watch {JOB}")
    told = await each.told("Subscribed to")
    (card,) = _public(each)
    assert (card.thread_ts, card.channel_id) == (None, TRAINING)
    assert "support-tone-llama-8b" in text_of(card)
    assert (has_button(card, actions.SUBSCRIBE), has_button(card, actions.UNSUBSCRIBE)) == (True, False)
    assert f"/archives/{TRAINING}/p{card.ts.replace('.', '')}" in text_of(told)


async def test_a_second_person_joins_and_nobody_gets_a_second_card(each: World) -> None:
    """The joiner gets the link; the list shows it to both, with [Stop]."""
    await each.slash(f"watch {JOB}")
    await each.told("Subscribed to")
    await each.slash(f"watch {JOB}", user_id=GRACE)
    told = await each.told("too, along with 1 other", GRACE)
    assert "/archives/" in text_of(told)
    assert len(_public(each)) == 1
    listed = await each.ask("watching")
    assert "support-tone-llama-8b" in text_of(listed)
    await each.workspace.click(ME, listed, actions.STOP)
    await each.changed(listed, "Stop for all")
    await each.workspace.click(ME, listed, actions.STOP_FOR_ALL)
    await each.changed(listed, "No one is subscribed to a job")


async def test_the_buttons_on_a_private_card_show_the_present_state(each: World) -> None:
    """[Subscribe] turns into [Unsubscribe] and back; the card for all is posted once, and ends."""
    private = await each.ask(JOB)
    assert has_button(private, actions.SUBSCRIBE)
    await each.subscribe(private)
    private = await each.changed(private, "You're subscribed here")
    assert has_button(private, actions.UNSUBSCRIBE)
    assert not has_button(private, actions.SUBSCRIBE)
    (card,) = _public(each)
    assert has_button(await each.ask(JOB), actions.UNSUBSCRIBE)
    await each.workspace.click(ME, private, actions.UNSUBSCRIBE)
    await each.told("unsubscribed from")
    await each.pass_until(lambda: "Updates ended" in text_of(each.now(card)))


async def test_the_buttons_on_a_card_for_all_tell_only_the_presser(each: World) -> None:
    """Whoever presses joins, or is told how to leave; everybody sees how many there are."""
    await each.slash(f"watch {JOB}")
    await each.told("Subscribed to")
    (card,) = _public(each)
    await each.workspace.click(GRACE, card, actions.SUBSCRIBE)
    await each.changed(card, "2 people subscribed")
    await each.told("too, along with 1 other", GRACE)
    await each.let_pass(3)
    await each.choose(card, actions.REFRESH)
    await each.changed(card, "2 people subscribed")
    await each.workspace.click(ME, card, actions.SUBSCRIBE)
    told = await each.told("already subscribed")
    await each.workspace.click(ME, told, actions.STOP)
    await each.changed(told, "unsubscribed from")
    await each.changed(card, "1 person subscribed")


async def test_a_mention_in_a_thread_gets_the_card_there(each: World) -> None:
    """And no further words; ``unwatch`` there needs no id."""
    root = (await each.workspace.say(TRAINING, ME, f"started `{JOB}`, fingers crossed")).message
    assert root is not None
    card = await each.mention("watch quiet", TRAINING, root.ts)
    assert (card.thread_ts, card.ephemeral_to) == (root.ts, None)
    assert has_button(card, actions.SUBSCRIBE)
    await each.let_pass(2)
    left = await each.mention("unwatch", TRAINING, root.ts)
    assert "unsubscribed from" in text_of(left)
    assert (left.thread_ts, left.ephemeral_to) == (root.ts, ME)


async def test_a_finished_job_opens_no_thread(each: World) -> None:
    """It says that it has ended, to the asker alone."""
    each.suite.add_job({**RUNNING, "status": "COMPLETED", "progress": 100})
    for words in ("watch run-7", "watch RUN-7 final".lower()):
        assert "already finished" in text_of(await each.ask(words))
    assert _public(each) == []


async def test_a_delivery_that_comes_twice_does_nothing_twice(over_http: World) -> None:
    """Slack's repeats and replays of a command, a press and a mention."""
    first = await over_http.slash(f"watch {JOB}")
    await over_http.told("Subscribed to")
    (card,) = _public(over_http)
    press = await over_http.workspace.click(ME, card, actions.SUBSCRIBE)
    await over_http.told("already subscribed")
    said = len(over_http.workspace.messages(TRAINING))
    for delivery in (first, press):
        assert (await over_http.workspace.send_again(delivery)).ok
    await over_http.bot.stop()
    assert len(over_http.workspace.messages(TRAINING)) == said


async def test_watch_is_told_what_is_wrong_with_its_words(each: World) -> None:
    """On the ack, with the corrected line; help has the new commands."""
    for words, meant in (
        (f"watch {JOB} finl", f"/job subscribe {JOB} final"),
        (f"wacth {JOB}", f"/job subscribe {JOB}"),
        ("unwatch", "/job unsubscribe"),
    ):
        delivery = await each.slash(words)
        assert delivery.message is not None
        assert meant in text_of(delivery.message)
    examples = (await each.slash("help")).message
    assert examples is not None
    await each.workspace.click(ME, examples, "help.more")
    helped = await each.told("You can ask")
    for command in ("subscribe", "alert", "unsubscribe", "subscriptions"):
        assert f"/job {command}" in text_of(helped)


async def test_subscribe_on_a_card_for_all_makes_it_the_live_one(each: World) -> None:
    """No second card is posted, and the updates come in the thread it stands in."""
    each.suite.add_job(RUNNING)
    card = await each.mention("run-7")
    before = len(_public(each))
    await each.workspace.click(ME, card, actions.SUBSCRIBE)
    await each.told("Subscribed to")
    await each.changed(card, "1 person subscribed")
    await each.let_pass(3, steps=3)
    assert len(_public(each)) == before
    each.suite.add_job({**RUNNING, "status": "FAILED", "error_message": "no space left"})
    await each.pass_until(lambda: len(_public(each)) > before)
    (*_, end) = _public(each)
    assert end.thread_ts == card.thread_ts
    await each.changed(card, "Failed")


async def test_a_card_that_slack_lets_nobody_edit_gives_way_to_a_link(each: World) -> None:
    """As one that was shared through a ``response_url`` may be: the live one is posted instead."""
    private = await each.ask(JOB)
    await each.choose(private, actions.SHARE)
    await each.pass_until(lambda: len(_public(each)) == 1)
    (shared,) = _public(each)
    each.workspace.faults.refuse_next(1, "cant_update_message", method="chat.update")
    await each.workspace.click(ME, shared, actions.SUBSCRIBE)
    await each.changed(shared, "its live card")
    _, live = _public(each)
    assert f"/p{live.ts.replace('.', '')}" in text_of(each.now(shared))
    assert has_button(live, actions.SUBSCRIBE)
    assert not has_button(each.now(shared), actions.SUBSCRIBE)
