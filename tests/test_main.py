"""The command line: what is printed where, and with which status it ends."""

from __future__ import annotations

import io
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import fresh_process, refused, run

ROOT = Path(__file__).resolve().parent.parent
VENDOR_EXAMPLE = ROOT / "tests/domain/job/vendor_example.json"
ENOUGH = {
    "SLACK_BOT_TOKEN": "xoxb-1-hunter2",
    "SLACK_SIGNING_SECRET": "hunter2",
    "SIMPLISMART_API_TOKEN": "hunter2",
    "SIMPLISMART_ORG_ID": "an-organisation",
}


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """A process without settings, in an empty folder."""
    with fresh_process(monkeypatch, tmp_path, {}):
        yield monkeypatch


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("", "COMMAND"),
        ("nosuch", "nosuch"),
        ("serve extra", "extra"),
        ("check --quickly", "--quickly"),
        ("demo --port", "--port"),
        ("demo --port x", "0 to 65535"),
        ("demo --port 65536", "0 to 65535"),
        ("demo --port -1", "0 to 65535"),
        ("demo --port ²", "0 to 65535"),
        ("demo --host", "--host"),
        ("manifest --url", "--url"),
        ("render", "FILE"),
    ],
)
def test_a_wrong_call_is_one_plain_line(capsys: pytest.CaptureFixture[str], line: str, word: str) -> None:
    """It names what is wrong and where help is."""
    (told,) = refused(capsys, *line.split())
    assert word in told
    assert "--help" in told


@pytest.mark.parametrize(
    "command",
    [
        "serve",
        "demo",
        "worker",
        "migrate",
        "rekey",
        "outbox",
        "adopt",
        "forget",
        "check",
        "manifest",
        "render",
        "diagnose",
    ],
)
def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """The overview names it; its own help says what it does in a sentence."""
    assert run("--help") == 0
    assert f"\n    {command} " in capsys.readouterr().out
    assert run(command, "--help") == 0
    out = capsys.readouterr().out
    assert out.startswith(f"usage: python -m bot {command}")
    assert out.count(".") >= 2


def test_watch_is_another_name_of_worker(capsys: pytest.CaptureFixture[str]) -> None:
    """It was the only one before; what starts it by that name goes on."""
    assert refused(capsys, "watch") == refused(capsys, "worker") != []


def test_serve_tells_every_missing_setting_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, by name."""
    assert [line.split()[1] for line in refused(capsys, "serve")] == [
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SIMPLISMART_API_TOKEN",
        "SIMPLISMART_ORG_ID",
    ]


def test_serve_tells_every_malformed_setting_at_once(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line each, by name, and never the value."""
    wrong = {
        "SLASH_COMMAND": "hunter2",
        "SLACK_BOT_TOKEN": "hunter2",
        "SLACK_APP_TOKEN": "hunter2",
        "SLACK_API_URL": "https://user:hunter2@slack.test/api/",
        "SIMPLISMART_API_TOKEN": "Bearer hunter2",
        "SIMPLISMART_API_URL": "https://user:hunter2@suite.test",
        "DATABASE_URL": "mysql://user:hunter2@host/jobs",
        "PORT": "hunter2",
        "LOG_LEVEL": "hunter2",
        "LOG_FORMAT": "hunter2",
    }
    for name, value in {**ENOUGH, **wrong}.items():
        process.setenv(name, value)
    lines = refused(capsys, "serve")
    assert {line.split()[1] for line in lines} == wrong.keys()
    assert "hunter2" not in "".join(lines)


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_an_address_that_cannot_be_had_is_one_plain_line(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """The port of another process (or an address of another machine): where, why, what to do; status 1."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        host, port = ("127.0.0.1", taken.getsockname()[1]) if command == "serve" else ("192.0.2.1", 3000)
        for name, value in {**ENOUGH, "HOST": host, "PORT": str(port)}.items():
            process.setenv(name, value)
        options = [] if command == "serve" else ["--host", host, "--port", str(port)]
        assert run(command, *options) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith(f"jobbot: cannot listen on {host}:{port}: ")
    assert "another" in err


def test_manifest_prints_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Without settings, from any folder."""
    assert run("manifest") == 0
    assert capsys.readouterr() == ((ROOT / "manifest.yml").read_text("utf-8"), "")


def test_manifest_follows_the_url_and_the_slash_command(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The HTTP form holds the address three times, and the operator's own command."""
    process.setenv("SLASH_COMMAND", "/trainjob")
    assert run("manifest", "--url", "https://bot.example.com") == 0
    out = capsys.readouterr().out
    assert out.count("https://bot.example.com/slack/events") == 4
    assert "command: /trainjob\n" in out


@pytest.mark.parametrize("url", ["", "bot.example.com", "http://bot.example.com", "https://u:p@host"])
def test_manifest_refuses_an_url_slack_cannot_reach(capsys: pytest.CaptureFixture[str], url: str) -> None:
    """An empty one too: it is not taken for none."""
    (told,) = refused(capsys, "manifest", "--url", url)
    assert "https://bot.example.com" in told


def test_manifest_refuses_a_malformed_slash_command(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the setting's name."""
    process.setenv("SLASH_COMMAND", "/Train Job")
    (told,) = refused(capsys, "manifest")
    assert "SLASH_COMMAND" in told


@pytest.mark.parametrize("line", ["manifest", "--help", f"render {VENDOR_EXAMPLE}"])
def test_a_reader_who_leaves_early_hears_nothing(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    """As with `| head -c 1`: no traceback, neither at once nor when Python flushes at its end."""
    theirs, ours = os.pipe()
    os.close(theirs)
    with os.fdopen(ours, "w") as stdout:
        process.setattr(sys, "stdout", stdout)
        assert run(*line.split()) == 1
        stdout.flush()
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_one_plain_line(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was asked for could not be written: status 1."""
    with Path("/dev/full").open("w", encoding="utf-8") as stdout:
        process.setattr(sys, "stdout", stdout)
        assert run("manifest") == 1
    assert capsys.readouterr().err == "jobbot: No space left on device\n"


def test_an_interrupt_is_no_traceback(
    process: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C while it waits for standard input ends it with the shell's status for that."""

    class _Interrupted(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _buffer: object) -> int:
            raise KeyboardInterrupt

    process.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(_Interrupted())))
    assert run("render", "-") == 130
    assert capsys.readouterr() == ("", "")
