"""What is answered to somebody who begins to follow a job, or cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.cards import actions, phrases
from bot.cards.card import Card, button, can_ask_for, section
from bot.cards.card import actions as row_of
from bot.cards.references import link
from bot.cards.subject import named, spoken
from bot.cards.text import SEPARATOR, code, plain, words
from bot.cards.timing import timing_line, timing_of
from bot.domain.job import TrainingJob
from bot.domain.subscription import Mode, Subscribed, Subscription

_COMMAND_CHARACTERS: Final = 200
_WORD_CHARACTERS: Final = 75
_COMES: Final = {
    Mode.MILESTONES: "I tell when it starts, at 25, 50 and 75 %, if it stalls, and how it ends.",
    Mode.FINAL: "I tell how it ends, and nothing before.",
    Mode.FAILURES: "I tell how it ends; outside the thread only if it fails.",
    Mode.CONDITIONS: "I tell once, when what you wait for has come.",
}
_COMES_QUIETLY: Final = {**_COMES, Mode.FAILURES: _COMES[Mode.FINAL]}
_STAYS: Final = " All of it stays in the thread."


def subscribed_card(
    subscribed: Subscribed, *, name: str | None, permalink: str | None, slash_command: str
) -> Card:
    """The job is followed in this conversation now, or was already: what will come, and where.

    Args:
        subscribed: what came of the wish.
        name: the experiment's name, where it is known.
        permalink: the address of the thread, where it is known.
        slash_command: as people type it here.
    """
    request_id = subscribed.subscription.request_id
    verb, others = ("already follow", "") if subscribed.was_subscriber else ("follow", " now")
    if not subscribed.is_new and not subscribed.was_subscriber:
        others = " now, as others here do"
    shown = (
        f"🔔 You {verb} {named(name, request_id)}{others}. Updates come {link(permalink, 'in its thread')}."
    )
    comes = _what_comes(subscribed.subscription)
    stop = code(f"{slash_command} unwatch {request_id}", _COMMAND_CHARACTERS)
    said = f"You {verb} {spoken(name, request_id)}{others}. Updates come in its thread. {comes}"
    return Card(said, [section(f"{shown}\n{comes}\nTo stop: {stop}")])


def _what_comes(subscription: Subscription) -> str:
    if subscription.is_quiet:
        return _COMES_QUIETLY[subscription.mode] + _STAYS
    return _COMES[subscription.mode]


def opened_in_dm_card(permalink: str | None) -> Card:
    """The updates come in the direct message with the bot, not where the asker is."""
    where = link(permalink, "in our direct message")
    return Card(
        "Updates come in our direct message.", [section(f"🔔 You follow it now. Updates come {where}.")]
    )


def not_yet_card() -> Card:
    """It is followed, but its card could not be posted yet."""
    said = "Slack takes no messages just now. You follow the job; its card comes as soon as Slack does."
    return Card(said, [section(f"🔔 {said}")])


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
