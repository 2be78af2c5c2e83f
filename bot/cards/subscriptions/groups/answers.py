"""What is answered to somebody who subscribes to a group."""

from __future__ import annotations

from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Card, button, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.references import link
from bot.cards.kit.text import code, cut, plain
from bot.cards.subscriptions.groups.lines import SUBJECT_CHARACTERS, TEXT_CHARACTERS, counted
from bot.cards.subscriptions.subscribe import FULL
from bot.domain.groups.group import Group
from bot.domain.groups.results import counts
from bot.domain.subscriptions.subscription import Mode, Subscribed

_COMMAND_CHARACTERS: Final = 250
_CONDITION_CHARACTERS: Final = 120
_COMES: Final = {
    Mode.MILESTONES: "I'll post each failure, and the ranking when the last job has ended.",
    Mode.FINAL: "I'll post the ranking when the last job has ended, and nothing before that.",
    Mode.FAILURES: "I'll post the ranking when the last job has ended, and in the channel only failures.",
}
_ONLY_ALERTS: Final = "I'll ping you once, as soon as your alert is reached."
_ONCE: Final = "I'll ping you once, as soon as {} for one of these jobs."


def group_subscribed_card(
    subscribed: Subscribed, group: Group | None, *, permalink: str | None, slash_command: str
) -> Card:
    """The asker is subscribed to a group now, or was already: what will come, and where.

    Args:
        subscribed: the outcome.
        group: as it begins; None where there was one.
        permalink: the address of the thread, where it is known.
        slash_command: as people type it here.
    """
    subscription = subscribed.subscription
    subject, (spoken, comes) = subscription.request_id, _comes(subscribed, slash_command)
    is_known = subscribed.was_subscriber and not subscribed.condition
    head = "You're already subscribed to {}." if subscribed.was_subscriber else "Subscribed to {}."
    said, shown = plain(subject, SUBJECT_CHARACTERS), code(subject, SUBJECT_CHARACTERS)
    lines = [f"🔔 {head.format(shown)} Updates will appear {link(permalink, 'in its thread')}.", comes]
    members = ""
    if group is not None and group.members:
        lines.insert(1, counted(counts(group.members)))
        members = f" {phrases.count(len(group.members), 'job')} so far."
    elif group is not None:
        members = " No job fits yet; I'll wait for one, up to 7 days."
        lines.insert(1, members.strip())
    if is_known:
        blocks = [
            section("\n".join(lines)),
            row_of([button("Unsubscribe", actions.STOP, subscription.id)]),
        ]
    else:
        lines.append(f"To unsubscribe: {code(f'{slash_command} unsubscribe {subject}', _COMMAND_CHARACTERS)}")
        blocks = [section("\n".join(lines))]
    return Card(cut(f"{head.format(said)}{members} {spoken}", TEXT_CHARACTERS, note="…"), blocks)


def already_over_card() -> Card:
    """The group whose card was pressed has ended."""
    said = "These jobs have ended, so there's nothing left to subscribe to."
    return Card(said, [section(said)])


def _comes(subscribed: Subscribed, slash_command: str) -> tuple[str, str]:
    """The updates to expect, as plain text and as ``mrkdwn``; for an alert, only the alert."""
    subscription, wanted = subscribed.subscription, subscribed.condition
    if wanted:
        condition = plain(wanted, _CONDITION_CHARACTERS), code(wanted, _CONDITION_CHARACTERS)
        if not subscribed.is_full:
            return _ONCE.format(condition[0]), _ONCE.format(condition[1])
        command = f"{slash_command} unsubscribe {subscription.request_id}"
        commands = plain(command, _COMMAND_CHARACTERS), code(command, _COMMAND_CHARACTERS)
        said, shown = (FULL.format(*each) for each in zip(condition, commands, strict=True))
        return said, shown
    comes = _COMES.get(subscription.mode, _ONLY_ALERTS)
    comes = f"{comes} Everything stays in the thread." if subscription.is_quiet else comes
    return comes, comes
