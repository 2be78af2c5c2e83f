"""What a digest says of the jobs: counted, sorted, failures with the same reason together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Final, TypeVar

from bot.domain.channels.digest import Digest, FailureGroup, Period, Run
from bot.domain.clocks import CLOCK_SKEW
from bot.domain.curves.run_doctor import Finding
from bot.domain.history import FinishedJob, is_known
from bot.domain.job import JobStatus, JobSummary
from bot.domain.job.stored import plain

_Job = TypeVar("_Job", FinishedJob, JobSummary)

MOST_GROUPS: Final = 8
MOST_RUNS: Final = 12
"""In a list; of a group of failures too."""
SETTLED: Final = CLOCK_SKEW
"""What ended more recently is told next time: by Simplismart's clock it may have been earlier."""

_NAME_CHARACTERS: Final = 120
_ID_CHARACTERS: Final = 200
_FEWEST_WORDS: Final = 2
_JOINING: Final = frozenset(
    {"after", "at", "before", "because", "by", "for", "from", "in", "of", "on", "with"}
)
_ENDED: Final = {JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of an organisation's jobs at one moment."""

    finished: Sequence[FinishedJob]
    """Those that are remembered and ended within the time, newest first."""
    jobs: Sequence[JobSummary] | None
    """The organisation's list; None where it cannot be had."""
    recorded: Mapping[str, datetime] = field(default_factory=dict[str, datetime])
    """Until when the jobs of the list are known that are remembered, whenever they ended."""
    standing: Mapping[str, Finding] = field(default_factory=dict[str, Finding])
    """What the run doctor found in jobs that are told, as far as it is stored."""

    @property
    def known_until(self) -> Mapping[str, datetime]:
        """The same of all that are remembered."""
        return {**{each.request_id: each.known_until for each in self.finished}, **self.recorded}


def ended_rows(jobs: Sequence[JobSummary], since: datetime, until: datetime) -> Iterator[JobSummary]:
    """The rows of the jobs that ended within this time, by what the list says."""
    return (
        row
        for row in jobs
        if row.status in _ENDED and row.updated_at is not None and since <= row.updated_at < until
    )


def make_digest(
    org_id: str, period: Period, since: datetime, until: datetime, found: Findings
) -> Digest | None:
    """What there is to tell; None where nothing ended within the time and nothing runs or waits.

    A job that the list shows finished counts by its row where nothing, or only an earlier end, is remembered.
    """
    ended = sorted(_ended(org_id, since, until, found), key=lambda each: each.finished_at, reverse=True)
    by_status = {status: [each for each in ended if each.status is status] for status in _ENDED}
    present = list(_present(found))
    running = [row for row in present if row.status is JobStatus.RUNNING]
    queued = sum(row.status is JobStatus.QUEUED for row in present)
    if not ended and not running and not queued:
        return None
    hours = [each.gpu_hours for each in ended if each.gpu_hours is not None]
    completed, failed = by_status[JobStatus.COMPLETED], by_status[JobStatus.FAILED]
    return Digest(
        period=period,
        since=since,
        until=until,
        completed=len(completed),
        failed=len(failed),
        cancelled=len(by_status[JobStatus.CANCELLED]),
        running=len(running),
        queued=queued,
        knows_list=found.jobs is not None,
        gpu_hours=sum(hours) if hours else None,
        without_gpu_hours=len(ended) - len(hours),
        completed_runs=_runs(_doubtful_first(completed, found), found),
        failures=tuple(_groups(failed))[:MOST_GROUPS],
        running_runs=tuple(
            _run(row.request_id, row.experiment_name, row.progress, found)
            for row in _doubtful_first(running, found)[:MOST_RUNS]
        ),
    )


def told_ids(found: Findings, since: datetime, until: datetime) -> frozenset[str]:
    """The jobs of which a digest could tell a finding: those that completed, and those that run."""
    completed = [each.request_id for each in found.finished if each.status is JobStatus.COMPLETED]
    listed = found.jobs or ()
    rows = [row for row in ended_rows(listed, since, until) if row.status is JobStatus.COMPLETED]
    running = [row for row in listed if row.status is JobStatus.RUNNING]
    return frozenset((*completed, *(row.request_id for row in (*rows, *running))))


def _ended(org_id: str, since: datetime, until: datetime, found: Findings) -> Sequence[FinishedJob]:
    """Each job once, with the last end that is known."""
    known_until = found.known_until
    rows = [row for row in ended_rows(found.jobs or (), since, until) if not is_known(row, known_until)]
    by_row = {row.request_id for row in rows}
    # Built as they are: of thousands only the names that are shown need to be cleaned.
    more = [
        FinishedJob(org_id, row.request_id, row.experiment_name, row.status, row.updated_at or until)
        for row in rows
    ]
    return [*(each for each in found.finished if each.request_id not in by_row), *more]


def _present(found: Findings) -> Iterator[JobSummary]:
    """The rows without those that are older than the end of their job: a list is some seconds old."""
    ends = {each.request_id: each.finished_at for each in found.finished}
    for row in found.jobs or ():
        end = ends.get(row.request_id)
        if end is None or (row.updated_at is not None and row.updated_at > end):
            yield row


def _groups(failed: Sequence[FinishedJob]) -> Iterator[FailureGroup]:
    """Those with the same error, or told by the same words; the largest group first, no reason last."""
    groups: list[list[FinishedJob]] = []
    by_sign: dict[tuple[str, str | None], list[FinishedJob]] = {}
    for job in failed:
        signs = [("reason", job.reason)]
        if job.fingerprint is not None:
            signs.append(("fingerprint", job.fingerprint))
        group = next((by_sign[sign] for sign in signs if sign in by_sign), None)
        if group is None:
            groups.append(group := [])
        group.append(job)
        by_sign.update(dict.fromkeys(signs, group))
    for group in sorted(groups, key=lambda each: (each[0].reason is None, -len(each))):
        reason = _shared([each.reason for each in group if each.reason])
        yield FailureGroup(reason=reason, count=len(group), runs=_runs(group))


def _shared(reasons: Sequence[str]) -> str | None:
    """What is true of all: the newest one's words as far as they are everybody's, up to a joining word."""
    if len(set(reasons)) <= 1:
        return reasons[0] if reasons else None
    columns = zip(*(reason.split() for reason in reasons), strict=False)
    words = [column[0] for column in takewhile(lambda column: len(set(column)) == 1, columns)]
    joints = [place for place, word in enumerate(words) if word.lower() in _JOINING]
    if joints and joints[-1] >= _FEWEST_WORDS:
        words = words[: joints[-1]]
    return " ".join(words).rstrip(" :,;.") if len(words) >= _FEWEST_WORDS else reasons[0]


def _doubtful_first(jobs: Sequence[_Job], found: Findings) -> Sequence[_Job]:
    return sorted(jobs, key=lambda each: each.request_id not in found.standing)


def _runs(jobs: Sequence[FinishedJob], found: Findings | None = None) -> tuple[Run, ...]:
    return tuple(_run(each.request_id, each.name, None, found) for each in jobs[:MOST_RUNS])


def _run(request_id: str, name: str | None, progress: float | None, found: Findings | None) -> Run:
    """Shown, not asked about: what the list calls an id may be as long as it likes."""
    finding = found.standing.get(request_id) if found else None
    return Run(
        request_id=request_id[:_ID_CHARACTERS],
        name=_name(name),
        progress=progress,
        finding="" if finding is None else finding.name.value,
    )


def _name(name: str | None) -> str | None:
    return (plain(name) or "")[:_NAME_CHARACTERS] or None
