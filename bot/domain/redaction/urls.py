"""Passwords in URLs, queries that sign them, and URLs that are secrets themselves."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_hash, is_random
from bot.domain.redaction.mark import MARK

_URL: Final = re.compile(r"://([^\s\"'<>|`\\]++)")
_AUTHORITY_END: Final = re.compile(r"[/?#]|$")
_ODD_PORT: Final = re.compile(r"[^\[@]{2,}:(?!\d{1,5}$)|[^\[@]?:(?!\d*$)")
_WITH_LOGIN: Final = re.compile(
    r"(?:postgres|mysql|maria|redis|valkey|amqp|mongo|mssql|oracle|clickhouse|s?ftp|smtp|imap|ldap|mqtt|nats)[\w+]{0,24}\Z",
    re.IGNORECASE,
)
"""With an ``@`` behind them, what looks like a port in these is the beginning of a password."""
_LONGEST_SCHEME: Final = 40
_MIN_USER_TOKEN: Final = 16
"""A user name alone in a URL is a name; from this length on it is a token."""
_PASSWORD: Final = re.compile(r"(:(?:\\?/){2}[^\s/:@\"'<>]*+:)(?!\[redacted\]@)(?:[^\s/@\"']++@)++")
_ENCODED_PASSWORD: Final = re.compile(
    r"(%(?:25)?3A(?:%(?:25)?2F){2}(?:(?!%(?:25)?(?:3A|40|2F))[^\s/:@\"'<>]){0,100}%(?:25)?3A)(?!\[redacted\])"
    r"(?:(?!%(?:25)?(?:40|2F))[^\s/@\"'<>]){1,200}(?=%(?:25)?40)",
    re.IGNORECASE,
)
_BARE_LOGIN: Final = re.compile(
    r"(\b[\w.-]{1,60}+:)([^\s:@/\"'<>\[\]]{8,100}+)(?=@[\w-]{1,60}+[.:/])", re.ASCII
)
_MIN_PASSWORD: Final = 8
_PATH: Final = r"(?!\[redacted\])(?:[^\s\"'<>|`\\]|\\/)++"
_SLASH: Final = r"(?:\\?/|%2[Ff])"
_WEBHOOKS: Final = (
    # The words by which each is found, and what stands in front of its secret path.
    ("hooks.slack", r"hooks\.slack(?:-gov)?\.com", "Slack: incoming webhooks and response URLs"),
    ("webhook.office.com", r"webhook\.office\.com", "gitleaks microsoft-teams-webhook"),
    (
        "/api/webhooks",
        rf"discord(?:app)?\.com{_SLASH}api{_SLASH}(?:v\d+{_SLASH})?webhooks",
        "Discord: webhooks",
    ),
    ("hooks.zapier", r"hooks\.zapier\.com", "Zapier: webhooks"),
    ("hook.", r"hook\.[\w.]{0,20}(?:make|integromat)\.com", "Make: webhooks"),
    ("ifttt", r"maker\.ifttt\.com", "IFTTT: webhooks"),
    ("/bot/v2/hook", rf"{_SLASH}open-apis{_SLASH}bot{_SLASH}v2{_SLASH}hook", "Lark and Feishu: bots"),
    (
        "/hooks/",
        rf"(?<=[\w]){_SLASH}hooks(?={_SLASH}[\w/]{{20}})",
        "Mattermost, Rocket.Chat: incoming webhooks",
    ),
    ("chat.googleapis", rf"chat\.googleapis\.com{_SLASH}v1{_SLASH}spaces", "Google Chat: webhooks"),
    ("hc-ping", r"hc-ping\.com", "Healthchecks: pings"),
    ("logic.azure", r"logic\.azure\.com(?::\d+)?", "Microsoft: workflows"),
    ("/bot", rf"api\.telegram\.org{_SLASH}(?:file{_SLASH})?bot", "Telegram: bots"),
    ("opsgenie", rf"api\.opsgenie\.com{_SLASH}v1{_SLASH}json", "Opsgenie: integrations"),
)
_WEBHOOK_PATTERNS: Final = tuple(
    (needle, re.compile(f"({head}){_SLASH if not head.endswith('bot') else ''}{_PATH}"))
    for needle, head, _ in _WEBHOOKS
)

_QUERY: Final = re.compile(r"[?#]|%3[fF]")
_SIGNING_WORDS: Final = re.compile(
    r"sig|token|key|secret|passw|pwd|auth|credential|jwt|hmac|ticket|session|aws|x-(?:oss|cos|ms|obs|tos)"
)
_SIGNING_PARAMETER: Final = re.compile(
    r"(?:[?&;#]|%26|%3f)(?:x-(?:amz|goog|oss|cos|ms|obs|tos)-[\w-]++|aws\w++|oss\w++|[\w-]{0,24}"
    r"(?:sig(?:nature)?|sign|token|key(?:-pair-id)?|secret|password|passwd|pwd|auth|authorization|credentials?"
    r"|jwt|hmac|ticket|session(?:_?id)?|hdnea|hdnts|__gda__))(?:=|%3d)",
    re.ASCII,
)
_PARAMETER: Final = re.compile(r"(?<=[?&;#])([\w.~-]{1,40}=)([^&;#\s]{16,}+)")
_ORDINARY_PARAMETER: Final = re.compile(
    r"(?:.*[_-])?(?:id|ids|v|ver|version|versionid|rev|revision|ref|sha|sha\d+|commit|hash|etag|digest|checksum|md5|run|runs"
    r"|page|cursor|path|file|filename|name|model|dataset|prefix|q|query|search|url|uri|next|redirect|from|to|since|until"
    r"|sort|filter|step|nw|utm\w{0,40}|workspace|branch|tab|view)=",
    re.IGNORECASE,
)
_MIN_RANDOM: Final = 20
_KEY_OF_A_THING: Final = re.compile(
    r"[?&;#](?!(?i:api|access|secret|private|auth|sub|function|host|master|account|app|client)[_-]?key=)"
    r"[\w-]{0,24}?(?i:key)=[a-z]{1,16}(?:[._/-][a-z]{1,16}){0,4}(?=[&;#)\].,]|$)",
    re.ASCII,
)
"""What names a field or an entry, as in ``?sort_key=created_at``: plain words, and no signature."""


def redact_webhooks(text: str) -> str:
    """``text`` without the paths of webhooks: whoever has such a URL may post."""
    lowered = text.lower()
    for needle, pattern in _WEBHOOK_PATTERNS:
        if (
            needle in lowered
            or needle.replace("/", "%2f") in lowered
            or needle.replace("/", "\\/") in lowered
        ):
            text = pattern.sub(rf"\1/{MARK}", text)
    return text


def redact_urls(text: str) -> str:
    """``text`` without the passwords and signing queries of its URLs; scheme, host and path stay."""
    return _PASSWORD.sub(rf"\1{MARK}@", _URL.sub(_redacted, text))


def redact_bare_logins(text: str) -> str:
    """``text`` without the passwords of ``user:password@host`` that has no scheme."""
    return _BARE_LOGIN.sub(
        lambda match: f"{match[1]}{MARK}" if is_random(match[2], _MIN_PASSWORD) else match[0], text
    )


def redact_encoded_urls(text: str) -> str:
    """``text`` without the passwords of URLs that are percent-encoded themselves."""
    return _ENCODED_PASSWORD.sub(rf"\1{MARK}", text)


def _redacted(match: re.Match[str]) -> str:
    rest = match[1]
    if "@" in rest:
        scheme = match.string[max(0, match.start() - _LONGEST_SCHEME) : match.start()]
        rest = _without_password(rest, is_login=_WITH_LOGIN.search(scheme) is not None)
    query = _QUERY.search(rest)
    if query is not None:
        if _is_signing(rest[query.start() :]):
            rest = f"{rest[: query.end()]}{MARK}"
        else:
            rest = rest[: query.start()] + _PARAMETER.sub(_without_random, rest[query.start() :])
    return f"://{rest}"


def _without_random(match: re.Match[str]) -> str:
    value = match[2]
    if _ORDINARY_PARAMETER.fullmatch(match[1]) or is_hash(value) or not is_random(value, _MIN_RANDOM):
        return match[0]
    return f"{match[1]}{MARK}"


def _without_password(rest: str, *, is_login: bool) -> str:
    """What stands behind a URL's ``://``, with the password, or a token used as a user name, redacted."""
    end = _AUTHORITY_END.search(rest)
    authority = rest[: end.start()] if end else rest
    if "@" not in authority and (_ODD_PORT.match(authority) or (is_login and ":" in authority)):
        authority = rest[: rest.rindex("@") + 1]  # a password with / or ? or # in it
    user_info, at, host = authority.rpartition("@")
    user, colon, password = user_info.partition(":")
    if password:
        user_info = f"{user}{colon}{MARK}"
    elif len(user_info) >= _MIN_USER_TOKEN:
        user_info = MARK
    return f"{user_info}{at}{host}{rest[len(authority) :]}"


def _is_signing(query: str) -> bool:
    lowered = query.lower()
    if _SIGNING_WORDS.search(lowered) is None:
        return False
    return any(
        _KEY_OF_A_THING.match(query, found.start()) is None for found in _SIGNING_PARAMETER.finditer(lowered)
    )
