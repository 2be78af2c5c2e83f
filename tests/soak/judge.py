"""Judges a soak by what Slack received, held against what happened to jobs and what people asked for."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.playground.workspace.methods.table import METHODS
from tests.soak.slack import POST, Received

_MOMENT_SECONDS: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Thread:
    """A message that people have to get once, and what has to come in its thread."""

    team_id: str
    channel_id: str
    subject: str
    """Stands in the first message."""
    in_order: Sequence[str] = ()
    """What each reply says, in this order."""
    in_any_order: Sequence[str] = ()
    """What further replies say, one each."""
    at_most_once: Sequence[str] = ()
    """What one more reply each may say."""
    root_ts: str = ""
    """A person's message that the thread hangs below; the first message is the first reply then."""
    least: int = 1
    most: int = 1
    """How many first messages there have to be, and may be."""
    mentions: frozenset[str] | None = None
    """Whom each reply mentions; None where that is not looked at."""
    is_at_once: bool = False
    """Whether it says what somebody has just changed, and comes at once, not in the channel's turn."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that should not have been."""

    kind: str
    """``lost``, ``doubled``, ``disordered``, ``unexpected``, ``too fast`` or ``across tenants``."""
    detail: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.kind}: {self.detail}"


def judged(
    journal: Sequence[Received],
    threads: Iterable[Thread],
    names: Mapping[str, str],
    asked: Collection[tuple[str, str]] = (),
) -> list[Finding]:
    """What is wrong.

    Args:
        journal: every call that Slack received, oldest first.
        threads: what people have to have got, and nothing else.
        names: what its jobs' names begin with, by workspace.
        asked: workspaces, and messages of people in whose threads they are answered at once, and not in a
            channel's turn; a wait that Slack asked for counts there too.
    """
    expected = list(threads)
    rest = frozenset(asked) - {(each.team_id, each.root_ts) for each in expected}
    remarks = [each for each in expected if each.is_at_once]
    at_once = list(_at_once(journal, asked, remarks))
    updates = [each for each in journal if (each.team_id, each.thread_ts) not in rest]
    return [*_across_tenants(journal, names), *_too_fast(journal, at_once), *_of_channels(updates, expected)]


def _at_once(
    journal: Sequence[Received], asked: Collection[tuple[str, str]], remarks: Sequence[Thread]
) -> Iterator[bool]:
    """Whether each answers a person's message, says what somebody has just changed, or is a try at that."""
    open_threads = set(asked)
    said: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for remark in remarks:
        said[remark.team_id, remark.channel_id].add(remark.subject)
    for each in journal:
        is_answer = each.method == POST and (each.team_id, each.thread_ts) in open_threads
        if is_answer and each.ts:
            open_threads.remove((each.team_id, each.thread_ts))
        is_root = each.method == POST and not each.thread_ts
        words = said[each.team_id, each.channel_id] if is_root else ()
        yield is_answer or any(one in each.text for one in words)


def _across_tenants(journal: Sequence[Received], names: Mapping[str, str]) -> Iterator[Finding]:
    homes: dict[str, str] = {}
    for each in journal:
        if others := sorted(each.names - {names[each.team_id]}):
            yield Finding("across tenants", f"{each.method} in {each.team_id} names {', '.join(others)}")
        if each.channel_id and homes.setdefault(each.channel_id, each.team_id) != each.team_id:
            yield Finding("across tenants", f"{each.method} to {each.channel_id} from {each.team_id}")


def _too_fast(journal: Sequence[Received], at_once: Sequence[bool]) -> Iterator[Finding]:
    """Calls that a window had no place for, whatever Slack did with them; and calls in spite of a 429.

    People are answered ``at_once``, and not in a channel's turn. What is called at the moment of a 429 was on
    its way by then.
    """
    windows: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    closed: dict[tuple[str, str, str], tuple[float, float]] = {}
    """From the 429 to the end of the wait."""
    for each, is_answer in zip(journal, at_once, strict=True):
        method = METHODS.get(each.method)
        if method is None:
            continue
        key = each.team_id, each.method, each.channel_id if method.is_per_channel else ""
        most, seconds = method.rate
        window = windows[key] = [at for at in windows[key] if each.at - at < seconds - _MOMENT_SECONDS]
        where = f"{each.method} in {each.team_id} {key[2]} at {each.at:.2f}".replace("  ", " ")
        if len(window) >= most and not is_answer:
            yield Finding("too fast", f"{where}: {len(window) + 1} in {seconds:g} s")
        elif key in closed and closed[key][0] < each.at < closed[key][1] - _MOMENT_SECONDS:
            yield Finding("too fast", f"{where}: Slack had asked to wait until {closed[key][1]:.2f}")
        if not is_answer:
            window.append(each.at)
        if each.retry_after_seconds:
            closed[key] = each.at, each.at + each.retry_after_seconds


