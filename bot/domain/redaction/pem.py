r"""PEM blocks: keys and certificates (RFC 7468), also where a line break is spelled out as ``\n``."""

from __future__ import annotations

import re

from bot.domain.redaction.mark import MARK

_BEGIN, _END = "-----BEGIN ", "-----END "
_LABEL = re.compile(r"[A-Z0-9 ]{1,64}-----")
_LABEL_END = re.compile(r"[A-Z0-9 ]{0,64}-{0,5}")
_BODY = re.compile(
    r"(?:(?:\s|\\+[nr])*+(?:(?:Proc-Type|DEK-Info|Version|Comment):[^\n\\]*+"
    r"|[A-Za-z0-9+/=]{24,}+|[A-Za-z0-9+/=]++(?=[\n\\\"']|\s*\Z)))*+"
)
_BODY_LINE = re.compile(r"[A-Za-z0-9+/=]{24,}\s*")
_LAST_BODY_LINE = re.compile(r"[A-Za-z0-9+/=]{4,}\s*")


def redact_pem(text: str) -> str:
    """``text`` without PEM blocks, also those that were cut at either end."""
    head, *blocks = text.split(_BEGIN)
    pieces = [_without_block_end(head)]
    for block in blocks:
        label = _LABEL.match(block)
        pieces.append(_BEGIN + block if label is None else MARK + _behind_block(block, label.end()))
    return "".join(pieces)


def _behind_block(block: str, start: int) -> str:
    end = block.find(_END, start)
    match = _BODY.match(block, start) if end < 0 else _LABEL_END.match(block, end + len(_END))
    return block[match.end() :] if match else block[start:]


def _without_block_end(text: str) -> str:
    """``text`` without the last lines of a block whose beginning was cut away."""
    end = text.find(_END)
    start = end
    while start > 0:
        line = text.rfind("\n", 0, start - 1) + 1
        pattern = _LAST_BODY_LINE if start == end else _BODY_LINE
        if not pattern.fullmatch(text, line, start):
            break
        start = line
    if start == end:
        return text
    match = _LABEL_END.match(text, end + len(_END))
    return text[:start] + MARK + text[match.end() if match else end :]
