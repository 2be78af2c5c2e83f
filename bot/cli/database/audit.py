"""``python -m bot audit``: who did what."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from functools import partial

import orjson

from bot.cli.begin import with_store
from bot.domain.audit import AuditEntry
from bot.store.store import DatabaseStore


def run(arguments: argparse.Namespace) -> int:
    """List the entries, oldest first, one line each; with ``--json`` a JSON object each.

    Raises:
        StoreError: the database does not answer.
    """
    return with_store(partial(_list, arguments))


async def _list(arguments: argparse.Namespace, store: DatabaseStore) -> None:
    entries = await store.audit.entries(arguments.since, arguments.user, arguments.team)
    for each in entries:
        print(orjson.dumps(asdict(each)).decode() if arguments.json else _line(each))
    if not entries and not arguments.json:
        print("No entries.")


def _line(entry: AuditEntry) -> str:
    where = "/".join(filter(None, (entry.team_id, entry.channel_id))) or "-"
    what = " ".join(filter(None, (entry.action, entry.subject)))
    # Other people's words are in it: none may look like a line of its own, or move the terminal's cursor.
    plain = "".join(each if each.isprintable() else "?" for each in what)
    return f"{entry.at:%Y-%m-%d %H:%M:%S}Z  {entry.result:6}  {entry.user_id or '-'}  {where}  {plain}"
