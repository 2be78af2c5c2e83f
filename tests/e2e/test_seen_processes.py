"""What a process shows of itself: the worker's own page, and traces to a collector, whatever that does."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from pathlib import Path

from bot.playground.clock import ManualClock
from bot.playground.serving import running
from bot.playground.training_suite import TrainingSuite
from bot.playground.workspace import ME, TRAINING, Workspace
from tests.e2e.messages import text_of
from tests.e2e.world import JOB, empty_database
from tests.observability.collector import WAYS, collector
from tests.observability.processes import (
    MOST_SECONDS,
    environment,
    free_port,
    left,
    logged,
    page,
    process,
    samples,
)


async def test_a_worker_has_a_page_of_its_own(tmp_path: Path) -> None:
    """And the health checks; else it serves nothing. Its traces reach the collector as it leaves."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    async with running(workspace, suite) as servers, collector() as taking:
        port, nothing_there = free_port(), free_port()
        settings = environment(workspace, suite, servers, tmp_path) | {
            "DATABASE_URL": await empty_database(tmp_path),
            "METRICS_PORT": str(port),
            "PORT": str(nothing_there),
            "TRACES": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": taking.address,
        }
        async with process("worker", settings, tmp_path) as worker:
            await logged(worker, '"watching"')
            status, text = await page(port)
            found = samples(text)
            assert status == 200
            assert any(name.startswith("jobbot_build_info{") for name in found)
            assert found['jobbot_deliveries_total{outcome="sent"}'] == 0
            assert "jobbot_socket_connected" not in found
            assert found['jobbot_round_age_seconds{task="delivery"}'] < 600
            assert 'jobbot_round_age_seconds{task="answering"}' not in found
            assert (await page(port, "/healthz"))[0] == 200
            assert json.loads((await page(port, "/readyz"))[1])
            assert (await page(port, "/slack/events"))[0] == 404
            with socket.socket() as other:
                assert other.connect_ex(("127.0.0.1", nothing_there)) != 0
            await left(worker)
        assert worker.returncode == 0
    assert set(taking.resources()[0]) == {"service.name", "service.version"}


async def test_a_collector_costs_the_bot_nothing(tmp_path: Path) -> None:
    """Whatever it does, people are answered, and a process that is told to leave does.

    What went wrong meanwhile is in the log under the reference that people quote, with its cause.
    """
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    async with running(workspace, suite) as servers, collector() as asked:
        settings = environment(workspace, suite, servers, tmp_path) | {
            "TRACES": "true",
            "OTEL_EXPORTER_OTLP_ENDPOINT": asked.address,
            # So long may OpenTelemetry wait for an answer; how long we wait for it is ours to bound.
            "OTEL_EXPORTER_OTLP_TIMEOUT": "3600",
            "OTEL_BSP_SCHEDULE_DELAY": "50",
        }
        async with process("serve", settings, tmp_path) as bot:
            await workspace.wait_for(lambda: workspace.socket.connections or None, MOST_SECONDS)
            for way in WAYS:
                asked.way = way
                asked.asked.clear()
                before = len(workspace.messages(TRAINING))
                await workspace.slash(TRAINING, ME, f"report {JOB}")
                said = await workspace.wait_for(
                    lambda seen=before: workspace.messages(TRAINING)[seen:] or None, MOST_SECONDS
                )
                assert "support-tone-llama-8b" in text_of(said[0])
                async with asyncio.timeout(MOST_SECONDS):
                    await asked.asked.wait()
            suite.switches.update({"key_expired": True})
            await workspace.slash(TRAINING, ME, f"status {JOB[:-4]}0000")
            quoted = await workspace.wait_for(lambda: _quoted(workspace), MOST_SECONDS)
            log = await left(bot)
    assert bot.returncode == 0, log
    (failed,) = [json.loads(line) for line in log.splitlines() if quoted in line]
    assert (failed["error"], failed["detail"]) == ("key_rejected", "Token has expired.")
    assert "delivery" in asked.spans()
    assert log.count("the collector does not take the last traces") == 1
    assert len([line for line in log.splitlines() if '"opentelemetry' in line]) < 2 * len(WAYS)
    assert "Traceback" not in log


async def test_with_nowhere_to_show_anything_a_worker_works(tmp_path: Path) -> None:
    """The port of the metrics is taken, and there is no collector: it watches, and says so once."""
    clock = ManualClock()
    workspace, suite = Workspace(clock), TrainingSuite(clock)
    async with running(workspace, suite) as servers:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            settings = environment(workspace, suite, servers, tmp_path) | {
                "DATABASE_URL": await empty_database(tmp_path),
                "METRICS_PORT": str(taken.getsockname()[1]),
                "TRACES": "true",
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{free_port()}",
                "OTEL_BSP_SCHEDULE_DELAY": "50",
            }
            async with process("worker", settings, tmp_path) as worker:
                log = await logged(worker, '"watching"') + await left(worker)
        assert worker.returncode == 0
    assert len([line for line in log.splitlines() if "no metrics" in line]) == 1


def _quoted(workspace: Workspace) -> str | None:
    """The reference that a card has."""
    said = " ".join(map(text_of, workspace.messages(TRAINING)))
    found = re.search(r"Reference `?([0-9a-f]{8})", said)
    return found and found[1]
