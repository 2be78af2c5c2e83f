"""What is answered to somebody who subscribes to a job, or cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Card, button, can_ask_for, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import short_ids
from bot.cards.kit.phrases import named, spoken
from bot.cards.kit.references import link
from bot.cards.kit.text import SEPARATOR, code, cut, plain, words
from bot.cards.kit.timing import timing_line, timing_of
from bot.domain.errors import SlackError, SlackPermissionError
from bot.domain.job import TrainingJob
from bot.domain.subscriptions.subscription import MOST_CONDITIONS, Mode, Subscribed, Subscription

_COMMAND_CHARACTERS: Final = 200
_WORD_CHARACTERS: Final = 75
_TEXT_CHARACTERS: Final = 1000
_CONDITION_CHARACTERS: Final = 120
_KEY_CHARACTERS: Final = 60
_KEYS: Final = 12
_COMES: Final = {
    Mode.MILESTONES: "I'll post when it starts, at 25/50/75%, if it stalls or the loss looks wrong, and"
    " when it ends.",
    Mode.FINAL: "I'll post how it ends, and nothing before that.",
    Mode.FAILURES: "I'll post how it ends in the thread, and in the channel only if it fails.",
    Mode.CONDITIONS: "I'll ping you once, as soon as your alert is reached.",
}
_COMES_QUIETLY: Final = {**_COMES, Mode.FAILURES: _COMES[Mode.FINAL]}
_ONCE: Final = "I'll ping you once, as soon as {}."
FULL: Final = f"You already have {MOST_CONDITIONS} alerts here, so I didn't add {{}}. Remove them with {{}}."
"""Of an alert, and the command that removes all."""
_STAYS: Final = " Everything stays in the thread."


def subscribed_card(
    subscribed: Subscribed,
    *,
    name: str | None,
    permalink: str | None,
    slash_command: str,
    keys: Sequence[str] | None = None,
) -> Card:
    """The asker is subscribed in this conversation now, or was already: what will come, and where.

    Who was already may have looked for a way out: a button unsubscribes them.

    Args:
        subscribed: the outcome.
        name: the experiment's name, where it is known.
        permalink: the address of the thread, where it is known.
        slash_command: as people type it here.
        keys: the metrics there are, where the alert's is not among them.
    """
    request_id = subscribed.subscription.request_id
    head = _head(subscribed)
    shown = (
        f"🔔 {head.format(named(name, request_id))} Updates will appear {link(permalink, 'in its thread')}."
    )
    stop = code(f"{slash_command} unsubscribe {short_ids(request_id)}", _COMMAND_CHARACTERS)
    said = f"{head.format(spoken(name, request_id))} Updates will appear in its thread."
    comes = _comes(subscribed, keys, slash_command)
    told = [plain_part for plain_part, _ in comes]
    lines = [shown, *(shown_part for _, shown_part in comes)]
    says_how = subscribed.is_full or (subscribed.was_subscriber and not subscribed.condition)
    lines += [] if says_how else [f"To unsubscribe: {stop}"]
    blocks = [section("\n".join(lines))]
    if subscribed.was_subscriber and not subscribed.condition:
        blocks.append(row_of([button("Unsubscribe", actions.STOP, subscribed.subscription.id)]))
    return Card(cut(" ".join([said, *told]), _TEXT_CHARACTERS, note="…"), blocks)


def _head(subscribed: Subscribed) -> str:
    """That the asker is subscribed, and since when; with a place for the job's name."""
    if subscribed.was_subscriber:
        return "You're already subscribed to {}."
    others = len(subscribed.subscription.subscribers) - 1
    if subscribed.is_new or others <= 0:
        return "Subscribed to {}."
    return f"You're subscribed to {{}} too, along with {phrases.count(others, 'other')}."


def _comes(
    subscribed: Subscribed, keys: Sequence[str] | None, slash_command: str
) -> Sequence[tuple[str, str]]:
    """The updates to expect, as plain text and as ``mrkdwn``; for an alert, only the alert."""
    if not subscribed.condition:
        comes = _what_comes(subscribed.subscription)
        return [(comes, comes)]
    said, shown = (
        plain(subscribed.condition, _CONDITION_CHARACTERS),
        code(subscribed.condition, _CONDITION_CHARACTERS),
    )
    if subscribed.is_full:
        command = f"{slash_command} unsubscribe {short_ids(subscribed.subscription.request_id)}"
        lines = [
            (
                FULL.format(said, plain(command, _COMMAND_CHARACTERS)),
                FULL.format(shown, code(command, _COMMAND_CHARACTERS)),
            )
        ]
    else:
        lines = [(_ONCE.format(said), _ONCE.format(shown))]
    if keys is not None:
        lines.append((_there_are(keys, spoken=True), _there_are(keys, spoken=False)))
    return lines


