"""From a job's error message and its configuration to what went wrong. Says nothing when unsure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.domain.diagnosis.evidence import Evidence
from bot.domain.diagnosis.failures import Diagnosis
from bot.domain.diagnosis.finding import read_message
from bot.domain.diagnosis.setup import Setup, shown
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.redaction import cleaned

_MOST_EVIDENCE: Final = 300
_MOST_WORDS: Final = 600
_CONTEXT: Final = 80
"""Lines above the evidence that are redacted with it: some secrets are several lines long."""


def diagnose(job: TrainingJob) -> Diagnosis | None:
    """What went wrong in a failed job, as far as its error message leaves no doubt.

    Jobs with a status nobody documented are taken for failed when they have an error message.
    """
    if job.status not in {JobStatus.FAILED, JobStatus.ENDED, JobStatus.UNKNOWN} or job.error_message is None:
        return None
    lines, _, finding = read_message(job.error_message)
    if finding is None:
        return None
    setup, evidence = Setup(job), Evidence.of(lines, finding.statement)
    if not finding.failure.fits(setup, evidence):
        return None
    cause, advice = finding.failure.explain(setup, evidence)
    return Diagnosis(
        name=finding.failure.name,
        evidence=_evidence(lines, finding.statement.line_at(finding.position)),
        cause=shown(cause, _MOST_WORDS // 2),
        advice=shown(advice, _MOST_WORDS - min(len(cause), _MOST_WORDS // 2)),
    )


def _evidence(lines: Sequence[str], index: int) -> str:
    above = "\n".join(lines[max(0, index - _CONTEXT) : index + 1])
    return shown(cleaned(above).rpartition("\n")[2], _MOST_EVIDENCE)
