"""The windows a card opens: the whole configuration, the full error, and what stands there meanwhile.

Source: https://docs.slack.dev/reference/views/modal-views
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from bot.cards.jobs.configuration_text import Group, groups
from bot.cards.kit import phrases
from bot.cards.kit.card import (
    SECTION_CHARACTERS,
    VIEW_BLOCKS,
    VIEW_BYTES,
    Block,
    Card,
    context,
    header,
    modal,
    preformatted,
    section,
)
from bot.cards.kit.card_settings import short_ids
from bot.cards.kit.diagnosis import NO_REASON
from bot.cards.kit.stale import stale_warning
from bot.cards.kit.text import clean, code, date, length, plain, tail, verbatim
from bot.cards.kit.traceback_text import telling
from bot.domain.ports import Snapshot

_TITLE: Final = "Training job"
_DETAILS_TITLE: Final = "Job details"
_ERROR_TITLE: Final = "Full error"
_NAME_CHARACTERS: Final = 300
_BYTES_A_CHARACTER: Final = 6
"""JSON may spell a character outside ASCII as ``\\uXXXX``."""
_DETAILS_CHARACTERS: Final = VIEW_BYTES // _BYTES_A_CHARACTER - 10_000
_ERROR_BYTES: Final = VIEW_BYTES - 30_000
_ERROR_PIECES: Final = VIEW_BLOCKS - 5
_PIECE_CHARACTERS: Final = 2500


def details_view(snapshot: Snapshot, *, request_id: str, now: datetime) -> dict[str, Any]:
    """Everything the job's document says, in groups; ``secret_id`` and other secrets never."""
    job, blocks, left_out = snapshot.job, [_heading(snapshot, request_id)], 0
    room = _DETAILS_CHARACTERS
    for group in groups(job):
        added, used, missing = _group_blocks(group, room)
        blocks += added
        room -= used
        left_out += missing
    if job.error_message and (error := telling(job.error_message)).excerpt:
        blocks += [header("Error"), preformatted(error.excerpt)]
    if left_out:
        blocks.append(context([f"{phrases.count(left_out, 'more line')} left out."]))
    if snapshot.failure is not None:
        blocks.append(section(stale_warning(snapshot.failure, snapshot.fetched_at, now)))
    elif snapshot.from_cache:
        blocks.append(context([f"As of {date(snapshot.fetched_at, '{time_secs}')}"]))
    return modal(_DETAILS_TITLE, blocks)


def error_view(snapshot: Snapshot, *, request_id: str) -> dict[str, Any]:
    """The whole error message; of a very long one the end, and it says so."""
    message = snapshot.job.error_message or ""
    text = verbatim(clean(tail(message, _ERROR_BYTES))).strip("\n")
    heading = _heading(snapshot, short_ids(request_id))
    if not text.strip():
        return modal(_ERROR_TITLE, [heading, section(NO_REASON)])
    pieces, missing = _last_pieces(text)
    shown = sum(map(len, pieces))
    blocks = [heading, *map(preformatted, pieces)]
    if missing or len(message) > _ERROR_BYTES:
        blocks.insert(1, section(f"The error has {len(message):,} characters. These are the last {shown:,}."))
    return modal(_ERROR_TITLE, blocks)


def loading_view(request_id: str) -> dict[str, Any]:
    """What stands in the window until the answer is there."""
    return modal(
        _TITLE, [section(f"⏳ Asking Simplismart about {code(short_ids(request_id), _NAME_CHARACTERS)} …")]
    )


def failure_view(card: Card) -> dict[str, Any]:
    """The card of a failure in a window; without its buttons, which belong in a conversation."""
    return modal(_TITLE, [block for block in card.blocks if block["type"] != "actions"])


def _heading(snapshot: Snapshot, request_id: str) -> Block:
    job = snapshot.job
    status = f"{phrases.SYMBOLS[job.status]} {plain(phrases.status_words(job), _NAME_CHARACTERS)}"
    progress = "" if job.progress is None else f" · {phrases.percent(job.progress)}"
    name = code(job.experiment_name or "", _NAME_CHARACTERS)
    asked = code(request_id, _NAME_CHARACTERS)
    known = (f"*{status}*{progress}", f"Experiment: {name}" if name else "", f"Job ID: {asked}")
    return section("\n".join(part for part in known if part))


def _group_blocks(group: Group, room: int) -> tuple[list[Block], int, int]:
    """A group's blocks, how many characters they have, and how many lines are left out."""
    sections, used, shown = [""], 0, 0
    for text in group.lines:
        size = length(text) + 1
        if used + size > room:
            break
        if length(sections[-1]) + size > SECTION_CHARACTERS:
            sections.append("")
        sections[-1] += f"\n{text}" if sections[-1] else text
        used, shown = used + size, shown + 1
    missing = group.left_out + len(group.lines) - shown
    return ([header(group.title), *map(section, sections)] if shown else []), used, missing


def _last_pieces(text: str) -> tuple[list[str], int]:
    """As much of a text's end as a view holds, in pieces that end with a line where they can.

    Also how many characters before it are missing.
    """
    pieces: list[str] = []
    end, room = len(text), _ERROR_BYTES
    while end > 0 and len(pieces) < _ERROR_PIECES:
        start = max(0, end - _PIECE_CHARACTERS)
        if start:
            line_end = text.find("\n", start, start + _PIECE_CHARACTERS // 2)
            start = start if line_end < 0 else line_end + 1
        piece = text[start:end]
        room -= len(json.dumps(piece))
        if room < 0:
            break
        if piece.strip():
            pieces.append(piece.rstrip("\n"))
        end = start
    return pieces[::-1], end
