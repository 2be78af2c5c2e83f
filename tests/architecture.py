"""The house rules as functions: a tree of sources in, a list of complaints out.

A tree maps module names to sources, so that each rule can be tried on a few lines (test_architecture.py).

Rooms are the first part of a name under ``bot``; the package itself, with the version, is anybody's.
Who may import whom::

    domain <- cards
    domain <- tasks                               which everybody but the pure two may use
    domain <- training_api, store, slack          siblings never import each other
    domain, cards <- watcher, delivery, handlers  adapters are reached through ports only
    domain <- tenants                             secrets and installations, through ports
    domain, cards <- the rim: clock, logs, manifest, observability, readiness, settings, web; also one another
    domain, slack, training_api <- registry       the tenants of the process
    everything <- by_click <- services <- background <- contexts <- app <- playground <- cli <- __main__
"""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

Tree = Mapping[str, str]

RIM = frozenset({"clock", "logs", "manifest", "observability", "readiness", "settings", "web"})
# fmt: off
INSIDE = frozenset({
    "domain", "cards", "tasks", "training_api", "store", "slack", "tenants", "watcher", "delivery",
    "handlers",
})
# fmt: on
MAY_IMPORT: dict[str, frozenset[str]] = {
    "": frozenset(),
    "domain": frozenset({"domain"}),
    "cards": frozenset({"domain", "cards"}),
    "tasks": frozenset({"domain", "tasks"}),
    **{room: frozenset({"domain", "tasks", room}) for room in ("training_api", "store", "slack", "tenants")},
    **{room: frozenset({"domain", "cards", "tasks", room}) for room in ("watcher", "delivery", "handlers")},
    **dict.fromkeys(RIM, RIM | {"domain", "cards", "tasks"}),
    "registry": frozenset({"domain", "tasks", "slack", "training_api", "registry"}),
    "by_click": INSIDE | RIM | {"by_click"},
    "services": INSIDE | RIM | {"by_click", "registry", "services"},
    "background": INSIDE | RIM | {"registry", "services", "background"},
    "contexts": INSIDE | RIM | {"registry", "services", "background", "contexts"},
    "app": INSIDE | RIM | {"registry", "services", "app", "background", "contexts", "standing"},
    "standing": RIM | {"registry", "services", "standing"},
    "playground": INSIDE | RIM | {"app", "background", "playground"},
    "cli": INSIDE | RIM | {"services", "app", "background", "playground", "cli"},
    "__main__": frozenset({"domain", "cli"}),
}
PURE = frozenset({"domain", "cards"})
PURE_PACKAGES = frozenset({"bot", "pydantic", "pydantic_core", "rapidfuzz"})
# fmt: off
IMPURE_STANDARD_LIBRARY = frozenset({
    "asyncio", "concurrent", "ctypes", "ftplib", "glob", "http", "imaplib", "io", "locale",
    "logging", "multiprocessing", "os", "pathlib", "platform", "queue", "random", "sched",
    "secrets", "select", "selectors", "shelve", "shutil", "signal", "smtplib", "socket",
    "socketserver", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time",
    "urllib.request", "zoneinfo",
})
# fmt: on
THROUGH_PORTS_ONLY = frozenset(
    {"aiohttp", "alembic", "asyncpg", "httpx", "slack_sdk", "sqlalchemy", "sqlite3"}
)
CLOCKS = frozenset({"now", "utcnow", "today", "time", "monotonic", "uuid1", "uuid4"})
FORBIDDEN_NAMES = frozenset({"utils", "helpers", "common", "misc", "base", "core", "manager", "service"})
LONGEST_MODULE = 250
LONGEST_FUNCTION = 50


def read_tree(root: Path) -> Tree:
    """Every module under ``root``, by its dotted name."""
    tree = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        tree[".".join(parts).removesuffix(".__init__")] = path.read_text("utf-8")
    return tree


def room(module: str) -> str:
    """The room a module of the bot is in; the package itself is in none."""
    return [*module.split("."), ""][1]


@cache
def parsed(source: str) -> ast.Module:
    """A module's syntax tree; every check reads all modules, and reading them is most of the work.

    The garbage collector waits: code that it runs meanwhile makes CPython 3.11 fail with "AST constructor
    recursion depth mismatch" (python/cpython#106905).
    """
    gc.disable()
    try:
        return ast.parse(source)
    finally:
        gc.enable()


@cache
def statements(source: str) -> Sequence[ast.stmt | ast.excepthandler | ast.match_case]:
    """Every statement of a module, however deep it stands; a tenth of its nodes."""
    return nested(parsed(source).body)


def nested(body: Sequence[ast.stmt]) -> Sequence[ast.stmt | ast.excepthandler | ast.match_case]:
    """These statements, and every one within them."""
    found: list[ast.stmt | ast.excepthandler | ast.match_case] = list(body)
    for node in found:  # grows meanwhile
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            found.extend(getattr(node, block, ()))
    return found


