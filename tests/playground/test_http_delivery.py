"""Commands, events and interactions over HTTP: signed as Slack does, with its time limit and repeats."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from bot.playground.workspace import BOT, DM, GENERAL, GRACE, ME, ML_OPS, PARTNERS, TRAINING
from bot.playground.workspace.dispatch.http_link import signed_headers
from tests.playground.slack_side import CARD, Slack, http_bot, until_asleep

MENTION = f"<@{BOT}> help"


async def test_a_command_is_a_signed_form_with_every_field(served: Slack) -> None:
    """The SDK's own verifier takes it."""
    async with http_bot(served.workspace) as bot:
        delivery = await served.workspace.slash(ML_OPS, ME, "status x & y", "/job")
    (form,) = bot.payloads
    assert delivery.ok
    assert form | {"token": "", "response_url": "", "trigger_id": ""} == {
        "token": "",
        "team_id": "T0PLAYGRND",
        "team_domain": "playground",
        "channel_id": ML_OPS,
        "channel_name": "privategroup",
        "user_id": ME,
        "user_name": "ada",
        "command": "/job",
        "text": "status x & y",
        "api_app_id": "A0JOBBOT01",
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }
    verifier = SignatureVerifier(served.workspace.identity.signing_secret)
    assert verifier.is_valid_request(bot.bodies[0], dict(bot.headers[0]))


def test_a_signature_covers_body_and_time() -> None:
    """Slack's documented example."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgc"
        b"ZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = signed_headers("8f742231b10e8888abcd99yyyzzz85a5", body, "1531420618")
    assert headers["X-Slack-Signature"] == (
        "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    )


@pytest.mark.parametrize(
    ("answer", "text", "ephemeral_to"),
    [
        (web.json_response(CARD), "A card", ME),
        (web.json_response({**CARD, "response_type": "in_channel"}), "A card", None),
        (web.Response(text="Plain words"), "Plain words", ME),
    ],
)
async def test_the_ack_of_a_command_can_be_the_answer(
    served: Slack, answer: web.Response, text: str, ephemeral_to: str | None
) -> None:
    """A JSON message or plain words."""
    async with http_bot(served.workspace, answer):
        delivery = await served.workspace.slash(TRAINING, ME)
    (message,) = served.workspace.messages(TRAINING)
    assert delivery.message is message
    assert (message.text, message.ephemeral_to, message.user_id) == (text, ephemeral_to, BOT)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (web.json_response({"text": "x", "blocks": [{"type": "nope"}]}), "invalid_blocks"),
        (web.Response(status=500), "dispatch_failed"),
        (web.Response(status=404), "dispatch_failed"),
    ],
)
async def test_a_command_that_fails_is_told_to_the_person(
    served: Slack, answer: web.Response, word: str
) -> None:
    """In Slack's own words, and nothing is posted."""
    with served.workspace.feed.subscribe() as news:
        async with http_bot(served.workspace, answer):
            await served.workspace.slash(TRAINING, ME)
    notes = [one["note"]["text"] for one in _drain(news) if one["type"] == "note"]
    assert notes == [f'/job failed with the error "{word}"']
    assert served.workspace.messages(TRAINING) == []


async def test_three_seconds_are_the_limit(served: Slack) -> None:
    """Then the person reads operation_timeout."""
    never = asyncio.Event()
    with served.workspace.feed.subscribe() as news:
        async with http_bot(served.workspace, never):
            asked = asyncio.create_task(served.workspace.slash(TRAINING, ME))
            await until_asleep(served.clock, 3)
            served.clock.advance(3)
            delivery = await asked
            never.set()
    assert (delivery.error, delivery.elapsed_seconds) == ("operation_timeout", 3)
    assert 'failed with the error "operation_timeout"' in str(_drain(news))


async def test_nobody_listening(served: Slack) -> None:
    """A bot that is not there, or was never told of."""
    assert (await served.workspace.slash(TRAINING, ME)).error == "not_connected"
    served.workspace.request_url = "http://127.0.0.1:9/slack/events"
    assert (await served.workspace.slash(TRAINING, ME)).error == "connection_failed"


