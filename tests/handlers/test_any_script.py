"""Names in any script and with any mark, as Slack sends them, in every command and field that takes one."""

from __future__ import annotations

import unicodedata

import pytest

from bot.domain.commands.picking import choices
from bot.domain.job import JobStatus, JobSummary
from bot.domain.listing import JobListing
from bot.handlers.entry import mentions
from bot.handlers.entry.registry import COMMANDS
from bot.handlers.jobs.job_resolver import identified, jobs_soon
from bot.handlers.kit.command import Question
from tests.handlers.neighbours import Neighbourhood
from tests.tables import each_row

MEANT = "3fe92c25-7a0b-4d1c-9e2f-0123456789ab"
OTHER = "11111111-2222-3333-4444-555555555555"
NAMES = {
    "Größe-straße-sft": [
        "Größe-straße-sft",
        "GRÖSSE-STRASSE-SFT",
        "straße",
        unicodedata.normalize("NFD", "größe-straße"),
    ],
    "训练-第3轮": ["训练-第3轮", "训练", "`训练-第3轮`", "「训练-第3轮」"],
    "שלום-llama": ["שלום-llama", "*שלום-llama*", "\u200fשלום-llama\u200f"],  # noqa: RUF001  (that letter)
    "sft@v2.ai": ["<mailto:sft@v2.ai|sft@v2.ai>", "sft@v2.ai", "“<mailto:sft@v2.ai|sft@v2.ai>”"],
    "R&D <v2>": ["R&amp;D &lt;v2&gt;", "`R&amp;D &lt;v2&gt;`", "R&amp;D v2", "r&amp;d"],
    "train.py": ["<http://train.py|train.py>", "<http://train.py|Train.py>", "_train.py_"],
    "415-555-1234": ["<tel:4155551234|415-555-1234>", "<tel:+14155551234|415-555-1234>"],
    "имя": ["ИМЯ", "~имя~", "\u2039имя\u203a"],
    "v2": ["v2", "`V2`"],
    "c++": ["c++"],
}
TYPED = [(name, typed) for name, each in NAMES.items() for typed in each]
ONE_JOB = {
    each.name: each.form.takes_words for each in COMMANDS if each.form.needs_id and not each.form.only_ids
}
NEED_A_CONDITION = {each.name for each in COMMANDS if each.form.needs_condition}


def made_of(name: str) -> Neighbourhood:
    """An organisation with that job, and two others."""
    made = Neighbourhood()
    rows = (("run-8", "tickets"), (MEANT, name), (OTHER, "vision"))
    made.jobs.list_of(*(JobSummary(each, called, JobStatus.RUNNING, "RUNNING") for each, called in rows))
    return made


@each_row(
    "command, name, typed",
    [
        (command, name, typed)
        for command, takes_words in {"": False, **ONE_JOB}.items()
        for name, typed in TYPED
        if not takes_words or (" " not in name and len(name) > 2)
    ],
)
async def test_every_command_finds_the_job(command: str, name: str, typed: str) -> None:
    """Alone, and behind each command's name; where any words follow, the first one is the job."""
    made = made_of(name)
    wanted = " when eval_loss &lt; 1" if command in NEED_A_CONDITION else ""
    found = identified(
        made.context, made.question(f"{command} {typed}{wanted}"), await jobs_soon(made.context)
    )
    assert isinstance(found, Question), found
    assert found.request_ids == (MEANT,)


@each_row("name, typed", [each for each in TYPED if " " not in each[1] and each[0] != "v2"])
async def test_runs_are_compared_by_such_names(name: str, typed: str) -> None:
    """Each word names one."""
    made = made_of(name)
    found = identified(
        made.context, made.question(f"compare vision {typed}"), await jobs_soon(made.context), is_strict=True
    )
    assert isinstance(found, Question)
    assert found.request_ids == (OTHER, MEANT)


@each_row("name, typed", TYPED)
async def test_the_list_the_feed_and_the_picker_find_it(name: str, typed: str) -> None:
    """In words and filters."""
    if "&lt;" not in typed and "<" in name:
        typed = "R&amp;D"
    made = made_of(name)
    [listed] = await made.ask(f"list {typed}")
    assert "*1 job*" in listed
    value = typed if " " not in typed else f'"{typed}"'
    [listed] = await made.ask(f"list name:{value}")
    assert "*1 job*" in listed
    await made.ask(f"feed on status:running name:{value}")
    (feed,) = made.feeds.known.values()
    assert made.jobs.listing is not None
    fitting = [row for row in made.jobs.listing.jobs if feed.wants(row, made.clock.now())]
    assert [row.request_id for row in fitting] == [MEANT]
    picked = choices(JobListing(made.jobs.listing.jobs, made.clock.now()), typed, 10)
    assert [row.request_id for row in picked] == [MEANT]


@pytest.mark.parametrize(
    "words", ["größe-99", "status größe-99", "watch größe-99 quiet", "compare größe-99 vision"]
)
async def test_a_name_that_no_job_has_is_said(words: str) -> None:
    """Nothing is asked of the training suite that cannot be an id; without a list that is what is said."""
    made = made_of("Größe-7")
    [card] = await made.ask(words)
    assert "No job with this name or ID" in card
    assert "größe-99" in card
    made.jobs.listing = None
    [card] = await made.ask(words)
    assert "No job with this name or ID" not in card
    assert "Simplismart" in card


async def test_prose_beside_an_id_is_prose() -> None:
    """As it was before names were looked for."""
    made = made_of("Größe-7")
    [card] = await made.ask("status für-alle run-8 10€ bitte")
    assert "tickets" in card
    assert await made.ask(f"status {OTHER} größe-7") != [card]


async def test_several_are_asked_about() -> None:
    """By the card that other names bring."""
    made = made_of("Größe-7")
    made.jobs.list_of(*(JobSummary(f"run-{n}", f"Größe-{n}", JobStatus.RUNNING, "RUNNING") for n in (1, 2)))
    [card] = await made.ask("watch GRÖSSE quiet")
    assert "2 jobs match" in card


async def test_a_mention_finds_it_too() -> None:
    """With the bot's own name before it, in all its forms."""
    made = made_of("训练-第3轮")
    event = {
        "type": "app_mention",
        "user": "U01",
        "channel": "C1",
        "ts": "1.0",
        "text": "<@U0BOT|jobbot> status `训练-第3轮`",
    }
    await mentions.answer(made.context, made.dispatch, {"team_id": "T1", "event": event})
    assert "训练-第3轮" in str(made.slack.sent[-1])
