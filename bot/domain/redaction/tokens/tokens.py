"""Secrets that show by themselves: tokens with a prefix or a shape of their own, also wrapped or cut."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final

from bot.domain.redaction.looks import is_random, is_words
from bot.domain.redaction.mark import MARK, without
from bot.domain.redaction.tokens.glued import redact_glued
from bot.domain.redaction.tokens.prefix import Prefix
from bot.domain.redaction.tokens.prefixes import PREFIXES

_BREAK: Final = re.compile(r"[ \t]{0,4}\\?(?:\n|\\{1,3}n)[ \t>|│]{0,40}")
_MOST_LINES: Final = 40
_FEWEST_BEFORE_BREAK: Final = 2
_RANDOM_LINE: Final = 8


def _starting_with(rows: tuple[Prefix, ...]) -> str:
    """The alternatives by their first letter, so that most places in a text are passed over at once."""
    by_letter: dict[str, list[str]] = defaultdict(list)
    for index, row in enumerate(rows):
        body = f"(?P<p{index}>{row.alphabet}{{{min(_FEWEST_BEFORE_BREAK, row.least)},}}+)"
        by_letter[row.prefix[0]].append(f"{re.escape(row.prefix[1:])}{body}")
    return "|".join(f"{re.escape(letter)}(?:{'|'.join(each)})" for letter, each in sorted(by_letter.items()))


_ROWS: Final = tuple(sorted(PREFIXES, key=lambda row: -len(row.prefix)))
_BODIES = {row.alphabet: re.compile(f"{row.alphabet}+", re.ASCII) for row in _ROWS}
_ANY: Final = _starting_with(_ROWS)
_LONG: Final = r"(?=[\w.~/+=-]{9})"
_AT_WORDS: Final = re.compile(rf"\b{_LONG}(?:{_ANY})", re.ASCII)
_BEHIND_ESCAPES: Final = re.compile(rf"(?P<lead>\\[nrt]|%[0-9A-F][0-9A-F]){_LONG}(?:{_ANY})", re.ASCII)
_INSIDE_WORDS: Final = re.compile(rf"(?P<lead>_)(?<=[A-Za-z0-9]_){_LONG}(?:{_ANY})", re.ASCII)
_BY_GROUP: Final = {f"p{index}": row for index, row in enumerate(_ROWS)}
_JWT_ROW: Final = Prefix("eyJ", r"[\w.+/=-]", 3, 0, is_sure=True, source="RFC 7519")
_BODIES[_JWT_ROW.alphabet] = re.compile(f"{_JWT_ROW.alphabet}+", re.ASCII)
_LETTER_ONLY: Final = frozenset({"[0-9a-fA-F]", "[0-9a-f]", "[A-Z0-9]"})

_JWT: Final = re.compile(r"eyJ(?:[\w+/=-]{10,}+|[\w-]{0,9}\.eyJ[\w-]*+)(?:\.[\w-]++)*+", re.ASCII)
_CRYPT: Final = r"2[abxy]?\$\d\d|[1567y]|apr1|argon2\w{1,2}|scrypt|pbkdf2[\w-]{0,12}"
_SHAPES: Final = (
    # What occurs in each, its pattern, and where that is written.
    (":A", r"(?<=\d\d\d\d\d\d):A[\w-]{34}(?![\w-])", "gitleaks telegram-bot-api-token"),
    ("Q~", r"(?<![\w~.-])[\w~.]{3}\dQ~[\w~.-]{20,}+", "gitleaks azure-ad-client-secret"),
    (".atlasv1.", r"\b[A-Za-z0-9]{6,20}\.atlasv1\.[\w=-]{12,}+", "gitleaks hashicorp-tf-api-token"),
    ("-us", r"\b[0-9a-f]{32}-us\d{1,2}\b", "detect-secrets mailchimp.py"),
    ("_mmk", r"\b[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk\b", "gitleaks maxmind-license-key"),
    ("$", rf"\$(?:{_CRYPT})\$[\w./$=,+-]{{16,}}+", "crypt(5): hashes of passwords"),
    ("$", r"\b(?:pbkdf2|bcrypt|argon2|scrypt)\w{0,12}\$[\w./$=,+-]{16,}+", "Django: hashes of passwords"),
    ("SHA}", r"\{S?S?SHA(?:\d{3})?\}[A-Za-z0-9+/=]{16,}+", "RFC 2307: hashes of passwords"),
    (".", r"\b[MNO][\w-]{23,25}\.[\w-]{6,7}\.[\w-]{27,}+", "detect-secrets discord.py"),
    ("pat", r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{32,}+", "gitleaks airtable-personnal-access-token"),
    ("1//0", r"\b1//0[\w-]{20,}+", "Google: OAuth refresh tokens"),
    (":APA91b", r":APA91b[\w-]{40,}+", "Firebase: server keys"),
    ("@tcp(", r"(?<=:)[^\s:@\"'/]{1,200}(?=@tcp\()", "go-sql-driver: data source names"),
    (":thin:", r"(?<=:thin:)[^\s/:@]{1,64}/[^\s@]{1,200}+(?=@)", "Oracle: JDBC URLs"),
    (":5432:", r"(?<=:5432:)[^\s:]{1,64}:[^\s:]{1,64}:[^\s:\\]++", "PostgreSQL: the password file"),
)
_SHAPE_PATTERNS: Final = tuple((needle, re.compile(pattern, re.ASCII)) for needle, pattern, _ in _SHAPES)
_JWK: Final = re.compile(r'(?<="[dkpq]")(\s{0,4}:\s{0,4}")[\w-]{20,}+', re.ASCII)
_AWS_PAIR: Final = re.compile(
    r"(A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16,124}+(?:\\[nrt]|[\s:,;|/\"'=]){1,6})"
    r"(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z]{0,39}[0-9/+])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)


def redact_aws_secrets(text: str) -> str:
    """``text`` without the 40 characters right behind an AWS key's id: such secrets have no prefix."""
    return _AWS_PAIR.sub(rf"\1{MARK}", text)


