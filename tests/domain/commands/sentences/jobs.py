"""The jobs that the tables of sentences are about, and what a reading means in the tables' own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from bot.domain.commands.sentences.intents import Intent, Reading
from bot.domain.commands.sentences.lines import line_of
from bot.domain.commands.sentences.names import Names
from bot.domain.commands.sentences.slips import near_names
from bot.domain.errors import NotUnderstoodError
from bot.domain.job import JobStatus, JobSummary
from bot.handlers.channels.schedule_line import read_schedule

HERE = Path(__file__).parent
_ROWS = """
invoice-ocr-vlm | RUNNING | Qwen/Qwen2-VL-7B | 9c1d77e2-4b6a-4f0e-8d35-1a2b3c4d5e6f
tone-dpo-v3 | RUNNING | meta-llama/Llama-3.1-8B | 3b8e0f41-7c2d-4e9a-b1f6-0a9b8c7d6e5f
tone-dpo-v2 | COMPLETED | meta-llama/Llama-3.1-8B | c07a5d92-1e3f-4b8c-9d6a-2f4e6a8c0b1d
med-qa-13b | FAILED | mistralai/Mistral-Nemo | 51f2c3d4-a5b6-4c7d-8e9f-0b1c2d3e4f5a
ticket-router | QUEUED | Qwen/Qwen2.5-7B | e4d3c2b1-0f9e-4d8c-7b6a-5f4e3d2c1b0a
summarizer-lora-r16 | COMPLETED | Qwen/Qwen2.5-7B | 7a6b5c4d-3e2f-4a1b-8c0d-9e8f7a6b5c4d
fraud detector | RUNNING | Qwen/Qwen2.5-7B | 18273645-5463-4728-9182-736455463728
codegen_sft_final | FAILED | mistralai/Codestral-22B | f0e1d2c3-b4a5-4968-8776-655443322110
Kundenservice-Müller | RUNNING | meta-llama/Llama-3.1-8B | 2d4f6a8c-0e1b-4d3f-a5c7-e9fb1d3f5a7c
eval-baseline | COMPLETED | Qwen/Qwen2.5-7B | 99aa88bb-77cc-46dd-95ee-44ff33001122
rerank-e5 | RUNNING | intfloat/e5-mistral | 6677aa55-bb44-4c33-9d22-ee11ff009988
nightly retrain 42 | COMPLETED | Qwen/Qwen2.5-7B | ab12cd34-ef56-4a78-9b90-12cd34ef56ab
"""


def jobs() -> tuple[JobSummary, ...]:
    """Newest first."""
    rows = (line.split(" | ") for line in _ROWS.strip().splitlines())
    return tuple(
        JobSummary(each[3], each[0], JobStatus(each[1]), each[1], base_model=each[2]) for each in rows
    )


NAMES = Names(jobs())


class Said(NamedTuple):
    """A line of a table."""

    family: str
    how: str
    text: str
    means: str


def table(name: str) -> Iterator[Said]:
    """The lines of a table."""
    family = ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            family = line.strip("[]")
        elif line and not line.startswith("#"):
            how, text, means = line.split(" | ")
            yield Said(family, how, text, means)


def expected(said: Said) -> str:
    """What a line of a table means, spelled as `meant` does."""
    intent, _, rest = said.means.partition(" ")
    if intent == "digest" and rest not in {"off", ""}:
        return read_schedule(rest.split(), "UTC").words
    words = said.means.split()
    return " ".join(word for word in words if said.how != "dm" or word != "dm")


def meant(reading: Reading, how: str) -> str:
    """A reading in the tables' words."""
    if reading.fixes:
        return f"suggest {meant(replace(reading, fixes=()), how)}"
    if reading.more and reading.intent is Intent.UNCLEAR:
        lines = " or ".join(_lines(reading))
        return f"asks {lines.replace(' dm', '') if how == 'dm' else lines}"
    unlisted = [named.typed for named in reading.jobs if not named.found]
    if reading.intent in {Intent.UNCLEAR, Intent.THANKS}:
        return _INTENTS.get(reading.intent, reading.intent.value)
    if unlisted:
        return " ".join(["near", *_names(near_names(unlisted[0], NAMES))])
    several = any(len(named.found) > 1 for named in reading.jobs)
    told = [("which " if several else "") + _INTENTS.get(reading.intent, reading.intent.value)]
    told += [reading.deed.value] if reading.deed else []
    told += [f"nearest {line}" for line in _lines(reading)[:1] if reading.intent is Intent.NOT_POSSIBLE]
    told += ["@thread"] if reading.is_here and reading.intent in _ABOUT_JOBS else []
    told += ["@latest"] if reading.is_latest else []
    told += _names(job for named in reading.jobs for job in named.found)
    told += [f"asked:{reading.asked.lower()}"] if reading.asked else []
    told += reading.keys if reading.intent in {Intent.METRICS, Intent.COMPARE} else []
    told += [reading.aspect.value] if reading.aspect else []
    told += sorted(option for option in reading.options if how != "dm" or option != "dm")
    told += [f"when {reading.condition}"] if reading.condition else []
    told += [reading.query.text] if reading.query.text and reading.intent is not Intent.WHY else []
    if reading.intent is Intent.DIGEST and reading.words and reading.words != ("off",):
        return _digest(reading)
    return " ".join([*told, *(word for word in reading.words if word != "mine")])


def _lines(reading: Reading) -> list[str]:
    """What is offered."""
    found = (each for each in (reading.other, *reading.more) if each is not None)
    return [line_of(each, in_names=True) for each in found]


def _digest(reading: Reading) -> str:
    try:
        return read_schedule(reading.words, "UTC").words
    except NotUnderstoodError as error:
        return f"offers {error.suggestion}"


def _names(found: object) -> list[str]:
    return [str(job.experiment_name) for job in found]  # type: ignore[attr-defined]


_INTENTS = {Intent.ETA: "when", Intent.UNCLEAR: "none"}
_ABOUT_JOBS = frozenset(Intent) - {
    Intent.LIST,
    Intent.HELP,
    Intent.THANKS,
    Intent.GREETING,
    Intent.UNCLEAR,
    Intent.SUBSCRIPTIONS,
    Intent.FEED,
    Intent.DIGEST,
}
EVERY_TEXT = tuple(
    said.text for name in ("said.txt", "held_back.txt", "overheard.txt") for said in table(name)
)
