"""5,000 watched jobs of one organization, asked about every half a second: how late each change is told.

From a milestone in the list of jobs until Slack has the message, for a job a second; and what share of a core
the bot takes. When it starts, all jobs are due and none was on a list before: that is told by itself.
Slack is another process, with the API. ``SECONDS=300`` measures for longer.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import aiohttp
import orjson
from aiohttp import web
from pydantic import SecretStr

from bot.domain.ports.tenants import OrganizationAccess, WorkspaceAccess
from bot.store.store import open_store
from tests.benchmarks.many_tenants import answer, fill, job_id, number_of, summary, work
from tests.benchmarks.ratio import Ratio
from tests.benchmarks.servers import free_port
from tests.benchmarks.upstream_server import DOCUMENT
from tests.databases import KINDS, empty_database

JOBS: Final = 5_000
INTERVAL_SECONDS: Final = 0.5
INTERVALS, ALLOWED_SHARE = 3, 0.5
WARM_SECONDS: Final = 20.0
SECONDS: Final = float(os.environ.get("SECONDS", "60"))
CHANGE_SECONDS: Final = 1.0
_BEFORE, _AFTER = 10, 26
_SAID: Final = re.compile(rb"job-(\d+) is at ")
_PATIENCE_SECONDS: Final = 120
_NEVER: Final = float("inf")
_COMMAND: Final = (sys.executable, "-m", "tests.benchmarks.bench_many_jobs")


async def measure() -> list[Ratio]:
    """On each database."""
    with tempfile.TemporaryDirectory() as folder:
        return [ratio for kind in KINDS for ratio in await _on(kind, Path(folder))]


async def _on(kind: str, folder: Path) -> list[Ratio]:
    address = await asyncio.to_thread(empty_database, kind, folder)
    await fill(open_store(address), (JOBS,), document)
    port = free_port()
    fakes = await asyncio.create_subprocess_exec(*_COMMAND, "fakes", str(port))
    try:
        async with aiohttp.ClientSession() as session:
            await _listens(session, port)
            bot = await asyncio.create_subprocess_exec(
                *_COMMAND, address, str(port), stdout=asyncio.subprocess.PIPE
            )
            said, _ = await bot.communicate()
            async with session.get(f"http://127.0.0.1:{port}/counts") as response:
                counts = await response.json()
    finally:
        fakes.terminate()
        await fakes.wait()
    share = json.loads(said.splitlines()[-1])["share"]
    _print(kind, share, counts)
    name = f"{JOBS:,} watched jobs every {INTERVAL_SECONDS} s, {kind}"
    told = f"{name}: change to message"
    starting, later = sorted(counts["starting"]) or [_NEVER], sorted(counts["later"]) or [_NEVER]
    return [
        Ratio(f"{told}, median, in intervals", later[len(later) // 2], INTERVAL_SECONDS, "s", "<= 3"),
        Ratio(f"{told}, longest, in intervals", later[-1], INTERVAL_SECONDS, "s", "<= 3"),
        Ratio(f"{told}, longest while it starts", starting[-1], INTERVAL_SECONDS, "s", "<= 3"),
        Ratio(f"{name}: of a core, of what it may be", share, ALLOWED_SHARE, "cores", "<= 1"),
    ]


def _print(kind: str, share: float, counts: Mapping[str, Any]) -> None:
    """What no goal is set for: a busy machine changes these less than it does the times."""
    seconds = share * (WARM_SECONDS + SECONDS) / max(1, counts["lists"])
    with_list = max(counts["told_with"], default=0)
    print(f"{kind}: {counts['changes']} changes, {counts['untold']} of them untold", end=", ")
    print(f"the last with list {with_list} after it, {counts['lists']} lists", end=", ")
    print(f"{1_000 * seconds:.0f} ms of a core for each", end="; ")


async def _listens(session: aiohttp.ClientSession, port: int) -> None:
    for _ in range(_PATIENCE_SECONDS * 10):
        with suppress(aiohttp.ClientConnectorError):
            await (await session.get(f"http://127.0.0.1:{port}/counts")).read()
            return
        await asyncio.sleep(0.1)


def document(_org_id: str, number: int, progress: int = _BEFORE) -> dict[str, Any]:
    """A job that runs."""
    named = {"request_id": job_id(number), "experiment_name": f"job-{number}"}
    return {**orjson.loads(DOCUMENT), **named, "progress": progress}


def access(port: int) -> WorkspaceAccess:
    """The only workspace, with its organization."""
    url = f"http://127.0.0.1:{port}"
    organization = OrganizationAccess("org-0", url, SecretStr("key"))
    return WorkspaceAccess(
        f"{url}/api/", SecretStr("xoxb-0"), (organization,), team_id="T0", bot_user_id="U0BOT"
    )


class Fakes:
    """Slack, and the API, in whose list a job comes to a milestone every second."""

    def __init__(self) -> None:
        self._rows = [dict(summary(document("org-0", number))) for number in range(JOBS)]
        self._changed_at: dict[int, float] = {}
        self._changed_with: dict[int, int] = {}
        """After how many lists."""
        self._delays: dict[int, float] = {}
        self._told_with: dict[int, int] = {}
        """With which list after the change."""
        self._lists = 0
        self._listed_at = 0.0

    def app(self) -> web.Application:
        """Its routes."""
        app = web.Application()
        app.add_routes([web.get("/job/list/", self._listed), web.get("/job/get/", self._job)])
        app.add_routes([web.get("/job/metrics/", self._metrics), web.get("/counts", self._counts)])
        app.add_routes([web.post("/api/{method}", self._call)])
        app.cleanup_ctx.append(self._changing)
        return app

    async def _changing(self, _app: web.Application) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(self._change())
            yield
            task.cancel()

    async def _change(self) -> None:
        for number in range(JOBS):
            await asyncio.sleep(CHANGE_SECONDS)
            if self._lists:
                self._rows[number] |= {"progress": _AFTER, "updated_at": f"{datetime.now(UTC).isoformat()}"}
                self._changed_at[number], self._changed_with[number] = time.time(), self._lists

    async def _listed(self, _request: web.Request) -> web.Response:
        self._lists, self._listed_at = self._lists + 1, time.time()
        return web.Response(body=orjson.dumps({"jobs": self._rows}), content_type="application/json")

    async def _job(self, request: web.Request) -> web.Response:
        number = number_of(request.query["request_id"])
        progress = _AFTER if number in self._changed_at else _BEFORE
        return web.json_response(document("org-0", number, progress))

    async def _metrics(self, request: web.Request) -> web.Response:
        return web.json_response({"request_id": request.query["request_id"], "metrics": []})

    async def _call(self, request: web.Request) -> web.Response:
        said = await request.read()
        if request.match_info["method"] == "chat.postMessage" and (told := _SAID.search(said)):
            number = int(told[1])
            self._delays.setdefault(number, time.time() - self._changed_at.get(number, 0.0))
            self._told_with.setdefault(number, self._lists - self._changed_with.get(number, 0))
        return web.json_response(answer(said))

    async def _counts(self, _request: web.Request) -> web.Response:
        # What was not told has waited at least until the last list: the bot was there until then.
        until = {number: at for number, at in self._changed_at.items() if at < self._listed_at}
        waited = {number: self._listed_at - at for number, at in until.items()} | self._delays
        warm_at = min(self._changed_at.values(), default=0.0) + WARM_SECONDS
        delays: dict[str, list[float]] = {"starting": [], "later": []}
        for number, delay in waited.items():
            delays["later" if self._changed_at.get(number, 0.0) >= warm_at else "starting"].append(delay)
        untold = len(self._changed_at.keys() - self._delays.keys())
        found = {"changes": len(self._changed_at), "lists": self._lists, "untold": untold}
        return web.json_response(found | delays | {"told_with": [*self._told_with.values()]})


if __name__ == "__main__":
    if sys.argv[1] == "fakes":
        web.run_app(Fakes().app(), host="127.0.0.1", port=int(sys.argv[2]), access_log=None, print=None)
    else:
        intervals = {f"watch_{each}_interval_seconds": INTERVAL_SECONDS for each in ("min", "max")}
        running = work(sys.argv[1], [access(int(sys.argv[2]))], WARM_SECONDS, SECONDS, **intervals)
        print(json.dumps(asyncio.run(running)))
