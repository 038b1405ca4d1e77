"""Random formulas about what a compiler gets wrong: names that mean something else elsewhere, loops in loops, branches
not taken, filters on what is missing, lists of one, null beside missing, 1 beside true.
"""

from __future__ import annotations

from random import Random
from typing import Any

NAMES = ("x", "y", "i", "count", "record", "outer")  # few, so that they shadow each other
FIELDS = ("a", "b", "l", "o", "v", "w", "n", "nowhere")
LITERALS = (
    "0",
    "1",
    "2",
    "-1",
    "1.0",
    "true",
    "false",
    "null",
    '""',
    '"a"',
    '"1"',
    "[]",
    "{}",
    "[1]",
    "nowhere",
    "[0]",
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        1.0,
        2,
        -1,
        2.5,
        "",
        "a",
        "1",
        "b",
        [],
        {},
        [1],
        [True],
        ["a"],
        [None],
        [[1]],
        [[]],
        [0],
    ),
    *([1, 2], [2, 1, 3], [1, True, "1", 1.0, None], [{"v": 1}], [{"v": 1}, {"v": 2, "w": [1, 2]}, {"w": 3}], {"v": 1}),
    *({"v": [1], "w": {"v": 2}}, [{"v": [1, 2]}, {"v": 3}], [{"v": 2}, {"v": 1}, {"v": 2, "n": None}], ["b", "a", "b"]),
)
OUTSIDE: tuple[dict[str, Any], ...] = ({}, {}, {"x": 7}, {"outer": [1, {"v": 2}]}, {"count": 3}, {"y": None, "i": "i"})


def record(random: Random) -> dict[str, Any]:
    return {name: random.choice(VALUES) for name in random.sample(FIELDS[:-1], random.randrange(2, 7))}


class Scopes:
    """One formula. `random` decides everything; scope: the names that mean something where it is at."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def formula(self) -> str:
        return self._any(self._random.randrange(1, 5), ())

    def _pick(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def _any(self, depth: int, scope: tuple[str, ...]) -> str:
        if depth <= 0:
            return self._leaf(scope)
        makers = (
            *(self._path, self._path, self._block, self._block, self._walk, self._walk, self._filter, self._choice),
            *(
                self._operator,
                self._operator,
                self._call,
                self._call,
                self._object,
                self._list,
                self._chain,
                self._leaf_,
            ),
        )
        made: str = self._random.choice(makers)(depth - 1, scope)
        return made

    def _leaf_(self, depth: int, scope: tuple[str, ...]) -> str:
        return self._leaf(scope)

    def _leaf(self, scope: tuple[str, ...]) -> str:
        kind = self._random.randrange(10)
        if kind < 3 and scope:
            return "$" + self._pick(*scope)
        if kind < 6:
            return str(self._pick(*FIELDS))
        if kind < 7:
            return "$" + self._pick(*NAMES)
        return str(self._pick("$", "$$", *LITERALS))

    def _path(self, depth: int, scope: tuple[str, ...]) -> str:
        steps = [self._leaf(scope) if self._random.randrange(3) else f"({self._any(depth, scope)})"]
        for _ in range(self._random.randrange(1, 4)):
            steps.append(self._step(depth, scope))
        return "".join(steps)

    def _step(self, depth: int, scope: tuple[str, ...]) -> str:
        kind = self._random.randrange(10)
        if kind < 4:
            return "." + self._pick(*FIELDS)
        if kind < 6:
            return f".({self._any(depth, scope)})"
        if kind < 7:
            return str(self._pick("[0]", "[-1]", "[1]", "[]", ".$", ".$string()", ".$count($)", ".$type($)"))
        if kind < 8:
            return f".{self._object(depth, scope)}"
        return f"[{self._any(depth, scope)}]"

    def _block(self, depth: int, scope: tuple[str, ...]) -> str:
        parts = []
        for _ in range(self._random.randrange(1, 4)):
            name = self._pick(*NAMES) if self._random.randrange(30) else "$"
            value = self._any(depth, scope)
            if not self._random.randrange(8):
                value = f"${self._pick(*NAMES)} := {value}"
            parts.append(f"${name} := {value}")
            scope = (*scope, name, name)
        return f"({'; '.join(parts)}; {self._any(depth, scope)})"

    def _choice(self, depth: int, scope: tuple[str, ...]) -> str:
        a, b, c = (self._any(depth, scope) for _ in range(3))
        if not self._random.randrange(8):
            b = f"${self._pick(*NAMES)} := {b}"
        return str(self._pick(f"({a} ? {b} : {c})", f"({a} ? {b})", f"({a} ?: {c})", f"({a} ?? {b})"))

    def _filter(self, depth: int, scope: tuple[str, ...]) -> str:
        return f"{self._pick('l', 'w', '(l)', '$$.l', 'a', '[a, b]', '(l.v)', 'nowhere')}[{self._any(depth, scope)}]"

    def _operator(self, depth: int, scope: tuple[str, ...]) -> str:
        sign = self._pick("=", "!=", "<", ">=", "and", "or", "in", "&", "&", "+", "-", "*", "=")
        left = self._any(depth, scope)
        return f"({left} {sign} {left if not self._random.randrange(6) else self._any(depth, scope)})"

    def _call(self, depth: int, scope: tuple[str, ...]) -> str:
        name = self._pick(*"string count sum exists not boolean distinct append reverse sort keys lookup type".split())
        given = [self._any(depth, scope)]
        if name == "append":
            given.append(self._any(depth, scope))
        if name == "lookup":
            given.append('"v"')
        return f"${name}({', '.join(given)})"

    def _chain(self, depth: int, scope: tuple[str, ...]) -> str:
        ends = ("$count", "$string", "$append(1)", "$lookup('v')", "$sum", "$map(function($x){ $x })", "$distinct")
        return f"({self._any(depth, scope)} ~> {self._pick(*ends)})"

    def _walk(self, depth: int, scope: tuple[str, ...]) -> str:
        name = self._pick("map", "map", "filter", "single", "reduce", "sort")
        fewest, most = {"reduce": (2, 4), "sort": (2, 2)}.get(name, (1, 3))
        names = self._random.sample(NAMES, self._random.randrange(fewest, most + 1))
        body = self._any(depth, (*scope, *names, *names))
        if name == "sort" and self._random.randrange(2):
            left, right = (f"${each}{self._pick('', '', '.v')}" for each in names)
            body = self._pick(
                f"{left} > {right}", f"{left} < {right}", f"{left} = {right}", f"{left} != {right}", "true"
            )
        given = self._pick("l", "$$.l", "w", "l.v", "a", "[a, b]", self._any(depth, scope))
        made = f"{given}, function({', '.join('$' + each for each in names)}){{ {body} }}"
        if name == "reduce" and self._random.randrange(2):
            made += f", {self._any(depth, scope)}"
        return f"${name}({made})"

    def _object(self, depth: int, scope: tuple[str, ...]) -> str:
        return f'{{"v": {self._any(depth, scope)}, "w": {self._any(depth, scope)}}}'

    def _list(self, depth: int, scope: tuple[str, ...]) -> str:
        return f"[{', '.join(self._any(depth, scope) for _ in range(self._random.randrange(1, 4)))}]"
