"""``python -m bot export``, ``forget`` and ``adopt``: print what is stored, remove it, move it elsewhere."""

from __future__ import annotations

import argparse
from functools import partial

import orjson

from bot.cli.begin import with_store
from bot.clock import SystemClock
from bot.domain.audit import OPERATOR, Action, AuditEntry
from bot.store.store import DatabaseStore

_PERSON, _WORKSPACE = "a person", "a workspace"
"""What the audit trail says was forgotten."""


def export(arguments: argparse.Namespace) -> int:
    """Print all that is stored about a person or a workspace, as JSON: rows by table.

    Raises:
        StoreError: the database does not answer.
    """
    return with_store(partial(_export, arguments.user, arguments.team))


def forget(arguments: argparse.Namespace) -> int:
    """Remove a person or a workspace, and say from how many subscriptions.

    Raises:
        StoreError: the database does not answer.
    """
    if arguments.user:
        return with_store(partial(_forget_user, arguments.user))
    return with_store(partial(_forget_team, arguments.team))


def adopt(arguments: argparse.Namespace) -> int:
    """Let one workspace have what is stored for another, and say how much that was.

    Raises:
        StoreError: the database does not answer.
    """
    return with_store(partial(_adopt, arguments.old_team, arguments.team))


async def _export(user_id: str | None, team_id: str | None, store: DatabaseStore) -> None:
    stored = store.stored_data
    found = await stored.of_person(user_id) if user_id else await stored.of_team(team_id or "")
    await _record(store, Action.EXPORT, user_id or "", team_id or "")
    print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())


async def _forget_user(user_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.forget_person(user_id)
    many += await store.subscriptions.forget_user(None, user_id, SystemClock().now())
    await _record(store, Action.FORGET, _PERSON)
    print(f"{user_id} is forgotten. Subscriptions they were in: {many}")


async def _forget_team(team_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.forget_team(team_id)
    await _record(store, Action.FORGET, _WORKSPACE)
    print(f"{team_id} is forgotten. Subscriptions removed: {many}")


async def _adopt(old_team_id: str, team_id: str, store: DatabaseStore) -> None:
    many = await store.upkeep.adopt(old_team_id, team_id, SystemClock().now())
    await _record(store, Action.ADOPT, old_team_id, team_id)
    print(f"Moved from {old_team_id} to {team_id}: {many} subscriptions, feeds and digests")


async def _record(store: DatabaseStore, action: Action, subject: str, team_id: str = "") -> None:
    await store.audit.append(AuditEntry(SystemClock().now(), team_id, "", OPERATOR, action, subject))
