"""What the cards about a group are made of: its counts, its members' values, what it used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import NO_VALUE, Block, button, can_ask_for
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import CardSettings
from bot.cards.kit.text import SEPARATOR, code, length, plain, unbroken
from bot.domain.curves.loss_names import EVAL_LOSS
from bot.domain.groups.group import Group, Member
from bot.domain.groups.results import has_place
from bot.domain.job import JobStatus
from bot.domain.job.cost import Money
from bot.domain.spelling import DIGITS, measured

FINISHED: Final = "🏁"
SUBJECT_CHARACTERS: Final = 200
TEXT_CHARACTERS: Final = 290
WORDS: Final = {
    JobStatus.FAILED: "failed",
    JobStatus.COMPLETED: "completed",
    JobStatus.ENDED: "ended",
    JobStatus.CANCELLED: "cancelled",
    JobStatus.RUNNING: "running",
    JobStatus.QUEUED: "queued",
    JobStatus.UNKNOWN: "unclear",
}
"""What needs a decision first."""
_ROOM: Final = 2_900
_METRIC_CHARACTERS: Final = 40


def counted(known: Mapping[JobStatus, int]) -> str:
    """How many members have each status, what needs a decision first."""
    parts = (f"{phrases.SYMBOLS[each]} {known[each]:,} {WORDS[each]}" for each in WORDS if known.get(each))
    return SEPARATOR.join(map(unbroken, parts))


def in_short(group: Group) -> tuple[str, str]:
    """The symbol and the words of a group in a list: how many of its jobs have ended."""
    if not group.members:
        return phrases.SYMBOLS[JobStatus.QUEUED], "waiting for jobs"
    ended = sum(each.status.is_finished for each in group.members)
    symbol = FINISHED if group.ended_at is not None else phrases.SYMBOLS[JobStatus.RUNNING]
    return symbol, f"{ended:,} of {phrases.count(len(group.members), 'job')} ended"


def compare_row(request_ids: Sequence[str]) -> list[Block]:
    """[Compare] alone in its row; no block where there is nothing to compare."""
    if not request_ids or not all(map(can_ask_for, request_ids)):
        return []
    return [row_of([button("Compare", actions.GROUP_COMPARE, " ".join(request_ids))])]


def fitting(lines: Iterable[str]) -> tuple[list[str], int]:
    """As many lines as a section holds, and how many those are."""
    used = 0

    def fits(shown: str) -> bool:
        nonlocal used
        used += length(shown) + 1
        return used <= _ROOM

    kept = list(takewhile(fits, lines))
    return kept, len(kept)


def value(member: Member) -> str:
    """The best that it has logged."""
    return NO_VALUE if member.value is None else measured(member.value, DIGITS)


def ranked_by(by: str) -> str:
    """What the order of the members is."""
    return "Best eval first" if by in EVAL_LOSS else f"Best {code(by, _METRIC_CHARACTERS)} first"


def used(hours: Mapping[str, float], settings: CardSettings) -> list[str]:
    """The GPU-hours, and what they cost where there is a price for each type in one currency."""
    if not hours:
        return []
    spent = [settings.cost(kind or None, used) for kind, used in hours.items()]
    known = [each for each in spent if each is not None]
    total = None
    if len(known) == len(spent) and len({each.currency for each in known}) == 1:
        total = Money(sum(each.amount for each in known), known[0].currency)
    return [phrases.used(sum(hours.values()), total)]


def spoken_counts(known: Mapping[JobStatus, int]) -> str:
    """The counts for notifications and screen readers."""
    order = sorted(WORDS, key=lambda each: each is JobStatus.FAILED)
    return ", ".join(f"{known[each]:,} {WORDS[each]}" for each in order if known.get(each))


def spoken_best(first: Member, by: str, when: str = "") -> str:
    """Which is the best, for the same; empty where none has a place."""
    if not has_place(first):
        return ""
    metric = "eval loss" if by in EVAL_LOSS else plain(by, _METRIC_CHARACTERS)
    return f" Best{when}: {phrases.spoken(first.name, first.request_id)}, {metric} {value(first)}."
