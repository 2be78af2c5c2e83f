"""Unpacking answers that come compressed although that was not asked for: some proxies always do.

httpx would unpack a whole piece at once, a thousand times its size; here the limit holds for what comes out.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import aclosing

PIECE_BYTES = 64 * 1024
"""As much as is unpacked at once."""

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
    body = bytearray()
    async with aclosing(unpacked(chunks, headers)) as pieces:
        async for piece in pieces:
            body += piece[: limit + 1 - len(body)]
            if len(body) > limit:
                break
    return bytes(body)


async def unpacked(chunks: AsyncIterable[bytes], headers: Mapping[str, str]) -> AsyncGenerator[bytes, None]:
    """The unpacked body in pieces, compressed ones of at most `PIECE_BYTES`; it ends where it breaks.

    It also ends where the compressed stream does: what comes behind its end is nobody's, and without end.
    """
    if not is_readable(headers):
        return
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB) if _encoding(headers) in _PACKED else None
    async for chunk in chunks:
        if unpacker is None:
            yield chunk
            continue
        rest = chunk
        while rest:
            try:
                piece = unpacker.decompress(rest, PIECE_BYTES)
            except zlib.error:
                return
            rest = unpacker.unconsumed_tail
            if piece:
                yield piece
            if unpacker.eof:
                return


def _encoding(headers: Mapping[str, str]) -> str:
    return headers.get("content-encoding", "").strip().lower()
