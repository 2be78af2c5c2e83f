"""A query as the database and buttons keep it: structured, and read back without the limits of input."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.commands.query import Query
from bot.domain.commands.search import query_of_text
from bot.domain.commands.typed import folded
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus
from bot.domain.job.json_text import parse_json
from bot.domain.job.reading import read_status

_EARLIER_KEYS = ("status", "model", "name", "since")
_FIELDS = ("statuses", "models", "names", "words")


def query_to_json(query: Query) -> str:
    """As it is stored; what it does not have is left out."""
    told = {
        "statuses": sorted(status.value for status in query.statuses),
        "models": query.models,
        "names": query.names,
        "since": query.since,
        "words": query.words,
        "until": query.until,
    }
    kept = {name: value for name, value in told.items() if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def query_from_json(text: str) -> Query | None:
    """From what was stored; None where that cannot be read.

    Earlier versions stored the text that people type, with filters such as ``status:completed,failed``.
    """
    if not text.startswith("{"):
        return _from_words(text)
    try:
        told = parse_json(text)
        statuses, models, names, words = (_texts(told, name) for name in _FIELDS)
        known = frozenset(map(JobStatus, statuses))
        return Query(known, models, names, str(told.get("since", "")), words, str(told.get("until", "")))
    except (ValueError, TypeError, AttributeError):
        return None


def query_to_button(query: Query) -> str:
    """As a button carries it: as people type it, where that reads back the same."""
    try:
        is_same = not query.text.startswith("{") and query_of_text(query.text) == query
    except NotUnderstoodError:
        is_same = False
    return query.text if is_same else query_to_json(query)


def query_from_button(text: str) -> Query:
    """The query of a button.

    Raises:
        NotUnderstoodError: it is none.
    """
    query = query_from_json(text) if text.startswith("{") else None
    return query_of_text(text) if query is None else query


def _texts(told: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = told.get(name, [])
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise TypeError
    return tuple(values)


def _from_words(text: str) -> Query | None:
    """Read as those versions did, whatever its length."""
    said: dict[str, list[str]] = {key: [] for key in (*_EARLIER_KEYS, "")}
    for word in text.split():
        key, colon, value = word.partition(":")
        is_filter = bool(colon) and key in _EARLIER_KEYS
        said[key if is_filter else ""] += filter(None, map(folded, value.split(",") if is_filter else [word]))
    statuses = frozenset(map(read_status, said["status"]))
    if JobStatus.UNKNOWN in statuses and "unknown" not in said["status"]:
        return None
    return Query(
        statuses, tuple(said["model"]), tuple(said["name"]), "".join(said["since"][-1:]), tuple(said[""])
    )
