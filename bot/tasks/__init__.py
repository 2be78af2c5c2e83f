"""Everything that runs beside something else: the only place where tasks and threads are begun.

`Supervisor` keeps what has to go on for ever, or until it succeeded. `Errands` are what ends by itself.
`beside`, `first_of` and `within` are for one function's own work. `aside` is for what takes long to read.
`SingleFlight` is the cache: one question a key at a time, and what it brought kept for so long.
`ClockJumps` tells loops that the times they wrote down mean something else now.
`correlated` gives what goes on, and each task that it begins, one reference; `working_for`, a tenant.
"""

from bot.tasks.correlation import correlated, current_reference, reference
from bot.tasks.errands import Errands, beside, first_of, within
from bot.tasks.jumps import ClockJumps
from bot.tasks.reading import LIGHT, aside, aside_if_heavy, readings_under_way, weight_of
from bot.tasks.single_flight import Answer, Lasting, Rules, SingleFlight
from bot.tasks.supervisor import Kept, OnRound, Supervisor
from bot.tasks.tenancy import goes_on_for, tenant_at_work, working_for
from bot.tasks.together import Together

__all__ = [
    "LIGHT",
    "Answer",
    "ClockJumps",
    "Errands",
    "Kept",
    "Lasting",
    "OnRound",
    "Rules",
    "SingleFlight",
    "Supervisor",
    "Together",
    "aside",
    "aside_if_heavy",
    "beside",
    "correlated",
    "current_reference",
    "first_of",
    "goes_on_for",
    "readings_under_way",
    "reference",
    "tenant_at_work",
    "weight_of",
    "within",
    "working_for",
]
