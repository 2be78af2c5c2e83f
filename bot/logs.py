"""The log: one line an event, to stderr, for people or for collectors, with secrets taken out.

Everything passes here, also what libraries log through `logging`, so redaction has one place.
"""

from __future__ import annotations

import logging
import logging.config
import sys
from typing import Any, Literal

import structlog
from structlog.typing import EventDict, Processor

from bot.domain.redaction import redact_value

_QUIET_LOGGERS = ("aiohttp.access", "asyncio", "httpx", "httpcore")
"""Libraries whose everyday lines say nothing an operator needs; their warnings stay."""


def _redacted(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {key: value if key.startswith("_") else redact_value(value) for key, value in event.items()}


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _redacted,
    ]


def _as_text(event: EventDict) -> EventDict:
    """What is neither a plain value nor a container becomes text before it is redacted."""
    plain = (str, int, float, bool, type(None), list, tuple, dict)
    return {
        key: value if key.startswith("_") or isinstance(value, plain) else str(value)
        for key, value in event.items()
    }


def _plain(_logger: object, _method: str, event: EventDict) -> EventDict:
    return _as_text(event)


def configure_logging(level: str = "info", style: Literal["console", "json"] = "console") -> None:
    """Set up structlog and `logging` to write to stderr; may be called again."""
    shared = _shared_processors()
    shared.insert(-1, _plain)
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def logger(name: str) -> Any:
    """A structlog logger named after its module."""
    return structlog.stdlib.get_logger(name)
