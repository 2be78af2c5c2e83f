"""Secrets at rest: sealed for one use, by any number of keys."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from bot.domain.ports import SecretKind
from bot.tenants.sealing import Sealer, UnreadableSecretError, new_key

OLD, NEW = new_key(), new_key()
TOKEN = SecretStr("xoxb-1-secret \0 é")
BOT = SecretKind.BOT_TOKEN


def test_what_was_sealed_is_opened_again() -> None:
    """Sealed, nothing of it can be read, and no two are the same."""
    sealer = Sealer([NEW])
    sealed = [sealer.seal(BOT, "T1", TOKEN) for _ in range(2)]
    assert sealed[0] != sealed[1]
    assert "xoxb" not in "".join(sealed)
    assert [sealer.open(BOT, "T1", each) for each in sealed] == [TOKEN, TOKEN]


def test_older_keys_open_and_the_newest_seals() -> None:
    """So that keys can change while processes run."""
    before = Sealer([OLD]).seal(BOT, "T1", TOKEN)
    both = Sealer([NEW, OLD])
    assert both.open(BOT, "T1", before) == TOKEN
    assert Sealer([NEW]).open(BOT, "T1", both.seal(BOT, "T1", TOKEN)) == TOKEN
    with pytest.raises(UnreadableSecretError):
        both.newest().open(BOT, "T1", before)


def test_a_secret_opens_only_as_what_it_is() -> None:
    """Not in another workspace's row, nor as another kind of secret."""
    sealer = Sealer([NEW])
    sealed = sealer.seal(BOT, "T1", TOKEN)
    for kind, owner in ((BOT, "T2"), (SecretKind.API_KEY, "T1"), (SecretKind.REFRESH_TOKEN, "T1"), (BOT, "")):
        with pytest.raises(UnreadableSecretError) as caught:
            sealer.open(kind, owner, sealed)
        assert "sealed for something else" in str(caught.value)


@pytest.mark.parametrize("sealed", ["", "not sealed", "gAAAAA", "é", "\0", "gAAAAAB" + "A" * 10_000])
def test_what_is_no_secret_is_no_crash(sealed: str) -> None:
    """Whatever stands in the row; the message has none of it."""
    with pytest.raises(UnreadableSecretError) as caught:
        Sealer([NEW, OLD]).open(BOT, "T1", sealed)
    assert str(caught.value) == "no key in SECRETS_KEYS opens the bot_token of T1"


def test_without_a_key_nothing_is_sealed_or_opened() -> None:
    """It says what is missing."""
    with pytest.raises(UnreadableSecretError, match="SECRETS_KEYS is not set"):
        Sealer([]).seal(BOT, "T1", TOKEN)
    with pytest.raises(UnreadableSecretError, match="SECRETS_KEYS is not set"):
        Sealer([]).open(BOT, "T1", "sealed")
