"""The command line: ``python -m bot`` and the script ``jobbot``. The only place that ends the process.

Imports stand inside the functions that need them, so that printing a manifest or a card does not
wait for Slack's libraries to load.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from bot import __version__
from bot.domain.errors import JobBotError, SettingsError

CANNOT = 1
USAGE_ERROR = 2
INTERRUPTED = 130
READS = "Settings come from the environment or from .env; .env.example lists them."


class _Parser(argparse.ArgumentParser):
    """Argparse, but an error of use is one plain line."""

    def error(self, message: str) -> NoReturn:
        _fail(f"{message} (see python -m bot --help)")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process."""
    try:
        try:
            arguments = _parser().parse_args(argv)
            status = arguments.run(arguments)
        finally:
            sys.stdout.flush()
    except SettingsError as error:
        _fail(*error.problems)
    except JobBotError as error:
        _fail(str(error))
    except OSError as error:
        # Python writes what is left once more at its end: into nothing, then.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # whoever read us has left, as `| head` does
            print(f"jobbot: {error.strerror or error}", file=sys.stderr)
        status = CANNOT
    except KeyboardInterrupt:
        status = INTERRUPTED
    sys.exit(status)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bot", description="A Slack bot that answers for training jobs.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    _command(commands, "serve", _serve, "run the bot: Socket Mode with SLACK_APP_TOKEN, else HTTP", READS)

    what = "run the playground: the bot in a Slack of its own, no account"
    demo = _command(commands, "demo", _demo, what, "Reads no settings. Ctrl-C ends it.")
    demo.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    which = "port, or the next free one; 0: any free one (default: %(default)s)"
    demo.add_argument("--port", type=_port, default=3000, help=which)

    what = "run the watcher and delivery alone, beside any number of others"
    _command(commands, "watch", _watch, what, f"For PostgreSQL; `serve` runs both too. {READS}")

    _store_commands(commands)

    what = "try every setting, Slack, the training suite and the database"
    _command(commands, "check", _check, what, f"A line each, with what to do; exit status 1 on any. {READS}")

    what = "print the Slack app manifest: for Socket Mode, or for HTTP with --url"
    manifest = _command(commands, "manifest", _manifest, what, "SLASH_COMMAND and LINK_DOMAINS count.")
    manifest.add_argument("--url", metavar="https://HOST", help="where Slack reaches the bot over HTTP")

    for name, what in (
        ("render", "print the message that would be posted for a job document, as JSON"),
        ("diagnose", "say what went wrong in a job, by its document, as JSON; null when unsure"),
    ):
        command = _command(commands, name, _print_of_document, what, "Reads no settings and asks nobody.")
        command.add_argument("file", metavar="FILE", help="a job document (JSON), or - for standard input")
    return parser


def _store_commands(commands: argparse._SubParsersAction[_Parser]) -> None:
    what = "bring the database's tables up to this version"
    _command(commands, "migrate", _operate, what, "Of the settings, DATABASE_URL counts.")

    what = "list the messages that could not be sent, each with its reason"
    outbox = _command(commands, "outbox", _operate, what, "Of the settings, DATABASE_URL counts.")
    outbox.add_argument("--retry", action="store_true", help="let the parked ones be tried again")

    what = "remove everything stored about a person or a workspace"
    forget = _command(commands, "forget", _operate, what, "Of the settings, DATABASE_URL counts.")
    whom = forget.add_mutually_exclusive_group(required=True)
    whom.add_argument("--user", metavar="U…", type=_slack_id, help="a person's Slack id")
    whom.add_argument("--team", metavar="T…", type=_slack_id, help="a workspace's Slack id")


def _command(
    commands: argparse._SubParsersAction[_Parser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    what: str,
    more: str,
) -> _Parser:
    command = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}. {more}")
    command.set_defaults(run=run, operation=name)
    return command


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004  (the last port there is)
        msg = "a port is a whole number from 0 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _slack_id(text: str) -> str:
    if not text.isascii() or not text.isalnum():
        msg = "a Slack id is letters and digits, such as U012AB3CD"
        raise argparse.ArgumentTypeError(msg)
    return text


def _serve(_arguments: argparse.Namespace) -> int:
    import gc

    # Loading makes many objects and little garbage: collecting meanwhile costs a fifth of the start.
    # `Application.run_until_stopped` switches it on again.
    gc.disable()

    from bot.logs import configure_logging
    from bot.settings import load_settings, warn_of_wrapping

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    warn_of_wrapping(type(settings).model_fields)

    from bot.app import Application

    try:
        asyncio.run(Application(settings).run_until_stopped())
    except OSError as error:
        return _cannot_listen(settings.host, settings.port, error, "Set HOST or PORT to another")
    return 0


def _watch(_arguments: argparse.Namespace) -> int:
    from bot.background import Worker
    from bot.logs import configure_logging
    from bot.settings import load_settings, warn_of_wrapping

    settings = load_settings()
    configure_logging(settings.log_level, settings.log_format)
    warn_of_wrapping(type(settings).model_fields)
    asyncio.run(Worker(settings).run_until_stopped())
    return 0


def _operate(arguments: argparse.Namespace) -> int:
    from bot.logs import configure_logging
    from bot.operations import OPERATIONS

    configure_logging("warning")

    async def report() -> None:
        async for line in OPERATIONS[arguments.operation](arguments):
            print(line)

    asyncio.run(report())
    return 0


def _demo(arguments: argparse.Namespace) -> int:
    from bot.logs import configure_logging
    from bot.playground.server import run_playground

    configure_logging("warning")
    try:
        asyncio.run(run_playground(arguments.host, arguments.port))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _cannot_listen(arguments.host, arguments.port, error, "Try another --host or --port")
    return 0


def _check(_arguments: argparse.Namespace) -> int:
    from bot.check.report import findings
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
    from bot.printing import manifest

    return _print_bytes(manifest(arguments.url))


def _print_of_document(arguments: argparse.Namespace) -> int:
    from bot.printing import OF_A_DOCUMENT

    try:
        body = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        return _print_bytes(OF_A_DOCUMENT[arguments.operation](body))
    except OSError as error:
        _fail(f"{arguments.file}: {error.strerror}")
    except ValueError as error:
        _fail(f"{arguments.file}: no job document: {str(error).splitlines()[0]}")


def _print_bytes(text: bytes) -> int:
    """UTF-8, whatever the terminal's or the pipe's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    return 0


def _cannot_listen(host: str, port: int, error: OSError, advice: str) -> int:
    # What asyncio says repeats the address; a name that cannot be looked up has no number of the system's.
    number = error.errno or 0
    reason = os.strerror(number) if number > 0 else str(error.strerror).partition(" (")[0]
    print(f"jobbot: cannot listen on {host}:{port}: {reason}. {advice}.", file=sys.stderr)
    return CANNOT


def _fail(*problems: str) -> NoReturn:
    for problem in problems:
        print(f"jobbot: {problem}", file=sys.stderr)
    sys.exit(USAGE_ERROR)


if __name__ == "__main__":
    main()
