"""No task and no thread is begun where nobody sees it fail."""

from __future__ import annotations

import ast
from pathlib import Path

from tests import architecture as rules
from tests.tables import each_row

ROOT = Path(__file__).resolve().parent.parent
BEGINNINGS = frozenset(
    {"create_task", "ensure_future", "run_coroutine_threadsafe", "run_in_executor", "Thread"}
)
"""What begins something beside the one who calls it."""


def bare_tasks(tree: rules.Tree) -> list[str]:
    """Tasks and threads that are begun elsewhere than in ``tasks``: nobody would see them fail.

    Those of a `TaskGroup` are waited for where they are begun.
    """
    problems = []
    for module, source in tree.items():
        if rules.room(module) == "tasks" or not any(word in source for word in BEGINNINGS):
            continue
        nodes = list(ast.walk(rules.parsed(source)))
        groups = {
            ast.unparse(item.optional_vars)
            for node in nodes
            if isinstance(node, ast.AsyncWith)
            for item in node.items
            if item.optional_vars is not None and ast.unparse(item.context_expr).endswith("TaskGroup()")
        }
        for node in nodes:
            name, owner = "", ""
            if isinstance(node, ast.Attribute):
                name, owner = node.attr, ast.unparse(node.value)
            elif isinstance(node, ast.alias):
                name = node.name
            if name in BEGINNINGS and owner not in groups:
                problems.append(f"{module}:{node.lineno}: begins a task by {name}")
    return problems


def test_tasks_are_begun_where_they_are_looked_after() -> None:
    """Nothing runs unseen: whatever goes on beside something else is begun by `bot.tasks`."""
    assert bare_tasks(rules.read_tree(ROOT / "bot")) == []


@each_row(
    "source",
    [
        "import asyncio\nx = asyncio.create_task(f())",
        "import asyncio\nx = asyncio.ensure_future(f())",
        "import asyncio\nx = asyncio.get_running_loop().create_task(f())",
        "import asyncio\nbegin = asyncio.create_task",
        "from asyncio import create_task as begin",
        "import threading\nthreading.Thread(target=f).start()",
        "async def g(loop):\n await loop.run_in_executor(None, f)",
        "async def g(group):\n async with asyncio.TaskGroup() as other:\n  group.create_task(f())",
    ],
)
def test_a_bare_task_is_found(source: str) -> None:
    """By any name, in any room but one."""
    (problem,) = bare_tasks({"bot.handlers.jobs.status": source, "bot.tasks.errands": source})
    assert problem.startswith("bot.handlers.jobs.status")


def test_a_group_looks_after_its_own() -> None:
    """What a block waits for is no bare task."""
    source = "async def g():\n async with asyncio.TaskGroup() as group:\n  group.create_task(f())"
    assert bare_tasks({"bot.watcher.job_pass": source}) == []
