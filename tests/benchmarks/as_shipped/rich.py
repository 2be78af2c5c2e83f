"""In the place of rich, which a tool of the developers brings along and the shipped bot does not have.

structlog loads it at every start where it is there; a benchmark measures what people run.
"""

from __future__ import annotations

msg = "rich is not among the requirements"
raise ImportError(msg, name="rich")
