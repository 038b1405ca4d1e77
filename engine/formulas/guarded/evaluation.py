"""What a worker does with its requests: keeps programs and environments, evaluates, explains."""

from __future__ import annotations

import importlib.metadata
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import Json
from engine.formulas import failures, paths
from engine.formulas.guarded.frames import NO_FORMULA, OUT_OF_TIME, encoded
from engine.formulas.guarded.jsonata_language import NULL, Language, Scope
from engine.formulas.guarded.outcomes import Plain, inward
from engine.formulas.guarded.timer import TimeOver, Timer
from engine.formulas.missing import MISSING
from engine.formulas.syntax import Tree

_REST_SECONDS = 0.12  # what the other formulas of a record may take after one used up its time
_TREES_KEPT = 4_000

Failure = dict[str, Json]


class Evaluator:
    """One evaluator in one process. limits: the fields of `Limits`; mark: called with a formula's number
    before it is evaluated.
    """

    def __init__(self, limits: Mapping[str, Any], timer: Timer, mark: Callable[[int], object]) -> None:
        self._seconds: float = limits["seconds"]
        self._result_bytes = limits["result_mb"] * 1_000_000
        self._language = Language(depth=limits["depth"])
        self._timer = timer
        self._mark = mark
        self._trees: OrderedDict[str, Tree | Failure] = OrderedDict()
        self._programs: dict[str, list[Tree | Failure]] = {}
        self._names: dict[str, list[str]] = {}
        self._environments: dict[int, Scope] = {}
        self._variables: dict[int, dict[str, Json]] = {}
        self._held: dict[int, Any] = {}
        self._shared: dict[str, Any] = {}
        self._chain = ""

    @staticmethod
    def versions() -> str:
        return f"jsonata-python {importlib.metadata.version('jsonata-python')}"

    def learn_program(self, program: str, names: list[str], formulas: list[str]) -> None:
        self._names[program] = names
        self._programs[program] = [self._tree(formula) for formula in formulas]

    def learn_environment(self, number: int, environment: Mapping[str, Json]) -> None:
        self._variables[number] = environment["variables"]
        self._environments[number] = self._language.scope_of(
            environment["variables"], environment["lookups"], environment["millis"], environment["zone"]
        )

    def forget(self, kind: str, key: Any) -> None:
        for kept in (self._programs, self._names) if kind == "program" else (self._environments, self._variables):
            kept.pop(key, None)

    def check(self, formula: str) -> Failure | None:
        tree = self._tree(formula)
        return None if isinstance(tree, Tree) else tree

    def reads(self, formula: str) -> list[str] | Failure:
        tree = self._tree(formula)
        return paths.reads(tree.root) if isinstance(tree, Tree) else tree

    def _tree(self, formula: str) -> Tree | Failure:
        """The parsed formula, or why it does not parse; both are kept."""
        if formula in self._trees:
            self._trees.move_to_end(formula)
            return self._trees[formula]
        self._timer.start(self._seconds)
        try:
            self._timer.armed = True
            tree = self._language.parse(formula)
        except TimeOver:
            tree = failures.of_code("M1001")
        finally:
            self._timer.stop()
        self._trees[formula] = tree
        if len(self._trees) > _TREES_KEPT:
            self._trees.popitem(last=False)
        return tree

    def hold(self, values: Mapping[str, Json], forgotten: list[int], *, nulls: bool) -> None:
        """Keep values by their numbers, for jobs to come, until they are to be forgotten."""
        for number in forgotten:
            self._held.pop(number, None)
        for written, value in values.items():
            self._held[int(written)] = inward(value, NULL) if nulls else value

    def share(
        self, variables: dict[str, Json], chain: str, names: Mapping[str, int] | None = None, *, nulls: bool
    ) -> None:
        """The variables of all jobs that follow, and the name of the one that grows from formula to formula.

        names: further variables, with the numbers of the values held for them.
        """
        self._shared = inward(variables, NULL) if nulls else variables
        self._shared |= {name: self._held[number] for name, number in (names or {}).items()}
        self._chain = chain

    def job(
        self,
        program: str,
        environment: int,
        record: Json,
        variables: dict[str, Json],
        skipped: list[int] | None = None,
        seconds: float | None = None,
        *,
        nulls: bool = True,
        held: int = 0,
    ) -> str:
        """All formulas of one record, as JSON text: {values, missing, errors, tired}.

        held: number of the held value that is the record, if one is; skipped: numbers of formulas to leave out;
        seconds: another time than the limit; nulls: whether the record may hold null. `tired` asks for a fresh
        worker, after memory ran out.
        """
        scope = self._scope(environment, record, variables, nulls, held)
        trees = self._programs[program]
        names = self._names[program]
        values: list[Json] = [None] * len(trees)
        missing: list[int] = []
        errors: dict[int, Failure] = {}
        left_out = frozenset(skipped or ())
        plain = Plain(NULL, self._result_bytes)
        late = False
        self._timer.start(self._seconds if seconds is None else seconds)
        for index, tree in enumerate(trees):
            if index in left_out:
                missing.append(index)
                continue
            if self._timer.over and late:
                errors[index] = failures.of_code("M1012")
                continue
            self._mark(index)
            outcome = self._one(tree, scope, plain)
            if isinstance(outcome, _Failed):
                errors[index] = outcome.failure
            elif outcome is MISSING:
                missing.append(index)
            else:
                values[index] = outcome
                if self._chain:
                    scope.bindings[self._chain][names[index]] = inward(outcome, NULL)
            if self._timer.over and not late:
                late = True
                self._mark(index | OUT_OF_TIME)
                self._timer.start(_REST_SECONDS)
        self._timer.stop()
        answer = self._written(values, missing, errors)
        self._mark(NO_FORMULA)
        return answer

    def _scope(self, environment: int, record: Json, variables: dict[str, Json], nulls: bool, held: int = 0) -> Scope:
        if nulls:
            record, variables = inward(record, NULL), inward(variables, NULL)
        if held:
            record = self._held[held]
        bound = {"record": record, **self._shared, **variables}
        if self._chain:
            bound[self._chain] = dict(bound.get(self._chain, {}))
        return self._language.record_scope(self._environments[environment], record, bound)

    def _one(self, tree: Tree | Failure, scope: Scope, plain: Plain) -> Any:
        """The value, MISSING, or a _Failed. Gives back the room of a result that was refused."""
        if not isinstance(tree, Tree):
            return _Failed(tree)
        room = plain.room
        try:
            self._timer.armed = True
            value = self._language.value(tree.root, scope, plain)
            self._timer.armed = False
            return value
        except TimeOver:
            failure = failures.of_code("M1001")
        except Exception as error:  # whatever the library raises becomes one description
            self._timer.armed = False
            failure = self._language.failure(error, tree)
        plain.room = room
        return _Failed(failure)

    def _written(self, values: list[Json], missing: list[int], errors: dict[int, Failure]) -> str:
        tired = any(failure["code"] == "M1002" for failure in errors.values())
        try:
            text = encoded([values, missing, errors, tired])
        except MemoryError:
            text, tired = "", True
        if text and len(text) <= max(2 * self._result_bytes, 100_000):
            return text
        # Escapes made it larger than it looked, or it did not fit in memory: the largest values go.
        for index, value in enumerate(values):
            try:
                size = len(encoded(value))
            except MemoryError:
                size = self._result_bytes
            if size > self._result_bytes // len(values):
                values[index], errors[index] = None, failures.of_code("M1006")
        return encoded([values, missing, errors, tired])

    def trace(self, formula: str, environment: int, record: Json, variables: dict[str, Json]) -> Json:
        """{value?, error?, reads: [[path, count, value?]], lookups: [[table, key, value?]]}."""
        tree = self._tree(formula)
        if not isinstance(tree, Tree):
            return {"error": tree, "reads": [], "lookups": []}
        self._language.lookups_used.clear()
        self.share({}, "", nulls=False)
        self._timer.start(self._seconds)
        self._mark(0)
        outcome = self._one(tree, self._scope(environment, record, variables, True), Plain(NULL, self._result_bytes))
        self._timer.stop()
        seen = self._variables[environment] | variables
        read = [[path, *reversed(paths.found(path, record, seen))] for path in paths.reads(tree.root)]
        answer: dict[str, Json] = {
            "reads": [entry if entry[-1] is not MISSING else entry[:-1] for entry in read],
            "lookups": [
                [table, key] if value is MISSING else [table, key, value]
                for table, key, value in self._language.lookups_used
            ],
        }
        self._language.lookups_used.clear()
        if isinstance(outcome, _Failed):
            answer["error"] = outcome.failure
        elif outcome is not MISSING:
            answer["value"] = outcome
        return answer


class _Failed:
    __slots__ = ("failure",)

    def __init__(self, failure: Failure) -> None:
        self.failure = failure
