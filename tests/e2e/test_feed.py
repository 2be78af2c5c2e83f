"""A channel's feed from the typed word to the messages that come of it."""

from __future__ import annotations

from bot.cards.kit import actions
from bot.playground.workspace import GRACE, ME, ML_OPS, TRAINING, Message
from tests.e2e.messages import has_button, text_of
from tests.e2e.world import World

_INTERVAL_SECONDS = 120
"""The longest time from one list to the next."""


def _posted(here: World, words: str, channel_id: str = TRAINING) -> list[Message]:
    """What everybody in the channel sees with these words."""
    said = here.workspace.messages(channel_id)
    return [one for one in said if words in text_of(one) and one.ephemeral_to is None]


async def _later(here: World, words: str, channel_id: str = TRAINING, many: int = 1) -> list[Message]:
    """So many messages with these words, which come with the next list."""

    def there() -> list[Message] | None:
        found = _posted(here, words, channel_id)
        return found if len(found) >= many else None

    for _ in range(4):
        await here.let_pass(_INTERVAL_SECONDS)
        if found := there():
            return found
    return await here.soon(there)


async def test_every_job_that_ends_is_posted_until_the_feed_is_off(each: World) -> None:
    """Once, in the channel that wants it, with a thread of its own."""
    await each.slash("feed on name:tone")
    await each.told("from now on failed and completed jobs")
    await each.soon(lambda: _posted(each, "turned on the feed") or None)
    await each.slash("feed on status:running name:tone", ML_OPS)
    await each.told("from now on running jobs", channel_id=ML_OPS)
    each.suite.set("new-1", experiment_name="tone-check", status="RUNNING", progress=1)
    await _later(each, "tone-check", ML_OPS)
    assert _posted(each, "tone-check") == []
    each.suite.set("new-1", status="FAILED", error_message="RuntimeError: no memory left")
    post, card = await _later(each, "tone-check", many=2)
    assert "no memory left" in text_of(post)
    assert not has_button(post, actions.DETAILS)
    assert (card.thread_ts, card.broadcast, has_button(card, actions.DETAILS)) == (post.ts, False, True)
    first, _card, told = await _later(each, "tone-check", ML_OPS, 3)
    assert (told.thread_ts, "failed" in text_of(told).lower()) == (first.ts, True)
    await each.changed(first, "no memory left")

    await each.slash("feed off")
    await each.told("The feed is off")
    await each.soon(lambda: _posted(each, "turned off the feed") or None)
    each.suite.set("new-2", experiment_name="tone-late", status="FAILED")
    each.suite.set("new-3", experiment_name="tone-other", status="RUNNING")
    await _later(each, "tone-other", ML_OPS)
    assert _posted(each, "tone-late") == []


async def test_somebody_who_subscribes_on_a_posted_card_follows_the_job(over_http: World) -> None:
    """It is a thread like any other from then on, and outlives the feed."""
    await over_http.slash("feed on status:running name:tone")
    await over_http.told("from now on running jobs")
    over_http.suite.set("new-1", experiment_name="tone-check", status="RUNNING", progress=1)
    post, card = await _later(over_http, "tone-check", many=2)
    assert (has_button(card, actions.SUBSCRIBE), has_button(card, actions.UNSUBSCRIBE)) == (True, False)
    await over_http.workspace.click(GRACE, card, actions.SUBSCRIBE)
    await over_http.told("ubscribed", GRACE)
    over_http.suite.set("new-2", experiment_name="tone-alone", status="RUNNING", progress=1)
    [alone, _card] = await _later(over_http, "tone-alone", many=2)
    await over_http.slash("feed off")
    await over_http.told("The feed is off")
    await over_http.changed(alone, "Updates ended")
    over_http.suite.set("new-1", status="FAILED", error_message="no memory left")
    [told] = await _later(over_http, f"<@{GRACE}>")
    assert told.thread_ts == post.ts


async def test_a_mention_switches_it_on_for_the_channel(each: World) -> None:
    """The asker alone is answered; everybody hears of the feed, outside of the mention's thread."""
    bot = each.workspace.identity.bot_user_id
    await each.workspace.say(TRAINING, ME, f"<@{bot}> feed on")
    await each.told("The feed is on")
    [announced] = await each.soon(lambda: _posted(each, "turned on the feed") or None)
    assert announced.thread_ts is None
    await each.told("The feed is on")
    assert "A feed is on here" in text_of(await each.ask("feed"))


async def test_a_failure_mentions_the_group_that_a_message_named(each: World) -> None:
    """Slack names it there; behind a slash command it is a word, which is answered with how to do it."""
    await each.slash("feed on mention:@ml-oncall name:tone")
    await each.told("Slack doesn't say which group that is")
    await each.mention("feed on mention:<!subteam^S0123ABCD|@ml-oncall> name:tone")
    await each.soon(lambda: _posted(each, "Failures mention `@ml-oncall`.") or None)
    assert [one for one in _posted(each, "subteam") if one.user_id != ME] == []
    each.suite.set("new-1", experiment_name="tone-check", status="FAILED", error_message="no memory left")
    post, card = await _later(each, "tone-check", many=2)
    assert "<!subteam^S0123ABCD>" in text_of(post)
    assert "subteam" not in text_of(card)