def _there_are(keys: Sequence[str], *, spoken: bool) -> str:
    """Says that the job has not logged that metric, and what it has logged."""
    show = plain if spoken else code
    listed = ", ".join(filter(None, (show(key, _KEY_CHARACTERS) for key in keys[:_KEYS])))
    more = f" and {len(keys) - _KEYS:,} more" if len(keys) > _KEYS else ""
    if not listed:
        return "This job hasn't logged any metrics yet."
    return f"This job doesn't log that metric yet. Available: {listed}{more}."


def _what_comes(subscription: Subscription) -> str:
    if subscription.is_quiet:
        return _COMES_QUIETLY[subscription.mode] + _STAYS
    return _COMES[subscription.mode]


def opened_in_dm_card(
    permalink: str | None,
    subscribed: Subscribed | None = None,
    keys: Sequence[str] | None = None,
    *,
    slash_command: str,
    name: str | None = None,
) -> Card:
    """The updates come in the direct message with the bot, not where the asker is.

    Where ``subscribed`` is given, its alert is named, and ``keys`` as in `subscribed_card`.
    ``name`` is the experiment's, where it is known.
    """
    where = link(permalink, "in our direct message")
    request_id = "" if subscribed is None else subscribed.subscription.request_id
    who = named(name, request_id) if name or request_id else "it"
    waits = _comes(subscribed, keys, slash_command) if subscribed is not None and subscribed.condition else ()
    said = " ".join(["Updates will appear in our direct message.", *(each for each, _ in waits)])
    head = f"🔔 Subscribed to {who}. Updates will appear {where}."
    shown = "\n".join([head, *(each for _, each in waits)])
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), [section(shown)])


def moved_card(request_id: str, *, name: str | None, permalink: str | None) -> Card:
    """Takes the place of a card that cannot be kept up to date; ``permalink`` is of one that is."""
    said = f"Updates on {spoken(name, request_id)} appear in the thread of its live card."
    where = link(permalink, "its live card")
    return Card(said, [section(f"🔔 Updates on {named(name, request_id)} appear in the thread of {where}.")])


def not_yet_card(error: SlackError | None = None) -> Card:
    """Somebody is subscribed, but the card was not posted yet: because of ``error``, where it is known."""
    if not isinstance(error, SlackPermissionError):
        said = (
            "Slack isn't accepting messages right now. You're subscribed; I'll post the job's card as soon as"
        )
        said += " Slack recovers."
        return Card(said, [section(f"🔔 {said}")])
    lacks = error.needed or error.slack_code
    words = (
        "I can't post here yet: the app lacks the permission {}. You're subscribed, and I'll post the card"
    )
    words += " once your jobbot admin has added it."
    said, shown = words.format(plain(lacks, _WORD_CHARACTERS)), words.format(code(lacks, _WORD_CHARACTERS))
    return Card(said, [section(f"⚠️ {shown}")])


def finished_card(job: TrainingJob, *, request_id: str, now: datetime) -> Card:
    """The job has ended, so there is nothing to subscribe to.

    Args:
        job: as it was seen.
        request_id: the id that was asked for.
        now: the present moment (aware, UTC).
    """
    status = words(phrases.status_words(job), _WORD_CHARACTERS)
    timing = timing_line(job, timing_of(job, now))
    name = named(job.experiment_name, request_id)
    nothing = "This job has already finished, so there's nothing to subscribe to."
    shown = (f"{phrases.SYMBOLS[job.status]} *{status}*{SEPARATOR}{name}", timing, nothing)
    blocks = [section("\n".join(filter(None, shown)))]
    if can_ask_for(request_id):
        buttons = [button("Details", actions.DETAILS, request_id)]
        if job.error_message:
            buttons.append(button("Full error", actions.FULL_ERROR, request_id))
        blocks.append(row_of(buttons))
    said = f"{spoken(job.experiment_name, request_id)}: {plain(phrases.status_words(job), _WORD_CHARACTERS)}."
    return Card(f"{said} {nothing}", blocks)
