"""Unpacking answers that come compressed although that was not asked for: some proxies always do.

httpx would unpack a whole piece at once, a thousand times its size; here the limit holds for what comes out.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Mapping

_PLAIN = frozenset({"", "identity"})
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


def is_readable(headers: Mapping[str, str]) -> bool:
    """Whether the body is plain, or compressed in a way that `read_body` undoes."""
    return _encoding(headers) in _PLAIN | _PACKED


async def read_body(chunks: AsyncIterable[bytes], headers: Mapping[str, str], limit: int) -> bytes:
    """The unpacked body: at most one byte over ``limit``, after which nothing more is read.

    What cannot be unpacked ends where it breaks; of an encoding that is not `is_readable` nothing is read.
    """
    if not is_readable(headers):
        return b""
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB) if _encoding(headers) in _PACKED else None
    body = bytearray()
    async for chunk in chunks:
        room = limit + 1 - len(body)
        try:
            body += chunk[:room] if unpacker is None else unpacker.decompress(chunk, room)
        except zlib.error:
            break
        if len(body) > limit:
            break
    return bytes(body)


def _encoding(headers: Mapping[str, str]) -> str:
    return headers.get("content-encoding", "").strip().lower()
