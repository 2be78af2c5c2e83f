"""``python -m bot rekey``: seal what is secret in the database with the newest of the keys."""

from __future__ import annotations

import argparse
from functools import partial

from bot.cli.begin import with_store
from bot.domain.ports import SecretKind, StoredSecret
from bot.settings import load_database
from bot.store.store import DatabaseStore
from bot.tenants.rekeying import rekey
from bot.tenants.sealing import Sealer, new_key

_LOST = {
    SecretKind.BOT_TOKEN: "the app has to be installed again",
    SecretKind.REFRESH_TOKEN: "the app has to be installed again before its token expires",
    SecretKind.API_KEY: "the API key has to be set again",
}


def run(arguments: argparse.Namespace) -> int:
    """Do so, and say what was done; or print a new key.

    Raises:
        SettingsError: a key is malformed or missing.
        StoreError: the database does not answer.
    """
    if arguments.new_key:
        print(new_key())
        return 0
    return with_store(partial(_rekey, drops=arguments.drop_secrets))


async def _rekey(store: DatabaseStore, *, drops: bool) -> None:
    sealer = Sealer(load_database().secrets_key_list)
    done = await rekey(store.secrets, sealer, drops=drops)
    for secret in done.dropped:
        print(f"Removed from {_place(secret)}: {secret.kind.value}. There {_LOST[secret.kind]}.")
    print(f"Secrets sealed with the newest key: {done.sealed}. Older keys can go from SECRETS_KEYS.")


def _place(secret: StoredSecret) -> str:
    return " ".join(filter(None, secret.place))
