"""From a job's error message and its configuration to what went wrong. Says nothing when unsure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.domain.diagnosis import cluster, datasets, limits, memory, models, training
from bot.domain.diagnosis.failures import Diagnosis, Failure, FailureClass, Sign
from bot.domain.diagnosis.setup import Setup, shown
from bot.domain.diagnosis.statements import Statement, read_statements, split_lines
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.redaction import cleaned

FAILURES: Final[tuple[Failure, ...]] = (
    *memory.FAILURES,
    *limits.FAILURES,
    *cluster.FAILURES,
    *models.FAILURES,
    *datasets.FAILURES,
    *training.FAILURES,
)
"""Every class; of two that fit equally well the earlier one counts."""

_MOST_EVIDENCE: Final = 300
_MOST_WORDS: Final = 600
_CONTEXT: Final = 80
"""Lines above the evidence that are redacted with it: some secrets are several lines long."""
_LAST: Final = 400
"""Statements from the end on that can tell a cause without being an exception."""
_LONGEST_CHAIN: Final = 20
_SCHEDULERS: Final = frozenset({FailureClass.TIME_LIMIT, FailureClass.PREEMPTED})
"""Told from outside; the process then ends by an interrupt."""
_PASSED_OVER: Final = (
    "retry",
    "skipping",
    "ignoring",
    "ignored",
    "falling back",
    "continuing",
    "recovered",
    "resuming",
)
_INTERRUPT: Final = "KeyboardInterrupt"


class Finding(NamedTuple):
    """A sign in a statement."""

    failure: Failure
    statement: Statement
    position: int


def diagnose(job: TrainingJob) -> Diagnosis | None:
    """What went wrong in a failed job, as far as its error message leaves no doubt.

    Jobs with a status nobody documented are taken for failed when they have an error message.
    """
    if job.status not in {JobStatus.FAILED, JobStatus.ENDED, JobStatus.UNKNOWN} or job.error_message is None:
        return None
    lines = split_lines(job.error_message)
    finding = find_failure(read_statements(lines))
    if finding is None:
        return None
    setup, said = Setup(job), finding.statement.said
    if not finding.failure.fits(setup, said):
        return None
    cause, advice = finding.failure.explain(setup, said)
    return Diagnosis(
        name=finding.failure.name,
        evidence=_evidence(lines, finding.statement.line_at(finding.position)),
        cause=shown(cause, _MOST_WORDS // 2),
        advice=shown(advice, _MOST_WORDS - min(len(cause), _MOST_WORDS // 2)),
    )


def find_failure(statements: Sequence[Statement]) -> Finding | None:
    """The root cause among the statements of a failed job, if it is beyond doubt.

    The last exception of each process counts more than anything said before it; an exception nobody knows
    is no cause, but neither is what stands above it. Symptoms count only where no cause is told.
    """
    signs = _present(statements)
    if not signs:
        return None
    exceptions = [each for each in statements if each.exception is not None and not each.is_aftermath]
    chains = list(_last_chains(exceptions))
    causes = [found for chain in chains if (found := _in_chain(chain, signs)) is not None]
    if causes:
        return min(causes, key=lambda found: found.statement.index)
    return _told_after(statements, chains, signs) or _symptom(statements, chains, signs)


_Signs = Sequence[tuple[Failure, Sign]]


def _present(statements: Sequence[Statement]) -> _Signs:
    """The signs whose words occur at all: most texts have those of one or two."""
    text = "\n".join(" ".join(each.line.lower().split()) for each in statements)
    folded = text.replace("\n", " ")
    return [(failure, sign) for failure in FAILURES for sign in failure.signs if sign.needle in folded]


def _last_chains(exceptions: Sequence[Statement]) -> Iterator[list[Statement]]:
    """The last exception of each process, after those that led to it."""
    by_rank: dict[str | None, list[Statement]] = {}
    for each in exceptions:
        chain = by_rank.setdefault(each.rank, [])
        if not each.is_chained:
            chain.clear()
        chain.append(each)
    return (chain[-_LONGEST_CHAIN:] for chain in by_rank.values())


def _in_chain(chain: Sequence[Statement], signs: _Signs) -> Finding | None:
    """The last cause in a chain."""
    found = (_find(each, signs, symptoms=False) for each in reversed(chain))
    return next((each for each in found if each is not None), None)


def _told_after(
    statements: Sequence[Statement], chains: Sequence[Sequence[Statement]], signs: _Signs
) -> Finding | None:
    """The last cause that is told in a plain line after the last exceptions.

    What a scheduler tells may also stand above the interrupt by which the process then ended.
    """
    ends = [chain[-1] for chain in chains if _find(chain[-1], signs, symptoms=True) is None]
    last = max((end.index for end in ends), default=-1)
    interrupted = all(end.exception == _INTERRUPT for end in ends)
    for each in reversed(statements[-_LAST:]):
        if each.index < last and not interrupted:
            return None
        found = _find(each, signs, symptoms=False) if _tells(each) else None
        if found is not None and (each.index > last or found.failure.name in _SCHEDULERS):
            return found
    return None


def _tells(statement: Statement) -> bool:
    said = statement.line.lower()
    return (statement.exception is None or statement.is_aftermath) and not any(
        word in said for word in _PASSED_OVER
    )


def _symptom(
    statements: Sequence[Statement], chains: Sequence[Sequence[Statement]], signs: _Signs
) -> Finding | None:
    """The first symptom, where no process ended by an exception that nobody knows."""
    if any(_find(chain[-1], signs, symptoms=True) is None for chain in chains):
        return None
    found = (_find(each, signs, symptoms=True) for each in statements[-_LAST:])
    return next((each for each in found if each is not None), None)


def _find(statement: Statement, signs: _Signs, *, symptoms: bool) -> Finding | None:
    """The first symptom in the statement's own line, or the first cause of the first class that has one."""
    said = statement.head if symptoms else statement.said
    best: Finding | None = None
    for failure, sign in signs:
        if best is not None and failure is not best.failure and not symptoms:
            break
        position = sign.find(said, statement.file) if sign.is_symptom is symptoms else None
        if position is not None and (best is None or position < best.position):
            best = Finding(failure, statement, position)
    return best


def _evidence(lines: Sequence[str], index: int) -> str:
    above = "\n".join(lines[max(0, index - _CONTEXT) : index + 1])
    return shown(cleaned(above).rpartition("\n")[2], _MOST_EVIDENCE)
