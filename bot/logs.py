"""The log: one line an event, to stderr, for people or for collectors, with secrets taken out.

Everything passes here, also what libraries log through `logging`, so redaction has one place.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal, cast

import structlog
from structlog.typing import EventDict, Processor

from bot.domain.redaction import redact_value
from bot.tasks import current_reference, tenant_at_work

_QUIET_LOGGERS = ("aiohttp.access", "alembic", "asyncio", "httpx", "httpcore")
"""Libraries whose everyday lines say nothing an operator needs; their warnings stay."""


def _redacted(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Every field without its secrets; what is neither a plain value nor a container becomes text first."""
    told, internal = {}, {}
    for key, value in event.items():
        if key.startswith("_"):
            internal[key] = value
        else:
            told[key] = value if isinstance(value, _PLAIN) else str(value)
    return {**cast("EventDict", redact_value(told)), **internal}


def _correlated(_logger: object, _method: str, event: EventDict) -> EventDict:
    """With the reference of what is going on, unless the line says one itself."""
    if found := current_reference():
        event.setdefault("reference", found)
    return event


def attributed(_logger: object, _method: str, event: EventDict) -> EventDict:
    """With the workspace and the organization that it was done for, unless the line names them itself."""
    for name, each in tenant_at_work()._asdict().items():
        if each:
            event.setdefault(name, each)
    return event


_PLAIN = (str, int, float, bool, type(None), list, tuple, dict)

_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    _correlated,
    attributed,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _redacted,
)


def configure_logging(level: str = "info", style: Literal["console", "json"] = "console") -> None:
    """Set up structlog and `logging` to write to stderr; may be called again."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # Bolt's warnings are advice to whoever writes listeners.
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
