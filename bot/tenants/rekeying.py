"""What is done with all stored secrets at once: checked at the start, sealed with another key, let go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.errors import SettingsError
from bot.domain.ports import SecretStore, StoredSecret
from bot.tenants.sealing import Sealer, UnreadableSecretError

_MOST_PASSES: Final = 5
"""A process that runs may seal something with an older key meanwhile; after that it does nothing else."""


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """What was done."""

    sealed: int
    """Secrets that are sealed with the newest key now."""
    dropped: Sequence[StoredSecret]


async def check_secrets(store: SecretStore, sealer: Sealer) -> None:
    """Return if every stored secret can be read.

    Raises:
        SettingsError: some can't; it says how many, and what to do.
        StoreError: the database does not answer.
    """
    secrets = await store.secrets()
    _refuse(secrets, _unreadable(secrets, sealer))


async def rekey(store: SecretStore, sealer: Sealer, *, drops: bool) -> Rekeyed:
    """Seal every secret with the newest key. ``drops``: remove those that no key opens.

    Raises:
        SettingsError: some can't be read, and are not to be removed; nothing was done.
        StoreError: the database does not answer.
    """
    dropped: list[StoredSecret] = []
    for _ in range(_MOST_PASSES):
        secrets = await store.secrets()
        unreadable = _unreadable(secrets, sealer)
        if not drops:
            _refuse(secrets, unreadable)
        dropped += [secret for secret in unreadable if await store.replace_secret(secret, None)]
        left = _unreadable([secret for secret in secrets if secret not in unreadable], sealer.newest())
        if not left:
            return Rekeyed(len(secrets) - len(unreadable), dropped)
        for secret in left:
            opened = sealer.open(secret.kind, secret.owner, secret.sealed)
            await store.replace_secret(secret, sealer.seal(secret.kind, secret.owner, opened))
    msg = "some process still seals with an older key. Start them all with the new SECRETS_KEYS first"
    raise SettingsError([msg])


def _unreadable(secrets: Sequence[StoredSecret], sealer: Sealer) -> Sequence[StoredSecret]:
    return [secret for secret in secrets if not _opens(secret, sealer)]


def _opens(secret: StoredSecret, sealer: Sealer) -> bool:
    try:
        sealer.open(secret.kind, secret.owner, secret.sealed)
    except UnreadableSecretError:
        return False
    return True


def _refuse(secrets: Sequence[StoredSecret], unreadable: Sequence[StoredSecret]) -> None:
    if unreadable:
        msg = (
            f"SECRETS_KEYS opens {len(secrets) - len(unreadable)} of the {len(secrets)} secrets in the "
            "database. Add the key that the others were sealed with. If it is lost, "
            "`python -m bot rekey --drop-secrets` lets them go: those workspaces then install the app again, "
            "or set their API key again, and lose nothing else"
        )
        raise SettingsError([msg])
