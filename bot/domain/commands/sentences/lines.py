"""A reading as the command line that asks the same, in which nothing can be taken otherwise."""

from __future__ import annotations

from typing import Final

from bot.domain.commands.sentences.intents import Intent, Named, Reading

_WITHOUT_LINE: Final = frozenset({Intent.UNCLEAR, Intent.THANKS, Intent.GREETING, Intent.NOT_POSSIBLE})


def line_of(reading: Reading, *, in_names: bool = False) -> str:
    """The line, without the slash command; empty where no command does it.

    Args:
        reading: a sentence, read.
        in_names: for people: jobs by their names, where they have any. Else by their whole IDs.
    """
    if reading.intent in _WITHOUT_LINE:
        return ""
    condition = f"when {reading.condition}" if reading.condition else ""
    asked = reading.asked.lower() if reading.asked else ""
    query = reading.query.text if reading.intent is Intent.LIST or reading.is_group else ""
    jobs = [_job(named, in_names=in_names) for named in reading.jobs]
    told = [
        *jobs,
        asked,
        reading.aspect or "",
        *reading.keys,
        *sorted(reading.options),
        query,
        condition,
        *reading.words,
    ]
    return " ".join([reading.intent.value, *filter(None, told)])


def _job(named: Named, *, in_names: bool) -> str:
    if len(named.found) != 1:
        return named.typed
    (job,) = named.found
    return (in_names and job.experiment_name) or job.request_id
