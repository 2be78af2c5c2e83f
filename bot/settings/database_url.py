"""What a ``DATABASE_URL`` may say: each parameter is honored, or refused by its name.

Providers hand out addresses with parameters for libpq. asyncpg knows most of them and would send any other
to the server, which then refuses the connection in words that name no setting.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

SCHEMES = frozenset({"sqlite", "sqlite+aiosqlite", "postgres", "postgresql", "postgresql+asyncpg"})

_HONORED = frozenset(
    {
        "application_name",
        "connect_timeout",
        "database",
        "dbname",
        "host",
        "options",
        "passfile",
        "password",
        "pgbouncer",
        "port",
        "search_path",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslpassword",
        "sslrootcert",
        "target_session_attrs",
        "user",
    }
)
"""What asyncpg reads from an address, what the server takes at log-in, and two of ours.

Source: https://magicstack.github.io/asyncpg/current/api/index.html (``asyncpg.connection.connect``) and
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""
_WORDS = {
    "pgbouncer": ("true", "false"),
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "channel_binding": ("disable", "prefer"),
    "target_session_attrs": ("any", "primary", "read-write"),
}
"""Parameters that take one of some words. ``channel_binding=require`` is not among them: asyncpg has none."""


def checked(database_url: str) -> str:
    """The address as the store reads it.

    Raises:
        ValueError: it cannot be used; says why, without quoting any of it but a parameter's name.
    """
    scheme, separator, rest = database_url.partition("://")
    if scheme not in SCHEMES or not separator:
        msg = "must start with sqlite:/// or postgresql://"
        raise ValueError(msg)
    return _sqlite(database_url, rest) if scheme.startswith("sqlite") else _postgresql(scheme, rest)


def _sqlite(database_url: str, rest: str) -> str:
    if not re.fullmatch(r"/[^?#]+", rest) or ":memory:" in rest:
        msg = (
            "must name a file, such as sqlite:///jobbot.sqlite3: what is only in memory is gone at a restart"
        )
        raise ValueError(msg)
    return database_url


def _postgresql(scheme: str, rest: str) -> str:
    address, _, query = rest.partition("?")
    kept = []
    for name, value in parse_qsl(query, keep_blank_values=True):
        _check(name, value)
        if name != "channel_binding":
            kept.append((name, value))
    return f"{scheme}://{address}" + (f"?{urlencode(kept)}" if kept else "")


def _check(name: str, value: str) -> None:
    if name not in _HONORED and name not in _WORDS:
        shown = name if re.fullmatch(r"[A-Za-z_]{1,30}", name) else "a parameter"
        msg = f"must not have {shown}: the bot cannot honor it. Remove it from the address"
        raise ValueError(msg)
    if name in _WORDS and value not in _WORDS[name]:
        msg = f"must have {name} as one of {', '.join(_WORDS[name])}"
        raise ValueError(msg)
    if name == "connect_timeout" and not re.fullmatch(r"[0-9]{1,4}", value):
        msg = "must have connect_timeout as a whole number of seconds"
        raise ValueError(msg)
