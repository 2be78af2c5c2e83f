"""Manifests of Kubernetes' secrets: every value of their data, whatever its name."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.mark import without
from bot.domain.redaction.named.blocks import find_below
from bot.domain.redaction.named.names import Strength
from bot.domain.redaction.named.values import Span

_KIND: Final = re.compile(r"[\"']?kind[\"']?\s{0,4}:\s{0,4}[\"']?Secret\b(?![\w-])")
_DATA: Final = re.compile(r"(?<![\w.-])[\"']?(?:data|stringData)[\"']?\s{0,4}:[ \t]{0,4}(?=\n|(?P<open>\{))")
_FLOW: Final = re.compile(r"\{[^{}]*+\}?")


def redact_manifests(text: str) -> str:
    """``text`` without the data of Kubernetes' secrets, in YAML and JSON."""
    if _KIND.search(text) is None:
        return text
    spans: list[Span] = []
    for match in _DATA.finditer(text):
        flow = _FLOW.match(text, match.end()) if match["open"] else None
        span = flow.span() if flow else find_below(text, match.end(), Strength.STRONG)
        if span is not None:
            spans.append(span)
    return without(text, spans)