def _of_channels(journal: Sequence[Received], threads: Iterable[Thread]) -> Iterator[Finding]:
    posted: defaultdict[tuple[str, str], list[Received]] = defaultdict(list)
    for each in journal:
        if each.method == POST and each.ts:
            posted[each.team_id, each.channel_id].append(each)
    expected: defaultdict[tuple[str, str], list[Thread]] = defaultdict(list)
    for thread in threads:
        expected[thread.team_id, thread.channel_id].append(thread)
    for place in sorted(posted.keys() | expected.keys()):
        yield from _of_channel(sorted(posted[place], key=_moment), expected[place])


def _of_channel(posted: Sequence[Received], threads: Sequence[Thread]) -> Iterator[Finding]:
    roots = {each.ts: each for each in posted if not each.thread_ts}
    replies: defaultdict[str, list[Received]] = defaultdict(list)
    for each in posted:
        if each.thread_ts:
            replies[each.thread_ts].append(each)
    hung = [each for each in threads if each.root_ts]
    for ts in replies.keys() - roots.keys() - {each.root_ts for each in hung}:
        yield Finding("unexpected", f"replies without a first message: {_told(replies[ts][0])}")
    left = dict(roots)
    for thread in threads:
        where = f"{thread.channel_id} {thread.subject!r}"
        if thread.root_ts:
            mine, below = replies[thread.root_ts][:1], replies[thread.root_ts][1:]
        else:
            mine = [each for each in left.values() if thread.subject in each.text]
            below = [each for one in mine for each in replies[one.ts]]
        for each in mine:
            left.pop(each.ts, None)
        if len(mine) < thread.least:
            yield Finding("lost", f"{where}: the first message")
            continue
        if len(mine) > thread.most:
            yield Finding("doubled", f"{where}: {len(mine)} first messages")
        yield from _of_thread(where, thread, below)
    for each in left.values():
        yield Finding("unexpected", _told(each))


def _of_thread(where: str, thread: Thread, replies: Sequence[Received]) -> Iterator[Finding]:
    """Each reply says one thing: what is said too seldom, too often, or before its turn."""
    wanted = Counter((*thread.in_any_order, *thread.in_order))
    known = (*wanted, *thread.at_most_once)
    said = [next((each for each in known if each in reply.text), "") for reply in replies]
    for reply, words in zip(replies, said, strict=True):
        if not words:
            yield Finding("unexpected", f"{where}: {_told(reply)}")
        if thread.mentions is not None and reply.mentions != thread.mentions:
            yield Finding("unexpected", f"{where}: mentions {sorted(reply.mentions)}")
    counts = Counter(said)
    for words, count in {**dict.fromkeys(thread.at_most_once, 1), **wanted}.items():
        if counts[words] < count and words in wanted:
            yield Finding("lost", f"{where}: {words!r}")
        elif counts[words] > count:
            came = ", ".join(
                f"{reply.at:.2f}" for reply, one in zip(replies, said, strict=True) if one == words
            )
            yield Finding("doubled", f"{where}: {words!r} came {counts[words]} times, at {came}")
    places = {words: place for place, words in enumerate(thread.in_order)}
    first = [words for words in dict.fromkeys(said) if words in places]
    for earlier, later in pairwise(first):
        if places[earlier] > places[later]:
            yield Finding("disordered", f"{where}: {earlier!r} before {later!r}")


def _moment(received: Received) -> float:
    return float(received.ts)


def _told(received: Received) -> str:
    return f"{received.channel_id} at {received.at:.2f}: {received.text[:100]!r}"
