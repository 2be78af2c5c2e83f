"""``rekey``: another key for what is secret, and letting go of what no key opens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from pydantic import SecretStr

from bot.domain.ports import SealedTokens, SecretKind
from bot.domain.subscriptions.subscription import Spot
from bot.store.store import DatabaseStore
from bot.tenants.sealing import Sealer, new_key
from tests.command_line import fresh_process, refused, run
from tests.contracts.facts import CHANNEL, JOB, ORG, TEAM, follow, opened
from tests.contracts.installed import connected, installed
from tests.databases import sqlite_url

__all__ = ["sqlite_url"]
_T = TypeVar("_T")
OLD, NEW = new_key(), new_key()


@pytest.fixture(autouse=True)
def environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str
) -> Iterator[pytest.MonkeyPatch]:
    """A process whose only settings are a database and one key."""
    with fresh_process(monkeypatch, tmp_path, {"DATABASE_URL": sqlite_url, "SECRETS_KEYS": OLD}):
        yield monkeypatch


def _ask(address: str, question: Callable[[DatabaseStore], Awaitable[_T]]) -> _T:
    async def asked() -> _T:
        store = await opened(address)
        try:
            return await question(store)
        finally:
            await store.database.close()

    return asyncio.run(asked())


async def _fill(store: DatabaseStore) -> None:
    """A subscription, an installation with both tokens, and an API key; all sealed with the old key."""
    await follow(store)
    sealer = Sealer([OLD])
    tokens = SealedTokens(
        sealer.seal(SecretKind.BOT_TOKEN, TEAM, SecretStr("xoxe.xoxb-1")),
        sealer.seal(SecretKind.REFRESH_TOKEN, TEAM, SecretStr("xoxe-1")),
    )
    await store.installations.install(replace(installed(), tokens=tokens), is_first_only=True)
    key = sealer.seal(SecretKind.API_KEY, ORG, SecretStr("key-1"))
    await store.connections.connect(replace(connected(), api_key=key))


def _read_with(address: str, *keys: str) -> list[str]:
    sealer = Sealer(keys)
    secrets = _ask(address, lambda store: store.secrets.secrets())
    return [sealer.open(each.kind, each.owner, each.sealed).get_secret_value() for each in secrets]


def test_a_new_key_is_printed(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """One that the settings take; another each time."""
    printed = set()
    for _ in range(2):
        assert run("rekey", "--new-key") == 0
        printed.add(capsys.readouterr().out.strip())
    assert len(printed) == 2
    environment.setenv("SECRETS_KEYS", ",".join(printed))
    assert run("rekey") == 0


def test_all_secrets_are_sealed_with_the_newest_key(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    """After that the older one isn't needed; a second time changes nothing."""
    _ask(sqlite_url, _fill)
    environment.setenv("SECRETS_KEYS", f"{NEW},{OLD}")
    for _ in range(2):
        assert run("rekey") == 0
        assert "newest key: 3." in capsys.readouterr().out
        assert _read_with(sqlite_url, NEW) == ["xoxe.xoxb-1", "xoxe-1", "key-1"]


@pytest.mark.parametrize("keys", [NEW, ""], ids=["another", "none"])
def test_a_lost_key_is_let_go_and_costs_the_secrets_alone(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str, keys: str
) -> None:
    """Without being told to, nothing is changed; what people follow stays either way."""
    _ask(sqlite_url, _fill)
    environment.setenv("SECRETS_KEYS", keys)
    (told,) = refused(capsys, "rekey")
    assert "opens 0 of the 3 secrets" in told
    assert "rekey --drop-secrets" in told
    assert len(_read_with(sqlite_url, OLD)) == 3
    assert run("rekey", "--drop-secrets") == 0
    out = capsys.readouterr().out
    assert f"Removed from {TEAM}: bot_token. There the app has to be installed again." in out
    assert "newest key: 0." in out
    assert _ask(sqlite_url, lambda store: store.secrets.secrets()) == []
    (left,) = _ask(sqlite_url, lambda store: store.installations.installations())
    assert (left.team_id, left.tokens.bot_token) == (TEAM, None)
    assert _ask(sqlite_url, lambda store: store.subscriptions.active(Spot(TEAM, CHANNEL, ORG, JOB)))
    assert run("rekey") == 0


BY_CLICK = {
    "SLACK_CLIENT_ID": "12.34",
    "SLACK_CLIENT_SECRET": "client-secret",
    "SLACK_SIGNING_SECRET": "signing-secret",
    "PORT": "0",
    "HOST": "127.0.0.1",
}


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_with_a_wrong_key_nothing_is_started(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str, command: str
) -> None:
    """It says how much can't be read, and what to do; never with which key."""
    _ask(sqlite_url, _fill)
    for name, value in BY_CLICK.items():
        environment.setenv(name, value)
    environment.setenv("SECRETS_KEYS", NEW)
    told = [line for line in refused(capsys, command) if "SECRETS_KEYS" in line]
    assert len(told) == 1
    assert "opens 0 of the 3 secrets" in told[0]
    assert NEW not in told[0]
    environment.delenv("SECRETS_KEYS")
    (told_at_once,) = refused(capsys, command)
    assert "SLACK_CLIENT_ID needs SECRETS_KEYS" in told_at_once


def test_check_says_who_has_to_install_again(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    """And whether the keys are right."""
    for name, value in BY_CLICK.items():
        environment.setenv(name, value)
    _ask(sqlite_url, _fill)
    environment.setenv("SECRETS_KEYS", f"{NEW},{OLD}")
    assert run("check") == 0
    out = capsys.readouterr().out
    assert "installations: 1 workspace, 1 connected" in out
    environment.setenv("SECRETS_KEYS", NEW)
    assert run("check") == 1
    assert "opens 0 of the 3 secrets" in capsys.readouterr().out
    run("rekey", "--drop-secrets")
    capsys.readouterr()
    assert run("check") == 1
    assert f"installation {TEAM}: " in capsys.readouterr().out


def test_only_what_no_key_opens_is_let_go(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sqlite_url: str
) -> None:
    """The rest is sealed anew."""
    _ask(sqlite_url, _fill)
    sealed = Sealer([new_key()]).seal(SecretKind.API_KEY, ORG, SecretStr("lost"))

    async def spoil(store: DatabaseStore) -> None:
        (key,) = [each for each in await store.secrets.secrets() if each.kind is SecretKind.API_KEY]
        await store.secrets.replace_secret(key, sealed)

    _ask(sqlite_url, spoil)
    environment.setenv("SECRETS_KEYS", f"{NEW},{OLD}")
    (told,) = refused(capsys, "rekey")
    assert "opens 2 of the 3 secrets" in told
    assert run("rekey", "--drop-secrets") == 0
    assert "newest key: 2." in capsys.readouterr().out
    assert _read_with(sqlite_url, NEW) == ["xoxe.xoxb-1", "xoxe-1"]
