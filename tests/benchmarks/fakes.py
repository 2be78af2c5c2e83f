"""As much of Slack and of the training suite as a benchmark needs, at once and always well.

Run as ``python -m tests.benchmarks.fakes PORT``; a link for Socket Mode needs `application` itself.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.manifest import optional_scopes, required_scopes

Link = Callable[[web.WebSocketResponse], Awaitable[None]]

JOB = {
    "experiment_name": "llama-3-8b support tickets, second try",
    "status": "COMPLETED",
    "created_at": "2026-03-01T08:00:00Z",
    "started_at": "2026-03-01T08:03:00Z",
    "updated_at": "2026-03-01T11:20:00Z",
    "completed_at": "2026-03-01T11:20:00Z",
    "progress": 100,
    "model_details": {
        "base_model": "meta-llama/Llama-3.1-8B-Instruct",
        "model_type": "llm",
        "quantization": {"quant_bits": 4},
    },
    "train_config": {
        "type": "sft",
        "train_type": "qlora",
        "torch_dtype": "bfloat16",
        "hyperparameters": {"num_epochs": 3, "per_device_train_batch_size": 4, "learning_rate": 0.0001},
        "adapter_config": {"r": 16, "alpha": 32, "dropout": 0.05, "targets": ["all-linear"]},
        "distributed": {"type": "deepspeed"},
    },
    "dataset_details": {"dataset_name": "tickets-2026", "dataset_format": "jsonl", "source_type": "s3"},
    "infra_config": {"gpu_type": "H100", "gpu_count": 2, "node_count": 2, "infra_type": "cloud"},
    "output_model_path": "s3://models/tickets/v2",
}


def application(port: int, link: Link | None = None) -> web.Application:
    """Both fakes in one server; ``link`` gets each Socket Mode connection, after the hello."""
    routes = web.RouteTableDef()

    @routes.get("/job/get/")
    async def job(request: web.Request) -> web.Response:
        return web.json_response({"request_id": request.query["request_id"], **JOB})

    @routes.get("/link")
    async def connect(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        if link is not None:
            await link(socket)
        return socket

    @routes.post("/api/{method}")
    async def call(request: web.Request) -> web.Response:
        await request.read()
        answer = {"ok": True, "team_id": "T0BENCH", "user_id": "U0BOT", "bot_id": "B0BOT", "ts": "1.0"}
        answer |= {"team": "bench", "user": "jobbot", "url": f"ws://127.0.0.1:{port}/link"}
        return web.json_response(
            answer, headers={"x-oauth-scopes": ",".join(required_scopes() | optional_scopes())}
        )

    made = web.Application()
    made.add_routes(routes)
    return made


def slash_envelope(payload: dict[str, str], serial: int) -> str:
    """A slash command as Socket Mode carries it."""
    envelope = {"envelope_id": str(serial), "type": "slash_commands", "payload": payload}
    return json.dumps({**envelope, "accepts_response_payload": True})


if __name__ == "__main__":
    chosen = int(sys.argv[1])
    web.run_app(application(chosen), host="127.0.0.1", port=chosen, access_log=None, print=None)
