"""What a group's thread is told: a member failed or is gone, and how all of it ended."""

from __future__ import annotations

from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.card import Card, context, section
from bot.cards.kit.card_settings import CardSettings, job_name
from bot.cards.kit.diagnosis import cause_lines
from bot.cards.kit.references import people
from bot.cards.kit.text import SEPARATOR, code, cut, label, plain, unbroken
from bot.cards.kit.timing import clock, in_words
from bot.cards.subscriptions.groups.lines import (
    FINISHED,
    SUBJECT_CHARACTERS,
    TEXT_CHARACTERS,
    WORDS,
    compare_row,
    counted,
    fitting,
    ranked_by,
    spoken_best,
    spoken_counts,
    used,
    value,
)
from bot.cards.subscriptions.renderer import Recipient
from bot.domain.groups.group import Member
from bot.domain.groups.results import How, Result, has_place
from bot.domain.job import JobStatus
from bot.domain.subscriptions.notifications.group_updates import (
    GroupEnded,
    GroupFailure,
    GroupFull,
    GroupGone,
)
from bot.domain.subscriptions.notifications.notification import Notification

_CAUSE_CHARACTERS: Final = 200
_COMMAND_CHARACTERS: Final = 250


def failure_card(notification: GroupFailure, recipient: Recipient) -> Card:
    """A member failed; who isn't told in the job's own thread is mentioned."""
    name = job_name(notification.member_name, notification.request_id, recipient.settings, is_bold=True)
    reached = phrases.percent(notification.progress)
    at = f"at {reached}" if reached else ""
    title = SEPARATOR.join(
        filter(
            None,
            (
                f"{phrases.SYMBOLS[JobStatus.FAILED]} {unbroken(f'*Failed* {at}'.rstrip())}",
                name,
                people(recipient.subscription.followers),
            ),
        )
    )
    cause = "\n".join(cause_lines(notification.cause, None)) if notification.cause else ""
    spoken = phrases.spoken(notification.member_name, notification.request_id)
    reason = plain((notification.cause or "").removesuffix("."), _CAUSE_CHARACTERS)
    said = f"{' '.join(filter(None, (spoken, 'failed', at)))} ({_spoken_subject(notification, recipient)})"
    said += f": {reason}" if reason else "."
    return Card(cut(said, TEXT_CHARACTERS, note="…"), [section("\n".join(filter(None, (title, cause))))])


def gone_card(notification: GroupGone, recipient: Recipient) -> Card:
    """A member is no more."""
    name = phrases.named(notification.member_name, notification.request_id)
    subject = code(recipient.subscription.request_id, SUBJECT_CHARACTERS)
    spoken = phrases.spoken(notification.member_name, notification.request_id)
    said = "Simplismart no longer has {}, so it has left {}."
    shown = said.format(name, subject)
    return Card(
        said.format(spoken, _spoken_subject(notification, recipient)),
        [section(f"🔕 {shown}")],
    )


def full_card(notification: GroupFull, recipient: Recipient) -> Card:
    """There is no room for another member."""
    subject = recipient.subscription.request_id
    said = f"{{}} has {notification.most} jobs, the most a group takes. You won't get updates on the others."
    return Card(
        said.format(_spoken_subject(notification, recipient)),
        [section(f"⚠️ {said.format(code(subject, SUBJECT_CHARACTERS))}")],
    )


def ended_card(notification: GroupEnded, recipient: Recipient) -> Card:
    """The last word: the ranking, and the best three to compare."""
    result, subject = notification.result, recipient.subscription.request_id
    if result is None:
        return Card(
            f"{_spoken_subject(notification, recipient)} finished.",
            [section(f"{FINISHED} *Finished*{SEPARATOR}{code(subject, SUBJECT_CHARACTERS)}")],
        )
    if result.how is How.EMPTY:
        return _empty_card(notification, recipient)
    many = sum(result.counts.values())
    head = "Finished" if result.how is How.DONE else "Time's up"
    title = SEPARATOR.join(
        filter(
            None,
            (
                f"{FINISHED} *{head}*",
                code(subject, SUBJECT_CHARACTERS),
                unbroken(phrases.count(many, "job")),
                people(recipient.subscription.followers),
            ),
        )
    )
    rows, shown = fitting(
        _ranked_line(place, each, recipient.settings) for place, each in enumerate(result.members, start=1)
    )
    more = f"and {many - shown:,} more" if many > shown else ""
    took = in_words((result.ended_at - result.since).total_seconds())
    ended = f"Ended {clock(result.ended_at, notification.at)}"
    remarks = [
        SEPARATOR.join(filter(None, (ranked_by(result.by), *used(result.gpu_hours, recipient.settings)))),
        f"{ended}, took {took}" if took else ended,
    ]
    blocks = [
        section("\n".join(filter(None, (title, counted(result.counts))))),
        *([section("\n".join([*rows, *([more] if more else [])]))] if rows else []),
        context(["\n".join(filter(None, remarks))]),
        *compare_row(result.best),
    ]
    return Card(_ended_sentence(result, _spoken_subject(notification, recipient)), blocks)


def _empty_card(notification: GroupEnded, recipient: Recipient) -> Card:
    subject = recipient.subscription.request_id
    said = "No job fit {} for 7 days, so I've stopped waiting."
    command = code(f"{recipient.slash_command} subscribe {subject}", _COMMAND_CHARACTERS)
    shown = said.format(code(subject, SUBJECT_CHARACTERS))
    return Card(
        said.format(_spoken_subject(notification, recipient)),
        [section(f"🔕 {shown} To wait again: {command}")],
    )


def _ranked_line(place: int, member: Member, settings: CardSettings) -> str:
    name = job_name(member.name, member.request_id, settings)
    facts = member.facts
    took = in_words(facts.duration_seconds) if facts is not None else ""
    if has_place(member):
        is_over = member.status in {JobStatus.COMPLETED, JobStatus.ENDED}
        then = took if is_over else WORDS[member.status]
        return f"{place}. {name}{SEPARATOR}{unbroken(', '.join(filter(None, (value(member), then))))}"
    cause = _cause(facts.cause).rstrip(".") if facts is not None else ""
    state = ", ".join(filter(None, (WORDS[member.status], cause)))
    return f"{phrases.SYMBOLS[member.status]} {name}{SEPARATOR}{state}"


def _spoken_subject(notification: Notification, recipient: Recipient) -> str:
    """Which group it is, for whoever reads the message without its thread."""
    return phrases.spoken(notification.name, recipient.subscription.request_id)


def _cause(cause: str | None) -> str:
    return cut(label(cause or ""), _CAUSE_CHARACTERS, note="…")


def _ended_sentence(result: Result, subject: str) -> str:
    ended = "finished" if result.how is How.DONE else "is over, as its time has passed"
    said = f"{subject} {ended}: {spoken_counts(result.counts)}."
    best_one = spoken_best(result.members[0], result.by) if result.members else ""
    return cut(f"{said}{best_one}", TEXT_CHARACTERS, note="…")
