"""What happened in a soak, line by line, for whoever looks for the cause of a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.soak.faults import Faults
from tests.soak.fleet import Fleet
from tests.soak.slack import Received

_TEXT_CHARACTERS: Final = 80


def write_record(path: Path, journal: Sequence[Received], faults: Faults, fleet: Fleet) -> None:
    """Each call that Slack received, and each fault, by the clock that never jumps."""
    lines = [
        *_calls(journal),
        *faults.told,
        *((at, f"process {it} died") for it, at in fleet.died_at.items()),
    ]
    path.write_text("".join(f"{at:8.2f} {words}\n" for at, words in sorted(lines)))


def _calls(journal: Sequence[Received]) -> Iterator[tuple[float, str]]:
    for each in journal:
        place = " ".join(filter(None, (each.team_id, each.channel_id, each.thread_ts)))
        yield each.at, f"{each.method} {place}: {_outcome(each)} {each.text[:_TEXT_CHARACTERS]!r}"


def _outcome(received: Received) -> str:
    if received.retry_after_seconds:
        return f"wait {received.retry_after_seconds:g} s"
    if received.is_refused:
        return "refused"
    taken = received.ts or "not taken"
    return f"{taken}, unheard" if received.is_unheard else taken
