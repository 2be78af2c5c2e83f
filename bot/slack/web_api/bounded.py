"""Answers that are read up to a limit, whoever sends them."""

from __future__ import annotations

import aiohttp

MAX_ANSWER_BYTES = 8 * 1024 * 1024
"""More than Slack ever answers: a page of messages is the largest."""


class BoundedResponse(aiohttp.ClientResponse):
    """A response whose body ends in an error where it is larger than `MAX_ANSWER_BYTES`, unpacked.

    A session that makes these limits slack_sdk's calls too: everything that reads a whole body comes here.
    """

    async def read(self) -> bytes:
        """The body.

        Raises:
            aiohttp.ClientPayloadError: there is too much of it, or it broke off; the connection is closed.
        """
        if self._body is None:
            self._body = await self._read_bounded()
        return await super().read()

    async def _read_bounded(self) -> bytes:
        body = bytearray()
        async for piece in self.content.iter_any():
            body += piece
            if len(body) > MAX_ANSWER_BYTES:
                self.close()
                msg = f"more than {MAX_ANSWER_BYTES} bytes"
                raise aiohttp.ClientPayloadError(msg)
        return bytes(body)
