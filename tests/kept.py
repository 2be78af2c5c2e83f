"""What the product keeps in memory by a key: each place where such a thing is made, and what its keys are.

The keys of a cache are a type with a field that says whose something is, or the table in `test_kept.py` says
why that is not needed. Of the pure rooms no function and no object counts: what a function gives depends on
its arguments alone, and an object is a value that somebody else keeps.
"""

from __future__ import annotations

import ast
import builtins
import importlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests import architecture as rules

TENANT = frozenset({"team_id", "org_id", "home_id"})
"""Fields that say whose something is."""
PURE = frozenset({"domain", "cards"})
NOT_SHIPPED = frozenset({"playground"})
MEMOS = frozenset({"cache", "lru_cache"})
CACHES = frozenset({"Cache", "FIFOCache", "LFUCache", "LRUCache", "RRCache", "TTLCache", "TLRUCache"})
CONTAINERS = CACHES | frozenset(
    {"dict", "Mapping", "set", "defaultdict", "Counter", "OrderedDict", "WeakKeyDictionary"}
    | {"WeakValueDictionary"}
)
FLIGHT = "SingleFlight"


class Kept(NamedTuple):
    """One thing that keeps something."""

    where: str
    """Module, class or function, and attribute."""
    keys: str
    """The type of its keys, as it is written; empty where nothing says it."""
    is_asked_once: bool = False
    """It is a `SingleFlight`."""

    @property
    def module(self) -> str:
        """Where it is made."""
        return self.where.partition(":")[0]

    @property
    def names_a_tenant(self) -> bool:
        """Whether its keys say whose each is."""
        key = _resolved(self.module, self.keys)
        return bool(TENANT & {*getattr(key, "_fields", ()), *getattr(key, "__dataclass_fields__", ())})


def kept(tree: rules.Tree) -> Iterator[Kept]:
    """Everything that is kept by a key. Modules are imported for the types of their keys alone."""
    for module, source in tree.items():
        if rules.room(module) not in NOT_SHIPPED:
            found = _in_body(module, module + ":", rules.parsed(source).body, rules.parsed(source))
            is_pure = rules.room(module) in PURE
            yield from (each for each in found if not (is_pure and "." in each.where.partition(":")[2]))


def _in_body(module: str, path: str, body: list[ast.stmt], scope: ast.AST) -> Iterator[Kept]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _in_body(module, f"{path}{node.name}.", node.body, node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _memo(module, path, node)
            for inner in rules.nested(node.body):
                yield from _made(path, inner, node, scope)
        else:
            yield from _made(path, node, node, scope)


def _memo(module: str, path: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Kept]:
    called = {_last(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list}
    if called & MEMOS and rules.room(module) not in PURE:
        yield Kept(f"{path}{node.name}", "")


def _made(path: str, node: ast.AST, function: ast.AST, scope: ast.AST) -> Iterator[Kept]:
    """Annotated containers that begin empty, caches and memos, whatever they are bound to."""
    if isinstance(node, ast.AnnAssign) and _is_state(node, function) and _begins_empty(node.value):
        yield from _container(f"{path}{_name(node.target)}", node.annotation)
    if isinstance(node, ast.Assign | ast.Return) and isinstance(node.value, ast.Call):
        called = node.value.func
        bound = node.targets[0] if isinstance(node, ast.Assign) else None
        name = f"{path}{getattr(function, 'name', '') if bound is None else _name(bound)}"
        if _last(called) == FLIGHT:
            yield Kept(name, _asked_with(node.value.args[1], function, scope), is_asked_once=True)
        is_memo = isinstance(called, ast.Call) and _last(called.func) in MEMOS
        if is_memo or (isinstance(bound, ast.Attribute) and _last(called) in CACHES):
            yield Kept(name, "")


def _last(called: ast.expr) -> str:
    """The last part of a name, however it was imported."""
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _is_state(node: ast.AnnAssign, function: ast.AST) -> bool:
    """Of an object or a module, and no constant; what a function has for itself ends with it."""
    is_of_function = isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    is_constant = "Mapping[" in ast.unparse(node.annotation) and isinstance(node.value, ast.Dict)
    return isinstance(node.target, ast.Attribute) or not (is_of_function or is_constant)


def _begins_empty(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Dict):
        return not value.keys
    is_made = isinstance(value, ast.Call) and _last(value.func) in CONTAINERS
    return is_made and (not value.args or _last(value.func) in CACHES | {"defaultdict"})


def _container(where: str, annotation: ast.expr) -> Iterator[Kept]:
    while isinstance(annotation, ast.Subscript) and _last(annotation.value) in {"Final", "ClassVar"}:
        annotation = annotation.slice
    if isinstance(annotation, ast.Subscript) and _last(annotation.value) in CONTAINERS:
        of = annotation.slice
        yield Kept(where, ast.unparse(of.elts[0] if isinstance(of, ast.Tuple) and of.elts else of))


def _asked_with(ask: ast.expr, function: ast.AST, scope: ast.AST) -> str:
    """The type of the first argument of what a `SingleFlight` asks with."""
    if isinstance(ask, ast.Attribute):
        methods = [
            each
            for each in ast.walk(scope)
            if isinstance(each, ast.AsyncFunctionDef) and each.name == ask.attr
        ]
        return ast.unparse(methods[0].args.args[1].annotation or ast.Name("")) if methods else ""
    for given in getattr(function, "args", ast.arguments()).args:
        if given.arg == ast.unparse(ask) and isinstance(given.annotation, ast.Subscript):
            of = given.annotation.slice
            first = of.elts[0] if isinstance(of, ast.Tuple) else of
            return ast.unparse(first.elts[0] if isinstance(first, ast.List) else first)
    return ""


def _name(target: ast.expr) -> str:
    return target.attr if isinstance(target, ast.Attribute) else ast.unparse(target)


def _resolved(module: str, name: str) -> Any:
    is_ours = name.isidentifier() and not hasattr(builtins, name)
    return getattr(importlib.import_module(module), name, None) if is_ours else None
