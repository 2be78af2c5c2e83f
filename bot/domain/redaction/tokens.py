"""Secrets that show by themselves: tokens with a prefix of their own, and what follows ``Bearer``.

Formats: the vendors' pages on their tokens (GitHub, Hugging Face, OpenAI, Anthropic, Slack, AWS, Google,
GitLab, Weights & Biases, NVIDIA …), RFC 7519 (JWT) and RFC 6750 (bearer tokens).
"""

from __future__ import annotations

import re

from bot.domain.redaction.mark import MARK


def _own_word(prefix: str, width: int) -> str:
    r"""``prefix``, ``width`` characters long, where a token starts, also behind a spelled-out ``\n``."""
    dots = "." * width
    return rf"{prefix}(?:(?<![A-Za-z0-9_-]{dots})|(?<=\\[nrt]{dots}))"


_TOKENS = tuple(
    (needles.split(), re.compile(pattern, re.ASCII))
    for needles, pattern in (
        ("eyJ", r"eyJ(?:[\w-]{10,}+|[\w-]{0,9}\.eyJ[\w-]*+)(?:\.[\w-]++)*+"),  # JWT, also cut or unsigned
        ("hf_", r"hf_(?:[A-Za-z0-9]{16,}+|(?=[A-Za-z]{0,16}\d)[A-Za-z0-9]{8,}+)"),
        ("api_org_", r"api_org_[A-Za-z0-9]{16,}+"),
        (
            "sk-",
            _own_word("sk-", 3)
            + r"(?:(?:proj|ant|svcacct|admin|or)-[\w-]{4,}+|(?!learn)(?=[a-z_-]{0,64}[A-Z0-9])[\w-]{8,}+)",
        ),
        ("sk_ rk_", _own_word("[sr]k_", 3) + r"(?:live|test)_\w{8,}+"),
        ("xox", r"xox[a-z](?:\.xox[a-z])?-[\w-]{3,}+"),
        ("xapp- xwfp-", r"x(?:app|wfp)-[\w-]{4,}+"),
        ("AKIA ASIA ABIA ACCA", r"A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16,}+"),
        ("ghp_ gho_ ghu_ ghs_ ghr_", r"gh[pousr]_[A-Za-z0-9]{10,}+"),
        ("github_pat_", r"github_pat_\w{10,}+"),
        (
            "glpat- glptt- gldt- glrt- glcbt- gloas- glsoat- glft- glimt- glagent-",
            r"gl(?:pat|ptt|dt|rt|cbt|oas|soat|ft|imt|agent)-[\w-]{8,}+",
        ),
        ("AIza", r"AIza[\w-]{20,}+"),
        ("ya29.", r"ya29\.[\w-]{10,}+"),
        ("GOCSPX-", r"GOCSPX-[\w-]{10,}+"),
        ("wandb_v", r"wandb_v\d_\w{10,}+"),
        ("nvapi-", r"nvapi-[\w-]{16,}+"),
        ("gsk_", r"gsk_[A-Za-z0-9]{20,}+"),
        ("r8_", r"r8_[A-Za-z0-9]{20,}+"),
        ("npm_", r"npm_[A-Za-z0-9]{20,}+"),
        ("pypi-AgE", r"pypi-AgE[\w-]{16,}+"),
        ("dckr_pat_", r"dckr_pat_[\w-]{10,}+"),
        ("SG.", r"SG\.[\w-]{16,64}\.[\w-]{16,}+"),
    )
)
_AWS_PAIR = re.compile(
    r"(A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16,}+(?:\\[nrt]|[\s:,;|/\"'=]){1,6})"
    r"(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])(?=[A-Za-z]{0,39}[0-9/+])"
    r"[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])"
)
_ORDINARY = "token|auth|scheme|credential|header|prefix|format|method|string|requir|missing|value|invalid"
_BEARER = re.compile(
    r"([Bb](?<![A-Za-z0-9_][Bb])(?i:earer)(?:[ \t]{1,8}+|%20|\+))"
    rf"(?!(?i:{_ORDINARY})|\w{{1,40}}=[\"'])[\w.~+/-]{{6,}}+=*+",
    re.ASCII,
)


def redact_tokens(text: str) -> str:
    """``text`` without tokens that their prefix gives away."""
    for needles, pattern in _TOKENS:
        for needle in needles:
            if needle in text:
                text = pattern.sub(MARK, text)
                break
    return text


def redact_aws_secrets(text: str) -> str:
    """``text`` without the 40 characters right behind an AWS key's id: such secrets have no prefix."""
    return _AWS_PAIR.sub(rf"\1{MARK}", text)


def redact_bearers(text: str) -> str:
    """``text`` without what follows the word ``Bearer``, where it is no ordinary word."""
    return _BEARER.sub(rf"\1{MARK}", text)
