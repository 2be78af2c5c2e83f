"""What an organisation's jobs did over a day or a week: a few lines, with the rest behind buttons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.cards.kit import actions, phrases
from bot.cards.kit.card import Block, Card, button, context, section
from bot.cards.kit.card import actions as row_of
from bot.cards.kit.card_settings import NOTHING_SET, CardSettings, job_name
from bot.cards.kit.diagnosis import FINDINGS, WARNING, brief_cause
from bot.cards.kit.text import SEPARATOR, code, cut, date, length, line, plain, unbroken
from bot.domain.channels.digest import Digest, FailureGroup, Period, Run
from bot.domain.channels.digest_list import Since
from bot.domain.job import JobStatus

TITLES: Final = {Period.DAILY: "Daily digest", Period.WEEKLY: "Weekly digest"}

_COMES: Final = {Period.DAILY: "Daily", Period.WEEKLY: "Mondays"}
_NAME_CHARACTERS: Final = 30
_REASON_CHARACTERS: Final = 160
_LINE_CHARACTERS: Final = 38
"""On a phone."""
_MOST_LINES: Final = {JobStatus.FAILED: 6, JobStatus.COMPLETED: 3, JobStatus.RUNNING: 2}
"""There, of jobs of each kind."""
_TEXT_CHARACTERS: Final = 290
_COMMAND_CHARACTERS: Final = 100


def digest_card(
    digest: Digest, *, slash_command: str, settings: CardSettings = NOTHING_SET, is_preview: bool = False
) -> Card:
    """The message. A preview says nothing of how to change what it previews."""
    title = f"*{TITLES[digest.period]}* since {date(digest.since)}"
    used = _hours(digest)
    head = SEPARATOR.join(filter(None, (title, used)))
    blocks: list[Block] = [section(f"{head}\n{SEPARATOR.join(_counts(digest))}")]
    rows = _Rows()
    rows.add(JobStatus.FAILED, digest.failed, map(_failure, digest.failures), settings)
    rows.add(JobStatus.COMPLETED, digest.completed, map(_completed, digest.completed_runs), settings)
    rows.add(JobStatus.RUNNING, digest.running, map(_running, digest.running_runs), settings)
    blocks += [section("\n".join(rows.shown))] if rows.shown else []
    if not is_preview:
        change = code(f"{slash_command} digest", _COMMAND_CHARACTERS)
        blocks.append(context([f"{_COMES[digest.period]}{SEPARATOR}change it with {change}"]))
    blocks += _buttons(digest, rows.left_out)
    text = f"{TITLES[digest.period]}: {', '.join(_spoken(digest))}"
    return Card(cut(text, _TEXT_CHARACTERS, note="…"), blocks)


@dataclass(frozen=True, slots=True)
class _Row:
    """A job, or several that failed for the same reason."""

    symbol: str
    run: Run
    said: str
    """How it is; ``mrkdwn``."""
    count: int = 1

    def words(self, settings: CardSettings) -> str:
        """As ``mrkdwn``."""
        name = job_name(self.run.name, self.run.request_id, settings, most=_NAME_CHARACTERS)
        others = f" and {self.count - 1:,} more" if self.count > 1 else ""
        return f"{self.symbol} {name}{others}{SEPARATOR}{self.said}"

    @property
    def lines(self) -> int:
        """How many it takes on a phone, where its name has no address behind it."""
        return max(1, -(-length(self.words(NOTHING_SET)) // _LINE_CHARACTERS))


class _Rows:
    """The lines there is room for."""

    def __init__(self) -> None:
        self.shown: list[str] = []
        self.left_out: list[int] = []
        """Of each kind, in the order in which they were added."""

    def add(self, kind: JobStatus, many: int, rows: Iterable[_Row], settings: CardSettings) -> None:
        """The first of one kind, of which there are ``many``; at least one."""
        fits: list[_Row] = []
        room = _MOST_LINES[kind]
        for row in rows:
            room -= row.lines
            if fits and room < 0:
                break
            fits.append(row)
        rest = max(0, many - sum(row.count for row in fits))
        lines = [row.words(settings) for row in fits]
        if lines and rest:
            lines[-1] += f", {rest:,} more"
        self.shown += lines
        self.left_out.append(many - sum(1 for _ in fits))


def _failure(group: FailureGroup) -> _Row:
    reason = _brief(group.reason or "")
    said = f"failed, {reason}" if reason else "failed, no reason given"
    run = group.runs[0] if group.runs else Run(request_id="")
    return _Row(phrases.SYMBOLS[JobStatus.FAILED], run, said, max(1, group.count))


def _brief(reason: str) -> str:
    """A cause without its values; of an error's own words, those behind the exception's class."""
    shown = line(reason)
    head, _, rest = shown.partition(": ")
    return brief_cause(rest if rest and " " not in head else shown)


def _completed(run: Run) -> _Row:
    return _doubted(_Row(phrases.SYMBOLS[JobStatus.COMPLETED], run, "completed"))


def _running(run: Run) -> _Row:
    said = f"running {phrases.percent(run.progress)}".rstrip()
    return _doubted(_Row(phrases.SYMBOLS[JobStatus.RUNNING], run, unbroken(said)))


def _doubted(row: _Row) -> _Row:
    """The same with what the run doctor found, where that is known to this version."""
    known = next((words for name, words in FINDINGS.items() if name == row.run.finding), None)
    if known is None:
        return row
    status = row.said.partition("\u00a0")[0]
    return _Row(WARNING, row.run, f"{status}, {known.brief}")


def _counts(digest: Digest) -> list[str]:
    """How many of each, failures first; what there is none of is left out."""
    shown = [
        unbroken(f"{phrases.SYMBOLS[status]} {many:,} {status.lower()}") for status, many in _many(digest)
    ]
    if not digest.knows_list:
        shown.append("running jobs unknown (Simplismart isn't responding)")
    return shown or ["Nothing ended."]


def _many(digest: Digest) -> Iterator[tuple[JobStatus, int]]:
    told = (
        (JobStatus.FAILED, digest.failed),
        (JobStatus.COMPLETED, digest.completed),
        (JobStatus.CANCELLED, digest.cancelled),
        (JobStatus.RUNNING, digest.running),
        (JobStatus.QUEUED, digest.queued),
    )
    return ((status, many) for status, many in told if many)


def _spoken(digest: Digest) -> list[str]:
    reasons = [plain(group.reason, _REASON_CHARACTERS) for group in digest.failures[:1] if group.reason]
    counts = [f"{many:,} {status.lower()}" for status, many in _many(digest)]
    return [*counts, *(f"most often: {reason}" for reason in reasons if reason)] or ["nothing ended"]


def _hours(digest: Digest) -> str:
    """What the jobs that ended used, and of how many that is known."""
    used = phrases.gpu_hours(digest.gpu_hours)
    ended = digest.completed + digest.failed + digest.cancelled
    known = ended - digest.without_gpu_hours
    return f"{used} ({unbroken(f'{known:,} of {ended:,} jobs')})" if used and known < ended else used


def _all(many: int, status: str) -> str:
    return f"The {status} one" if many == 1 else status.capitalize()


def _buttons(digest: Digest, left_out: Sequence[int]) -> list[Block]:
    """A list of each kind of which not all is shown, for the presser's eyes."""
    failed, completed, running = left_out
    offers = [
        (failed, _all(digest.failed, "failed"), JobStatus.FAILED),
        (completed, _all(digest.completed, "completed"), JobStatus.COMPLETED),
        (running, _all(digest.running, "running"), JobStatus.RUNNING),
    ]
    shown = [
        button(label, action_id, Since(status, int(digest.since.timestamp())).value())
        for (rest, label, status), action_id in zip(offers, actions.SINCE, strict=True)
        if rest > 0
    ]
    return [row_of(shown)] if shown else []