async def test_a_mention_is_an_event_with_its_envelope(served: Slack) -> None:
    """With authorizations, and a thread's ts where it stands in one."""
    async with http_bot(served.workspace) as bot:
        first = await served.workspace.say(PARTNERS, ME, MENTION)
        assert first.message is not None
        await served.workspace.say(PARTNERS, ME, MENTION, first.message.ts)
    callback, reply = bot.payloads
    assert callback["type"] == "event_callback"
    assert callback["is_ext_shared_channel"]
    assert callback["authorizations"][0]["user_id"] == BOT
    assert callback["event"]["type"] == "app_mention"
    assert "thread_ts" not in callback["event"]
    assert reply["event"]["thread_ts"] == first.message.ts
    assert reply["event_id"] != callback["event_id"]
    assert bot.headers[0]["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("channel", "text", "lost_scope", "heard"),
    [
        (TRAINING, MENTION, "", "app_mention"),
        (TRAINING, "no mention", "", None),
        (GENERAL, MENTION, "", None),
        (TRAINING, MENTION, "app_mentions:read", None),
        (DM, "no mention", "", "message"),
        (DM, "no mention", "im:history", None),
    ],
)
async def test_what_the_bot_hears_of(
    served: Slack, channel: str, text: str, lost_scope: str, heard: str | None
) -> None:
    """Mentions where it is a member, everything in direct messages, each with its scope."""
    served.workspace.scopes.discard(lost_scope)
    async with http_bot(served.workspace) as bot:
        await served.workspace.say(channel, ME, text)
    assert [one["event"]["type"] for one in bot.payloads] == ([heard] if heard else [])


async def test_the_bot_hears_its_own_direct_messages(served: Slack) -> None:
    """Marked with its bot id: it must not answer itself."""
    async with http_bot(served.workspace) as bot:
        await served.call("chat.postMessage", channel=DM, **CARD)
        await served.workspace.wait_for(lambda: bot.bodies)
    assert bot.payloads[0]["event"]["bot_id"] == served.workspace.identity.bot_id


async def test_a_failed_event_comes_again_three_times(served: Slack) -> None:
    """At once, after a minute, after five: each with its number and reason."""
    async with http_bot(served.workspace, *[web.Response(status=500) for _ in range(9)]) as bot:
        await served.workspace.say(TRAINING, ME, MENTION)
        for seconds in (60, 300):
            await until_asleep(served.clock, seconds)
            served.clock.advance(seconds)
        await served.workspace.wait_for(lambda: len(bot.bodies) == 4)
    assert len(set(bot.bodies)) == 1
    assert [headers.get("x-slack-retry-num") for headers in bot.headers] == [None, "1", "2", "3"]
    assert bot.headers[3]["x-slack-retry-reason"] == "http_error"


async def test_repeats_end_with_success(served: Slack) -> None:
    """One failure, one repeat."""
    async with http_bot(served.workspace, web.Response(status=503)) as bot:
        await served.workspace.say(TRAINING, ME, MENTION)
        await served.workspace.wait_for(lambda: len(bot.bodies) == 2)
        served.clock.advance(1000)
        await served.workspace.slash(TRAINING, ME)
    assert len(bot.bodies) == 3


async def test_an_app_can_decline_repeats(served: Slack) -> None:
    """With its header."""
    refusal = web.Response(status=500, headers={"x-slack-no-retry": "1"})
    async with http_bot(served.workspace, refusal) as bot:
        assert (await served.workspace.say(TRAINING, GRACE, MENTION)).error == "http_error"
        await served.workspace.slash(TRAINING, ME)
    assert len(bot.bodies) == 2


async def test_the_same_payload_can_be_sent_again(served: Slack) -> None:
    """A replay, byte for byte."""
    async with http_bot(served.workspace) as bot:
        await served.workspace.send_again(await served.workspace.slash(TRAINING, ME))
    assert bot.bodies[0] == bot.bodies[1]


def _drain(news: asyncio.Queue[object]) -> list[dict[str, dict[str, str]]]:
    found = []
    while not news.empty():
        found.append(news.get_nowait())
    return found  # type: ignore[return-value]
