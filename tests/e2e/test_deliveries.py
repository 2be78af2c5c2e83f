"""Each delivery is answered once: repeated, edited, at another process, after a restart."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.app import Application
from bot.cards.kit import actions
from bot.domain.ports import ClaimedDelivery, Incoming
from bot.handlers.deliveries.claims import LEASE_SECONDS
from bot.handlers.deliveries.incoming import PRESS, incoming_of, with_payload
from bot.playground.workspace import DM, ME, TRAINING, Delivery, Message, View
from bot.store.store import open_store
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, World, world

RUNNING = {"request_id": "run-7", "status": "RUNNING", "progress": 10}


async def _settled(each: World) -> list[Message]:
    """What stands in the channel once everybody is done."""
    await each.bot.stop()
    return each.workspace.messages(TRAINING)


async def _next(each: World, after: int, channel_id: str = TRAINING) -> Message:
    """The message at this place; a channel takes one a second."""
    return await each.soon(lambda: next(iter(each.workspace.messages(channel_id)[after:]), None))


async def _mentions(each: World, text: str, channel_id: str = TRAINING) -> Message:
    bot = each.workspace.identity.bot_user_id
    delivery = await each.workspace.say(channel_id, ME, f"<@{bot}> {text}".strip())
    assert delivery.message is not None
    await _next(each, 1, channel_id)
    return delivery.message


async def test_an_edited_mention_is_answered_once(each: World) -> None:
    """Nor when Slack shows the links in it, which it tells as an edit."""
    mention = await _mentions(each, JOB)
    each.workspace.edit(ME, mention, f"{mention.text} please")
    each.workspace.board.unfurl(mention, {"https://example.com": {"blocks": []}})
    await each.ask("help")
    assert len(await _settled(each)) == 3


async def test_an_edit_that_adds_a_request_is_answered_once(each: World) -> None:
    """What was said before called the bot and asked for nothing; the next edits ask for nothing more."""
    mention = await _mentions(each, "")
    each.workspace.edit(ME, mention, f"{mention.text} {JOB}")
    card = await _next(each, 2)
    assert "support-tone-llama-8b" in text_of(card)
    assert card.thread_ts == mention.ts
    for words in (f"{JOB} now", "", "thanks"):
        each.workspace.edit(ME, mention, f"<@{each.workspace.identity.bot_user_id}> {words}")
    await each.ask("help")
    assert len(await _settled(each)) == 4


async def test_a_mention_that_an_edit_adds_is_answered(each: World) -> None:
    """The message was none of the bot's before."""
    said = (await each.workspace.say(TRAINING, ME, f"how is {JOB}?")).message
    assert said is not None
    each.workspace.edit(ME, said, f"<@{each.workspace.identity.bot_user_id}> {said.text}")
    assert "support-tone-llama-8b" in text_of(await _next(each, 1))


async def test_an_edit_of_an_old_mention_is_left_alone(over_http: World) -> None:
    """A day later nobody remembers whether it was answered."""
    mention = await _mentions(over_http, JOB)
    await over_http.let_pass(25 * 3600)
    over_http.workspace.edit(ME, mention, f"{mention.text} please")
    await over_http.ask("help")
    assert len(await _settled(over_http)) == 3


async def test_an_edit_of_a_direct_message_adds_a_request(each: World) -> None:
    """As of a mention; a link shown below it, and the bot's own edits, add nothing."""
    said = (await each.workspace.say(DM, ME, "help")).message
    assert said is not None
    await _next(each, 1, DM)
    each.workspace.edit(ME, said, f"help with {JOB}")
    each.workspace.edit(ME, said, f"status {JOB}")
    card = await _next(each, 2, DM)
    assert "support-tone-llama-8b" in text_of(card)
    each.workspace.edit(ME, said, f"status {JOB} please")
    each.workspace.board.unfurl(said, {"https://example.com": {"blocks": []}})
    each.workspace.board.edit(card, {"text": f"status {JOB}"})
    await each.ask("help")
    await each.bot.stop()
    assert len(each.workspace.messages(DM)) == 3


async def _everything(each: World) -> list[Delivery]:
    """A delivery of each kind, answered."""
    each.suite.add_job(RUNNING)
    said = each.workspace
    mention = await said.say(TRAINING, ME, f"<@{said.identity.bot_user_id}> {JOB}")
    card = await _next(each, 1)
    question = await each.slash("list")
    await _next(each, 2)
    request = await each.slash("watch run-7")
    await each.told("ubscribed")
    press = await said.click(ME, card, actions.METRICS)
    await _next(each, 5)
    subscribe = await said.click(ME, card, actions.SUBSCRIBE)
    await each.soon(lambda: len(said.messages(TRAINING)) > 6 or None)
    link = await said.say(TRAINING, ME, f"https://app.simplismart.ai/jobs/{JOB}")
    await said.wait_for(lambda: said.calls_of("chat.unfurl") or None)
    before = len(said.messages(TRAINING))
    shortcut = await said.shortcut(ME, card, actions.CHECK_JOB)
    await _next(each, before)
    home = await said.open_home(ME)
    await said.wait_for(lambda: said.calls_of("views.publish") or None)
    await each.bot.stop(grace_seconds=1)
    return [mention, question, request, press, subscribe, link, shortcut, home]


