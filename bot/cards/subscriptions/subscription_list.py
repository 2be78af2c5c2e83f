"""The subscriptions in a conversation, and one person's elsewhere: one line each, with a button to stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, context, header, section
from bot.cards.kit.phrases import named, spoken
from bot.cards.kit.references import place
from bot.cards.kit.text import SEPARATOR, code, cut, plain, unbroken, words
from bot.cards.subscriptions.groups.lines import in_short
from bot.cards.subscriptions.unsubscribe import stop_for_all_button
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.subscriptions.subscription import Mode, SubscribedJob

LINE: Final = "watching"
"""What the ``block_id`` of a line begins with, so that a press tells that its button is on this list."""
_MOST: Final = 20
_HERE: Final = "Subscriptions here"
_ELSEWHERE: Final = "Your subscriptions elsewhere"
_NO_OWNER: Final = "Simplismart doesn't say who started a job, so these are the ones with subscriptions."
_STATUS_CHARACTERS: Final = 60
_ID_CHARACTERS: Final = 80
_TEXT_CHARACTERS: Final = 1000
_COMMAND_CHARACTERS: Final = 200
_MODES: Final = {
    Mode.MILESTONES: "",
    Mode.FINAL: "only the end",
    Mode.FAILURES: "in the channel only a failure",
    Mode.CONDITIONS: "",
}
_CONDITIONS: Final = 3
_CONDITION_CHARACTERS: Final = 100


def watching_card(followed: Sequence[SubscribedJob], *, channel_id: str, slash_command: str) -> Card:
    """What ``/job subscriptions`` shows one person.

    Args:
        followed: the active subscriptions, in the order to show them.
        channel_id: where it was asked.
        slash_command: as people type it here.
    """
    here = [each for each in followed if each.subscription.channel_id == channel_id]
    elsewhere = [each for each in followed if each.subscription.channel_id != channel_id]
    if not here and not elsewhere:
        return _empty(slash_command)
    shown_here = here[: max(_MOST // 2, _MOST - len(elsewhere))]
    shown_elsewhere = elsewhere[: _MOST - len(shown_here)]
    jobs = {(each.experiment_name, each.subscription.request_id) for each in followed}
    names = Counter(name for name, _ in jobs)
    blocks = [header(_HERE)] if here else [section("No one is subscribed to a job here.")]
    blocks += [_line(each, names) for each in shown_here]
    blocks += [header(_ELSEWHERE)] if elsewhere else []
    blocks += [_line(each, names, is_elsewhere=True) for each in shown_elsewhere]
    more = len(followed) - len(shown_here) - len(shown_elsewhere)
    blocks += [context([f"and {more:,} more"])] if more else []
    said = f"{_spoken(_HERE, here)} {_spoken(_ELSEWHERE, elsewhere)}"
    return Card(cut(said, _TEXT_CHARACTERS, note="…"), blocks)


def with_no_owner(card: Card) -> Card:
    """The list, where somebody asked for the jobs that are theirs."""
    return Card(f"{card.text} {_NO_OWNER}", [*card.blocks, context([_NO_OWNER])])


def _spoken(title: str, followed: Sequence[SubscribedJob]) -> str:
    """How many and which, for notifications and screen readers."""
    known = [
        f"{spoken(each.experiment_name, each.subscription.request_id)} ({_status(each, plain)})"
        for each in followed[:_MOST]
    ]
    which = f": {', '.join(known)}" if known else ""
    return f"{title}, {len(followed):,}{which}."


def _empty(slash_command: str) -> Card:
    command = f"{slash_command} subscribe <job>"
    nothing = "No one is subscribed to a job here, and you aren't subscribed to any elsewhere."
    start = "To subscribe, press {} on a job's card, or type {}."
    said = start.format("Subscribe", plain(command, _COMMAND_CHARACTERS))
    shown = start.format("*Subscribe*", code(command, _COMMAND_CHARACTERS))
    return Card(f"{nothing} {said}", [section(f"{nothing}\n{shown}")])


def _line(followed: SubscribedJob, names: Counter[str | None], *, is_elsewhere: bool = False) -> Block:
    line = section(followed_words(followed, names, is_elsewhere=is_elsewhere), _button(followed))
    return {**line, "block_id": f"{LINE}.{followed.subscription.id}"}


def followed_words(followed: SubscribedJob, names: Counter[str | None], *, is_elsewhere: bool = False) -> str:
    """What tells this job from the others, how it is, and where its thread is; ``mrkdwn``.

    ``names`` counts the jobs of each name that are listed.
    """
    subscription, name = followed.subscription, followed.experiment_name
    is_ambiguous = name is not None and names[name] > 1
    symbol = phrases.SYMBOLS[_job(followed).status] if followed.group is None else in_short(followed.group)[0]
    parts = (
        f"{symbol} {named(name, subscription.request_id)}",
        code(subscription.request_id, _ID_CHARACTERS) if is_ambiguous else "",
        _status(followed, words),
        _MODES[subscription.mode],
        _waited_for(followed.conditions, only=subscription.mode is Mode.CONDITIONS),
        "quiet" if subscription.is_quiet else "",
        place(subscription.channel_id) if is_elsewhere else "",
    )
    return SEPARATOR.join(part for part in parts if part)


def _waited_for(conditions: Sequence[str], *, only: bool) -> str:
    """The first few conditions; where nothing is told but those, that too."""
    shown = [code(each, _CONDITION_CHARACTERS) for each in conditions[:_CONDITIONS]]
    more = len(conditions) - _CONDITIONS
    shown += [f"{more:,} more"] if more > 0 else []
    if not shown:
        return "no more updates" if only else ""
    return f"{'only an alert' if only else 'alert'} when {' or '.join(shown)}"


def _status(followed: SubscribedJob, shown: Callable[[str, int], str]) -> str:
    """How far a running job is, else its status; ``shown`` makes untrusted words fit."""
    if followed.group is not None:
        return in_short(followed.group)[1]
    job = _job(followed)
    moving = unbroken(phrases.percent(job.progress)) if job.status is JobStatus.RUNNING else ""
    return moving or shown(phrases.status_words(job), _STATUS_CHARACTERS)


def _job(followed: SubscribedJob) -> TrainingJob:
    return TrainingJob.model_validate(
        {
            "status": followed.status_text,
            "progress": followed.progress,
            "completed_at": followed.completed_at.isoformat() if followed.completed_at else None,
        }
    )


def _button(followed: SubscribedJob) -> dict[str, Any]:
    if followed.is_mine:
        return button("Stop", actions.STOP, followed.subscription.id)
    return stop_for_all_button(followed.subscription, followed.experiment_name)
