"""What is answered to somebody who begins to follow a job, or cannot."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Card, button, can_ask_for, section
from bot.cards.kit.card import actions as row_of
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
    Mode.MILESTONES: "I tell when it starts, at 25, 50 and 75 %, if it stalls or its metrics look wrong, and"
    " how it ends.",
    Mode.FINAL: "I tell how it ends, and nothing before.",
    Mode.FAILURES: "I tell how it ends; outside the thread only if it fails.",
    Mode.CONDITIONS: "I tell once, when what you wait for has come.",
}
_COMES_QUIETLY: Final = {**_COMES, Mode.FAILURES: _COMES[Mode.FINAL]}
_STAYS: Final = " All of it stays in the thread."


def subscribed_card(
    subscribed: Subscribed,
    *,
    name: str | None,
    permalink: str | None,
    slash_command: str,
    keys: Sequence[str] | None = None,
) -> Card:
    """The job is followed in this conversation now, or was already: what will come, and where.

    Args:
        subscribed: what came of the wish.
        name: the experiment's name, where it is known.
        permalink: the address of the thread, where it is known.
        slash_command: as people type it here.
        keys: the metrics there are, where what is waited for is not among them.
    """
    request_id = subscribed.subscription.request_id
    verb, others = ("already follow", "") if subscribed.was_subscriber else ("follow", " now")
    if not subscribed.is_new and not subscribed.was_subscriber:
        others = " now, as others here do"
    shown = (
        f"🔔 You {verb} {named(name, request_id)}{others}. Updates come {link(permalink, 'in its thread')}."
    )
    stop = code(f"{slash_command} unsubscribe {request_id}", _COMMAND_CHARACTERS)
    said = f"You {verb} {spoken(name, request_id)}{others}. Updates come in its thread."
    told = [plain_part for plain_part, _ in _comes(subscribed, keys)]
    lines = [shown, *(shown_part for _, shown_part in _comes(subscribed, keys)), f"To stop: {stop}"]
    return Card(cut(" ".join([said, *told]), _TEXT_CHARACTERS, note="…"), [section("\n".join(lines))])


def _comes(subscribed: Subscribed, keys: Sequence[str] | None) -> Sequence[tuple[str, str]]:
    """What will come, as text and as ``mrkdwn``: of a wish to wait only that."""
    if not subscribed.condition:
        comes = _what_comes(subscribed.subscription)
        return [(comes, comes)]
    wait = "I tell you once, when {}."
    if subscribed.is_full:
        wait = f"You wait for {MOST_CONDITIONS} things here already, so I do not add {{}}."
    said, shown = (
        plain(subscribed.condition, _CONDITION_CHARACTERS),
        code(subscribed.condition, _CONDITION_CHARACTERS),
    )
    lines = [(wait.format(said), wait.format(shown))]
    if keys is not None:
        lines.append((_there_are(keys, spoken=True), _there_are(keys, spoken=False)))
    return lines


def _there_are(keys: Sequence[str], *, spoken: bool) -> str:
    """Says that what is waited for has not been logged, and what has."""
    show = plain if spoken else code
    listed = ", ".join(filter(None, (show(key, _KEY_CHARACTERS) for key in keys[:_KEYS])))
    more = f" and {len(keys) - _KEYS:,} more" if len(keys) > _KEYS else ""
    return (
        f"So far the job logs no such metric. It logs: {listed}{more}."
        if listed
        else ("So far the job has logged no metrics.")
    )


def _what_comes(subscription: Subscription) -> str:
    if subscription.is_quiet:
        return _COMES_QUIETLY[subscription.mode] + _STAYS
    return _COMES[subscription.mode]


def opened_in_dm_card(
    permalink: str | None,
    subscribed: Subscribed | None = None,
    keys: Sequence[str] | None = None,
    *,
    name: str | None = None,
) -> Card:
    """The updates come in the direct message with the bot, not where the asker is.

    Where ``subscribed`` is given, what is waited for is told, and ``keys`` as in `subscribed_card`.
    ``name`` is the experiment's, where it is known.
    """
    where = link(permalink, "in our direct message")
    request_id = "" if subscribed is None else subscribed.subscription.request_id
    who = named(name, request_id) if name or request_id else "it"
    waits = _comes(subscribed, keys) if subscribed is not None and subscribed.condition else ()
    said = " ".join(["Updates come in our direct message.", *(each for each, _ in waits)])
    shown = "\n".join([f"🔔 You follow {who} now. Updates come {where}.", *(each for _, each in waits)])
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), [section(shown)])


def not_yet_card(error: SlackError | None = None) -> Card:
    """It is followed, but its card could not be posted yet: because of ``error``, where that is known."""
    if not isinstance(error, SlackPermissionError):
        said = "Slack takes no messages just now. You follow the job; its card comes as soon as Slack does."
        return Card(said, [section(f"🔔 {said}")])
    lacks = error.needed or error.slack_code
    words = (
        "I can't post here yet: the app lacks the permission {}. You're subscribed, and I'll post the card"
    )
    words += " once your jobbot admin has added it."
    said, shown = words.format(plain(lacks, _WORD_CHARACTERS)), words.format(code(lacks, _WORD_CHARACTERS))
    return Card(said, [section(f"⚠️ {shown}")])


def finished_card(job: TrainingJob, *, request_id: str, now: datetime) -> Card:
    """The job has ended, so that there is nothing to follow.

    Args:
        job: as it was seen.
        request_id: the id that was asked for.
        now: the present moment (aware, UTC).
    """
    status = words(phrases.status_words(job), _WORD_CHARACTERS)
    timing = timing_line(job, timing_of(job, now))
    name = named(job.experiment_name, request_id)
    nothing = "It has finished already: there is nothing to follow."
    shown = (f"{phrases.SYMBOLS[job.status]} *{status}*{SEPARATOR}{name}", timing, nothing)
    blocks = [section("\n".join(filter(None, shown)))]
    if can_ask_for(request_id):
        buttons = [button("Details", actions.DETAILS, request_id)]
        if job.error_message:
            buttons.append(button("Full error", actions.FULL_ERROR, request_id))
        blocks.append(row_of(buttons))
    said = f"{spoken(job.experiment_name, request_id)}: {plain(phrases.status_words(job), _WORD_CHARACTERS)}."
    return Card(f"{said} {nothing}", blocks)
