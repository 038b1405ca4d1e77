"""A mapping applied at once: the compiled function of all its fields, with what is not plain asked beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from functools import partial
from types import MappingProxyType
from typing import Any

from engine.errors import FormulaError, Json
from engine.formulas import MISSING, Environment, Evaluation, Formulas, Jobs
from engine.formulas.compiled import Defer
from engine.mappings.paths import list_of
from engine.mappings.whole import Field, whole

_EXHAUSTED = frozenset(["M1001", "M1002", "M1003"])
_NO_HOLES: MappingOf[str, Any] = MappingProxyType({})


class Exhausted(Exception):
    """A formula used up the time or memory of its record: to try it once more would cost as much again."""

    def __init__(self, path: str, error: FormulaError) -> None:
        super().__init__(error.what)
        self.path = path
        self.error = error


class AtOnce:
    """The fields that are written in one case (a creation, an update), as one function. is_right: whether finished
    fields keep the target's schema.
    """

    def __init__(
        self,
        formulas: Formulas,
        fields: Sequence[Field],
        schema: MappingOf[str, Json],
        required: Sequence[str],
        is_right: Callable[[Json], bool],
        *,
        compiles: bool = True,
    ) -> None:
        self._formulas = formulas
        self._is_right = is_right
        self._whole = whole(fields, schema, required) if compiles and formulas.compiles else None
        self._lists = {field.path: formulas.program({field.path: field.formula}) for field in fields if field.is_list}
        holes = self._whole.holes if self._whole is not None else ()
        asked = {field.path: field.formula for field in fields if field.path in holes}
        self._tops = formulas.program({path: text for path, text in asked.items() if not list_of(path)})
        inner = {name: {p: t for p, t in asked.items() if (list_of(p) or ("",))[0] == name} for name in self._lists}
        self._inner = {name: formulas.program(held) for name, held in inner.items() if held}

    @property
    def source(self) -> str:
        """The Python of the function; "" where there is none."""
        return self._whole.source if self._whole is not None else ""

    def fields(self, record: Json, variables: MappingOf[str, Json], environment: Environment) -> dict[str, Json] | None:
        """The finished fields; None where something is odd or wrong. Raises Exhausted."""
        if self._whole is None:
            return None
        seen = {**environment.variables, "record": record, **variables}
        if not self._whole.calls.isdisjoint(seen):
            return None
        try:
            holes = self._filled(record, variables, environment) if self._whole.holes else _NO_HOLES
            fields = self._whole.call(record, seen, environment.surroundings, holes)
        except Exhausted:
            raise
        except Exception:  # whatever it is, the way field by field comes to it again, and says it
            return None
        return fields if self._is_right(fields) else None

    def function(self, environment: Environment) -> Callable[[dict[str, Json]], dict[str, Json]] | None:
        """The same as a function of a record that is bound no variables of its own; it raises where it cannot. None
        where something is not plain.
        """
        if self._whole is None or self._whole.holes or not self._whole.calls.isdisjoint(environment.variables):
            return None
        if "'record'" in self._whole.source:
            return None
        call, around, is_right = self._whole.call, environment.surroundings, self._is_right
        variables = dict(environment.variables)

        def made(record: dict[str, Json]) -> dict[str, Json]:
            fields = call(record, variables, around, _NO_HOLES)
            if is_right(fields):
                return fields
            raise Defer

        return made

    def many(self, records: Sequence[Json], environment: Environment) -> list[dict[str, Json] | Exhausted | None]:
        """The same for many records that are bound no variables of their own, what is not plain asked together."""
        if self._whole is None or not self._whole.calls.isdisjoint(environment.variables):
            return [None] * len(records)
        made: list[dict[str, Json] | Exhausted | None] = []
        for record, holes in zip(records, self._all_filled(records, environment), strict=True):
            if holes is None or isinstance(holes, Exhausted):
                made.append(holes)
                continue
            try:
                seen = {**environment.variables, "record": record}
                fields = self._whole.call(record, seen, environment.surroundings, holes)
            except Exception:  # as above
                made.append(None)
            else:
                made.append(fields if self._is_right(fields) else None)
        return made

    def _all_filled(
        self, records: Sequence[Json], environment: Environment
    ) -> list[MappingOf[str, Any] | Exhausted | None]:
        """The holes of each record; None where a formula failed."""
        if self._inner:
            return [_or_reason(partial(self._filled, record, {}, environment)) for record in records]
        found = self._formulas.evaluate(self._tops, environment, [(record, {}) for record in records])
        return [_or_reason(partial(_sound, results)) for results in found]

    def _filled(self, record: Json, variables: MappingOf[str, Json], environment: Environment) -> dict[str, Json]:
        """What the formulas that are not plain give. Raises the first one's error."""
        jobs: Jobs = [(record, {})]
        holes = _sound(self._formulas.evaluate(self._tops, environment, jobs, shared=variables)[0])
        for path, inner in self._inner.items():
            each = _sound(self._formulas.evaluate(self._lists[path], environment, jobs, shared=variables)[0])
            shared = variables if "record" in variables else {**variables, "record": record}
            found = self._formulas.evaluate(inner, environment, item_jobs(each[path]), shared=shared)
            rows = [_sound(results) for results in found]
            holes |= {name: [row[name] for row in rows] for name in inner.names}
        return holes


def item_jobs(each: Json) -> Jobs:
    """The items of a list that is mapped field by field, each with its number."""
    items = [] if each is MISSING or each is None else each if isinstance(each, list) else [each]
    return [(item, {"index": i}) for i, item in enumerate(items)]


def _or_reason(work: Callable[[], dict[str, Json]]) -> dict[str, Json] | Exhausted | None:
    try:
        return work()
    except Exhausted as spent:
        return spent
    except FormulaError:
        return None


def _sound(results: MappingOf[str, Evaluation]) -> dict[str, Json]:
    for path, evaluation in results.items():
        if evaluation.error is not None:
            raise Exhausted(path, evaluation.error) if evaluation.error.code in _EXHAUSTED else evaluation.error
    return {name: evaluation.value for name, evaluation in results.items()}