def imports(tree: Tree) -> Iterator[tuple[str, str, int]]:
    """Each (importer, imported module, line), wherever in the source the import stands."""
    for module, source in tree.items():
        for node in statements(source):
            if isinstance(node, ast.Import):
                yield from ((module, alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                origin = "." * node.level + (node.module or "")
                for alias in node.names:
                    name = f"{origin}.{alias.name}"
                    yield module, name if name in tree else origin, node.lineno


def wrong_arrows(tree: Tree) -> list[str]:
    """Imports between rooms that the drawing does not have, and rooms that are not in it."""
    problems = [f"{module}: in no room" for module in tree if room(module) not in MAY_IMPORT]
    for module, imported, line in imports(tree):
        if imported.startswith("."):
            problems.append(f"{module}:{line}: imports relatively")
        elif imported.split(".")[0] == "bot" and room(imported) not in {
            "",
            *MAY_IMPORT.get(room(module), ()),
        }:
            problems.append(f"{module}:{line}: imports {imported}")
    return problems


def cycles(tree: Tree) -> list[str]:
    """Modules that import each other, directly or by a longer way round."""
    graph: dict[str, set[str]] = {module: set() for module in tree}
    for module, imported, _ in imports(tree):
        if imported in graph:
            graph[module].add(imported)
    while leaves := {module for module, targets in graph.items() if not targets}:
        graph = {module: targets - leaves for module, targets in graph.items() if module not in leaves}
    return [f"{module}: in, or above, a cycle with {', '.join(sorted(graph[module]))}" for module in graph]


def impurities(tree: Tree) -> list[str]:
    """Clocks, chance, I/O and other people's packages in the pure rooms; I/O packages beside the ports."""
    problems = []
    for module, imported, line in imports(tree):
        top = imported.split(".")[0]
        if room(module) in PURE:
            io = top in IMPURE_STANDARD_LIBRARY or imported in IMPURE_STANDARD_LIBRARY
            if io or top not in PURE_PACKAGES | sys.stdlib_module_names:
                problems.append(f"{module}:{line}: imports {imported}")
        elif room(module) in {"handlers", "watcher", "delivery"} and top in THROUGH_PORTS_ONLY:
            problems.append(f"{module}:{line}: imports {imported}")
    for module, call in _calls({module: source for module, source in tree.items() if room(module) in PURE}):
        if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCKS:
            problems.append(f"{module}:{call.lineno}: calls {ast.unparse(call.func)}()")
    return problems


def out_of_place(tree: Tree) -> list[str]:
    """The environment read outside settings, the process ended outside __main__."""
    problems = []
    for module, source in tree.items():
        if not any(word in source for word in ("environ", "getenv", "exit", "SystemExit")):
            continue  # reading it closely takes most of the time
        for node in ast.walk(parsed(source)):
            text = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Raise) else ""
            if text in {"os.environ", "os.getenv"} and room(module) != "settings":
                problems.append(f"{module}:{node.lineno}: reads the environment")
            if (text == "sys.exit" or text.startswith("raise SystemExit")) and room(module) != "__main__":
                problems.append(f"{module}:{node.lineno}: ends the process")
    return problems


def bad_names(tree: Tree) -> list[str]:
    """Modules named after nothing in particular."""
    return [module for module in tree if FORBIDDEN_NAMES & set(module.split("."))]


def too_long(tree: Tree) -> list[str]:
    """Modules and functions over their limits."""
    problems = [
        f"{module}: {source.count(chr(10))} lines"
        for module, source in tree.items()
        if source.count("\n") > LONGEST_MODULE
    ]
    return problems + [
        f"{where}: {lines} lines" for where, lines in function_lengths(tree) if lines > LONGEST_FUNCTION
    ]


def function_lengths(tree: Tree) -> list[tuple[str, int]]:
    """Each function, nested ones too, with its lines from ``def`` to the end."""
    return [
        (f"{module}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1)
        for module, source in tree.items()
        for node in statements(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def undocumented(tree: Tree) -> list[str]:
    """Public modules, classes, functions and methods without a docstring."""
    problems = []
    for module, source in tree.items():
        module_tree = parsed(source)
        if not ast.get_docstring(module_tree):
            problems.append(module)
        problems += [f"{module}:{node.lineno} {node.name}" for node in _public(module_tree)]
    return problems


def _public(
    node: ast.Module | ast.ClassDef,
) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """The undocumented public definitions of a module or class."""
    for child in node.body:
        if not isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        setter = any(ast.unparse(decorator).endswith(".setter") for decorator in child.decorator_list)
        if child.name.startswith("_") or setter:
            continue
        if not ast.get_docstring(child):
            yield child
        if isinstance(child, ast.ClassDef):
            yield from _public(child)


def _calls(tree: Tree) -> Iterator[tuple[str, ast.Call]]:
    for module, source in tree.items():
        for node in ast.walk(parsed(source)):
            if isinstance(node, ast.Call):
                yield module, node
