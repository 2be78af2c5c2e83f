"""A job document from a file or standard input, and bytes to standard output."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.domain.errors import JobBotError
from bot.domain.job import TrainingJob


class NoDocumentError(JobBotError):
    """A file that cannot be read, or that is no job document."""

    code = "no_document"


def read_job(file: str) -> TrainingJob:
    """The job document in a file; ``-`` is standard input.

    Raises:
        NoDocumentError: the file cannot be read, or is no job document.
    """
    try:
        body = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return TrainingJob.from_json(body)
    except OSError as error:
        msg = f"{file}: {error.strerror}"
        raise NoDocumentError(msg) from error
    except ValueError as error:
        msg = f"{file}: not a valid job document: {str(error).splitlines()[0]}"
        raise NoDocumentError(msg) from error


def print_bytes(text: bytes) -> None:
    """UTF-8, whatever the terminal's or the pipe's encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
