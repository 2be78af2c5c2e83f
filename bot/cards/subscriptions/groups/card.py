"""The card of a group of jobs, which edits itself: a table where the workspace takes one, else lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import NO_VALUE, Block, Card, button, cell, cell_text, context, overflow, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NAME_CHARACTERS, CardSettings, job_name, short_id
from bot.cards.kit.text import SEPARATOR, code, cut, line, plain, unbroken
from bot.cards.kit.timing import clock
from bot.cards.subscriptions.card_subscription import CardSubscription, following_remark
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
from bot.domain.curves.loss_names import EVAL_LOSS
from bot.domain.groups.forecast import ends_about, gpu_hours
from bot.domain.groups.group import MOST_MEMBERS, Group, Member
from bot.domain.groups.results import best, counts, has_place, ranked
from bot.domain.job import JobStatus

MOST_ROWS: Final = 20
_MOST_FAILED: Final = 5
"""Where there are more rows than that, so many failures are among those shown."""
_METRIC_CHARACTERS: Final = 20
_ABOUT: Final = "\N{ALMOST EQUAL TO}"
_LONGEST_PART: Final = re.compile(r".*[-_./ ]")
"""Up to a mark between the parts of a name."""


def group_card(  # noqa: PLR0913  (each is one thing the card says)
    group: Group,
    subject: str,
    *,
    now: datetime,
    following: CardSubscription | None,
    subscription_id: str,
    settings: CardSettings,
) -> Card:
    """The card of a group: a table where the workspace takes one, else lines.

    Args:
        group: as it was looked at last.
        subject: the group's, see `bot.domain.groups.group.subject_of`.
        now: the present moment (aware, UTC).
        following: who is subscribed.
        subscription_id: what [Subscribe] joins.
        settings: what the operator set.
    """
    is_over = following is not None and following.ended is not None
    head = _title(group, subject, "" if is_over else _ends(group, now))
    title = section("\n".join(filter(None, (head, counted(counts(group.members))))))
    shown = _shown(ranked(group))
    lines, fitting = _lines(shown, settings)
    buttons = compare_row(best(group)) if is_over else _buttons(group, subscription_id)
    text = _sentence(group, subject)

    def card(rows: Sequence[Block], many: int) -> list[Block]:
        remarks = [
            _remark(group, now, len(group.members) - many, settings),
            f"A group takes at most {MOST_MEMBERS} jobs; more fit." if group.is_full else "",
            following_remark(following) if group.ended_at is None else "",
        ]
        below = ["\n".join(filter(None, remarks))]
        return [title, *rows, *([context(below)] if any(below) else []), *buttons]

    if not shown:
        return Card(text, card((), 0))
    plainer = Card(text, card([section("\n".join(lines))], fitting))
    return Card(text, card([_table(group.by, shown, settings)], len(shown)), plainer=plainer)


def _title(group: Group, subject: str, ends: str) -> str:
    shown = code(subject, SUBJECT_CHARACTERS)
    if group.ended_at is not None:
        return f"{FINISHED} *Finished*{SEPARATOR}{shown}"
    if not group.members:
        return f"{phrases.SYMBOLS[JobStatus.QUEUED]} *Waiting for jobs*{SEPARATOR}{shown}"
    if all(each.status.is_finished for each in group.members):
        return f"{FINISHED} *All ended, more may join*{SEPARATOR}{shown}"
    title = f"{phrases.SYMBOLS[JobStatus.RUNNING]} *Running*"
    return SEPARATOR.join(filter(None, (title, shown, ends)))


def _ends(group: Group, now: datetime) -> str:
    """When the last job is likely to end, or the time that people asked for where that is earlier."""
    ends = ends_about(group, group.looked_at or now)
    if group.ends_at is not None and (ends is None or group.ends_at < ends):
        return f"{unbroken('ends ')}{clock(group.ends_at, now)}"
    return f"{unbroken(f'ends {_ABOUT} ')}{clock(ends, now)}" if ends else ""


def _shown(members: Sequence[Member]) -> Sequence[Member]:
    """The best, and of the failures some: those are what people look for."""
    if len(members) <= MOST_ROWS:
        return members
    first = members[: MOST_ROWS - _MOST_FAILED]
    failed = [each for each in members[len(first) :] if each.status is JobStatus.FAILED][:_MOST_FAILED]
    rest = [each for each in members[len(first) :] if each not in failed]
    kept = {each.request_id for each in (*first, *failed, *rest[: MOST_ROWS - len(first) - len(failed)])}
    return [each for each in members if each.request_id in kept]


def _lines(members: Sequence[Member], settings: CardSettings) -> tuple[list[str], int]:
    return fitting(
        f"{phrases.SYMBOLS[each.status]} {job_name(each.name, each.request_id, settings)}"
        f"{SEPARATOR}{unbroken(_state(each))}"
        for each in members
    )


def _state(member: Member) -> str:
    """The value, and the status with one number."""
    status = WORDS[member.status]
    if member.status is JobStatus.RUNNING:
        status = f"{status} {phrases.percent(member.progress)}".rstrip()
    return f"{value(member)}, {status}" if has_place(member) else status


def _table(by: str, members: Sequence[Member], settings: CardSettings) -> Block:
    """Three columns, so that it fits a phone; the part that all names share is left out."""
    names = _short_names([line(each.name or "") or short_id(each.request_id) for each in members])
    rows = [
        [
            cell("Job"),
            cell("Eval" if by in EVAL_LOSS else cell_text(by, _METRIC_CHARACTERS)),
            cell("Status"),
        ]
    ]
    rows += [
        [_linked(name, settings.address(each.request_id)), cell(_shown_value(each)), cell(_status(each))]
        for name, each in zip(names, members, strict=True)
    ]
    settings_of_columns = [{"align": align} for align in ("left", "right", "left")]
    return {"type": "table", "column_settings": settings_of_columns, "rows": rows}


def _shown_value(member: Member) -> str:
    return value(member) if has_place(member) else NO_VALUE


def _status(member: Member) -> str:
    word = WORDS[member.status].capitalize()
    moving = phrases.percent(member.progress) if member.status is JobStatus.RUNNING else ""
    return f"{phrases.SYMBOLS[member.status]} {word} {moving}".rstrip()


def _short_names(names: Sequence[str]) -> Sequence[str]:
    shared = _LONGEST_PART.match(_shared_start(names)) if len(names) > 1 else None
    start = 0 if shared is None else shared.end()
    return [name[start:] or name for name in names]


def _shared_start(names: Sequence[str]) -> str:
    """What all begin with, letter by letter."""
    first, last = min(names), max(names)
    return first[
        : next((at for at, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), len(first))
    ]


def _linked(name: str, address: str) -> dict[str, Any]:
    shown = cell_text(name, NAME_CHARACTERS)
    if not address:
        return cell(shown)
    element = {"type": "link", "url": address, "text": shown}
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}


def _remark(group: Group, now: datetime, left_out: int, settings: CardSettings) -> str:
    if not group.members:
        return "Jobs join when they are queued or start."
    spent = used(gpu_hours(group.members, group.ended_at or group.looked_at or now), settings)
    so_far = [f"{each} so far" for each in spent] if group.ended_at is None else spent
    seen_at = group.looked_at or now
    parts = (
        f"and {left_out:,} more" if left_out > 0 else "",
        ranked_by(group.by),
        *so_far,
        f"as of {clock(seen_at, now)}" if group.ended_at is None else f"ended {clock(group.ended_at, now)}",
    )
    shown = SEPARATOR.join(filter(None, parts))
    return shown[:1].upper() + shown[1:]


def _buttons(group: Group, subscription_id: str) -> list[Block]:
    """[Compare] where there are two to compare, and [Subscribe], as on every card that all read; a menu."""
    compare = [each for row in compare_row(best(group)) for each in row["elements"]]
    menu = (
        ("Refresh", actions.Chosen(actions.GROUP_REFRESH, subscription_id).option_value()),
        ("Change what I get", actions.Chosen(actions.GROUP_CHANGE, subscription_id).option_value()),
    )
    subscribe = button("Subscribe", actions.GROUP_SUBSCRIBE, subscription_id)
    return [row_of([*compare, subscribe, overflow(actions.MORE, menu)])]


def _sentence(group: Group, subject: str) -> str:
    """How the group is, for notifications and screen readers."""
    name = plain(subject, SUBJECT_CHARACTERS)
    if not group.members:
        return f"{name}: no job fits yet. I'm waiting for one."
    said = f"{name}: {phrases.count(len(group.members), 'job')}. {spoken_counts(counts(group.members))}."
    first = ranked(group)[0]
    when = " so far" if group.ended_at is None else ""
    return cut(f"{said}{spoken_best(first, group.by, when)}", TEXT_CHARACTERS, note="…")
