"""``python -m bot manifest``: the Slack app's manifest."""

from __future__ import annotations

import argparse

from bot.cli.document import print_bytes
from bot.manifest import http_manifest, socket_mode_manifest
from bot.settings import load_words


def run(arguments: argparse.Namespace) -> int:
    """Print it: for Socket Mode, or for HTTP at ``--url``.

    Raises:
        SettingsError: ``SLASH_COMMAND``, ``LINK_DOMAINS`` or the address is malformed.
    """
    words, url = load_words(), arguments.url
    said = words.slash_command, words.link_domain_names
    text = socket_mode_manifest(*said) if url is None else http_manifest(url, *said)
    print_bytes(text.encode())
    return 0
