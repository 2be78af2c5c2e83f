"""The house's second plan as functions: no folder too full, and no two rooms of a layer import each other."""

from __future__ import annotations

from collections import Counter, defaultdict

from tests.architecture import Tree, imports

MOST_FILES = 14
"""In one folder, ``__init__.py`` apart."""
LAYERS = ("bot.cards", "bot.handlers", "bot.domain", "bot.store", "bot.slack", "bot.training_api")


def crowded(tree: Tree) -> list[str]:
    """Folders in which nobody finds anything."""
    packages = {module.rpartition(".")[0] for module in tree}
    counts = Counter(module.rpartition(".")[0] for module in tree if module not in packages)
    return [f"{folder}: {count} files" for folder, count in counts.items() if count > MOST_FILES]


def room_cycles(tree: Tree, layers: tuple[str, ...] = LAYERS) -> list[str]:
    """Rooms of one layer that import each other, directly or by a longer way round."""
    problems = []
    for layer in layers:
        graph: dict[str, set[str]] = defaultdict(set)
        for module, imported, _ in imports(tree):
            one, other = _room(layer, module), _room(layer, imported)
            if one and other and one != other:
                graph[one].add(other)
                graph.setdefault(other, set())
        problems += [f"{layer}: {', '.join(sorted(left))}" for left in [_left_in_cycles(graph)] if left]
    return problems


def _room(layer: str, module: str) -> str:
    """The folder, or the file, of the layer that a module is in; empty for others and the layer itself."""
    return module.removeprefix(f"{layer}.").split(".")[0] if module.startswith(f"{layer}.") else ""


def _left_in_cycles(graph: dict[str, set[str]]) -> set[str]:
    left = {room: set(targets) for room, targets in graph.items()}
    while leaves := {room for room, targets in left.items() if not targets}:
        left = {room: targets - leaves for room, targets in left.items() if room not in leaves}
    return set(left)
