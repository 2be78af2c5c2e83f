"""Secrets as they are stored: sealed with the operator's keys, each for one use only.

A sealed secret says what it is and whose. Copied into another row, it can't be opened there.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from bot.domain.errors import StoreError
from bot.domain.ports import SecretKind

_SEPARATOR = "\0"


class UnreadableSecretError(StoreError):
    """A stored secret that no key opens, or that was sealed for something else."""

    can_retry = False


class Sealer:
    """Seals with the first of ``keys``, opens with any; without keys it opens nothing."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        self._fernets = MultiFernet([Fernet(key) for key in keys]) if keys else None

    def seal(self, kind: SecretKind, owner: str, secret: SecretStr) -> str:
        """The secret as it is stored.

        Raises:
            UnreadableSecretError: there is no key.
        """
        text = _SEPARATOR.join((kind.value, owner, secret.get_secret_value()))
        return self._fernet().encrypt(text.encode()).decode()

    def open(self, kind: SecretKind, owner: str, sealed: str) -> SecretStr:
        """What was sealed as this, for this owner.

        Raises:
            UnreadableSecretError: no key opens it, or it is something else.
        """
        try:
            text = self._fernet().decrypt(sealed.encode()).decode()
        except (InvalidToken, ValueError):
            msg = f"no key in SECRETS_KEYS opens the {kind.value} of {owner}"
            raise UnreadableSecretError(msg) from None
        found_kind, _, rest = text.partition(_SEPARATOR)
        found_owner, _, secret = rest.partition(_SEPARATOR)
        if (found_kind, found_owner) != (kind.value, owner):
            msg = f"what is stored as the {kind.value} of {owner} was sealed for something else"
            raise UnreadableSecretError(msg)
        return SecretStr(secret)

    def newest(self) -> Sealer:
        """The same with the newest key alone."""
        return Sealer(self._keys[:1])

    def _fernet(self) -> MultiFernet:
        if self._fernets is None:
            msg = "SECRETS_KEYS is not set"
            raise UnreadableSecretError(msg)
        return self._fernets


def new_key() -> str:
    """A key for ``SECRETS_KEYS``."""
    return Fernet.generate_key().decode()
