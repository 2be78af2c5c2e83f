"""A training suite for benchmarks: one job document, after a delay, from a process of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue

import orjson
from aiohttp import web

DOCUMENT = orjson.dumps(
    {
        "request_id": "3fe92c25-1b1c-4a0e-9d0f-2f6a5c1e7b90",
        "experiment_name": "support-tone-v3",
        "status": "RUNNING",
        "progress": 41.5,
        "created_at": "2026-03-02T09:00:00Z",
        "started_at": "2026-03-02T09:04:00Z",
        "updated_at": "2026-03-02T10:30:00Z",
        "model_details": {"base_model": "meta-llama/Llama-3.1-8B-Instruct", "model_type": "llm"},
        "train_config": {"type": "sft", "train_type": "lora", "adapter_config": {"r": 16, "alpha": 32}},
        "infra_config": {"gpu_type": "H100", "gpu_count": 2, "node_count": 2},
        "dataset_details": {"dataset_name": "tickets-2026", "dataset_description": "x" * 1900},
    }
)
"""About as large as a real one: 2.6 kB."""


@contextmanager
def upstream(delay_seconds: float = 0.0) -> Iterator[str]:
    """The base URL of a server that lives as long as the block; ``GET /calls`` counts the look-ups."""
    spawn = multiprocessing.get_context("spawn")
    ports: Queue[int] = spawn.Queue()
    process = spawn.Process(target=_serve, args=(ports, delay_seconds), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ports.get(timeout=30)}"
    finally:
        process.terminate()
        process.join()


def _serve(ports: Queue[int], delay_seconds: float) -> None:
    asyncio.run(_serve_forever(ports, delay_seconds))


async def _serve_forever(ports: Queue[int], delay_seconds: float) -> None:
    calls = 0

    async def job(_request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        await asyncio.sleep(delay_seconds)
        return web.Response(body=DOCUMENT, content_type="application/json")

    async def count(_request: web.Request) -> web.Response:
        return web.json_response(calls)

    app = web.Application()
    app.add_routes([web.get("/job/get/", job), web.get("/calls", count)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    ports.put(runner.addresses[0][1])
    await asyncio.Event().wait()
