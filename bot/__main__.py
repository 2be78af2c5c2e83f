"""The command line: ``python -m bot`` and the script ``jobbot``. The only place that ends the process.

Imports stand inside the functions that need them, so that printing a manifest or a card does not
wait for Slack's libraries to load.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, NoReturn

from bot import __version__
from bot.domain.errors import JobBotError, SettingsError

USAGE_ERROR = 2


class _Parser(argparse.ArgumentParser):
    """Argparse, but an error of use is one plain line."""

    def error(self, message: str) -> NoReturn:
        _fail(f"{message} (see python -m bot --help)")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process."""
    arguments = _parser().parse_args(argv)
    try:
        sys.exit(arguments.run(arguments))
    except SettingsError as error:
        _fail(*error.problems)
    except JobBotError as error:
        _fail(str(error))
    except OSError as error:
        print(f"jobbot: {error.strerror or error}", file=sys.stderr)
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bot", description="A Slack bot that answers for training jobs.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    serve = commands.add_parser("serve", help="run the bot: Socket Mode with SLACK_APP_TOKEN, else HTTP")
    serve.set_defaults(run=_serve)

    demo = commands.add_parser("demo", help="run the playground: the bot in a Slack of its own, no account")
    demo.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    demo.add_argument("--port", type=_port, default=3000, help="port; the next free one if it is taken")
    demo.set_defaults(run=_demo)

    check = commands.add_parser("check", help="check every setting, Slack and the training suite")
    check.set_defaults(run=_check)

    manifest = commands.add_parser("manifest", help="print the Slack app manifest, for Socket Mode")
    manifest.add_argument(
        "--url", metavar="https://HOST", help="for HTTP instead: where Slack reaches the bot"
    )
    manifest.set_defaults(run=_manifest)

    render = commands.add_parser("render", help="print the message for a job document")
    render.add_argument("file", metavar="FILE", help="a job document (JSON), or - for standard input")
    render.set_defaults(run=_render)
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004  (the last port there is)
        msg = "a port is a whole number from 0 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _serve(_arguments: argparse.Namespace) -> int:
    import gc

    # Loading makes many objects and little garbage: collecting meanwhile costs a fifth of the start.
    # `Application.run_until_stopped` switches it on again.
    gc.disable()

    from bot.logs import configure_logging
    from bot.settings import load_settings

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)

    from bot.app import Application

    _run(Application(settings).run_until_stopped())
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from bot.logs import configure_logging
    from bot.playground.server import run_playground

    configure_logging("warning")
    _run(run_playground(arguments.host, arguments.port))
    return 0


def _check(_arguments: argparse.Namespace) -> int:
    from bot.check import findings
    from bot.logs import configure_logging

    configure_logging("error")

    async def report() -> bool:
        all_well = True
        async for finding in findings():
            print(finding, flush=True)
            all_well = all_well and not finding.problem
        return all_well

    return 0 if asyncio.run(report()) else 1


def _manifest(arguments: argparse.Namespace) -> int:
    from bot.manifest import http_manifest, socket_mode_manifest
    from bot.settings import load_words

    command = load_words().slash_command
    print(http_manifest(arguments.url, command) if arguments.url else socket_mode_manifest(command), end="")
    return 0


def _render(arguments: argparse.Namespace) -> int:
    import orjson

    from bot.cards.job import job_card
    from bot.clock import SystemClock
    from bot.domain.job import TrainingJob
    from bot.domain.ports import Snapshot

    try:
        body = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
    except OSError as error:
        _fail(f"{arguments.file}: {error.strerror}")
    try:
        job = TrainingJob.from_json(body)
    except ValueError as error:
        _fail(f"{arguments.file}: no job document: {str(error).splitlines()[0]}")
    now = SystemClock().now()
    card = job_card(Snapshot(job, fetched_at=now), request_id=job.request_id or "", now=now)
    print(orjson.dumps(card.message()).decode())
    return 0


def _run(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` on uvloop where there is one."""
    if sys.platform == "win32":
        asyncio.run(work)
        return
    import uvloop

    uvloop.run(work)


def _fail(*problems: str) -> NoReturn:
    for problem in problems:
        print(f"jobbot: {problem}", file=sys.stderr)
    sys.exit(USAGE_ERROR)


if __name__ == "__main__":
    main()
