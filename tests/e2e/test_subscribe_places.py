"""Where a job can be followed, and what is said where it cannot."""

from __future__ import annotations

import pytest

from bot.cards.kit import actions
from bot.playground.workspace import (
    BETWEEN_THREE,
    BETWEEN_TWO,
    DM,
    GENERAL,
    HIDDEN,
    ME,
    ML_OPS,
    PARTNERS,
    TRAINING,
    Message,
)
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import JOB, World


def _by_the_bot(made: World, channel_id: str) -> list[Message]:
    bot = made.workspace.identity.bot_user_id
    said = (each for each in made.workspace.messages(channel_id) if each.user_id == bot)
    return [each for each in said if each.ephemeral_to is None]


async def test_a_direct_message_gets_the_card_in_it(each: World) -> None:
    """The words alone, without a mention: the card is the answer."""
    await each.workspace.say(DM, ME, f"watch {JOB}")
    card = await each.next_message(DM, 1)
    assert card.thread_ts is None
    assert has_button(card, actions.SUBSCRIBE)
    await each.let_pass(2)
    await each.workspace.say(DM, ME, "watching")
    listed = await each.next_message(DM, 3)
    assert has_button(listed, actions.STOP)
    assert listed.ephemeral_to is None
    assert len(each.workspace.messages(DM)) == 4


@pytest.mark.parametrize("channel_id", [TRAINING, HIDDEN, PARTNERS])
async def test_dm_brings_the_thread_there(over_http: World, channel_id: str) -> None:
    """Wherever it was asked; the channel sees nothing."""
    await over_http.slash(f"watch {JOB} dm", channel_id)
    await over_http.told("direct message", channel_id=channel_id)
    (card,) = _by_the_bot(over_http, DM)
    assert "support-tone-llama-8b" in text_of(card)
    assert _by_the_bot(over_http, channel_id) == []


@pytest.mark.parametrize(
    ("channel_id", "words"),
    [
        (HIDDEN, "/invite @"),
        (GENERAL, "/invite @"),
        (PARTNERS, "shared with another company"),
    ],
)
async def test_where_the_bot_cannot_post_nothing_is_promised(
    over_http: World, channel_id: str, words: str
) -> None:
    """By word and by button: the way out is said, and nothing is left behind."""
    assert words in text_of(await over_http.ask(f"watch {JOB}", channel_id))
    card = await over_http.ask(JOB, channel_id)
    said = len(over_http.workspace.messages(channel_id))
    await over_http.subscribe(card)
    (told,) = await over_http.soon(lambda: over_http.workspace.messages(channel_id)[said:])
    assert words in text_of(told)
    assert told.ephemeral_to == ME
    assert "No one is subscribed to a job" in text_of(await over_http.ask("watching", channel_id))
    assert _by_the_bot(over_http, channel_id) == []


FOR_ALL = ("feed on", "digest daily 09:00")


@pytest.mark.parametrize("channel_id", [BETWEEN_TWO, BETWEEN_THREE])
@pytest.mark.parametrize("can_ask", [True, False], ids=["", "by posting"])
async def test_where_nobody_can_be_invited_nobody_is_told_to(
    over_http: World, channel_id: str, *, can_ask: bool
) -> None:
    """In direct messages of people slash commands work, and apps are not let in: other ways out are said."""
    if not can_ask:
        over_http.workspace.scopes.difference_update({"channels:read", "groups:read"})
    card = await over_http.ask(JOB, channel_id)
    messages = over_http.workspace.messages

    async def answer_to(asked: str) -> Message:
        said = len(messages(channel_id))
        if asked in actions.ALL:
            await over_http.subscribe(card)
        else:
            await over_http.slash(asked, channel_id)
        return (await over_http.soon(lambda: messages(channel_id)[said:]))[0]

    answers = {}
    for asked in (actions.SUBSCRIBE, f"watch {JOB}", f"watch {JOB} when progress > 90", *FOR_ALL):
        answers[asked] = await answer_to(asked)
    for asked, answer in answers.items():
        shown = text_of(answer)
        assert "Apps can't be added to direct messages between people." in shown, asked
        assert "/invite" not in shown, asked
        assert ("dm`" in shown) is (asked not in FOR_ALL), asked
    assert "No one is subscribed to a job" in text_of(await over_http.ask("watching", channel_id))
    assert "no feed" in text_of(await over_http.ask("feed", channel_id)).lower()
    await over_http.ask(f"watch {JOB} dm", channel_id)
    assert "support-tone-llama-8b" in text_of((await over_http.soon(lambda: _by_the_bot(over_http, DM)))[0])


async def test_a_private_channel_the_bot_is_in_takes_the_card(over_http: World) -> None:
    """Nothing is different there."""
    await over_http.slash(f"watch {JOB}", ML_OPS)
    await over_http.told("Subscribed to", channel_id=ML_OPS)
    (card,) = _by_the_bot(over_http, ML_OPS)
    assert has_button(card, actions.SUBSCRIBE)


async def test_without_the_scopes_for_asking_slack_says_it_on_the_card(over_http: World) -> None:
    """What cannot be known before is found out by posting: told as before, and nothing is left behind."""
    over_http.workspace.scopes.difference_update({"channels:read", "groups:read", "im:write"})
    assert "/invite @" in text_of(await over_http.ask(f"watch {JOB}", HIDDEN))
    assert "permission" in text_of(await over_http.ask(f"watch {JOB} dm"))
    await over_http.slash(f"watch {JOB}")
    await over_http.told("Subscribed to")


async def test_a_mention_in_a_shared_channel_is_refused_to_the_asker_alone(over_http: World) -> None:
    """Nothing of the job is told there."""
    told = await over_http.mention(f"watch {JOB}", PARTNERS)
    assert "shared with another company" in text_of(told)
    assert told.ephemeral_to == ME


async def test_more_than_five_ids_are_told_within_what_slack_takes(over_http: World) -> None:
    """The answers through a `response_url` are five at most: the last one says how many ids were left out."""
    await over_http.slash("unwatch " + " ".join(f"nothing-{number}" for number in range(7)))
    last = await over_http.told("Showing 5 of 7")
    assert "nothing-4" in text_of(last)
