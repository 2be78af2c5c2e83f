"""Links to job pages: what is shown below them, and where nothing is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.playground.training_suite import IDS
from bot.playground.workspace import GENERAL, ME, PARTNER, PARTNERS, TRAINING, Message
from tests.e2e.world import JOB, World, world

PAGE = "https://training.app.simplismart.ai/jobs/{}?tab=logs"


async def _said(made: World, text: str, channel_id: str = TRAINING) -> Message:
    message = (await made.workspace.say(channel_id, ME, text)).message
    assert message is not None
    return message


async def _shown(made: World, message: Message) -> str:
    """What stands below the message, once something does."""
    cards = await made.soon(lambda: made.now(message).unfurls)
    return json.dumps(cards, ensure_ascii=False)


@pytest.mark.parametrize("channel_id", [TRAINING, GENERAL])
async def test_a_job_is_shown_below_a_link_to_its_page(each: World, channel_id: str) -> None:
    """For all, also where the bot is no member; the message itself is not touched."""
    message = await _said(each, f"look: {PAGE.format(JOB)}", channel_id)
    shown = await _shown(each, message)
    assert "support-tone-llama-8b" in shown
    assert "Running" in shown
    assert each.now(message).edited is False
    assert len(each.workspace.messages(channel_id)) == 1


async def test_every_link_has_a_card_of_its_own(over_http: World) -> None:
    """What is no job of ours stays a link."""
    links = [PAGE.format(each) for each in (JOB, IDS["completed"], "0" * 8 + JOB[8:], "settings")]
    message = await _said(over_http, " ".join(links))
    await _shown(over_http, message)
    assert list(over_http.now(message).unfurls) == links[:2]


@pytest.mark.parametrize(
    ("text", "channel_id"),
    [
        (PAGE.format(JOB), PARTNERS),
        (f"https://example.com/jobs/{JOB}", TRAINING),
        (f"https://notapp.simplismart.ai/jobs/{JOB}", TRAINING),
        ("https://app.simplismart.ai/pricing", TRAINING),
        (PAGE.format("0" * 8 + JOB[8:]), TRAINING),
    ],
)
async def test_where_nothing_is_shown(over_http: World, text: str, channel_id: str) -> None:
    """Where another company reads along, on other domains, and for what is no job."""
    await _said(over_http, text, channel_id)
    await over_http.bot.stop(grace_seconds=1)
    assert over_http.workspace.calls_of("chat.unfurl") == []


async def test_what_is_typed_and_not_sent_is_left_alone(over_http: World) -> None:
    """Nobody can tell yet who will read it. A repeat is one question; odd addresses are none."""
    message = await _said(over_http, PAGE.format(JOB))
    await _shown(over_http, message)
    (asked,) = over_http.workspace.calls_of("chat.unfurl")
    identity = over_http.workspace.identity
    event = {"type": "link_shared", "channel": TRAINING, "message_ts": message.ts, "user": ME}
    links = [{"url": "https://[::1/jobs"}, {"url": 5}, "nonsense"]
    for number, more in enumerate(({"source": "composer"}, {"links": links}, {"links": None})):
        body = {"type": "event_callback", "team_id": identity.team_id, "api_app_id": identity.api_app_id}
        sent = {**body, "event_id": f"Ev{number}", "event": {**event, **more}}
        assert (await over_http.workspace.deliver_event(sent)).ok
    await over_http.bot.stop(grace_seconds=1)
    assert over_http.workspace.calls_of("chat.unfurl") == [asked]


async def test_the_operator_says_where_job_pages_are() -> None:
    """Other domains are none of the bot's, whatever Slack sends."""
    async with world("http", link_domains="jobs.example.com") as made:
        await _said(made, PAGE.format(JOB))
        await made.bot.stop(grace_seconds=1)
        assert made.workspace.calls_of("chat.unfurl") == []


async def test_the_operator_may_allow_cards_where_another_company_reads_along() -> None:
    """There is no other way to them: nobody in the channel can switch it on."""
    async with world("http", unfurl_in_shared_channels="true") as made:
        message = await _said(made, PAGE.format(JOB), PARTNERS)
        assert "support-tone-llama-8b" in await _shown(made, message)


async def test_a_link_stays_a_link_where_slack_does_not_take_the_card(over_http: World) -> None:
    """Nobody is bothered with it."""
    over_http.workspace.faults.refuse_next(1, "cannot_unfurl_url", method="chat.unfurl")
    message = await _said(over_http, PAGE.format(JOB))
    await over_http.bot.stop(grace_seconds=1)
    assert over_http.workspace.faults.next_for("chat.unfurl") is None
    assert over_http.now(message).unfurls == {}
    assert len(over_http.workspace.messages(TRAINING)) == 1


@pytest.mark.parametrize(
    ("says", "knows"), [({}, True), ({"is_ext_shared_channel": False}, True), ({}, False)]
)
async def test_an_event_that_does_not_say_who_reads_along(
    over_http: World,
    says: dict[str, Any],
    knows: bool,  # noqa: FBT001  (parametrised)
) -> None:
    """Slack is asked of the channel; where it does not tell either, the link stays a link."""
    made = over_http.workspace
    if not knows:
        made.scopes.difference_update({"channels:read", "groups:read"})
    event = {"type": "link_shared", "channel": PARTNERS, "message_ts": "5.0", "user": ME}
    event |= {"links": [{"domain": "app.simplismart.ai", "url": PAGE.format(JOB)}]}
    body = {"type": "event_callback", "team_id": made.identity.team_id, "event_id": "Ev1", **says}
    assert (await made.deliver_event({**body, "event": event})).ok
    await over_http.bot.stop(grace_seconds=1)
    assert over_http.suite.counts.total() == 1
    assert made.calls_of("chat.unfurl") == []


async def test_strangers_get_no_card_also_where_cards_are_allowed() -> None:
    """The operator has allowed that they read along, not that they ask."""
    async with world("http", unfurl_in_shared_channels="true") as made:
        identity = made.workspace.identity
        for number, (outer, inner) in enumerate(
            [({"team_id": "T0PARTNER1"}, {}), ({"is_ext_shared_channel": True}, {"user_team": "T0PARTNER1"})]
        ):
            body = {"type": "event_callback", "team_id": identity.team_id, "event_id": f"Ev{number}", **outer}
            event = {
                "type": "link_shared",
                "channel": PARTNERS,
                "message_ts": "5.0",
                "user": PARTNER,
                **inner,
            }
            links = [{"domain": "app.simplismart.ai", "url": PAGE.format(JOB)}]
            assert (await made.workspace.deliver_event({**body, "event": {**event, "links": links}})).ok
        await made.bot.stop(grace_seconds=1)
        assert made.suite.counts.total() == 0
        assert made.workspace.calls_of("chat.unfurl") == []
