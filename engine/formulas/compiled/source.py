"""Writes Python source, statement by statement: names for values, blocks, and what a loop may cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from engine.formulas.compiled import kinds
from engine.formulas.compiled.bounds import MOST_WORK
from engine.formulas.compiled.plain import NotPlain

MOST_LINES = 8_000  # a condition is written twice where its list may be missing, one inside it four times, …
_LINE = 60  # characters of source that are taken as one step
SMALL = 1_000  # the level of what has no size to speak of: it is outside of no loop


@dataclass(frozen=True, slots=True)
class Atom:
    """A value in the source: a name or a literal. level: the outermost loop that its size may come from, 0 for none;
    in a loop deeper than that it is the same large thing again and again.
    """

    code: str
    kind: int
    level: int = 0


NOTHING = Atom("U", kinds.NOTHING, SMALL)


@dataclass(slots=True)
class Source:
    """The body of one function: `d` is the record, `v` its variables by name, `e` the surroundings of the run."""

    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)  # what the source calls by a name of its own
    level: int = 0  # how many loops are open
    effort: int = 0  # what is called in the lines so far costs, beside the lines themselves
    counts_all: bool = False  # whether every look at a value is counted, also outside of loops
    root: Atom = NOTHING  # what `$$` is
    scopes: list[dict[str, Atom]] = field(default_factory=lambda: [{}])  # variables the formula gave a value
    is_measured: bool = False  # whether a loop repeats something that is not its item's
    _indent: int = 1
    _count: int = 0
    _seen: list[dict[tuple[str, str], Atom]] = field(default_factory=lambda: [{}])
    _objects: list[set[str]] = field(default_factory=lambda: [set()])  # names surely holding objects, block by block
    _checks: dict[str, int] = field(default_factory=dict)  # item of a loop → the line that looks at its kind
    _works: bool = False

    def begin(self, record: str = "d") -> Atom:
        """The record: no list, and an object once a field of it is asked."""
        self._checks[record] = len(self.lines)
        self.put(f"if type({record}) is list: raise Defer")
        self.root = Atom(record, kinds.ANY & ~(kinds.LISTS | kinds.NOTHING))
        return self.root

    def put(self, line: str) -> None:
        if len(self.lines) >= MOST_LINES:
            raise NotPlain("it comes to a very long program")
        self.lines.append("    " * self._indent + line)

    def name(self, letter: str = "t") -> str:
        self._count += 1
        return f"{letter}{self._count}"

    def new(self, code: str, kind: int, *of: Atom) -> Atom:
        """A new name for a value worked out of others."""
        name = self.name()
        self.put(f"{name} = {code}")
        return Atom(name, kind, self.reach(*of) if of else 0)

    def reach(self, *of: Atom) -> int:
        """The level of a value made of these: the outermost one that a size comes from."""
        return min((atom.level for atom in of if atom.kind & kinds.SIZED and atom.level < SMALL), default=self.level)

    def constant(self, value: Any, letter: str = "k") -> str:
        """A name for something made beforehand."""
        for name, held in self.constants.items():
            if held is value:
                return name
        name = f"{letter}{len(self.constants) + 1}"
        self.constants[name] = value
        return name

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is put inside stands under `head:`; what it found out is forgotten afterwards."""
        self.put(head)
        self._indent += 1
        self._seen.append({})
        self._objects.append(set())
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.put("pass")
        self._objects.pop()
        self._seen.pop()
        self._indent -= 1

    @contextmanager
    def loop(self, items: Atom, place: str = "") -> Iterator[tuple[Atom, Atom]]:
        """A loop over a list's items, one value, or none: (item, all of them). What it costs is counted first."""
        code = items.code
        counted = self.new(f"{code} if type({code}) is list else items({code})", kinds.LIST, items)
        self.put("")  # filled in below, when it is known how much is inside
        cost_line, effort = len(self.lines) - 1, self.effort
        with self.inside(items) as level:
            item = Atom(self.name("i"), kinds.ANY & ~(kinds.LISTS | kinds.NOTHING), level)
            head_line = len(self.lines)
            with self.block(f"for {item.code} in {counted.code}:"):
                self._checks[item.code] = len(self.lines)
                self.put(f"if type({item.code}) is list: raise Defer")
                began = len(self.lines)
                yield item, counted
        if place and any(place in line for line in self.lines[began:]):
            self.lines[head_line] = f"{'    ' * self._indent}for {place}, {item.code} in enumerate({counted.code}):"
        self.fill_cost(cost_line, f"len({counted.code}) * {1 + self.steps(began, effort)}")

    @contextmanager
    def inside(self, items: Atom) -> Iterator[int]:
        """What is put inside is done for each of the items; gives their level."""
        level = self.level + 1 if items.level >= self.level else items.level
        self.level += 1
        yield level
        self.level -= 1

    def steps(self, began: int, effort: int) -> int:
        """What the lines since then cost. effort: what it was then."""
        return self.effort - effort + sum(1 + len(line.strip()) // _LINE for line in self.lines[began:])

    def spend(self, atom: Atom, *, deep: bool = False, times: int = 1, always: bool = False) -> None:
        """Count the looking through a value that is done again and again. deep: through all that is in it; always: in
        each loop, also where each item has a value of its own.
        """
        if not atom.kind & kinds.SIZED or not atom.code.isidentifier():
            return
        if atom.level < self.level or self.counts_all or (always and self.level):
            self.is_measured = True
            self.charge(f"{'weight' if deep else 'counted'}({atom.code})" + (f" * {times}" if times > 1 else ""))

    def charge(self, code: str) -> None:
        """Count so many steps."""
        self.put(self._spend(code))

    def _spend(self, code: str) -> str:
        self._works = True
        return f"w += {code}\n{'    ' * self._indent}if w > {MOST_WORK}: raise Defer"

    def fill_cost(self, line: int, code: str) -> None:
        """Put the counting of a cost into a line kept free for it."""
        self.lines[line] = "    " * self._indent + self._spend(code)

    def is_object(self, code: str) -> bool:
        return any(code in names for names in self._objects)

    def take_as_object(self, code: str) -> bool:
        """Let the check of a loop's item make sure that it is an object; False where the name is no such item."""
        line = self._checks.get(code)
        if line is None:
            return False
        self.lines[line] = self.lines[line].replace("is list", "is not dict")
        self._objects[-1].add(code)
        return True

    def seen(self, context: str, name: str) -> Atom | None:
        return next((level[context, name] for level in self._seen if (context, name) in level), None)

    def remember(self, context: str, name: str, atom: Atom) -> None:
        self._seen[-1][context, name] = atom

    def variable(self, name: str) -> Atom | None:
        """What the formula itself gave a name."""
        return next((scope[name] for scope in reversed(self.scopes) if name in scope), None)

    def text(self, head: str, result: str) -> str:
        """The whole function."""
        before = [head, "    w = 0"] if self._works else [head]
        return "\n".join([*before, *self.lines, f"    return {result}", ""])
