"""A company's network: HTTPS only through a proxy, and certificates of a private authority."""

from __future__ import annotations

import asyncio
import os
import ssl
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from bot.clock import SystemClock
from bot.playground.serving import running
from bot.playground.training_suite import DEFAULT_TOKEN, TrainingSuite
from bot.playground.workspace import Workspace

SLACK, TRAINING = "slack.corp.test", "training.corp.test"
ROOT = Path(__file__).parents[2]
PROXY_PASSWORD = "hunter2"
_CHUNK_BYTES = 65_536


@dataclass
class Proxy:
    """A CONNECT proxy: what was asked of it, and every byte that passed."""

    ports: Mapping[str, int]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    heads: bytes = b""
    passed: bytearray = field(default_factory=bytearray)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One tunnel, or a refusal of whatever else is asked."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads += head
        method, target, _ = head.decode().split(" ", 2)
        self.asked.append(f"{method} {target}")
        host = target.rpartition(":")[0]
        if method != "CONNECT" or host not in self.ports:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            writer.close()
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await _joined(reader, writer, self.ports[host], self.passed)


async def _joined(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int, passed: bytearray
) -> None:
    answers, server = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.TaskGroup() as group:
        group.create_task(_pump(reader, server, passed))
        group.create_task(_pump(answers, writer, passed))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, passed: bytearray) -> None:
    with suppress(OSError, ssl.SSLError):
        while chunk := await reader.read(_CHUNK_BYTES):
            passed += chunk
            writer.write(chunk)
            await writer.drain()
    writer.close()


@dataclass
class Network:
    """Everything around a bot in such a network."""

    proxy: Proxy
    environment: dict[str, str]

    async def check(self, **changed: str | None) -> dict[str, str]:
        """What `check` reports, by the first word of each line; None unsets."""
        given = {**self.environment, **changed}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", "check"),
            cwd=ROOT,
            env={name: value for name, value in given.items() if value is not None},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        assert PROXY_PASSWORD not in f"{out!r}{err!r}"
        lines = [line.split("  ", 1) for line in out.decode().splitlines()]
        return {rest.strip().partition(":")[0]: verdict for verdict, rest in lines}


@pytest.fixture
async def network(tmp_path: Path) -> AsyncIterator[Network]:
    """Slack and Simplismart by TLS, reached through the proxy only."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    workspace, suite = Workspace(SystemClock()), TrainingSuite(SystemClock())
    identity = workspace.identity
    async with running(workspace, suite) as servers:
        plain = {SLACK: servers.slack_api_url, TRAINING: servers.training_api_url}
        async with _behind_tls(plain, authority) as ports, _proxying(ports) as proxy:
            yield Network(
                proxy,
                {
                    "PATH": os.environ["PATH"],
                    "HTTPS_PROXY": f"http://bot:{PROXY_PASSWORD}@127.0.0.1:{proxy.port}",
                    "SSL_CERT_FILE": str(tmp_path / "authority.pem"),
                    "SLACK_BOT_TOKEN": identity.bot_token,
                    "SLACK_SIGNING_SECRET": identity.signing_secret,
                    "SLACK_API_URL": f"https://{SLACK}/api/",
                    "SIMPLISMART_API_TOKEN": DEFAULT_TOKEN,
                    "SIMPLISMART_ORG_ID": suite.org_id,
                    "SIMPLISMART_API_URL": f"https://{TRAINING}",
                    "DATABASE_URL": f"sqlite:///{tmp_path}/jobbot.sqlite3",
                    "PORT": "1",
                },
            )


@asynccontextmanager
async def _behind_tls(
    addresses: Mapping[str, str], authority: trustme.CA
) -> AsyncIterator[Mapping[str, int]]:
    ports, servers = {}, []
    for host, address in addresses.items():
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(context)
        port = urlsplit(address).port
        assert port is not None

        async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int = port) -> None:
            await _joined(reader, writer, port, bytearray())

        servers.append(await asyncio.start_server(carry, "127.0.0.1", 0, ssl=context))
        ports[host] = servers[-1].sockets[0].getsockname()[1]
    try:
        yield ports
    finally:
        for server in servers:
            server.close()


@asynccontextmanager
async def _proxying(ports: Mapping[str, int]) -> AsyncIterator[Proxy]:
    proxy = Proxy(ports)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


async def test_both_sides_go_through_tunnels(network: Network) -> None:
    """The proxy carries Slack and Simplismart, and sees neither a token nor an answer."""
    report = await network.check()
    assert (report["slack auth.test"], report["simplismart"]) == ("ok", "ok")
    assert set(network.proxy.asked) == {f"CONNECT {SLACK}:443", f"CONNECT {TRAINING}:443"}
    seen = network.proxy.heads + bytes(network.proxy.passed)
    for secret in (DEFAULT_TOKEN, network.environment["SLACK_BOT_TOKEN"], "Bearer", "total_count"):
        assert secret.encode() not in seen


async def test_what_no_proxy_lists_is_asked_directly(network: Network) -> None:
    """There is no such host outside of this proxy: nothing answers, and the proxy is not asked."""
    report = await network.check(NO_PROXY=".corp.test")
    assert (report["slack auth.test"], report["simplismart"]) == ("FAIL", "FAIL")
    assert network.proxy.asked == []


async def test_without_the_authority_nobody_is_believed(network: Network) -> None:
    """A certificate that nothing vouches for ends the connection before a token is sent."""
    report = await network.check(SSL_CERT_FILE=None)
    assert (report["slack auth.test"], report["simplismart"]) == ("FAIL", "FAIL")


async def test_plain_http_never_goes_to_the_proxy(network: Network) -> None:
    """The key would be readable there."""
    proxy = f"http://127.0.0.1:{network.proxy.port}"
    await network.check(
        SIMPLISMART_API_URL="http://training.corp.test", HTTP_PROXY=proxy, http_proxy=proxy, ALL_PROXY=proxy
    )
    assert [asked for asked in network.proxy.asked if TRAINING in asked] == []


async def test_a_proxy_that_refuses_is_told(network: Network) -> None:
    """As a network that does not let us out, without the proxy's password."""
    network.proxy.ports = {}
    report = await network.check()
    assert (report["slack auth.test"], report["simplismart"]) == ("FAIL", "FAIL")
