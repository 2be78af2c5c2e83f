"""The command line: ``python -m bot`` and the script ``jobbot``. The only place that ends the process."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NoReturn

from bot import __version__
from bot.cli import check, demo, diagnose, manifest, render, serve, worker
from bot.cli.database import audit, migrate, outbox, rekey, stored_data
from bot.domain.audit import read_since
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
    parser = _Parser(prog="python -m bot", description="A Slack bot for your Simplismart fine-tuning jobs.")
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    _command(commands, serve.run, "run the bot: Socket Mode with SLACK_APP_TOKEN, else HTTP", READS, "serve")

    what = "run the playground: the bot in a Slack-like chat, no account needed"
    command = _command(commands, demo.run, what, "Reads no settings. Ctrl-C ends it.", "demo")
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    which = "port, or the next free one; 0: any free one (default: %(default)s)"
    command.add_argument("--port", type=_port, default=3000, help=which)

    what = "run only the background worker (PostgreSQL only)"
    more = f"Run as many as you like; `serve` runs it too. {READS}"
    _command(commands, worker.run, what, more, "worker", "watch")

    _store_commands(commands)

    what = "test every setting, Slack, Simplismart and the database"
    more = f"Prints one line per check; exits 1 if any fails. {READS}"
    _command(commands, check.run, what, more, "check")

    what = "print the Slack app manifest: for Socket Mode, or for HTTP with --url"
    command = _command(commands, manifest.run, what, "Uses SLASH_COMMAND and LINK_DOMAINS.", "manifest")
    command.add_argument("--url", metavar="https://HOST", help="where Slack reaches the bot over HTTP")

    for name, run, what in (
        ("render", render.run, "print the message that would be posted for a job document, as JSON"),
        (
            "diagnose",
            diagnose.run,
            "print what probably went wrong in a job, as JSON; null if unsure",
        ),
    ):
        command = _command(commands, run, what, "Reads no settings and makes no requests.", name)
        command.add_argument("file", metavar="FILE", help="a job document (JSON), or - for standard input")
    return parser


def _store_commands(commands: argparse._SubParsersAction[_Parser]) -> None:
    what, more = "update the database's tables to this version", "Uses DATABASE_URL."
    _command(commands, migrate.run, what, more, "migrate")

    what = "seal the tokens and API keys in the database with the newest of SECRETS_KEYS"
    command = _command(commands, rekey.run, what, "Uses DATABASE_URL and SECRETS_KEYS.", "rekey")
    how = command.add_mutually_exclusive_group()
    how.add_argument("--drop-secrets", action="store_true", help="remove those that no key opens")
    how.add_argument("--new-key", action="store_true", help="only print a new key")

    what = "list the messages that could not be sent, each with its reason"
    command = _command(commands, outbox.run, what, more, "outbox")
    command.add_argument("--retry", action="store_true", help="try the parked ones again")

    what = "list who did what: feeds, digests, subscriptions in channels, denied attempts"
    command = _command(commands, audit.run, what, more, "audit")
    command.add_argument(
        "--since", metavar="WHEN", type=_since, help="from then on: 2026-03-01, 2026-03-01T09:00Z or 30d"
    )
    command.add_argument("--user", metavar="U…", type=_slack_id, help="a person's Slack ID")
    command.add_argument("--team", metavar="T…", type=_slack_id, help="a workspace's Slack ID")
    command.add_argument("--json", action="store_true", help="print each entry as a JSON object")

    what = "move everything stored for one workspace to another"
    command = _command(commands, stored_data.adopt, what, more, "adopt")
    command.add_argument("old_team", metavar="OLD_TEAM", type=_slack_id, help="its Slack ID, such as T…")
    command.add_argument("team", metavar="NEW_TEAM", type=_slack_id, help="the other one's")

    for name, run, what in (
        ("export", stored_data.export, "print all that is stored about a person or a workspace, as JSON"),
        ("forget", stored_data.forget, "remove everything stored about a person or a workspace"),
    ):
        _whom(_command(commands, run, what, more, name))


def _whom(command: _Parser) -> None:
    whom = command.add_mutually_exclusive_group(required=True)
    whom.add_argument("--user", metavar="U…", type=_slack_id, help="a person's Slack ID")
    whom.add_argument("--team", metavar="T…", type=_slack_id, help="a workspace's Slack ID")


def _command(
    commands: argparse._SubParsersAction[_Parser],
    run: Callable[[argparse.Namespace], int],
    what: str,
    more: str,
    *names: str,
) -> _Parser:
    told = f"{what[0].upper()}{what[1:]}. {more}"
    name, *aliases = names
    command = commands.add_parser(name, help=what, description=told, aliases=aliases)
    command.set_defaults(run=run)
    return command


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:  # noqa: PLR2004  (the last port there is)
        msg = "a port is a whole number from 0 to 65535"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def _slack_id(text: str) -> str:
    if not text.isascii() or not text.isalnum():
        msg = "a Slack ID is letters and digits, such as U012AB3CD"
        raise argparse.ArgumentTypeError(msg)
    return text


def _since(text: str) -> datetime:
    try:
        return read_since(text, datetime.now(UTC))
    except (ValueError, OverflowError):
        msg = "a time is 2026-03-01, 2026-03-01T09:00Z, or a number of days such as 30d"
        raise argparse.ArgumentTypeError(msg) from None


def _fail(*problems: str) -> NoReturn:
    for problem in problems:
        print(f"jobbot: {problem}", file=sys.stderr)
    sys.exit(USAGE_ERROR)


if __name__ == "__main__":
    main()
