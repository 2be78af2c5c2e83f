"""What is told about how a job ended, as fields of notifications. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from bot.domain.diagnosis import diagnose
from bot.domain.job import JobStatus, TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import elapsed_seconds, gpu_hours, queued_seconds
from bot.domain.job.stored import plain, shortened
from bot.domain.subscriptions.notifications.job_updates import Cancelled, Completed, Ended, Failed, JobEnd


class Head(TypedDict):
    """What every notification has."""

    once_key: str
    at: datetime
    name: str | None


class EndFacts(TypedDict):
    """Fields of every `JobEnd`."""

    ended_as_word: str | None
    progress: float | None
    queued_seconds: float | None
    duration_seconds: float | None
    gpu_hours: float | None
    gpu_type: str | None
    ended_at: datetime | None


class ReasonFacts(TypedDict):
    """Why it failed, and what probably went wrong."""

    error_message: str | None
    cause: str | None
    advice: str | None


class ModelFacts(TypedDict):
    """Where its model is."""

    output_model_path: str | None


def end_notification(job: TrainingJob, status: JobStatus, head: Head) -> JobEnd:
    """How this job ended; ``status`` is one of those that are finished."""
    facts = end_facts(job, head["at"])
    match status:
        case JobStatus.COMPLETED:
            return Completed(**head, **facts, **model_facts(job))
        case JobStatus.FAILED:
            return Failed(**head, **facts, **reason_facts(job))
        case JobStatus.CANCELLED:
            return Cancelled(**head, **facts)
        case _:
            return Ended(**head, **facts, **model_facts(job), **reason_facts(job))


def end_facts(job: TrainingJob, now: datetime) -> EndFacts:
    """What every end has, by the job's own document where that is known."""
    # A suite whose clock is ahead of ours ends jobs in our future; how long they took is known all the same.
    end = max(now, job.completed_at or now)
    return {
        "ended_as_word": plain(own_word(job)),
        "progress": job.progress,
        "queued_seconds": queued_seconds(job),
        "duration_seconds": elapsed_seconds(job, end),
        "gpu_hours": gpu_hours(job, end),
        "gpu_type": plain(job.infra_config.gpu_type),
        "ended_at": job.completed_at,
    }


def reason_facts(job: TrainingJob) -> ReasonFacts:
    """The error without secrets and cut, and what it probably comes from."""
    diagnosis = diagnose(job)
    return {
        "error_message": shortened(job.error_message) if job.error_message else None,
        "cause": diagnosis.cause if diagnosis else None,
        "advice": diagnosis.advice if diagnosis else None,
    }


def model_facts(job: TrainingJob) -> ModelFacts:
    """The path, without secrets."""
    return {"output_model_path": plain(job.output_model_path)}
