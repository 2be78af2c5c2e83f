"""The documents as tests read them: their tables, examples, commands and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
README: Final = ROOT / "README.md"
USING, OPERATING, HOW_IT_WORKS, CONTRIBUTING, SECURITY = (
    ROOT / "docs" / f"{name}.md"
    for name in ("using", "operating", "how-it-works", "contributing", "security")
)
DOCUMENTS: Final = (README, USING, OPERATING, HOW_IT_WORKS, CONTRIBUTING, SECURITY)

_FENCED = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")


def text(document: Path) -> str:
    """All of it."""
    return document.read_text("utf-8")


def part(document: Path, heading: str) -> str:
    """What stands under a heading, up to the next one of its level or above."""
    level, _ = re.findall(rf"^(#+) ({re.escape(heading)})$", text(document), re.MULTILINE)[0]
    after = text(document).split(f"\n{level} {heading}\n", 1)[1]
    return re.split(rf"^#{{1,{len(level)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(document: Path, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    table: list[str] = []
    for line in part(document, heading).splitlines():
        if line.startswith("|"):
            table.append(line)
        elif table:
            break
    return [
        [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", row)[1:-1]] for row in table[2:]
    ]


def code(document: Path) -> list[str]:
    """Everything in code font, and each line of a block of code."""
    whole = text(document)
    inline = [" ".join(found.replace("\\|", "|").split()) for found in _CODE.findall(_FENCED.sub("", whole))]
    return inline + [line for block in _FENCED.findall(whole) for line in block.splitlines() if line]


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """Each link into the tree: the file, and the heading's anchor, which may be empty."""
    for target in re.findall(r"\]\((?!https?:|<)([^)]+)\)", text(document)):
        path, _, anchor = target.partition("#")
        yield (document.parent / path).resolve() if path else document, anchor


def anchors(document: Path) -> set[str]:
    """What a link to a heading says, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", text(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def typed(example: str) -> str:
    """What an example asks, without the slash command or the mention."""
    return re.sub(r"^(?:/job|@jobbot) ?", "", example)