async def test_the_same_delivery_at_another_process_is_answered_once() -> None:
    """Or after a restart: commands, buttons, shortcuts, links, Home, mentions."""
    async with world("http") as each:
        deliveries = await _everything(each)
        async with each.another() as other:
            calls = len(each.workspace.calls)
            for delivery in deliveries:
                assert (await each.workspace.send_again(delivery)).ok
            await other.stop()
            wanted = [call.method for call in list(each.workspace.calls)[calls:]]
            assert [method for method in wanted if method != "auth.test"] == []


async def test_many_processes_answer_an_event_once() -> None:
    """Though all of them get it in the same moment."""
    async with world("http") as each, each.another(), each.another() as third:
        url = each.workspace.request_url
        bot = each.workspace.identity.bot_user_id
        event = await each.workspace.say(TRAINING, ME, f"<@{bot}> {JOB}")
        again = [each.workspace.send_again(event)]
        each.workspace.request_url = _url(each.bot)
        again.append(each.workspace.send_again(event))
        await asyncio.gather(*again)
        await _next(each, 1)
        each.workspace.request_url = url
        await each.ask("help")
        await third.stop()
        assert len(await _settled(each)) == 3


async def test_the_repeat_is_answered_when_the_process_died_that_had_it() -> None:
    """Not before its lease is over, and Slack need not repeat it once more; if it lives, nothing is said."""
    async with world("http") as each:
        store = open_store(each.settings.database_url)
        mentions = []
        for number in range(2):
            said = await each.workspace.say(TRAINING, ME, JOB)
            assert said.message is not None
            mentions.append(said.message)
            key = f"{each.workspace.identity.team_id}:message:{TRAINING}:{said.message.ts}"
            there = Incoming(key, "T1", ME, 1)
            (claim,) = await store.deliveries.claim_deliveries([there], each.clock.now(), LEASE_SECONDS)
            assert isinstance(claim, ClaimedDelivery)
            each.workspace.edit(ME, said.message, f"<@{each.workspace.identity.bot_user_id}> {JOB}")
            if number:
                await store.deliveries.finish_deliveries([claim], each.clock.now())
        await each.pass_until(lambda: each.clock.monotonic() >= LEASE_SECONDS - 1)
        assert len(each.workspace.messages(TRAINING)) == len(mentions)
        await _next(each, len(mentions))
        await each.pass_until(lambda: each.clock.monotonic() > 3 * LEASE_SECONDS)
        await store.database.close()
        (answer,) = (await _settled(each))[2:]
        assert answer.thread_ts == mentions[0].ts


async def test_what_was_left_is_taken_up_at_the_next_start() -> None:
    """A button in Home among it: a window cannot be opened late, and Home is drawn anew."""
    async with world("http") as each:
        each.suite.add_job(RUNNING)
        await each.slash("watch run-7")
        await each.told("Subscribed to")
        store = open_store(each.settings.database_url)
        team_id = each.workspace.identity.team_id
        (followed,) = await store.subscriptions.followed(team_id, TRAINING, ME)
        await each.workspace.open_home(ME)
        await each.soon(lambda: each.workspace.board.homes.get(ME))
        await each.bot.stop()
        with suppress(ConnectionError):
            home = each.workspace.board.homes[ME]
            stop = next(value for value in _options(home) if value.startswith(f"{actions.STOP} "))
            press = await each.workspace.click(ME, home, actions.ROW_MORE, value=stop)
        body = dict(press.payload)
        left = with_payload(incoming_of(body, team_id, each.clock.now()), PRESS, body)
        (claim,) = await store.deliveries.claim_deliveries([left], each.clock.now(), 1.0)
        assert isinstance(claim, ClaimedDelivery)
        async with each.another():
            before = len(each.workspace.calls_of("views.publish"))
            await each.pass_until(lambda: len(each.workspace.calls_of("views.publish")) > before)
            stopped = await store.subscriptions.subscription(followed.subscription.id)
            assert stopped is not None
            assert stopped.ended is not None
        await store.database.close()


def _options(home: View) -> list[str]:
    """The values in the menus beside its jobs."""
    menus = [block["accessory"] for block in home.content["blocks"] if "accessory" in block]
    return [option["value"] for menu in menus for option in menu["options"]]


def _url(bot: Application) -> str:
    return f"http://127.0.0.1:{bot.port}/slack/events"
