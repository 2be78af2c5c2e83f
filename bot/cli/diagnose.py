"""``python -m bot diagnose``: what went wrong in a job, by its document."""

from __future__ import annotations

import argparse

import orjson

from bot.cli.document import print_bytes, read_job
from bot.domain.diagnosis import diagnose


def run(arguments: argparse.Namespace) -> int:
    """Print class, evidence and advice as JSON; ``null`` when unsure.

    Raises:
        NoDocumentError: there is no such document.
    """
    found = diagnose(read_job(arguments.file))
    facts = (
        None
        if found is None
        else {
            "class": found.name,
            "evidence": found.evidence,
            "advice": f"{found.cause} {found.advice}",
        }
    )
    print_bytes(orjson.dumps(facts) + b"\n")
    return 0
