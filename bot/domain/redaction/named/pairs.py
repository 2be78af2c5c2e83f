"""Names and values that stand apart: ``name: X, value: Y``, logins as arguments, pydantic's inputs."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.redaction.looks import is_placeholder, is_prose
from bot.domain.redaction.mark import MARK, without
from bot.domain.redaction.named.names import Strength, strength

_NAMES: Final = "name|key|variable|var|env|field|header|param|parameter|option|setting|property|id|k"
_VALUES: Final = "value|val|secret_value|secretvalue|content|contents|data|v"
_FIELD: Final = r"[\"']?(?:={1,2}|\s{0,4}:\s{0,4})"
_VALUE_FIRST: Final = re.compile(
    rf"(?<![\w])(?:{_VALUES}){_FIELD}(?P<value>\"[^\"\n]{{1,400}}\"|'[^'\n]{{1,400}}'|[^\s,\"']{{1,400}})"
    rf"[,;\s]{{1,40}}(?:- )?[\"']?(?:{_NAMES}){_FIELD}[\"']?(?P<name>[\w.-]{{2,64}})"
)
_AUTH: Final = re.compile(
    r"(?P<name>(?:[Aa]uth[\"']?\s{0,4}[:=]\s{0,4}(?:[A-Za-z_][\w.]{0,60}\()?[\[(]?|(?:[Aa]uth|[Ll]ogin|[Cc]redential)\w{0,20}\()"
    r"b?[\"'][^\"'\n]{0,200}[\"'],\s{0,4}b?[\"'])[^\"'\n]++"
)
_INPUT: Final = re.compile(
    r"(?P<head>(?:^|\n)(?P<name>[\w.-]{1,100}+)\n[^\n]{0,300}\binput_value=)"
    r"(?!\[redacted\])(?=[\"'\d])[^\n]{1,400}?(?=, input_type)"
)


def redact_fields(text: str) -> str:
    """``text`` without values in front of the name that makes them secrets: ``"value": "…", "name": "X"``."""
    lowered = text.replace("İ", "i").lower()
    spans: list[tuple[int, int]] = []
    for match in _VALUE_FIRST.finditer(lowered):
        if strength(text[match.start("name") : match.end("name")]) is Strength.STRONG:
            start, end = match.span("value")
            quoted = text[start] in "\"'"
            value = text[start + quoted : end - quoted]
            if not is_placeholder(value) and not is_prose(value):
                spans.append((start + quoted, end - quoted))
    return without(text, spans)


def redact_auth(text: str) -> str:
    """``text`` without the second of ``auth=("user", "password")``, as HTTP clients take it."""
    return _AUTH.sub(rf"\g<name>{MARK}", text)


def redact_inputs(text: str) -> str:
    """``text`` without what pydantic repeats of a secret field: ``api_key``, then ``input_value=…``."""
    return _INPUT.sub(
        lambda match: f"{match['head']}{MARK}" if strength(match["name"]) is Strength.STRONG else match[0],
        text,
    )
