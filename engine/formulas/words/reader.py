"""Reads a formula's tree and says it in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from engine.formulas.paths import reads
from engine.formulas.syntax import Tree, tree_here
from engine.formulas.words import calls, conditions, constants, places
from engine.formulas.words.names import Names
from engine.formulas.words.phrases import Level, Phrase, Speech, Translations, Unreadable
from engine.formulas.words.reading import Known, Scope, way_at
from engine.formulas.words.special import listed, members, special
from engine.formulas.words.titles import GivenTitles, Titles, readable

SENTENCES = {
    "own": "a formula of its own: {formula}",
    "own holds": "a formula of its own holds: {formula}",
    "nothing": "nothing",
    "times": "{a} times {b}",
    "divided": "{a} divided by {b}",
    "remainder": "the remainder of {a} divided by {b}",
    "plus": "{a} plus {b}",
    "minus": "{a} minus {b}",
    "negative": "minus {a:operand}",
    "range": "the whole numbers from {a} to {b}",
    "followed by": "{a:member} followed by {b:member}",
    "piece": "{some}, {next}",
    "list": "a list of {all}",
    "list of one": "a list with {item:open}",
    "empty list": "an empty list",
    "empty record": "an empty record",
    "record": "a record with {fields}",
    "record field": "{name}: {value}",
    "record fields": "{some}; {next}",
    "changed": "{thing}, with {what} changed",
    "where means": "{body:open}; «{name}» stands for {value:open}",
    "more": "…",
}
MOST_CHARS = 500
MOST_CHARS_OF_FORMULA = 80
_MOST_DEPTH = 40
_MOST_NODES = 600
_MOST_CHARS_REPEATED = 60
_PIECES = {"two": SENTENCES["piece"], "more": SENTENCES["piece"], "last": SENTENCES["piece"]}
_FIELDS = {"two": SENTENCES["record fields"], "more": SENTENCES["record fields"], "last": SENTENCES["record fields"]}


def in_words(formula: str, titles: GivenTitles | Titles | None = None, translations: Translations | None = None) -> str:
    """What a formula gives, in words; long ones are shortened, and one that has no plain words says so."""
    known = titles if isinstance(titles, Titles) else Titles(titles or {})
    say = Speech(translations)
    try:
        return sentence(formula, known, say)
    except Exception:  # words are a courtesy: a fault of ours in them must not keep anybody from the values
        return _own(formula, say)


def condition_in_words(
    formula: str, titles: GivenTitles | Titles | None = None, translations: Translations | None = None
) -> str:
    """The same of a condition, as it follows an “if”: “there is a company”, “the status is 7”."""
    known = titles if isinstance(titles, Titles) else Titles(titles or {})
    say = Speech(translations)
    try:
        return sentence(formula, known, say, is_condition=True)
    except Exception:  # as above
        return _own_holds(formula, say)


def sentence(formula: str, titles: Titles, say: Speech, *, is_condition: bool = False) -> str:
    """The same, but faults of ours are raised."""
    own = _own_holds if is_condition else _own
    tree = tree_here(formula)
    if tree is None:
        return own(formula, say)
    try:
        reader = Reader(formula, tree, titles, say)
        phrase = reader.read(tree.root, Scope())
    except (Unreadable, RecursionError):  # a chain of thousands of operators is one node inside another
        return own(formula, say)
    if is_condition:
        return _cut(conditions.asked(reader, phrase).forms["if"], MOST_CHARS)
    return _cut(phrase.forms.get("alone", phrase.text), MOST_CHARS)


def _own(formula: str, say: Speech) -> str:
    return say(SENTENCES["own"], formula=_cut(" ".join(formula.split()), MOST_CHARS_OF_FORMULA))


def _own_holds(formula: str, say: Speech) -> str:
    return say(SENTENCES["own holds"], formula=_cut(" ".join(formula.split()), MOST_CHARS_OF_FORMULA))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 2].rsplit(" ", 1)[0] + " …"


class Reader:
    """Reads the nodes of one formula."""

    def __init__(self, formula: str, tree: Tree, titles: Titles, say: Speech) -> None:
        self.say = say
        self.titles = titles
        self.names = Names(titles, say)
        self.ambiguous = _ambiguous(tree.root, titles)
        self.as_written = _as_written(self.ambiguous, titles)
        self._formula = formula
        self._starts = tree.starts
        self._depth = self._nodes = 0
        self._by_type: dict[str, Callable[[Any, Scope], Phrase]] = {
            "path": lambda node, scope: places.path(self, node, scope),
            "name": lambda node, scope: places.path(self, node, scope),
            "variable": lambda node, scope: places.path(self, node, scope),
            "wildcard": lambda node, scope: places.path(self, node, scope),
            "descendant": lambda node, scope: places.path(self, node, scope),
            "parent": lambda node, scope: places.path(self, node, scope),
            "string": lambda node, scope: constants.constant(node.value, self.say),
            "number": lambda node, scope: constants.constant(node.value, self.say),
            "value": lambda node, scope: constants.constant(node.value, self.say),
            "regex": lambda node, scope: constants.pattern(self.source(node), self.say),
            "binary": self._binary,
            "unary": self._unary,
            "condition": lambda node, scope: conditions.choice(self, node, scope),
            "default": self._default,
            "block": self._block,
            "function": self._function,
            "apply": self._apply,
            "transform": self._transform,
            "lambda": self._lambda,
        }

    def source(self, node: Any) -> str:
        return self._formula[self._starts.get(node.position, node.position) : node.position]

    def read(self, node: Any, scope: Scope) -> Phrase:
        """The phrase of a node with its filters and groupings."""
        self._nodes += 1
        if self._depth >= _MOST_DEPTH or self._nodes > _MOST_NODES:
            return Phrase(self.say(SENTENCES["more"]), Level.NAME)
        words = self._by_type.get(node.type)
        if words is None:
            raise Unreadable
        self._depth += 1
        phrase = words(node, scope)
        for predicate in node.predicate or ():
            phrase = places.filtered(self, predicate.expr, phrase, way_at(node, scope), scope)
        if node.group is not None and node.type != "path":
            raise Unreadable
        self._depth -= 1
        return phrase

    # --- operators

    def _binary(self, node: Any, scope: Scope) -> Phrase:
        sign = str(node.value)
        if sign == "&":
            return self._text(node, scope)
        if sign in ("and", "or"):
            parts = [self.read(part, scope) for part in conditions.flattened(node, sign)]
            return conditions.joined(self, sign, parts)
        a, b = self.read(node.lhs, scope), self.read(node.rhs, scope)
        if sign in _ARITHMETIC:
            return self._arithmetic(sign, a, b)
        if sign == "..":
            return Phrase(self.say(SENTENCES["range"], a=a, b=b), Level.NOUN, "list")
        if sign == "in":
            options = members(self, node.rhs, scope)
            if options:
                return conditions.comparison(self, "in list", a, Phrase(listed(self, options), Level.NOUN))
        return conditions.comparison(self, sign, a, b)

    def _arithmetic(self, sign: str, a: Phrase, b: Phrase) -> Phrase:
        if sign == "+" and a.kind == "index" and b.text == "1":
            return Phrase(self.say(places.PLACES["row number"]), Level.NOUN)
        product = sign in "*/%"
        left = f"{a:operand}" if a.kind == "sum" and product else f"{a:member}"
        right = f"{b:operand}" if b.kind == "sum" or product else f"{b:member}"
        text = self.say(SENTENCES[_ARITHMETIC[sign]], a=left, b=right)
        return Phrase(text, Level.MATH, "product" if product else "sum")

    def _text(self, node: Any, scope: Scope) -> Phrase:
        """Texts put together: two with "followed by", more one after the other."""
        pieces = [self.read(piece, scope) for piece in conditions.flattened(node, "&")]
        if len(pieces) == 2:
            return Phrase(self.say(SENTENCES["followed by"], a=pieces[0], b=pieces[1]), Level.COMMA, "text")
        return Phrase(self.say.listed(_PIECES, [f"{piece:piece}" for piece in pieces]), Level.COMMA, "text")

    def _default(self, node: Any, scope: Scope) -> Phrase:
        return conditions.default(self, str(node.value), self.read(node.lhs, scope), self.read(node.rhs, scope))

    def _unary(self, node: Any, scope: Scope) -> Phrase:
        sign = str(node.value)
        if sign == "-":
            return Phrase(self.say(SENTENCES["negative"], a=self.read(node.expression, scope)), Level.MATH, "product")
        return self._list(node, scope) if sign == "[" else self._record(node, scope)

    def _list(self, node: Any, scope: Scope) -> Phrase:
        items = [self.read(item, scope) for item in node.expressions]
        if not items:
            return Phrase(self.say(SENTENCES["empty list"]), Level.NAME, "list")
        if len(items) == 1:
            [only] = items
            if only.kind in ("list", "own list", "filtered", "each"):
                return only  # brackets around a list only keep it one
            return Phrase(self.say(SENTENCES["list of one"], item=only), only.level, "list")
        return Phrase(self.say(SENTENCES["list"], all=listed(self, items)), Level.COMMA, "list")

    def _record(self, node: Any, scope: Scope) -> Phrase:
        if not node.lhs_object:
            return Phrase(self.say(SENTENCES["empty record"]), Level.NAME)
        fields = []
        for key, value in node.lhs_object:
            name = readable(key.value) if key.type == "string" else f"{self.read(key, scope)}"
            fields.append(self.say(SENTENCES["record field"], name=name, value=self.read(value, scope)))
        listed_fields = self.say.listed(_FIELDS, fields)
        text = self.say(SENTENCES["record"], fields=listed_fields)
        return Phrase(text, Level.LOOSE, "record", {"fields": listed_fields})

    def _block(self, node: Any, scope: Scope) -> Phrase:
        """What the last expression gives; names given before are replaced, long ones said at the end."""
        if not node.expressions:
            return Phrase(self.say(SENTENCES["nothing"]), Level.NAME)
        *before, last = node.expressions
        meanings: list[tuple[str, Phrase]] = []
        for bind in before:
            if bind.type != "bind" or bind.rhs.type in ("lambda", "partial"):
                raise Unreadable
            name, value = bind.lhs.value, self.read(bind.rhs, scope)
            way = way_at(bind.rhs, scope)
            if len(value.text) > _MOST_CHARS_REPEATED:
                meanings.append((readable(name), value))
                value = self.names.variable(name)
            scope = scope.knowing(**{name: Known(None if way else value, way, scope.inside and way is not None)})
        phrase = self.read(last, scope)
        for name, value in meanings:
            text = self.say(SENTENCES["where means"], body=phrase, name=name, value=value)
            phrase = Phrase(text, Level.LOOSE)
        return phrase

    # --- functions

    def _function(self, node: Any, scope: Scope) -> Phrase:
        if node.procedure.type != "variable" or node.procedure.value in scope.names:
            raise Unreadable
        return self._call(node.procedure.value, list(node.arguments), scope)

    def _call(self, name: str, nodes: list[Any], scope: Scope) -> Phrase:
        words = special(self, name, nodes, scope)
        if words is not None:
            return words
        return calls.call(self, name, nodes, [self.read(node, scope) for node in nodes])

    def _apply(self, node: Any, scope: Scope) -> Phrase:
        """`a ~> $f(b)` reads as `$f(a, b)`."""
        function = node.rhs
        if function.type == "function" and function.procedure.type == "variable":
            return self._call(function.procedure.value, [node.lhs, *function.arguments], scope)
        if function.type == "variable" and function.value not in scope.names:
            return self._call(function.value, [node.lhs], scope)
        if function.type == "transform":
            return self._changed(self.read(node.lhs, scope), function, scope)
        raise Unreadable

    def _transform(self, node: Any, scope: Scope) -> Phrase:
        return self._changed(Phrase(self.say(places.PLACES["item"])), node, scope)

    def _changed(self, thing: Phrase, node: Any, scope: Scope) -> Phrase:
        what = self.read(node.pattern, scope)
        return Phrase(self.say(SENTENCES["changed"], thing=thing, what=what), Level.COMMA)

    def _lambda(self, node: Any, scope: Scope) -> Phrase:
        if not node.thunk:
            raise Unreadable
        return self.read(node.body, scope)


_ARITHMETIC = {"*": "times", "/": "divided", "%": "remainder", "+": "plus", "-": "minus"}


def _ambiguous(root: Any, titles: Titles) -> frozenset[tuple[str, ...]]:
    """The ways a formula reads that would be called alike."""
    ways = [tuple(path.replace("`", "").split(".")) for path in reads(root)]
    ways = [titles.resolved(way) for way in ways]
    called = Counter((titles.title(way) or readable(way[-1])).lower() for way in set(ways) if way[0] != "$")
    return frozenset(way for way in ways if called[(titles.title(way) or readable(way[-1])).lower()] > 1)


def _as_written(ways: frozenset[tuple[str, ...]], titles: Titles) -> frozenset[tuple[str, ...]]:
    """Those of them without a title that stand beside each other: only their names tell them apart."""
    above = Counter((way[:-1], readable(way[-1])) for way in ways)
    return frozenset(way for way in ways if above[way[:-1], readable(way[-1])] > 1 and not titles.title(way))
