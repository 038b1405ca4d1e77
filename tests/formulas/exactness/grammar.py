"""Random formulas of the everyday language, as trees: paths, operators, constructors, functions, lambdas."""

from __future__ import annotations

import json
from random import Random

from tests.formulas.exactness.records import INTEGER_NAMES, ODD_NAMES, PLAIN_NAMES
from tests.formulas.exactness.trees import Tree, separated, tree

LITERAL_NUMBERS = (
    *("0", "1", "2", "3", "10", "-1", "-2", "2.5", "0.1", "0.2", "1.0", "-0", "1.5", "100", "1e3", "0.5", "-2.5"),
    *("1e21", "1e-7", "9007199254740993", "12345678901234567", "1.005", "0.000001", "123.456", "1E2"),
)
LITERAL_TEXTS = (
    *('""', '"a"', "'b'", '"abc"', '"a,b"', '", "', '","', '" a  b "', '"Åsa"', '"10"', '"2.5"', '"price"', '"lines"'),
    *(
        r'"\n\t\"\\\/"',
        r'"\u00e5"',
        r'"\ud834\udd1e"',
        r'"\ud834"',
        r'"\udd1e"',
        '"å𝄞b"',
        '"e\u0301"',
        '"\uffff"',
        "'say \"hi\"'",
    ),
    *('"$1"', '"$$0"', '"x"', '"ab"', '"straße"'),
)
ORDER_PATHS = (
    *("lines", "lines.sku", "lines.price_incl", "lines.quantity", "billing", "billing.country", "billing.zip", "notes"),
    *("customer.email", "shipping.housenumber", "shipping_lines.price", "payment.method", "number", "id", "notes.text"),
    *("lines.name", "lines.discount", "billing.company", "created_at", "currency", "shipping"),
)
BINARY = ("&", "+", "-", "*", "/", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in")

# How each function may be called: a letter an argument. v any value, s a text, n a number, l a list, o an object,
# N a small whole number, f1…f4 a function of as many parameters, g any function; a capital X is a choice of v.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "string": ("", "v", "v b"),
    "uppercase": ("", "s"),
    "lowercase": ("", "s"),
    "trim": ("", "s"),
    "length": ("", "s"),
    "substring": ("s N", "s N N", "N"),
    "substringBefore": ("s s", "s"),
    "substringAfter": ("s s", "s"),
    "replace": ("s s s", "s s s N", "s s"),
    "contains": ("s s", "s"),
    "split": ("s s", "s s N", "s"),
    "join": ("l", "l s"),
    "pad": ("s N", "s N s"),
    "number": ("", "v", "s"),
    "round": ("", "n", "n N"),
    "floor": ("", "n"),
    "ceil": ("", "n"),
    "abs": ("", "n"),
    "sqrt": ("", "n"),
    "power": ("n N", "N"),
    "sum": ("l",),
    "max": ("l",),
    "min": ("l",),
    "average": ("l",),
    "count": ("l", "v"),
    "append": ("l l", "v v"),
    "distinct": ("l",),
    "reverse": ("l",),
    "sort": ("l", "l c"),
    "exists": ("v",),
    "boolean": ("", "v"),
    "not": ("", "v"),
    "merge": ("l", "o"),
    "keys": ("", "o", "l"),
    "lookup": ("o k", "l k", "k"),
    "spread": ("", "o", "l"),
    "zip": ("l l", "l", "l l l"),
    "type": ("v",),
    "map": ("l f", "l g"),
    "filter": ("l p", "l g"),
    "reduce": ("l r", "l r v", "l g"),
    "single": ("l p", "l", "l g"),
    "each": ("o f", "f", "o g"),
    "sift": ("o p", "p", "o g"),
}
NAMED = (
    "string",
    "uppercase",
    "length",
    "number",
    "sum",
    "count",
    "boolean",
    "not",
    "exists",
    "append",
    "round",
    "abs",
)


