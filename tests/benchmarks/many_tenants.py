"""A thousand workspaces with ten watched jobs each: their rows, their jobs, and the bot for all of them."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import Table, insert

from bot.app import Application
from bot.domain.job import TrainingJob
from bot.domain.job.stored import kept, to_json
from bot.domain.ports.tenants import OrganizationAccess, WorkspaceAccess
from bot.domain.subscriptions.watch_state import first_state
from bot.settings import Settings
from bot.store.database.connection import Connected
from bot.store.database.transaction import StoreQueries, writes
from bot.store.store import DatabaseStore
from bot.store.tables import (
    examinations,
    job_documents,
    organisations,
    subscribers,
    subscriptions,
    watched_jobs,
)
from tests.benchmarks.upstream_server import DOCUMENT

WORKSPACES, JOBS = 1_000, 10
"""Jobs are of each workspace."""
Document = Callable[[str, int], Mapping[str, Any]]
"""A job of an organization, as it is now."""
_IN_LIST: Final = ("request_id", "experiment_name", "status", "created_at", "updated_at", "progress")
_PERCENT_SECONDS: Final = range(72, 720)
"""A percent of a job takes as long as with jobs of 2 to 20 hours."""
_IDS: Final = 1 << 32
_SCATTER: Final = 2_654_435_761
"""Job IDs that follow each other have nothing in common, as with UUIDs."""


def job_id(number: int) -> str:
    """A UUID, as Simplismart names jobs; `number_of` knows the job by it."""
    return f"{number * _SCATTER % _IDS:08x}-1b1c-4a0e-9d0f-2f6a5c1e7b90"


def number_of(request_id: str) -> int:
    """Which job it is."""
    return int(request_id.partition("-")[0], 16) * pow(_SCATTER, -1, _IDS) % _IDS


def document(org_id: str, number: int) -> dict[str, Any]:
    """The job as it is now: it runs, at its own pace."""
    pace = _PERCENT_SECONDS[(hash_of(org_id) + 131 * number) % len(_PERCENT_SECONDS)]
    percent = int(time.time() / pace)
    return {
        **orjson.loads(DOCUMENT),
        "request_id": job_id(number),
        "progress": percent % 100,
        "updated_at": datetime.fromtimestamp(percent * pace, UTC).isoformat(),
    }


def summary(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Its row in the list of jobs."""
    return {name: document[name] for name in _IN_LIST}


def hash_of(org_id: str) -> int:
    """The same in each process."""
    return 7919 * int(org_id.partition("-")[2] or "0")


class Rows(StoreQueries):
    """What people subscribed to."""

    @writes
    async def add(self, connection: Connected, jobs: Sequence[int], as_it_is: Document) -> None:
        """So many jobs of each organization; each job's card stands in a channel of its workspace."""
        now, rows = datetime.now(UTC), []
        for org_number, many in enumerate(jobs):
            for number in range(many):
                job = TrainingJob.from_json(orjson.dumps(as_it_is(f"org-{org_number}", number)))
                rows.append(_row(org_number, number, job, now))
        await connection.execute(
            insert(organisations), [{"org_id": f"org-{each}"} for each in range(len(jobs))]
        )
        for table in (watched_jobs, job_documents, subscriptions, subscribers):
            await connection.execute(insert(table), [_of(table, each) for each in rows])
        checks = [_of(examinations, each | {"due_at": each["metrics_at"]}) for each in rows]
        await connection.execute(insert(examinations), checks)


