"""Asking a bot that runs here how it is: what only it can know, such as refused deliveries."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
import orjson

PROBE_SECONDS = 3.0

_MAX_BYTES = 64 * 1024
_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (read here, not listened on)


async def ask_running_bot(host: str, port: int) -> Mapping[str, str] | None:
    """What each check of its ``/readyz`` says, ``ok`` or what is wrong; None where no bot answers there."""
    address = _EVERY_ADDRESS.get(host, host)
    url = f"http://[{address}]:{port}/readyz" if ":" in address else f"http://{address}:{port}/readyz"
    timeout = aiohttp.ClientTimeout(total=PROBE_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            body = orjson.loads(await answer.content.read(_MAX_BYTES))
    except (TimeoutError, aiohttp.ClientError, ValueError):
        return None
    checks = body.get("checks") if isinstance(body, dict) else None
    if not isinstance(checks, dict):
        return None
    return {str(name): str(state) for name, state in checks.items()}
