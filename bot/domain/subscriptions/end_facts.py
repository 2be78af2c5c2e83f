"""What is told about how a job ended, as fields of a `Notification`. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.diagnosis import diagnose
from bot.domain.job import TrainingJob
from bot.domain.job.ending import own_word
from bot.domain.job.forecast import elapsed_seconds, gpu_hours, queued_seconds
from bot.domain.job.stored import plain, shortened


def end_facts(job: TrainingJob, now: datetime) -> Mapping[str, Any]:
    """All of it, by the job's own document where that is known."""
    # A suite whose clock is ahead of ours ends jobs in our future; how long they took is known all the same.
    end = max(now, job.completed_at or now)
    return {
        **outcome_facts(job),
        "ended_as_word": plain(own_word(job)),
        "progress": job.progress,
        "queued_seconds": queued_seconds(job),
        "duration_seconds": elapsed_seconds(job, end),
        "gpu_hours": gpu_hours(job, end),
    }


def outcome_facts(job: TrainingJob) -> Mapping[str, Any]:
    """Why it failed, and what probably went wrong, or where its model is."""
    diagnosis = diagnose(job)
    return {
        "cause": diagnosis.cause if diagnosis else None,
        "advice": diagnosis.advice if diagnosis else None,
        "output_model_path": plain(job.output_model_path),
        "error_message": shortened(job.error_message) if job.error_message else None,
    }
