"""What the command line prints without any account: the manifest, a card, a diagnosis."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from bot.cards.jobs.job import job_card
from bot.clock import SystemClock
from bot.domain.diagnosis import diagnose
from bot.domain.job import TrainingJob
from bot.domain.ports import Snapshot
from bot.manifest import http_manifest, socket_mode_manifest
from bot.settings import load_words


def manifest(url: str | None) -> bytes:
    """The Slack app's manifest: for Socket Mode, or for HTTP at ``url``.

    Raises:
        SettingsError: ``SLASH_COMMAND``, ``LINK_DOMAINS`` or ``url`` is malformed.
    """
    words = load_words()
    said = words.slash_command, words.link_domain_names
    text = socket_mode_manifest(*said) if url is None else http_manifest(url, *said)
    return text.encode()


def message(body: bytes) -> bytes:
    """The message that would be posted for a job document, as JSON.

    Raises:
        ValueError: it is no job document.
    """
    job = TrainingJob.from_json(body)
    now = SystemClock().now()
    card = job_card(Snapshot(job, fetched_at=now), request_id=job.request_id or "", now=now)
    return orjson.dumps(card.message()) + b"\n"


def diagnosis(body: bytes) -> bytes:
    """What went wrong, by a job document: class, evidence and advice as JSON; ``null`` when unsure.

    Raises:
        ValueError: it is no job document.
    """
    found = diagnose(TrainingJob.from_json(body))
    if found is None:
        return b"null\n"
    advice = f"{found.cause} {found.advice}"
    return orjson.dumps({"class": found.name, "evidence": found.evidence, "advice": advice}) + b"\n"


OF_A_DOCUMENT: Mapping[str, Callable[[bytes], bytes]] = {"render": message, "diagnose": diagnosis}
"""What is made of a job document, by the name people type."""
