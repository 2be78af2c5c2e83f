"""What is followed in a conversation, and by one person elsewhere: a line each, with a button to stop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.cards import actions, phrases
from bot.cards.card import Block, Card, button, context, header, section
from bot.cards.references import place
from bot.cards.stopping import stop_for_all_button
from bot.cards.subject import named
from bot.cards.text import SEPARATOR, code, plain, words
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.subscription import Followed, Mode

_MOST: Final = 20
_STATUS_CHARACTERS: Final = 60
_COMMAND_CHARACTERS: Final = 200
_MODES: Final = {
    Mode.MILESTONES: "",
    Mode.FINAL: "only how it ends",
    Mode.FAILURES: "the channel hears only of a failure",
}


def watching_card(followed: Sequence[Followed], *, channel_id: str, slash_command: str) -> Card:
    """What ``/job watching`` shows one person.

    Args:
        followed: the active subscriptions, in the order to show them.
        channel_id: where it was asked.
        slash_command: as people type it here.
    """
    here = [each for each in followed if each.subscription.channel_id == channel_id]
    elsewhere = [each for each in followed if each.subscription.channel_id != channel_id]
    if not here and not elsewhere:
        return _empty(slash_command)
    shown_here = here[:_MOST]
    shown_elsewhere = elsewhere[: _MOST - len(shown_here)]
    blocks = [header("In this channel"), *map(_line, shown_here)] if here else []
    if not here:
        blocks.append(section("Nothing is followed in this channel."))
    if shown_elsewhere:
        blocks.append(header("Elsewhere, by you"))
        blocks += [_line(each, is_elsewhere=True) for each in shown_elsewhere]
    more = len(followed) - len(shown_here) - len(shown_elsewhere)
    if more > 0:
        blocks.append(context([f"and {more:,} more"]))
    return Card(f"Followed in this channel: {len(here):,}. Elsewhere, by you: {len(elsewhere):,}.", blocks)


def _empty(slash_command: str) -> Card:
    command = code(f"{slash_command} watch <request_id>", _COMMAND_CHARACTERS)
    start = f"To follow a job, press *Subscribe* on its card, or type {command}."
    spoken = "Nothing is followed in this channel, and nothing by you elsewhere."
    return Card(
        f"{spoken} To follow a job, press Subscribe on its card, or type "
        f"{plain(f'{slash_command} watch <request_id>', _COMMAND_CHARACTERS)}.",
        [section(f"{spoken}\n{start}")],
    )


def _line(followed: Followed, *, is_elsewhere: bool = False) -> Block:
    subscription = followed.subscription
    job = TrainingJob.model_validate({"status": followed.status_text, "progress": followed.progress})
    is_moving = job.status is JobStatus.RUNNING and job.progress is not None
    status = (
        phrases.percent(job.progress) if is_moving else words(phrases.status_words(job), _STATUS_CHARACTERS)
    )
    parts = (
        f"{phrases.SYMBOLS[job.status]} {named(followed.experiment_name, subscription.request_id)}",
        status,
        _MODES[subscription.mode],
        "quiet" if subscription.is_quiet else "",
        place(subscription.channel_id) if is_elsewhere else "",
    )
    return section(SEPARATOR.join(part for part in parts if part), _button(followed))


def _button(followed: Followed) -> dict[str, Any]:
    if followed.is_mine:
        return button("Stop", actions.STOP, followed.subscription.id)
    return stop_for_all_button(followed.subscription, followed.experiment_name)
