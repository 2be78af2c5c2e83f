"""Secrets that only what stands before them gives away: a prompt, a resource, a command."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_code, is_mixed, is_placeholder, is_prose
from bot.domain.redaction.mark import MARK

_ABOUT: Final = (
    r"(?:[ ](?:for|again|to|of|on)\b(?:[ ](?:'[^'\n]{0,200}+'|\"[^\"\n]{0,200}+\"|[^\s:'\"]{1,100}+)){0,5}+"
    r"|[ ]\([^()\n]{0,80}+\))"
)
_PROMPT: Final = re.compile(
    rf"(?:pass(?:word|phrase|code){_ABOUT}{{1,2}}+|pass[ ]phrase{_ABOUT}{{0,2}}+):[ \t]{{1,4}}+"
    r"(?!\[redacted\])(?P<secret>[^\s][^\n]{0,200}+)",
    re.IGNORECASE,
)
"""ssh, OpenSSL, sudo, git, psql: ``Enter passphrase for key '…': …``."""
_ASKING: Final = re.compile(r"\b(?:enter|repeat|confirm|retype|type|verify|new|same)\b", re.IGNORECASE)
_BEFORE: Final = 40
_GENERATED: Final = re.compile(
    r"random_password(?:(?!random_password|\n[ \t]{0,40}\}).){0,800}?\b(?:result|bcrypt_hash)\"?"
    r"\s{0,20}[=:]\s{0,20}"
    r"(?P<secret>\"[^\"\n]{1,400}+\"(?:\s{0,4}->\s{0,4}\"[^\"\n]{1,400}+\")?)",
    re.DOTALL,
)
"""Terraform's resource, in its language, its plans and its state."""
_WANDB: Final = re.compile(
    r"(?:wandb[ \t.]{1,4}login|wandb_api_key|api[ ]key[^\n]{0,80}hit[ ]enter)"
    r"(?:[^\n;&|]{0,160}?|[^\n;&|]{0,160}\n[ \t]{0,8}(?=[0-9a-f]{40}[ \t]{0,8}(?:\n|\Z)))"
    r"(?<![0-9a-zA-Z])(?P<secret>[0-9a-f]{40})(?![0-9a-zA-Z])",
    re.IGNORECASE,
)
"""Its keys look like a commit; only the command, the name or the prompt tells them from one."""


def redact_prompts(text: str) -> str:
    """``text`` without what was typed behind a prompt for a password."""
    return _PROMPT.sub(_without_typed, text)


def _without_typed(match: re.Match[str]) -> str:
    value, start = match["secret"].rstrip(), match.start()
    if is_placeholder(value) or is_prose(value) or is_code(value):
        return match[0]
    line = match.string.rfind("\n", 0, start) + 1
    before = match.string[max(line, start - _BEFORE) : start]
    is_asked = _ASKING.search(before) is not None or before.strip() in {"", "[sudo]"}
    is_one_word = not any(map(str.isspace, value))
    is_phrase = "phrase" in match[0][: match.start("secret") - start].lower()
    if not (is_one_word and is_mixed(value)) and not (is_asked and (is_one_word or is_phrase)):
        return match[0]
    return _with_mark(match, match.start("secret"), match.start("secret") + len(value))


def redact_generated(text: str) -> str:
    """``text`` without the passwords that Terraform made up."""
    return _GENERATED.sub(lambda match: _with_mark(match, match.start("secret") + 1, match.end() - 1), text)


def redact_wandb(text: str) -> str:
    """``text`` without the keys of Weights & Biases that have no prefix."""
    return _WANDB.sub(lambda match: _with_mark(match, *match.span("secret")), text)


def _with_mark(match: re.Match[str], start: int, end: int) -> str:
    whole, place = match[0], match.start()
    if MARK in whole[start - place : end - place]:
        return whole
    return f"{whole[: start - place]}{MARK}{whole[end - place :]}"
