"""The real PgBouncer in transaction mode in front of the tests' PostgreSQL, started once a process."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from tests.databases import postgresql_server

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer is not installed (Debian: pgbouncer)")
_PATIENCE_SECONDS = 10


def through_pgbouncer(address: str) -> str:
    """The address of a database of the tests' server, with PgBouncer in between."""
    database = address.partition("@/")[2].partition("?")[0]
    return f"postgresql://postgres@127.0.0.1:{_port()}/{database}"


def pgbouncer_socket() -> str:
    """The socket it listens on beside its port."""
    return f"{_folder()}/.s.PGSQL.{_port()}"


@functools.cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer"))
    folder.chmod(0o777)  # it is another user's soon
    return folder


@functools.cache
def _port() -> int:
    """Where PgBouncer listens; two sessions for however many clients, so that they always share them."""
    folder = _folder()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    server = postgresql_server().partition("?host=")[2]
    (folder / "pgbouncer.ini").write_text(
        f"""
[databases]
* = host={server} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir = {folder}
unix_socket_mode = 0777
auth_type = any
pool_mode = transaction
default_pool_size = 2
server_round_robin = 1
max_db_connections = 2
{_other_user(Path(server))}
""",
        encoding="utf-8",
    )
    assert PROGRAM is not None
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([PROGRAM, str(folder / "pgbouncer.ini")], stdout=log, stderr=log)  # noqa: S603

    def stop() -> None:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(stop)
    _wait_for(port, process, folder / "log")
    return port


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text("utf-8")) from None
        else:
            return


def _other_user(server: Path) -> str:
    """It refuses to run as root, but can become somebody else: whoever the server's sockets belong to."""
    return f"user = {server.owner()}" if os.geteuid() == 0 else ""
