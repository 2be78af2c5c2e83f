"""A channel's feed: what it posts, as it is answered to who asks and told to everybody there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.cards.kit.card import Card, context, section
from bot.cards.kit.references import person
from bot.cards.kit.text import code, line, plain
from bot.domain.channels.feed import Feed
from bot.domain.commands.query import Query
from bot.domain.job import JobStatus

_WORD_CHARACTERS: Final = 60
_MOST_WORDS: Final = 10
_COMMAND_CHARACTERS: Final = 300
_ORDER: Final = (
    JobStatus.QUEUED,
    JobStatus.RUNNING,
    JobStatus.FAILED,
    JobStatus.COMPLETED,
    JobStatus.CANCELLED,
)
_COMES: Final = "One message per job, updated in place, with the job's card in its thread."
_PAST: Final = "Past jobs aren't posted."


def feed_card(feed: Feed | None, *, slash_command: str) -> Card:
    """What ``feed`` alone answers: what is posted in this channel, and how to change that."""
    if feed is None:
        on = f"{slash_command} feed on"
        example = f"{slash_command} feed on status:failed model:llama"
        said = "This channel has no feed. Turn one on with {}."
        shown = said.format(code(on, _COMMAND_CHARACTERS))
        return Card(
            said.format(on), [section(f"{shown}\nOnly some jobs: {code(example, _COMMAND_CHARACTERS)}")]
        )
    who = person(feed.user_id)
    remark = f"Turned on by {who}." if who else ""
    return _feed_card(feed, f"📣 A feed is on here: {_what(feed.query)} are posted.", slash_command, remark)


def feed_on_card(feed: Feed, *, is_new: bool, slash_command: str) -> Card:
    """The answer to who switched it on, or changed it."""
    head = "📣 The feed is on" if is_new else "📣 The feed was changed"
    remark = _PAST if is_new else ""
    return _feed_card(
        feed, f"{head}: from now on {_what(feed.query)} are posted here.", slash_command, remark
    )


def feed_off_card(feed: Feed | None, *, slash_command: str) -> Card:
    """The answer to who switched it off; None where none was on."""
    if feed is None:
        return feed_card(None, slash_command=slash_command)
    again = f"{slash_command} feed on {replace(feed, query=_without_secrets(feed.query)).words}".rstrip()
    said = "The feed is off: no more jobs are posted here, and its messages are no longer updated."
    shown = f"🔕 {said}\nTo turn it on again: {code(again, _COMMAND_CHARACTERS)}"
    return Card(f"{said} To turn it on again, type {plain(again, _COMMAND_CHARACTERS)}.", [section(shown)])


def feed_announcement(feed: Feed, user_id: str, *, is_new: bool, slash_command: str) -> Card:
    """What everybody in the channel is told when somebody switches it on, or changes it."""
    verb = "turned on the feed" if is_new else "changed the feed"
    off = f"{slash_command} feed off"
    head = f"{_who(user_id)} {verb}: {_what(feed.query)} are posted here.{_mentioned(feed)}"
    spoken = f"Someone {verb}: {_what(feed.query, is_spoken=True)} are posted here. {off} turns it off."
    return Card(spoken, [section(f"📣 {head} {code(off, _COMMAND_CHARACTERS)} turns it off.")])


def feed_end_announcement(user_id: str) -> Card:
    """The same when somebody switches it off."""
    rest = "turned off the feed: jobs are no longer posted here."
    return Card(f"Someone {rest}", [section(f"🔕 {_who(user_id)} {rest}")])


def not_switched_on(failure: Card) -> Card:
    """The card of a failure that kept the feed from being switched on."""
    said = "Feed unchanged: I couldn't load the job list."
    return Card(f"{failure.text} {said}", [*failure.blocks, context([said])])


def _feed_card(feed: Feed, head: str, slash_command: str, remark: str) -> Card:
    off = f"{slash_command} feed off"
    spoken_head = head.removeprefix("📣 ").replace(_what(feed.query), _what(feed.query, is_spoken=True))
    shown = f"{head}\n{_COMES}{_mentioned(feed)} {remark}".rstrip()
    return Card(
        f"{spoken_head} {_COMES} To turn it off, type {off}.",
        [section(f"{shown}\nTo turn it off: {code(off, _COMMAND_CHARACTERS)}")],
    )


def _what(query: Query, *, is_spoken: bool = False) -> str:
    """Which jobs, in words: ``failed and completed jobs with llama in the model``."""
    known = [status.lower() for status in _ORDER if status in query.statuses]
    kinds = [f"{_joined(known, 'and')} jobs"] if known else []
    kinds += ["jobs of an unknown status"] if JobStatus.UNKNOWN in query.statuses else []
    filters = []
    for words, where in ((query.models, "in the model"), (query.names, "in the name")):
        if words:
            shown = [(plain if is_spoken else code)(word, _WORD_CHARACTERS) for word in words[:_MOST_WORDS]]
            shown += ["others"] if len(words) > _MOST_WORDS else []
            filters.append(f"with {_joined(list(filter(None, shown)), 'or')} {where}")
    return " ".join(filter(None, [" and ".join(kinds), " and ".join(filters)]))


def _without_secrets(query: Query) -> Query:
    """Each word by itself: what stands around it in a command may hide that it is a secret."""
    return replace(query, models=tuple(map(line, query.models)), names=tuple(map(line, query.names)))


def _mentioned(feed: Feed) -> str:
    """Who is mentioned where a job failed, without mentioning them here."""
    if feed.mention is None:
        return ""
    handle = code(f"@{feed.mention.handle}" if feed.mention.handle else feed.mention.id, _WORD_CHARACTERS)
    return f" Failures mention {handle}."


def _joined(words: list[str], joint: str) -> str:
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _who(user_id: str) -> str:
    return person(user_id) or "Someone"
