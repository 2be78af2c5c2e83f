"""Answers in other shapes than the newest specification: as older servers and other frameworks give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from bot.playground.training_suite.refusals import json_answer
from bot.playground.training_suite.switches import Switches

_OLD_WORDS: Final = {"QUEUED": "pending"}


def list_answer(switches: Switches, rows: Sequence[Mapping[str, Any]]) -> web.Response:
    """The answer to ``GET /job/list/``."""
    jobs = [in_words_of(switches, row) for row in rows]
    if switches.list_bare:
        return json_answer(jobs)
    name = "training_jobs" if switches.list_old else "jobs"
    return json_answer({name: None if switches.list_null else jobs, "total_count": len(jobs)})


def in_words_of(switches: Switches, job: Mapping[str, Any]) -> Mapping[str, Any]:
    """A document or a row with its status in the words that are switched on."""
    word = job.get("status")
    if not switches.old_words or not isinstance(word, str):
        return job
    return {**job, "status": _OLD_WORDS.get(word, word.lower())}
