"""What an organisation's jobs did over a day or a week, as one message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bot.cards.kit import phrases
from bot.cards.kit.card import SECTION_CHARACTERS, Block, Card, context, header, section
from bot.cards.kit.text import SEPARATOR, code, cut, date, length, plain, unbroken, words
from bot.domain.channels.digest import Digest, FailureGroup, Period, Run
from bot.domain.job import JobStatus

TITLES: Final = {Period.DAILY: "Daily digest", Period.WEEKLY: "Weekly digest"}

_NAME_CHARACTERS: Final = 80
_REASON_CHARACTERS: Final = 160
_MOST_NAMES: Final = 6
"""On a line."""
_ROOM: Final = SECTION_CHARACTERS - 100
_TEXT_CHARACTERS: Final = 290
_COMMAND_CHARACTERS: Final = 100
_TIMES: Final = " \N{MULTIPLICATION SIGN} "
_NO_REASON: Final = "No reason given"


def digest_card(digest: Digest, *, slash_command: str, is_preview: bool = False) -> Card:
    """The message. A preview says nothing of how to end what it previews."""
    counts = _counts(digest)
    blocks = [header(f"📰 {TITLES[digest.period]}"), section(f"{_span(digest)}\n{SEPARATOR.join(counts)}")]
    blocks += [*_failures(digest), *_completed(digest), *_running(digest), *_hours(digest)]
    end = code(f"{slash_command} digest off", _COMMAND_CHARACTERS)
    one = code(f"{slash_command} <name>", _COMMAND_CHARACTERS)
    ways = [f"{one} shows one of them", *([] if is_preview else [f"{end} ends the digest"])]
    blocks.append(context([SEPARATOR.join(ways)]))
    text = f"{TITLES[digest.period]}: {', '.join(_spoken(digest))}"
    return Card(cut(text, _TEXT_CHARACTERS, note="…"), blocks)


def _span(digest: Digest) -> str:
    return f"From {date(digest.since)} to {date(digest.until)}"


def _counts(digest: Digest) -> list[str]:
    """How many of each, failures first; what there is none of is left out."""
    told = [
        (JobStatus.FAILED, digest.failed),
        (JobStatus.COMPLETED, digest.completed),
        (JobStatus.CANCELLED, digest.cancelled),
        (JobStatus.RUNNING, digest.running),
        (JobStatus.QUEUED, digest.queued),
    ]
    shown = [
        unbroken(f"{phrases.SYMBOLS[status]} {many:,} {status.lower()}") for status, many in told if many
    ]
    if not digest.knows_list:
        shown.append("running jobs unknown (Simplismart isn't responding)")
    return shown or ["Nothing ended."]


def _spoken(digest: Digest) -> list[str]:
    told = [
        (digest.failed, "failed"),
        (digest.completed, "completed"),
        (digest.cancelled, "cancelled"),
        (digest.running, "running"),
        (digest.queued, "queued"),
    ]
    reasons = [plain(group.reason, _REASON_CHARACTERS) for group in digest.failures[:1] if group.reason]
    counts = [f"{many:,} {word}" for many, word in told if many]
    return [*counts, *(f"most often: {reason}" for reason in reasons if reason)] or ["nothing ended"]


def _failures(digest: Digest) -> list[Block]:
    if not digest.failed:
        return []
    shown = _fitting(f"*{phrases.SYMBOLS[JobStatus.FAILED]} Failed*", map(_group, digest.failures))
    rest = digest.failed - sum(group.count for group in digest.failures[: len(shown) - 1])
    return [section("\n".join([*shown, *([f"and {rest:,} more"] if rest > 0 else [])]))]


def _group(group: FailureGroup) -> str:
    reason = words((group.reason or "").rstrip("."), _REASON_CHARACTERS) or _NO_REASON
    return f"{group.count:,}{_TIMES}{reason}: {_names(group.runs, group.count)}"


def _completed(digest: Digest) -> list[Block]:
    if not digest.completed:
        return []
    title = f"*{phrases.SYMBOLS[JobStatus.COMPLETED]} Completed*"
    return [section(f"{title}\n{_names(digest.completed_runs, digest.completed, most=2 * _MOST_NAMES)}")]


def _running(digest: Digest) -> list[Block]:
    if not digest.running:
        return []
    lines = (_progress(run) for run in digest.running_runs)
    shown = _fitting(f"*{phrases.SYMBOLS[JobStatus.RUNNING]} Still running*", lines)
    rest = digest.running - (len(shown) - 1)
    return [section("\n".join([*shown, *([f"and {rest:,} more"] if rest > 0 else [])]))]


def _progress(run: Run) -> str:
    return SEPARATOR.join(filter(None, (_name(run), unbroken(phrases.bar(run.progress)))))


def _hours(digest: Digest) -> list[Block]:
    used = phrases.gpu_hours(digest.gpu_hours)
    if not used:
        return []
    ended = digest.completed + digest.failed + digest.cancelled
    known = ended - digest.without_gpu_hours
    of = f" by {known:,} of {ended:,} jobs; unknown for the others" if known < ended else ""
    return [section(f"⏱️ {used}{of}")]


def _fitting(title: str, lines: Iterable[str]) -> list[str]:
    """The title, and as many lines as a section holds."""
    shown = [title]
    room = _ROOM - len(title)
    for each in lines:
        room -= length(each) + 1
        if room < 0:
            break
        shown.append(each)
    return shown


def _names(runs: Sequence[Run], many: int, *, most: int = _MOST_NAMES) -> str:
    """Each name once, with how often it comes; and how many more there are."""
    names = Counter(filter(None, map(_name, runs)))
    shown = [name if count == 1 else f"{name}{_TIMES}{count}" for name, count in names.most_common(most)]
    rest = many - sum(count for _, count in names.most_common(most))
    more = f" and {rest:,} more" if rest > 0 and shown else ""
    return f"{', '.join(shown)}{more}" if shown else phrases.count(many, "job")


def _name(run: Run) -> str:
    return code(run.name or "", _NAME_CHARACTERS) or code(run.request_id, _NAME_CHARACTERS)
