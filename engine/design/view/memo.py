"""What formulas gave, kept: a formula is worked out again only when something that it reads is another."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from engine.documents.quick_json import write_line
from engine.errors import FormulaError, Json
from engine.formulas import MISSING, Environment, Evaluation, Formulas, Jobs, Program, Shared
from engine.formulas.compiled import compiled

T = TypeVar("T")
_SEES_RUN = frozenset({"table", "local_date", "in_zone", "now", "millis", "fromMillis", "toMillis"})
_MOST_COLUMNS = 20_000
_MOST_EVALUATIONS = 400_000  # in all columns: a list of a thousand rows has a thousand in each
_MOST_THINGS = 4_000
_MOST_BYTES = 64_000_000  # of the records that are remembered as having been here, as text
_PORTION = 4
_EXHAUSTED = frozenset({"M1001", "M1002", "M1003", "M1012"})

Column = Sequence[Evaluation]  # what one formula gave for each of several records


class Kept:
    """Things by key, the ones used longest ago forgotten first. Any number of threads may ask.

    most: how many are held; most_weight: how heavy they may be together, beside the newest.
    """

    def __init__(self, most: int, most_weight: float = math.inf) -> None:
        self._most = most
        self._most_weight = most_weight
        self._weight = 0
        self._lock = threading.Lock()
        self._held: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    @property
    def count(self) -> int:
        """How many things are held."""
        return len(self._held)

    def get(self, key: Hashable) -> Any:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Hashable, held: Any, weight: int = 1) -> None:
        with self._lock:
            self._weight += weight - self._held.pop(key, (None, 0))[1]
            self._held[key] = (held, weight)
            while len(self._held) > 1 and (len(self._held) > self._most or self._weight > self._most_weight):
                self._weight -= self._held.popitem(last=False)[1][1]

    def made(self, key: Hashable, make: Callable[[], T], weight: int = 1) -> T:
        """What is held under the key, made where nothing is."""
        held = self.get(key)
        if held is None:
            held = (make(),)
            self.put(key, held, weight)
        made: T = held[0]
        return made


class Sight:
    """What formulas see beside the record they are asked about, with the names of what it is made of.

    variables: `record`, `values`, `steps`; what is in them must not be changed afterwards.
    """

    def __init__(self, environment: Environment, variables: Mapping[str, Json]) -> None:
        self.environment = environment
        self.variables = variables
        self.shared = Shared(variables)
        self._all = {**environment.variables, **variables}

    def token(self, formula: str) -> tuple[Hashable, list[Json]]:
        """What a formula sees, as a key; and what must live as long as the key is in use."""
        function = compiled(formula)
        if function is None or not function.calls.isdisjoint(self._all):
            held = [value for part in self.variables.values() for value in _parts(part)]
            return (self.environment.number, *map(_token, held)), held
        held, names = [], list[Hashable]()
        for name, fields in function.asks.items():
            known = self._all.get(name, MISSING)
            some = [known] if fields is None or not isinstance(known, dict) else [known.get(f, MISSING) for f in fields]
            if fields is None and isinstance(known, dict):
                some = list(_parts(known))
            held += some
            names += [name, *(fields or ()), *map(_token, some)]
        if not function.calls.isdisjoint(_SEES_RUN):
            names.append(self.environment.number)
        return tuple(names), held


def _parts(part: Json) -> list[Json]:
    """The things in an object of things, with their names."""
    return [*part, *part.values()] if isinstance(part, dict) else [part]


def _token(value: Json) -> Hashable:
    """Equal for the same scalar or the very same container."""
    return id(value) if isinstance(value, dict | list) else (type(value), value)


class Memo:
    """Evaluations of the formulas of one desk."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas = formulas
        self.columns = Kept(_MOST_COLUMNS, _MOST_EVALUATIONS)
        self.things = Kept(_MOST_THINGS)
        self._same = Kept(_MOST_THINGS, _MOST_BYTES)
        self._programs = Kept(_MOST_COLUMNS)

    def same(self, value: Json) -> Json:
        """The value, or one that says the same and was here before: what was worked out from that need not be again."""
        if not isinstance(value, dict | list) or not value:
            return value
        try:
            written = write_line(value)
        except (TypeError, ValueError):
            return value
        return self._same.made(hashlib.blake2b(written, digest_size=16).digest(), lambda: value, len(written))

    def parse_errors(self, formulas: Mapping[str, str]) -> dict[str, FormulaError]:
        """The formulas that do not parse, by name."""
        found = {name: self._programs.get(text) for name, text in formulas.items()}
        unknown = {formulas[name] for name, held in found.items() if held is None}
        if unknown:
            errors = self.formulas.check_all({text: text for text in unknown})
            for text in unknown:
                self._programs.put(text, (errors.get(text), None if text in errors else Program.of({"": text})))
            return {name: errors[text] for name, text in formulas.items() if text in errors} | _errors(found)
        return _errors(found)

    def columns_of(
        self,
        formulas: Mapping[str, str],
        records: Sequence[Json],
        sight: Sight,
        *,
        numbered: bool = False,
        by: Json = None,
    ) -> dict[str, Column]:
        """What each formula gives for each record. numbered: whether they see $index; by: the list the records are."""
        errors = self.parse_errors(formulas)
        about = id(by) if by is not None else tuple(map(_token, records))
        found: dict[str, Column] = {}
        asked: dict[str, tuple[Hashable, list[Json]]] = {}
        for name, text in formulas.items():
            if name in errors:
                found[name] = [Evaluation(MISSING, errors[name])] * len(records)
                continue
            token, held = sight.token(text)
            key = (text, about, numbered, token)
            known = self.columns.get(key)
            if known is None:
                asked[name] = key, [*held, by, *records]
            else:
                found[name] = known[0]
        if asked:
            jobs: Jobs = [(record, {"index": i} if numbered else {}) for i, record in enumerate(records)]
            for name, column in self._asked({n: formulas[n] for n in asked}, jobs, sight).items():
                found[name] = column
                self.columns.put(asked[name][0], (column, asked[name][1]), len(column))
        return {name: found[name] for name in formulas}

    def one(self, formula: str, record: Json, sight: Sight) -> Evaluation:
        """What one formula gives for one record."""
        return self.columns_of({"": formula}, [record], sight)[""][0]

    def _asked(self, formulas: Mapping[str, str], jobs: Jobs, sight: Sight) -> dict[str, Column]:
        """Work formulas out together. What is not plain may never end: its first records show whether it does."""
        plain = {name: text for name, text in formulas.items() if len(jobs) == 1 or compiled(text) is not None}
        found: dict[str, Column] = dict(self._together(plain, jobs, sight)) if plain else {}
        for name, text in formulas.items():
            if name not in plain:
                found[name] = self._in_portions(text, jobs, sight)
        return found

    def _together(self, formulas: Mapping[str, str], jobs: Jobs, sight: Sight) -> dict[str, list[Evaluation]]:
        """All at once; where one used up the time of all, each alone."""
        results = self.formulas.evaluate(self._program(formulas), sight.environment, jobs, shared=sight.shared)
        found = {name: [result[name] for result in results] for name in formulas}
        spent = [name for name, column in found.items() if any(map(is_spent, column))]
        for name in spent if len(spent) > 1 else ():
            found |= self._together({name: formulas[name]}, jobs, sight)
        return found

    def _in_portions(self, formula: str, jobs: Jobs, sight: Sight) -> list[Evaluation]:
        """A few records at a time; once the formula used up the time of one, the others are not tried."""
        column: list[Evaluation] = []
        while len(column) < len(jobs):
            some = jobs[len(column) : len(column) + (_PORTION if column else 1)]
            column += self._together({"": formula}, some, sight)[""]
            if any(map(is_spent, column)):
                last = next(each for each in column if is_spent(each))
                column += [last] * (len(jobs) - len(column))
        return column

    def _program(self, formulas: Mapping[str, str]) -> Program:
        if len(formulas) == 1:
            [(name, text)] = formulas.items()
            held = self._programs.get(text)
            if held is not None and held[1] is not None:
                return Program(held[1].id, (name,), held[1].formulas, held[1].compiled)
        return Program.of(formulas)


def _errors(found: Mapping[str, Any]) -> dict[str, FormulaError]:
    return {name: held[0] for name, held in found.items() if held is not None and held[0] is not None}


def is_spent(evaluation: Evaluation) -> bool:
    """Whether a formula used up its time or memory."""
    return evaluation.error is not None and evaluation.error.code in _EXHAUSTED
