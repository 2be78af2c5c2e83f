"""Documents moved by hand, for tests: what a job says when it is set to a state, its times kept in step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

_FINISHED: Final = frozenset({"COMPLETED", "FAILED", "CANCELLED", "CANCELED"})


def blank(request_id: str, now: datetime) -> dict[str, Any]:
    """A job that was queued just now: the fields every document has."""
    return {
        "request_id": request_id,
        "experiment_name": f"experiment {request_id}",
        "status": "QUEUED",
        "created_at": _iso(now),
        "updated_at": _iso(now),
        "started_at": None,
        "completed_at": None,
        "progress": 0.0,
        "model_details": {"base_model": "meta-llama/Llama-3.1-8B-Instruct", "model_type": "llm"},
        "train_config": {"type": "sft", "train_type": "lora"},
        "infra_config": {"gpu_type": "h100", "gpu_count": 2, "node_count": 1},
        "output_model_path": None,
        "error_message": None,
    }


def moved(document: Mapping[str, Any], now: datetime, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The document with these fields, and the times that go with its status where they are not given.

    A reason or a path that comes after the end moves ``updated_at``, and the end stays when it was.
    """
    job = {**document, **fields}
    times: dict[str, Any] = {"updated_at": _iso(now)}
    if str(job["status"]).upper() in {"QUEUED", "PENDING"}:
        times |= {"started_at": None, "completed_at": None}
    elif str(job["status"]).upper() in _FINISHED:
        is_same = document["status"] == job["status"] and "status" not in fields
        ended_at = job["completed_at"] if is_same else None
        times |= {"started_at": job["started_at"] or _iso(now), "completed_at": ended_at or _iso(now)}
    else:
        times |= {"started_at": job["started_at"] or _iso(now), "completed_at": None}
    if str(job["status"]).upper() != "FAILED":
        times["error_message"] = None
    return job | times | dict(fields)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
