"""``python -m bot render``: the message that would be posted for a job document."""

from __future__ import annotations

import argparse

import orjson

from bot.cards.jobs.job import job_card
from bot.cli.document import print_bytes, read_job
from bot.clock import SystemClock
from bot.domain.ports import Snapshot


def run(arguments: argparse.Namespace) -> int:
    """Print it as JSON.

    Raises:
        NoDocumentError: there is no such document.
    """
    job = read_job(arguments.file)
    now = SystemClock().now()
    card = job_card(Snapshot(job, fetched_at=now), request_id=job.request_id or "", now=now)
    print_bytes(orjson.dumps(card.message()) + b"\n")
    return 0