def _of(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """The part of the row that is the table's."""
    return {each.name: row[each.name] for each in table.c if each.name in row}


def _row(org_number: int, number: int, job: TrainingJob, now: datetime) -> dict[str, Any]:
    """What the tables have of one job, together."""
    state = first_state(job, now).model_copy(update={"wants_document": False})
    due = now.timestamp() + (org_number * JOBS + number) % 120
    return {
        "org_id": f"org-{org_number}",
        "request_id": job_id(number),
        "team_id": f"T{org_number}",
        "channel_id": f"C{number % 3}",
        "id": f"{org_number}-{number}",
        "subscription_id": f"{org_number}-{number}",
        "user_id": "U1",
        "place": 1,
        "mode": "milestones",
        "is_quiet": False,
        "thread_ts": f"{number}.1",
        "card_ts": f"{number}.1",
        "created_at": now.timestamp(),
        "ends_at": now.timestamp() + 86_400 * 30,
        "ends_because": "expired",
        "next_look_at": due,
        "due_at": due,
        "metrics_at": now.timestamp() + (org_number * JOBS + number) * 3_600 / (WORKSPACES * JOBS),
        "state": json.dumps(json.loads(state.to_json())),
        "document": to_json(kept(job)),
        "seen_at": now.timestamp(),
    }


class Written:
    """Implements `bot.domain.ports.tenants.TenantSource`: as if they had all installed the app."""

    def __init__(self, accesses: Sequence[WorkspaceAccess]) -> None:
        self._accesses = accesses

    async def revision(self) -> str:
        """See the port."""
        return "1"

    async def current(self) -> Sequence[WorkspaceAccess]:
        """See the port."""
        return self._accesses


def accesses(fakes_port: int) -> Sequence[WorkspaceAccess]:
    """A workspace and an organization each."""
    url = f"http://127.0.0.1:{fakes_port}"
    return [
        WorkspaceAccess(
            f"{url}/api/",
            SecretStr(f"xoxb-{each}"),
            (OrganizationAccess(f"org-{each}", url, SecretStr(f"key-{each}")),),
            team_id=f"T{each}",
            bot_user_id="U0BOT",
        )
        for each in range(WORKSPACES)
    ]


async def work(
    database: str, installed: Sequence[WorkspaceAccess], warm_seconds: float, seconds: float, **set_too: Any
) -> dict[str, float]:
    """Run the bot; what it took of the processor in so many seconds."""
    values: dict[str, Any] = {"slack_bot_token": SecretStr("xoxb-0"), "simplismart_org_id": "nobody"}
    values |= {"slack_signing_secret": SecretStr("0" * 32), "simplismart_api_token": SecretStr("key")}
    values |= {"database_url": database, "host": "127.0.0.1", "port": 0} | set_too
    settings = Settings(_env_file=None, **values)
    tenants = Written(installed)
    bot = Application(settings, tenant_source=lambda _store: tenants)
    await bot.start()
    await asyncio.sleep(warm_seconds)
    began, began_at = time.process_time(), time.perf_counter()
    await asyncio.sleep(seconds)
    share = (time.process_time() - began) / (time.perf_counter() - began_at)
    await bot.stop(grace_seconds=1)
    return {"share": share}


def _most_megabytes() -> float:
    status = Path("/proc/self/status").read_text("ascii")
    return float(status.partition("VmHWM:")[2].split()[0]) / 1024


def answer(said: bytes) -> Mapping[str, Any]:
    """What Slack answers to anything, as far as the bot reads it."""
    is_json = said.startswith(b"{")
    message = {"thread_ts": orjson.loads(said).get("thread_ts") if is_json else None}
    who = {"team_id": "T0", "user_id": "U0BOT", "bot_id": "B0BOT"}
    return {"ok": True, **who, "ts": "1.0", "channel": "C0", "message": message}


def fakes() -> web.Application:
    """Both neighbours, always well."""
    counts = {"lists": 0, "jobs": 0, "metrics": 0, "slack": 0}

    async def jobs(request: web.Request) -> web.Response:
        counts["lists"] += 1
        org_id = request.query["org_id"]
        return web.json_response({"jobs": [summary(document(org_id, each)) for each in range(JOBS)]})

    async def job(request: web.Request) -> web.Response:
        counts["jobs"] += 1
        number = number_of(request.query["request_id"])
        return web.json_response(document(request.query["org_id"], number))

    async def metrics(request: web.Request) -> web.Response:
        counts["metrics"] += 1
        return web.json_response({"request_id": request.query["request_id"], "metrics": []})

    async def call(request: web.Request) -> web.Response:
        counts["slack"] += 1
        return web.json_response(answer(await request.read()))

    async def count(_request: web.Request) -> web.Response:
        return web.json_response(counts)

    app = web.Application()
    app.add_routes([web.get("/job/list/", jobs), web.get("/job/get/", job)])
    app.add_routes([web.get("/job/metrics/", metrics), web.get("/counts", count)])
    app.add_routes([web.post("/api/{method}", call)])
    return app


async def fill(
    store: DatabaseStore, jobs: Sequence[int] = (JOBS,) * WORKSPACES, as_it_is: Document = document
) -> None:
    """An empty database with its tables and all rows."""
    await store.database.migrate()
    await Rows(store.database).add(jobs, as_it_is)
    await store.database.close()


if __name__ == "__main__":
    if sys.argv[1] == "fakes":
        web.run_app(fakes(), host="127.0.0.1", port=int(sys.argv[2]), access_log=None, print=None)
    else:
        address, port, warm, length = sys.argv[1:]
        found = asyncio.run(work(address, accesses(int(port)), float(warm), float(length)))
        print(json.dumps(found | {"megabytes": _most_megabytes()}))
