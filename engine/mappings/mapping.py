"""A mapping: the field mappings of one step, applied to a record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Literal

from engine.documents.schemas import compiled_check
from engine.errors import FormulaError, Json, Problem
from engine.formulas import MISSING, Ask, Environment, Evaluation, Formulas, Jobs
from engine.mappings.at_once import AtOnce, Exhausted, item_jobs
from engine.mappings.faults import schema_problems
from engine.mappings.finish import Note, finish
from engine.mappings.paths import get_path, list_of, set_path

Write = Literal["create", "update"]
_WRITES: tuple[Write, ...] = ("create", "update")


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """One target field: a formula, or the items of a list (`Rows[]`); and when it is written."""

    path: str
    formula: str
    is_list: bool = False
    write: str = "always"
    note: str = ""


@dataclass(slots=True)
class Mapped:
    """What the formulas gave, before the finish: path → value, missing ones left out; and what failed."""

    values: dict[str, Json] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """The fields to send, finished, with the notes and problems of the finish."""

    fields: dict[str, Json]
    notes: list[Note]
    problems: list[Problem]


class Mapping:
    """The compiled field mappings of one step. `where` is the words problems begin with."""

    def __init__(
        self, formulas: Formulas, fields: Sequence[FieldMapping], schema: MappingOf[str, Json], where: str
    ) -> None:
        self._formulas = formulas
        self._schema = schema
        self._where = where
        self._writes = {f.path: f.write for f in fields}
        self._lists = [f.path for f in fields if f.is_list]
        self._head = formulas.program({f.path: f.formula for f in fields if not list_of(f.path)})
        self._items = {
            path: formulas.program({f.path: f.formula for f in fields if (list_of(f.path) or ("",))[0] == path})
            for path in self._lists
        }
        self._each = {f.path: formulas.program({f.path: f.formula}) for f in fields if f.is_list}
        self._checks = {write: compiled_check(self._schema_for(write)) for write in _WRITES}
        self._at_once = {write: self._compiled(fields, write) for write in _WRITES}

    def _compiled(self, fields: Sequence[FieldMapping], write: Write) -> AtOnce:
        """All that is written then; what depends on the record found in the target is worked out field by field."""
        depends = write == "update" and any(f.write == "if_empty" for f in fields)
        rules = {"always", f"on_{write}", "if_empty"}
        taken = [f for f in fields if f.write in rules or list_of(f.path)]
        required = self._schema_for(write)["required"]
        return AtOnce(self._formulas, taken, self._schema, required, self._checks[write], compiles=not depends)

    def _schema_for(self, write: Write) -> dict[str, Json]:
        required = list(self._schema.get("required", ())) if write == "create" else []
        return {**self._schema, "type": "object", "required": required}

    def made(
        self,
        record: Json,
        variables: MappingOf[str, Json],
        environment: Environment,
        write: Write,
        existing: MappingOf[str, Json] | None = None,
        *,
        replace: bool = False,
    ) -> Body:
        """The fields to send, finished and held against the schema. Where that cannot be done at once, the way field
        by field says what is wrong.

        existing: the record as the target has it; with replace=True what is not mapped is carried over from it.
        """
        try:
            fields = self._at_once[write].fields(record, variables, environment)
        except Exhausted as spent:
            return self._spent(spent)
        if fields is not None:
            return Body({**existing, **fields} if replace and existing is not None else fields, [], [])
        mapped = self.apply(record, variables, environment)
        if mapped.problems:
            return Body({}, [], mapped.problems)
        return self.body(mapped, write, existing, replace=replace)

    def source(self, write: Write) -> str:
        """The Python that the whole mapping was compiled to; "" where it is worked out field by field."""
        return self._at_once[write].source

    def function(self, environment: Environment, write: Write) -> Callable[[dict[str, Json]], dict[str, Json]] | None:
        """`made` for records that are bound no variables of their own, as a function that raises where it takes a
        closer look; None where something is not plain.
        """
        return self._at_once[write].function(environment)

    def many(self, records: Sequence[Json], environment: Environment, write: Write) -> list[Body | None]:
        """`made` for such records, what is not plain asked together; None for one that takes a closer look."""
        return [
            self._spent(made) if isinstance(made, Exhausted) else made if made is None else Body(made, [], [])
            for made in self._at_once[write].many(records, environment)
        ]

    def _spent(self, spent: Exhausted) -> Body:
        return Body({}, [], [self._problem(spent.path, spent.error)])

    def asks(self, record: Json, variables: MappingOf[str, Json], environment: Environment) -> list[Ask]:
        """What `apply` will ask of the formulas, as far as that can be told without asking a worker."""
        jobs: Jobs = [(record, {})]
        asks: list[Ask] = [(self._head, jobs)]
        for path, each in self._each.items():
            found = self._formulas.at_hand(each, environment, jobs, variables)
            if found is not None:
                asks.append((self._items[path], item_jobs(found[0][path].value)))
        return asks

    def apply(self, record: Json, variables: MappingOf[str, Json], environment: Environment) -> Mapped:
        """Evaluate every formula; one that fails is a problem and the others still give their values."""
        mapped = Mapped()
        head = self._formulas.evaluate(self._head, environment, [(record, {})], shared=variables)[0]
        for path, evaluation in head.items():
            if path in self._items:
                mapped.values[path[:-2]] = self._list(path, evaluation, record, variables, environment, mapped)
            else:
                self._take(path, evaluation, mapped.values, mapped)
        return mapped

    def _list(
        self,
        path: str,
        each: Evaluation,
        record: Json,
        variables: MappingOf[str, Json],
        environment: Environment,
        mapped: Mapped,
    ) -> list[Json]:
        if each.error is not None:
            mapped.problems.append(self._problem(path, each.error))
            return []
        jobs = item_jobs(each.value)
        shared = variables if "record" in variables else {**variables, "record": record}
        made: list[Json] = []
        for i, results in enumerate(self._formulas.evaluate(self._items[path], environment, jobs, shared=shared)):
            row: dict[str, Json] = {}
            for inner, evaluation in results.items():
                name = inner.removeprefix(path + ".")
                self._take(name, evaluation, row, mapped, f"{path[:-2]}[{i}].")
            nested: dict[str, Json] = {}
            for name, value in row.items():
                set_path(nested, name, value)
            made.append(nested)
        return made

    def _take(
        self, path: str, evaluation: Evaluation, values: dict[str, Json], mapped: Mapped, before: str = ""
    ) -> None:
        if evaluation.error is not None:
            mapped.problems.append(self._problem(before + path, evaluation.error))
        elif evaluation.value is not MISSING:
            values[path] = evaluation.value

    def _problem(self, path: str, error: FormulaError) -> Problem:
        where = f"{self._where}, field {path}"
        return Problem(where, error.what, error.what_to_do, code=error.code, caret=error.caret, field=path)

    def body(
        self,
        mapped: Mapped,
        write: Write,
        existing: MappingOf[str, Json] | None = None,
        *,
        replace: bool = False,
    ) -> Body:
        """The fields to send for a creation or an update, by each field's write rule, finished by the schema.

        existing: the record as the target has it; with replace=True what is not mapped is carried over from it.
        """
        fields: dict[str, Json] = {}
        for path, value in mapped.values.items():
            if self._is_written(path, write, existing):
                set_path(fields, path, value)
        finished = finish(fields, self._schema_for(write), "")
        problems = [
            Problem(f"{self._where}, field {p.where}" if p.where else self._where, p.what, p.what_to_do, field=p.where)
            for p in finished.problems
        ]
        made = finished.value
        if not problems and not self._checks[write](made):
            problems = schema_problems(made, self._schema_for(write), self._where)
        if replace and existing is not None:
            made = {**existing, **made}
        return Body(made, finished.notes, problems)

    def _is_written(self, path: str, write: Write, existing: MappingOf[str, Json] | None) -> bool:
        rule = self._writes.get(path) or self._writes.get(path + "[]", "always")
        if rule == "if_empty":
            return existing is None or get_path(existing, path) in (None, "", [])
        return rule == "always" or rule == f"on_{write}"


def differs(fields: Json, existing: Json) -> bool:
    """Would writing these fields change the record? Numbers compare by value, null like absent and empty text."""
    if isinstance(fields, dict):
        held = existing if isinstance(existing, MappingOf) else {}
        return any(differs(value, held.get(name)) for name, value in fields.items())
    if isinstance(fields, list):
        held_list = existing if isinstance(existing, list) else []
        return len(fields) != len(held_list) or any(map(differs, fields, held_list))
    if fields in (None, "") and existing in (None, ""):
        return False
    if isinstance(fields, bool) != isinstance(existing, bool):
        return True
    if isinstance(fields, str) and isinstance(existing, str):
        return fields.strip() != existing.strip()
    return bool(fields != existing)
