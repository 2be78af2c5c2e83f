"""The answer to ``health``: what is wrong, then what is well."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bot.cards.kit.card import Card, context, section
from bot.cards.kit.phrases import count
from bot.cards.kit.text import SEPARATOR, plain
from bot.cards.kit.timing import ago, in_one_unit
from bot.domain.health.report import HealthReport

_LATE: Final = timedelta(minutes=5)
_CHARACTERS: Final = 300
_MOST_LINES: Final = 10


def health_card(report: HealthReport) -> Card:
    """At most a dozen lines."""
    wrong = [*_problems(report), *(plain(each, _CHARACTERS) for each in report.readiness.warnings)]
    said = "jobbot is well." if not wrong else f"{count(len(wrong), 'thing')} to look at."
    shown = wrong[:_MOST_LINES]
    if left_out := len(wrong) - len(shown):
        shown.append(f"and {left_out} more: see `/readyz`")
    head = f"{'⚠️' if wrong else '✅'} *{said}*"
    lines = [head, *(f"• {each}" for each in shown)]
    return Card(f"{said} {_spoken(shown)}".rstrip(), [section("\n".join(lines)), context(_well(report))])


def not_the_admin_card(*, is_admin_set: bool) -> Card:
    """For everybody else."""
    said = (
        "Only your jobbot admin can see this."
        if is_admin_set
        else "Only a jobbot admin can see this, and none is set (`ADMIN_USER_ID`)."
    )
    return Card(said, [section(said)])


def _problems(report: HealthReport) -> list[str]:
    wrong = [
        f"*{_name(check)}*: {plain(problem, _CHARACTERS)}"
        for check, problem in report.readiness.problems.items()
        if problem
    ]
    if report.oldest_at is not None and report.now - report.oldest_at >= _LATE:
        age = in_one_unit((report.now - report.oldest_at).total_seconds())
        wrong.append(f"*outbox*: a message has waited for {age}. `python -m bot outbox` says why")
    if report.parked:
        parked = f"{count(report.parked, 'message')} parked. `python -m bot outbox` says why"
        wrong.append(f"*outbox*: {parked}")
    return wrong


def _well(report: HealthReport) -> list[str]:
    """The checks that are well, and what the rounds and the outbox are at."""
    well = [_name(check) for check, problem in report.readiness.problems.items() if not problem]
    rounds = [f"{_name(task)} {_last(at, report.now)}" for task, at in report.readiness.last_rounds.items()]
    texts = [f"Well: {', '.join(well)}"] if well else []
    if rounds:
        texts.append(f"Last rounds: {', '.join(rounds)}")
    if report.parked is not None and report.oldest_at is None:
        texts.append("No message waits")
    texts += [f"{_name(name)}: {number}" for name, number in report.readiness.counts.items()]
    return [f"{SEPARATOR}".join(texts) or "Nothing is checked yet"]


def _last(at: datetime | None, now: datetime) -> str:
    return "not yet" if at is None else ago(at, now)


def _name(check: str) -> str:
    return plain(check.replace("_", " "), _CHARACTERS)


def _spoken(lines: list[str]) -> str:
    return "; ".join(line.replace("*", "") for line in lines)
