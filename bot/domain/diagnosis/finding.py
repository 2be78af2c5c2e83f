"""The statement of an error message that tells what went wrong, if one does beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bot.domain.diagnosis import cluster, datasets, limits, memory, models, training
from bot.domain.diagnosis.failures import Failure, FailureClass
from bot.domain.diagnosis.log.lines import readings, split_lines
from bot.domain.diagnosis.log.statements import Statement, read_notices, read_statements
from bot.domain.diagnosis.signs.sign import Sign

FAILURES: Final[tuple[Failure, ...]] = (
    *memory.FAILURES,
    *limits.FAILURES,
    *cluster.FAILURES,
    *models.FAILURES,
    *datasets.FAILURES,
    *training.FAILURES,
)
"""Every class; of two that fit equally well the earlier one counts."""

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
_SHORTLY: Final = 200
"""Lines between a known exception and an unknown one, within which the first may explain the second."""
_LONGEST_NOTE: Final = 300
_WENT_ON: Final = re.compile(
    r"\{'?(?:loss|eval_|train_)|\bstep \d|\bepoch\b|\d%\||\bit/s\b|\bhalved\b"
    r"|(?i:retry|skipping|ignor|falling back|continuing|recover|resum|restart|saving)"
)
"""Signs of training, or of another try: then what failed before was dealt with."""


_EARLY_TRY: Final = re.compile(r"(?i:\[retry [1-3]/\d{1,2}\])")


class Finding(NamedTuple):
    """A sign in a statement."""

    failure: Failure
    statement: Statement
    position: int


class Reading(NamedTuple):
    """A message as it was understood."""

    lines: Sequence[str]
    statements: Sequence[Statement]
    finding: Finding | None


def read_message(message: str) -> Reading:
    """The likeliest way to read the lines of a message that says what went wrong; else as they are."""
    first: Reading | None = None
    for lines in readings(message):
        statements = read_statements(lines)
        finding = find_failure(lines, statements)
        if finding is not None:
            return Reading(lines, statements, finding)
        first = first or Reading(lines, statements, None)
    lines = split_lines(message)
    return first if first and list(first.lines) == lines else Reading(lines, read_statements(lines), None)


def find_failure(lines: Sequence[str], statements: Sequence[Statement]) -> Finding | None:
    """The root cause among the statements of a failed job, if it is beyond doubt.

    The last exception of each process counts more than anything said before it. One that nobody knows is no
    cause; what stands above it is one only where nothing was trained or tried again in between. Symptoms
    count only where no cause is told, and notices only where nothing failed with an exception.
    """
    signs = _present(lines)
    if not signs:
        return None
    exceptions = [each for each in statements if each.exception is not None and not each.is_aftermath]
    chains = list(_last_chains(exceptions))
    causes = [found for chain in chains if (found := _in_chain(chain, signs)) is not None]
    if causes:
        return min(causes, key=lambda found: found.statement.index)
    return (
        _told_after(statements, chains, signs)
        or _symptom(statements, chains, signs)
        or _above(lines, exceptions, chains, signs)
        or _noted(lines, chains, signs)
    )


_Signs = Sequence[tuple[Failure, Sign]]


def _present(lines: Sequence[str]) -> _Signs:
    """The signs whose words occur at all and are not contradicted: most texts have those of one or two."""
    folded = " ".join(" ".join(lines).lower().split())
    present = [(failure, sign) for failure in FAILURES for sign in failure.signs if sign.needle in folded]
    wrong = {
        failure.name
        for failure in FAILURES
        if failure.contradiction is not None and failure.contradiction.search(folded)
    }
    return [each for each in present if not (each[1].is_symptom and each[0].name in wrong)]


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


def _above(
    lines: Sequence[str],
    exceptions: Sequence[Statement],
    chains: Sequence[Sequence[Statement]],
    signs: _Signs,
) -> Finding | None:
    """The last cause that a process failed with shortly before an exception that nobody knows."""
    last = max((chain[-1].index for chain in chains), default=-1)
    for each in reversed(exceptions):
        if last - each.index > _SHORTLY:
            return None
        found = _find(each, signs, symptoms=False)
        if found is not None:
            went_on = any(_WENT_ON.search(line[:_LONGEST_NOTE]) for line in lines[each.index + 1 : last])
            return None if went_on else found
    return None


def _noted(lines: Sequence[str], chains: Sequence[Sequence[Statement]], signs: _Signs) -> Finding | None:
    """The last thing that a notice tells, where nothing failed with an exception."""
    noted = [each for each in signs if each[1].in_notices]
    if chains or not noted:
        return None
    notices = [each for each in read_notices(lines)[-_LAST:] if not _is_tried_again(lines, each.index)]
    found = (
        _find(each, noted, symptoms=symptoms) for each in reversed(notices) for symptoms in (False, True)
    )
    return next((each for each in found if each is not None), None)


def _is_tried_again(lines: Sequence[str], index: int) -> bool:
    """Whether what a line notes is only the first of several tries."""
    return any(_EARLY_TRY.search(line[:_LONGEST_NOTE]) for line in lines[index : index + 2])


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