class Grammar:
    """One formula's making. `random` decides everything; `scope` holds the variables that are bound here."""

    def __init__(self, random: Random, *, orders: bool = False) -> None:
        self._random = random
        self._orders = orders
        self._bound = 0

    def formula(self, depth: int = 4) -> Tree:
        return self._expression(depth, ())

    def _one(self, *weighted: tuple[int, str]) -> str:
        place = self._random.randrange(sum(weight for weight, _ in weighted))
        for weight, name in weighted:
            place -= weight
            if place < 0:
                return name
        raise AssertionError

    def _chance(self, one_in: int) -> bool:
        return self._random.randrange(one_in) == 0

    def _expression(self, depth: int, scope: tuple[str, ...]) -> Tree:
        if depth <= 0:
            return self._leaf(scope)
        kind = self._one(
            *((22, "path"), (14, "binary"), (26, "call"), (6, "leaf"), (7, "condition"), (4, "default"), (6, "array")),
            *((6, "object"), (4, "block"), (3, "minus"), (5, "apply"), (2, "invoked")),
        )
        made: Tree = getattr(self, f"_{kind}")(scope) if kind == "leaf" else getattr(self, f"_{kind}")(depth - 1, scope)
        return made

    def _leaf(self, scope: tuple[str, ...], *_: object) -> Tree:
        kind = self._one((4, "name"), (3, "number"), (3, "text"), (1, "word"), (2, "variable"))
        if kind == "number":
            return tree(self._random.choice(LITERAL_NUMBERS))
        if kind == "text":
            return tree(self._random.choice(LITERAL_TEXTS))
        if kind == "word":
            return tree(self._random.choice(("true", "false", "null", "nothing", "[]", "{}")))
        if kind == "variable" and scope:
            return tree(self._random.choice(scope))
        return tree(self._name() if kind == "name" else self._random.choice(("$", "$$", "$unbound")))

    def _name(self) -> str:
        if self._orders and not self._chance(4):
            return self._random.choice(ORDER_PATHS)
        if self._chance(12):
            name = self._random.choice((*ODD_NAMES, *INTEGER_NAMES))
            return f"`{name}`" if "`" not in name and self._chance(2) else f"$lookup($, {self._quoted(name)})"
        return self._random.choice(PLAIN_NAMES)

    @staticmethod
    def _quoted(text: str) -> str:
        return json.dumps(text, ensure_ascii=False)

    def _path(self, depth: int, scope: tuple[str, ...]) -> Tree:
        start = self._one((8, "name"), (2, "here"), (2, "variable"), (2, "brackets"), (1, "array"))
        parts: list[str | Tree]
        if start == "brackets":
            parts = ["(", self._expression(depth, scope), ")"]
        elif start == "array":
            parts = [self._array(depth, scope)]
        elif start == "variable" and scope:
            parts = [self._random.choice(scope)]
        else:
            parts = [self._name() if start == "name" else self._random.choice(("$", "$$"))]
        steps = [self._step(depth, scope) for _ in range(self._random.randrange(0 if start == "name" else 1, 4))]
        return tree(*parts, *steps)

    def _step(self, depth: int, scope: tuple[str, ...]) -> Tree:
        kind = self._one(
            *((16, "name"), (6, "position"), (6, "predicate"), (4, "keep"), (4, "block"), (3, "object"), (2, "array")),
            *((4, "call"), (1, "here"), (1, "text"), (1, "wildcard"), (2, "sort"), (1, "group")),
        )
        if kind == "name":
            return tree(".", self._step_name(), sort="step")
        if kind == "position":
            return tree("[", self._random.choice(("0", "1", "2", "-1", "-2", "1.5", "-0.5", "9")), "]", sort="step")
        if kind == "predicate":
            return tree("[", self._predicate(depth, scope), "]", sort="step")
        if kind == "keep":
            return tree("[]", sort="step")
        if kind == "block":
            return tree(".(", self._expression(depth, scope), ")", sort="step")
        if kind == "object":
            return tree(".", self._object(depth, scope), sort="step")
        if kind == "array":
            return tree(".", self._array(depth, scope), sort="step")
        if kind == "call":
            return tree(".", self._call(depth, scope), sort="step")
        if kind == "text":
            return tree(".", self._quoted(self._random.choice(PLAIN_NAMES)), sort="step")
        if kind == "wildcard":
            return tree(".*", sort="step")
        if kind == "sort":
            sign = self._random.choice(("", "<", ">"))
            return tree("^(", sign, self._expression(min(depth, 1), scope), ")", sort="last")
        if kind == "group":
            return tree("{", self._text(1, scope), ": ", self._expression(min(depth, 1), scope), "}", sort="last")
        return tree(".$", sort="step")

    def _step_name(self) -> str:
        if self._orders and not self._chance(3):
            return self._random.choice(("sku", "price_incl", "quantity", "name", "text", "price", "country", "zip"))
        return self._random.choice(PLAIN_NAMES) if not self._chance(10) else "`x y`"

    def _predicate(self, depth: int, scope: tuple[str, ...]) -> Tree:
        kind = self._one((4, "compared"), (2, "exists"), (2, "any"), (1, "positions"), (1, "last"))
        if kind == "compared":
            left = tree(self._random.choice((*PLAIN_NAMES, "$", "$.a", "quantity", "type")))
            return tree(left, f" {self._random.choice(BINARY[6:12])} ", self._leaf(scope))
        if kind == "exists":
            return tree(self._step_name())
        if kind == "positions":
            return tree(self._random.choice(("[0, 1]", "[-1, 0]", "[0..1]", "[1, 1]", "[]", "[0, 0.5]")))
        if kind == "last":
            return tree("$count(", self._leaf(scope), ") - 1")
        return self._expression(depth - 1, scope)

    def _binary(self, depth: int, scope: tuple[str, ...]) -> Tree:
        sign = self._random.choice(BINARY)
        if sign in ("+", "-", "*", "/", "%") and not self._chance(3):
            left, right = self._number(depth, scope), self._number(depth, scope)
        else:
            left, right = self._expression(depth, scope), self._expression(depth, scope)
        if self._chance(6):
            return tree(left, f" {sign} ", right)
        return tree("(", left, f") {sign} (", right, ")")

    def _minus(self, depth: int, scope: tuple[str, ...]) -> Tree:
        return tree("-(", self._number(depth, scope), ")")

    def _condition(self, depth: int, scope: tuple[str, ...]) -> Tree:
        parts: list[str | Tree] = ["(", self._expression(depth, scope), " ? ", self._expression(depth, scope)]
        if not self._chance(3):
            parts += [" : ", self._expression(depth, scope)]
        return tree(*parts, ")")

    def _default(self, depth: int, scope: tuple[str, ...]) -> Tree:
        sign = self._random.choice(("?:", "??"))
        return tree("(", self._expression(depth, scope), f" {sign} ", self._expression(depth, scope), ")")

    def _array(self, depth: int, scope: tuple[str, ...]) -> Tree:
        if self._chance(8):
            return tree("[", self._small(), "..", self._small(), "]")
        items = [self._expression(depth - 1, scope) for _ in range(self._random.randrange(4))]
        return tree("[", *separated(items), "]")

    def _object(self, depth: int, scope: tuple[str, ...]) -> Tree:
        names = self._random.sample((*PLAIN_NAMES, "x y", "__class__"), self._random.randrange(1, 3))
        pairs = [tree(f"{self._quoted(name)}: ", self._expression(depth - 1, scope), sort="pair") for name in names]
        if self._chance(8):
            pairs = [tree(self._text(1, scope), ": ", self._expression(depth - 1, scope), sort="pair")]
        return tree("{", *separated(pairs), "}")

    def _block(self, depth: int, scope: tuple[str, ...]) -> Tree:
        parts: list[str | Tree] = ["("]
        for _ in range(self._random.randrange(1, 3)):
            name = self._new_variable()
            parts += [tree(f"{name} := ", self._expression(depth, scope), "; ", sort="binding")]
            scope = (*scope, name)
        return tree(*parts, self._expression(depth, scope), ")")

    def _new_variable(self) -> str:
        self._bound += 1
        return f"$v{self._bound}"

    def _apply(self, depth: int, scope: tuple[str, ...]) -> Tree:
        call = self._call(depth, scope, piped=True) if not self._chance(4) else self._function(depth, scope, 1)
        return tree("(", self._expression(depth, scope), " ~> ", call, ")")

    def _invoked(self, depth: int, scope: tuple[str, ...]) -> Tree:
        many = self._random.randrange(1, 4)
        given = [self._expression(depth, scope) for _ in range(self._random.randrange(many + 1))]
        return tree("(", self._lambda(depth, scope, many), ")(", *separated(given), ")")

    def _call(self, depth: int, scope: tuple[str, ...], *, piped: bool = False) -> Tree:
        name = self._random.choice(tuple(FUNCTIONS))
        letters = self._random.choice(FUNCTIONS[name]).split()
        if piped:
            letters = letters[1:]
        return tree(f"${name}(", *separated([self._argument(letter, depth, scope) for letter in letters]), ")")

    def _argument(self, letter: str, depth: int, scope: tuple[str, ...]) -> Tree:
        if self._chance(12):
            return self._expression(depth - 1, scope)
        makers = {
            "s": lambda: self._text(depth, scope),
            "n": lambda: self._number(depth, scope),
            "N": lambda: tree(self._small()),
            "l": lambda: self._list(depth, scope),
            "o": lambda: self._chosen_object(depth, scope),
            "k": lambda: tree(self._quoted(self._random.choice((*PLAIN_NAMES, *ODD_NAMES)))),
            "b": lambda: tree(self._random.choice(("true", "false"))),
            "f": lambda: self._lambda(depth, scope, self._random.randrange(1, 4)),
            "p": lambda: self._lambda(depth, scope, self._random.randrange(1, 4)),
            "r": lambda: self._lambda(depth, scope, self._random.randrange(2, 5)),
            "c": lambda: self._comparator(depth, scope),
            "g": lambda: self._function(depth, scope, self._random.randrange(0, 3)),
        }
        return makers[letter]() if letter in makers else self._expression(depth - 1, scope)

    def _small(self) -> str:
        return self._random.choice(("0", "1", "2", "3", "-1", "-2", "-3", "5", "1.5", "-0.5", "2.5", "4", "8"))

    def _text(self, depth: int, scope: tuple[str, ...]) -> Tree:
        if self._chance(2):
            return tree(self._random.choice(LITERAL_TEXTS))
        return self._leaf(scope) if self._chance(2) else tree("$string(", self._expression(depth - 1, scope), ")")

    def _number(self, depth: int, scope: tuple[str, ...]) -> Tree:
        if self._chance(2):
            return tree(self._random.choice(LITERAL_NUMBERS))
        return self._leaf(scope) if self._chance(2) else self._expression(depth - 1, scope)

    def _list(self, depth: int, scope: tuple[str, ...]) -> Tree:
        kind = self._one((4, "path"), (3, "array"), (1, "numbers"), (1, "texts"), (1, "any"))
        if kind == "path":
            return self._path(depth - 1, scope)
        if kind == "array":
            return self._array(depth, scope)
        if kind == "numbers":
            return tree("[", *separated([tree(self._random.choice(LITERAL_NUMBERS)) for _ in range(3)]), "]")
        if kind == "texts":
            return tree("[", *separated([tree(self._random.choice(LITERAL_TEXTS)) for _ in range(3)]), "]")
        return self._expression(depth - 1, scope)

    def _chosen_object(self, depth: int, scope: tuple[str, ...]) -> Tree:
        if self._chance(2):
            return tree(self._random.choice(("$", "$$", self._name())))
        return self._object(depth, scope)

    def _lambda(self, depth: int, scope: tuple[str, ...], many: int) -> Tree:
        names = [self._new_variable() for _ in range(many)]
        body = self._expression(depth - 1, (*scope, *names, *names))
        word = "λ" if self._chance(10) else "function"
        return tree(f"{word}({', '.join(names)}){{", body, "}", sort="function")

    def _comparator(self, depth: int, scope: tuple[str, ...]) -> Tree:
        left, right = self._new_variable(), self._new_variable()
        if self._chance(3):
            return self._lambda(depth, scope, 2)
        way = self._random.choice((f"{left} > {right}", f"{left} < {right}", f"$string({left}) > $string({right})"))
        return tree(f"function({left}, {right}){{", tree(way), "}", sort="function")

    def _function(self, depth: int, scope: tuple[str, ...], many: int) -> Tree:
        if self._chance(2):
            return tree(f"${self._random.choice(NAMED)}", sort="function")
        return self._lambda(depth, scope, many)