def redact_tokens(text: str) -> str:
    """``text`` without tokens that their prefix or their shape gives away."""
    if "eyJ" in text:
        text = _without(text, _JWT)
    for needle, shape in _SHAPE_PATTERNS:
        if needle in text:
            text = shape.sub(MARK, text)
    if '"kty"' in text:
        text = _JWK.sub(rf"\1{MARK}", text)
    if "\\" in text or "%" in text:
        text = _without(text, _BEHIND_ESCAPES)
    text = redact_glued(_without(text, _AT_WORDS))
    return _without(text, _INSIDE_WORDS) if "_" in text else text


def _without(text: str, pattern: re.Pattern[str]) -> str:
    spans: list[tuple[int, int]] = []
    for match in pattern.finditer(text):
        if not spans or match.start() >= spans[-1][1]:
            end = _end(text, match, _BY_GROUP.get(match.lastgroup or "", _JWT_ROW))
            if end is not None:
                spans.append((match.start() + _lead(match), end))
    return without(text, spans)


def _lead(match: re.Match[str]) -> int:
    return len(match["lead"]) if "lead" in match.re.groupindex else 0


def _end(text: str, match: re.Match[str], row: Prefix) -> int | None:
    """Where the token ends that starts here, perhaps on a later line; None where it is none."""
    body = match[match.lastgroup] if match.lastgroup else match[0]
    end = match.end()
    if row.alphabet in _LETTER_ONLY and text[end : end + 1].isalnum():
        return None
    continued = _continued(text, end, row, len(body))
    if continued is not None:
        end, length = continued
        if len(body) >= row.least or length == row.whole or (row.is_sure and length >= row.least):
            return end
    if len(body) < row.least or not (row.is_sure or not is_words(body)):
        return None
    return match.end()


def _continued(text: str, end: int, row: Prefix, length: int) -> tuple[int, int] | None:
    """Where a token ends that was wrapped at ``end``, and how long it is; None where it was not."""
    alphabet, start = _BODIES[row.alphabet], end
    for _ in range(_MOST_LINES):
        if row.whole and length >= row.whole:
            break
        wrap = _BREAK.match(text, end)
        run = alphabet.match(text, wrap.end()) if wrap else None
        if run is None or not _goes_on(run[0], row, length):
            break
        end, length = run.end(), length + len(run[0])
    return (end, length) if end > start else None


def _goes_on(run: str, row: Prefix, length: int) -> bool:
    """Whether a line begins with the rest of a token of which ``length`` characters are known."""
    if row.whole:
        rest = row.whole - length
        return len(run) == rest or (len(run) < rest and is_random(run, _RANDOM_LINE))
    return is_random(run, _RANDOM_LINE)
