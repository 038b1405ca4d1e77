"""Which functions change anything, told from the source: a small call graph by names, that rather sees too much.

A function reaches the functions it names, and of the classes that are made on the way those methods whose names are
asked for on the way. A method of the ledger is known by its name, whatever it is asked of; one of the drafts wherever
something that is called so is asked for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
PACKAGES = ("engine/design", "engine/runs", "engine/documents")
LEDGER, DESIGN = "engine.runs.ledger.", "engine.design."
DRAFTS = ("engine.design.drafts:Drafts", "engine.design.draft_file:DraftFile")
_STORES = {"write", "ride", "keep_for_later"}  # of the ledger's database
_FILES = {"write_text", "write_bytes", "unlink", "rmtree", "touch"}  # of a path
_COPIES = {"move", "copy", "copy2", "copyfile", "copytree"}  # of shutil
_NAMES_OF_OTHERS = {"note", "open", "looked_at"}  # others have what is called so: the ledger's by its own name only
AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(slots=True)
class Function:
    """place: module:name or module:Class.name; asks: it refuses whose role does not reach; writes: by itself; names:
    functions that it names; makes: classes that it names; wants: attributes that it names.
    """

    place: str
    asks: bool
    writes: bool
    names: set[str] = field(default_factory=set)
    makes: set[str] = field(default_factory=set)
    wants: set[str] = field(default_factory=set)

    @property
    def module(self) -> str:
        return self.place.split(":")[0]

    @property
    def name(self) -> str:
        return self.place.split(":")[1].rpartition(".")[2]

    @property
    def is_public(self) -> bool:
        parts = self.place.split(":")[1].split(".")
        return not any(part.startswith("_") and part != "__init__" for part in parts)


class Source:
    """All functions of the packages."""

    def __init__(self, root: Path = ROOT) -> None:
        self.functions: dict[str, Function] = {}
        self._methods: dict[str, dict[str, str]] = {}  # of a class, by module:Class
        modules = {_module(root, path): ast.parse(path.read_text("utf-8")) for path in _files(root)}
        for module, tree in modules.items():
            for place, node in _functions(module, tree):
                self.functions[place] = Function(place, _asks(node), _writes(module, node))
                if "." in place.split(":")[1]:
                    self._methods.setdefault(place.rpartition(".")[0], {})[node.name] = place
        for module, tree in modules.items():
            imported = _imported(module, tree, modules)
            for place, node in _functions(module, tree):
                self._look(self.functions[place], node, imported)

    def _look(self, function: Function, node: AnyFunction, imported: dict[str, str]) -> None:
        """What a function names, apart from types."""
        owner = function.place.rpartition(".")[0] if "." in function.place.split(":")[1] else ""
        for each in (found for part in (*node.body, *node.decorator_list) for found in ast.walk(part)):
            if isinstance(each, ast.Name):
                place = imported.get(each.id, f"{function.module}:{each.id}")
                (function.makes if place in self._methods else function.names).add(place)
            elif isinstance(each, ast.Attribute):
                function.wants.add(each.attr)
                function.names |= set(self._of(each, function.module, owner, imported))
        function.names &= self.functions.keys()

    def _of(self, named: ast.Attribute, module: str, owner: str, imported: dict[str, str]) -> Iterator[str]:
        of, name = ast.unparse(named.value), named.attr
        if of == "self" and owner:
            yield f"{owner}.{name}"
        is_of_ledger = of.lower().endswith("ledger") or (module.startswith(LEDGER) and of == "self")
        if is_of_ledger or (not module.startswith(LEDGER) and name not in _NAMES_OF_OTHERS):
            yield from (
                held[name] for place, held in self._methods.items() if place.startswith(LEDGER) and name in held
            )
        if of.lower().endswith(("drafts", "drafts()", "self._file")):
            yield from (self._methods[place][name] for place in DRAFTS if name in self._methods[place])
        place = imported.get(of, f"{module}:{of}")
        yield f"{place}.{name}" if place in self._methods else f"{place}:{name}"

    def writing_unasked(self, but: frozenset[str] = frozenset()) -> dict[str, str]:
        """Public functions of engine.design that change something without asking, each with the place where it does.
        but: names of functions that anybody may reach.
        """
        found = {}
        for function in self.functions.values():
            if function.module.startswith(DESIGN) and function.is_public and not function.asks:
                writes = self._reached(function, but)
                if writes:
                    found[function.place] = writes
        return found

    def _reached(self, begins: Function, but: frozenset[str]) -> str:
        """The first function on the way that writes; nothing goes through what asks by itself."""
        reached, open_ones = {begins.place}, [begins]
        made: set[str] = set()
        wanted: set[str] = set()
        while open_ones:
            here = open_ones.pop(0)
            if here.writes:
                return here.place
            made |= here.makes
            wanted |= here.wants | {"__init__", "__enter__", "__exit__"}
            named = here.names | {
                held[name] for kind in made for held in [self._methods[kind]] for name in held.keys() & wanted
            }
            for place in sorted(named - reached):
                reached.add(place)
                function = self.functions[place]
                if not function.asks and function.name not in but:
                    open_ones.append(function)
        return ""


def _files(root: Path) -> list[Path]:
    return [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]


def _module(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _functions(module: str, tree: ast.Module) -> Iterator[tuple[str, AnyFunction]]:
    for node in tree.body:
        if isinstance(node, AnyFunction):
            yield f"{module}:{node.name}", node
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, AnyFunction):
                    yield f"{module}:{node.name}.{each.name}", each


def _imported(module: str, tree: ast.Module, modules: dict[str, ast.Module]) -> dict[str, str]:
    """The names that other modules give: name → module:name, or a module."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found[alias.asname or alias.name] = whole if whole in modules else f"{node.module}:{alias.name}"
    return {name: _origin(place, modules) for name, place in found.items()}


def _origin(place: str, modules: dict[str, ast.Module]) -> str:
    """Where what a module hands on was made."""
    module, _, name = place.partition(":")
    for node in modules[module].body if name and module in modules else ():
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _origin(f"{node.module}:{alias.name}", modules)
    return place


def _asks(node: AnyFunction) -> bool:
    if node.name == "needs":
        return False  # it is what makes others ask
    if any(isinstance(each, ast.Call) and ast.unparse(each.func) == "needs" for each in node.decorator_list):
        return True
    return any(isinstance(each, ast.Call) and ast.unparse(each.func).endswith("person.must") for each in ast.walk(node))


def _opens_to_write(call: ast.Call) -> bool:
    """Is a file opened with a mode that changes it?"""
    given = [*call.args[:2], *(keyword.value for keyword in call.keywords if keyword.arg == "mode")]
    modes = [each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(len(mode) <= 3 and set(mode) & set("wax+") and set(mode) <= set("rwaxbt+") for mode in modes)


def _writes(module: str, node: AnyFunction) -> bool:
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
            of, name = ast.unparse(each.func.value), each.func.attr
            if module.startswith(LEDGER) and name in _STORES and of.endswith("database"):
                return True
            if name in _FILES or (of == "os" and name in ("replace", "remove")) or (of == "shutil" and name in _COPIES):
                return True
        if isinstance(each, ast.Call) and ast.unparse(each.func).rpartition(".")[2] == "open" and _opens_to_write(each):
            return True
    return module == "engine.documents.saving" and node.name == "save"
