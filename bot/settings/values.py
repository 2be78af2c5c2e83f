"""What each kind of setting may look like. A message never shows the value."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator, SecretStr
from pydantic_settings import NoDecode

from bot.domain.job.cost import Money, read_price
from bot.domain.job.page import REQUEST_ID
from bot.settings.database_url import checked

_MOST_DOMAINS = 5
"""Slack takes no more."""
_DOMAIN = re.compile(r"(?=.{4,255}\Z)(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}")

_NOT_IN_A_LINK = re.compile(r"[^!-~]|[<>|{}\"\\^`]")
"""What ends an address in a Slack message, or belongs in none."""
_MOST_OF_A_PAGE = 1000

_WORKSPACE = re.compile(r"[TE][A-Z0-9]{2,40}", re.ASCII)
_CLIENT_ID = re.compile(r"[0-9A-Za-z._-]{1,100}", re.ASCII)
_SECRETS_KEY = re.compile(r"[A-Za-z0-9_-]{43}=", re.ASCII)
_KEY_BYTES = 32
ON_PORT = -1
"""For a second port: the same as ``PORT``."""
_LAST_PORT = 65_535

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,40}", re.ASCII)


def trimmed(value: object) -> object:
    """Without the spaces around."""
    return value.strip() if isinstance(value, str) else value


def lowered(value: object) -> str:
    """A word in lower case."""
    return str(value).strip().lower()


def _web_address(value: object) -> str:
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        sound = sound and not (parts.query or parts.fragment or re.search(r"\s", text)) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        msg = "must be a web address such as https://example.com"
        raise ValueError(msg)
    return text.rstrip("/")


def _job_page_url(value: object) -> str:
    text = str(value).strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        sound = sound and REQUEST_ID not in parts.netloc and parts.port != 0
    except ValueError:
        sound = False
    is_template = text.count(REQUEST_ID) == 1 and not _NOT_IN_A_LINK.search(text.replace(REQUEST_ID, ""))
    if not (sound and is_template and len(text) <= _MOST_OF_A_PAGE):
        msg = "must be a web address with {request_id} once, such as https://example.com/jobs/{request_id}"
        raise ValueError(msg)
    return text


def _database_address(value: object) -> str:
    return checked(str(value).strip())


def _link_domains(value: object) -> str:
    domains = [domain for domain in re.split(r"[\s,]+", str(value).lower()) if domain]
    if not 1 <= len(domains) <= _MOST_DOMAINS or not all(map(_DOMAIN.fullmatch, domains)):
        msg = "must be one to five domains such as app.example.com, with commas between them"
        raise ValueError(msg)
    return ",".join(domains)


def _time_zone(value: object) -> str:
    name = str(value).strip()
    if name == "UTC":
        return name
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        msg = "must be an IANA time zone such as Europe/Berlin"
        raise ValueError(msg) from None


def _token(value: object) -> object:
    text = trimmed(value)
    if isinstance(text, str) and not re.fullmatch(r"[!-~]+", text):
        msg = "must be one word of plain characters, without spaces or line breaks"
        raise ValueError(msg)
    return text


def _user_id(value: object) -> str:
    text = str(value).strip()
    if not _USER_ID.fullmatch(text):
        msg = "must be a Slack user ID such as U012AB3CD: Copy member ID, in the person's profile"
        raise ValueError(msg)
    return text


def _client_id(value: object) -> str:
    text = str(value).strip()
    if not _CLIENT_ID.fullmatch(text):
        msg = "must be a client ID such as 1234567890.9876543210: see Basic Information"
        raise ValueError(msg)
    return text


def _workspaces(value: object) -> str:
    words = dict.fromkeys(filter(None, re.split(r"[\s,]+", str(value))))
    if not words or (list(words) != ["*"] and not all(map(_WORKSPACE.fullmatch, words))):
        msg = "must be IDs such as T012AB3CD or E012AB3CD, with commas between them, or *"
        raise ValueError(msg)
    return ",".join(words)


def _secrets_keys(value: object) -> SecretStr:
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    keys = [key for key in re.split(r"[\s,]+", text) if key]
    sound = keys and all(_SECRETS_KEY.fullmatch(key) for key in keys)
    if not sound or any(len(urlsafe_b64decode(key)) != _KEY_BYTES for key in keys):
        msg = (
            "must be keys of 44 characters, with commas between them, newest first: "
            "`python -m bot rekey --new-key` prints one"
        )
        raise ValueError(msg)
    return SecretStr(",".join(dict.fromkeys(keys)))


def _metrics_port(value: object) -> int:
    text = str(value).strip()
    if text.upper() == "PORT" or value == ON_PORT:
        return ON_PORT
    if not (text.isascii() and text.isdecimal() and int(text[:9]) <= _LAST_PORT):
        msg = "must be a whole number from 0 to 65535, or PORT"
        raise ValueError(msg)
    return int(text)


def _price(value: object) -> Money:
    return value if isinstance(value, Money) else read_price(str(value))


def _named_prices(value: object) -> object:
    if isinstance(value, str):
        msg = "needs the type of GPU at the end of its name, as in GPU_HOUR_PRICE_H100"
        raise ValueError(msg)  # noqa: TRY004  (a mistake in a setting)
    return value


Seconds = Annotated[float, Field(ge=0.1, le=86_400, allow_inf_nan=False)]
WebAddress = Annotated[str, BeforeValidator(_web_address)]
JobPageUrl = Annotated[str, BeforeValidator(_job_page_url)]
DatabaseAddress = Annotated[str, BeforeValidator(_database_address)]
Prices = Annotated[
    dict[str, Annotated[Money, PlainValidator(_price)]], NoDecode, BeforeValidator(_named_prices)
]
"""By the type of GPU, as `bot.domain.job.cost.type_name` writes it."""
TimeZone = Annotated[str, BeforeValidator(_time_zone)]
LinkDomains = Annotated[str, BeforeValidator(_link_domains)]
Token = Annotated[SecretStr, BeforeValidator(_token)]
MetricsPort = Annotated[int, PlainValidator(_metrics_port)]
UserId = Annotated[str, BeforeValidator(_user_id)]
ClientId = Annotated[str, BeforeValidator(_client_id)]
Workspaces = Annotated[str, BeforeValidator(_workspaces)]
SecretsKeys = Annotated[SecretStr, BeforeValidator(_secrets_keys)]
