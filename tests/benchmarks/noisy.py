"""Quiet organizations, beside a huge one and a dead one: their jobs, both neighbours, and the bot for all."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from pydantic import SecretStr

from bot.domain.ports.tenants import OrganizationAccess, WorkspaceAccess
from tests.benchmarks import many_tenants
from tests.benchmarks.many_tenants import JOBS, work

QUIET, HUGE_JOBS = 50, 10_000
"""Organizations of ten jobs each, and the jobs of the one that has many."""
HUGE, DEAD = f"org-{QUIET}", f"org-{QUIET + 1}"
_PERCENT_SECONDS: Final = (1.2, 2.4)
"""The quick ones of the quiet organizations: a message each half a minute to a minute."""
_MILESTONE: Final = 25
_SAID: Final = re.compile(r"job-(\d+) is at (\d+)%")


def jobs(*, is_noisy: bool) -> Sequence[int]:
    """How many each organization has."""
    return (*(JOBS for _ in range(QUIET)), *((HUGE_JOBS, JOBS) if is_noisy else ()))


def document(org_id: str, number: int) -> dict[str, Any]:
    """The job as it is now; those of the huge one take as long as jobs do."""
    if org_id in {HUGE, DEAD}:
        return many_tenants.document(org_id, number)
    pace = _pace(org_id, number)
    percent = int(time.time() / pace)
    at = datetime.fromtimestamp(percent * pace, UTC).isoformat()
    name = f"job-{number}"
    moved = {"experiment_name": name, "progress": percent % 100, "updated_at": at}
    return {**many_tenants.document(org_id, number), **moved}


def _pace(org_id: str, number: int) -> float:
    least, most = _PERCENT_SECONDS
    return least + (most - least) * ((many_tenants.hash_of(org_id) + 131 * number) % 97) / 97


def delay(org_id: str, text: str) -> float | None:
    """How long ago the job came to the milestone that is told; None where the message tells none."""
    if (said := _SAID.search(text)) is None:
        return None
    pace, percent = _pace(org_id, int(said[1])), int(said[2])
    since = int(time.time() / pace)
    since -= (since - percent) % 100 + percent % _MILESTONE
    return time.time() - since * pace


def accesses(port: int, noisy_port: int, *, is_noisy: bool) -> Sequence[WorkspaceAccess]:
    """A workspace and an organization each; the noisy ones' API is another process."""
    return [
        WorkspaceAccess(
            f"http://127.0.0.1:{port}/api/",
            SecretStr(f"xoxb-{each}"),
            (
                OrganizationAccess(
                    f"org-{each}",
                    f"http://127.0.0.1:{port if each < QUIET else noisy_port}",
                    SecretStr(f"key-{each}"),
                ),
            ),
            team_id=f"T{each}",
            bot_user_id="U0BOT",
        )
        for each in range(len(jobs(is_noisy=is_noisy)))
    ]


def fakes() -> web.Application:
    """Both neighbours; the API of the dead one never answers."""
    delays: list[float] = []

    async def listed(request: web.Request) -> web.Response:
        org_id = await _alive(request)
        many = HUGE_JOBS if org_id == HUGE else JOBS
        return web.json_response(
            {"jobs": [many_tenants.summary(document(org_id, each)) for each in range(many)]}
        )

    async def job(request: web.Request) -> web.Response:
        org_id, number = await _alive(request), many_tenants.number_of(request.query["request_id"])
        return web.json_response(document(org_id, number))

    async def metrics(request: web.Request) -> web.Response:
        await _alive(request)
        return web.json_response({"request_id": request.query["request_id"], "metrics": []})

    async def call(request: web.Request) -> web.Response:
        said = await request.read()
        org_id = f"org-{request.headers['Authorization'].rpartition('-')[2]}"
        if request.match_info["method"] == "chat.postMessage" and org_id != HUGE:
            found = delay(org_id, said.decode())
            delays.extend(() if found is None else (found,))
        return web.json_response(many_tenants.answer(said))

    async def take(_request: web.Request) -> web.Response:
        """The delays since this was asked last."""
        taken = delays.copy()
        delays.clear()
        return web.json_response(taken)

    app = web.Application()
    app.add_routes([web.get("/job/list/", listed), web.get("/job/get/", job)])
    app.add_routes([web.get("/job/metrics/", metrics), web.get("/delays", take)])
    app.add_routes([web.post("/api/{method}", call)])
    return app


async def _alive(request: web.Request) -> str:
    org_id = request.query["org_id"]
    if org_id == DEAD:
        await asyncio.sleep(3600)
    return org_id


if __name__ == "__main__":
    if sys.argv[1] == "fakes":
        web.run_app(fakes(), host="127.0.0.1", port=int(sys.argv[2]), access_log=None, print=None)
    else:
        address, port, noisy_port, seconds, noisy = sys.argv[1:]
        installed = accesses(int(port), int(noisy_port), is_noisy=noisy == "noisy")
        print(json.dumps(asyncio.run(work(address, installed, 0.0, float(seconds)))))
