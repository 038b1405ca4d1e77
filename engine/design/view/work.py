"""A draft worked out on a record: named values, and each step's fields for all its items, as a run would do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.connectors.connector import Resource
from engine.design.view.around import Around
from engine.design.view.finished import FinishedColumn, assembled, finished_column
from engine.design.view.memo import Column, Memo, Sight
from engine.design.view.newcomers import Newcomers
from engine.errors import FormulaError, Json
from engine.flows.flow import Step
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Evaluation
from engine.formulas.paths import ways_here
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of, schema_at

MOST_ITEMS = 1_000  # of a list; what comes after them is not worked out on screen


@dataclass(slots=True)
class FieldWork:
    """What became of one target field: for a field of a list's items once for each item, else once for each item of
    the step; so too the finished values. lacks: why its value cannot be known here.
    """

    mapping: FieldMapping
    column: Column
    done: FinishedColumn
    lacks: str = ""

    @property
    def error(self) -> FormulaError | None:
        return next((each.error for each in self.column if each.error is not None), None)


@dataclass(slots=True)
class StepWork:
    """A step on the record. items: what it is done for (the record itself, where it has no `each`); is_done: whether
    a run would do it; why: an error of its `when` or `each`; fields: by target path; of fields in lists, one
    FieldWork for each of the step's items; bodies: what would be sent, one for each item.
    """

    step: Step
    resource: Resource
    items: list[Json]
    count: int
    is_done: bool
    sight: Sight
    why: FormulaError | None = None
    lacks: str = ""
    fields: dict[str, FieldWork] = field(default_factory=dict)
    inner: dict[str, list[FieldWork]] = field(default_factory=dict)
    bodies: list[dict[str, Json]] = field(default_factory=list)
    match: Column = ()
    key: Column = ()
    lack: Callable[[str], str] = lambda formula: ""  # why a formula's value cannot be known; "" where it can

    def works(self, target: str) -> list[FieldWork]:
        """What became of a target field; of one in a list, for each of the step's items."""
        return self.inner.get(target) or ([self.fields[target]] if target in self.fields else [])


@dataclass(slots=True)
class Work:
    """All of a flow on one record. values: what they gave; steps: by name, as far as they come."""

    values: dict[str, Evaluation]
    lacks: dict[str, str]
    steps: dict[str, StepWork]
    sight: Sight


def work_out(loaded: LoadedFlow, record: Json, around: Around, memo: Memo, newcomers: Newcomers | None = None) -> Work:
    """Work the flow out. Nothing is raised for what a formula or the record does."""
    return _Working(loaded, record, around, memo, newcomers or Newcomers()).work()


class _Working:
    def __init__(self, loaded: LoadedFlow, record: Json, around: Around, memo: Memo, newcomers: Newcomers) -> None:
        self._loaded = loaded
        self._flow = loaded.flow
        self._record = record
        self._around = around
        self._memo = memo
        self._newcomers = newcomers
        self._answers: dict[str, Json] = {}
        self._doubtful: dict[str, str] = {}  # answers of steps that cannot be known, and why

    def work(self) -> Work:
        environment = self._around.environment
        values: dict[str, Json] = {}
        found: dict[str, Evaluation] = {}
        lacks: dict[str, str] = {}
        for name, formula in self._flow.values.items():
            sight = Sight(environment, {"record": self._record, "values": dict(values)})
            found[name] = self._memo.one(formula, self._record, sight)
            lacks[name] = self._around.lacks(formula, self._flow.values)
            if found[name].error is None and found[name].value is not MISSING:
                values[name] = self._memo.same(found[name].value)
        steps: dict[str, StepWork] = {}
        for step in self._flow.steps:
            seen = {"record": self._record, "values": values, "steps": dict(self._answers)}
            steps[step.name] = self._step(step, Sight(environment, seen))
        last = {"record": self._record, "values": values, "steps": dict(self._answers)}
        return Work(found, lacks, steps, Sight(environment, last))

    # --- one step

    def _step(self, step: Step, sight: Sight) -> StepWork:
        resource = self._loaded.connectors[step.connector].resources[step.resource]
        made = StepWork(step, resource, [self._record], 1, True, sight, lack=self._lack)
        if step.when is not None:
            gate = self._memo.one(step.when, self._record, sight)
            made.lacks = self._lack(step.when)
            made.why = None if made.lacks else gate.error
            made.is_done = gate.value is True or bool(made.lacks)
        by: Json = None
        if step.each is not None:
            each = self._memo.one(step.each, self._record, sight)
            made.why = made.why or each.error
            by = each.value if isinstance(each.value, list) else None
            made.items, made.count = _items(each.value)
            if by is not None and len(by) > MOST_ITEMS:
                whole = by
                by = self._memo.things.made(("first", id(whole)), lambda: (made.items, whole))[0]
                made.items = by
        self._fields(made, by)
        self._bodies(made)
        return made

    def _fields(self, made: StepWork, by: Json) -> None:
        step, sight = made.step, made.sight
        heads = {mapping.path: mapping for mapping in step.fields if list_of(mapping.path) is None}
        formulas = {path: mapping.formula for path, mapping in heads.items()}
        for path, column in self._memo.columns_of(formulas, made.items, sight, by=by).items():
            work = made.fields[path] = self._field(made, heads[path], column)
            work.lacks = work.lacks or (self._of_item(heads[path].formula, step.each) if step.each is not None else "")
            if work.lacks:
                self._doubtful[f"$steps.{step.name}.{path}"] = work.lacks
        for mapping in step.fields:
            if mapping.is_list and list_of(mapping.path) is None:
                self._rows(made, mapping, made.fields[mapping.path].column)

    def _rows(self, made: StepWork, list_mapping: FieldMapping, lists: Column) -> None:
        """The fields of a list's items, for each of the step's items."""
        inside = {m.path: m for m in made.step.fields if (list_of(m.path) or ("",))[0] == list_mapping.path}
        formulas = {path: mapping.formula for path, mapping in inside.items()}
        for evaluation in lists:
            rows, _ = _items(evaluation.value)
            by = evaluation.value if isinstance(evaluation.value, list) and len(rows) == len(evaluation.value) else None
            for path, column in self._memo.columns_of(formulas, rows, made.sight, numbered=True, by=by).items():
                work = self._field(made, inside[path], column)
                work.lacks = work.lacks or self._of_item(inside[path].formula, list_mapping.formula)
                made.inner.setdefault(path, []).append(work)

    def _field(self, made: StepWork, mapping: FieldMapping, column: Column) -> FieldWork:
        if mapping.is_list:
            return FieldWork(
                mapping, column, FinishedColumn(tuple(each.value for each in column)), self._lack(mapping.formula)
            )
        schema = schema_at(made.resource.schema, mapping.path)
        done = finished_column(self._memo, column, schema, mapping.path)
        return FieldWork(mapping, column, done, self._lack(mapping.formula))

    def _lack(self, formula: str) -> str:
        """Why a formula's value cannot be known; "" where it can."""
        why = self._around.lacks(formula, self._flow.values)
        return why or next((why for place, why in self._doubtful.items() if place in formula), "")

    def _of_item(self, formula: str, each: str) -> str:
        """Why an item's field cannot be known: the items cannot, and the formula reads them."""
        why = self._lack(each)
        return why if why and any(not way[0].startswith("$") for way in ways_here(formula) or [("",)]) else ""

    def _bodies(self, made: StepWork) -> None:
        """What would be sent, and what the target would answer."""
        step = made.step
        for number in range(len(made.items)):
            made.bodies.append(assembled(made.fields, made.inner, number, write_of(step)))
        if step.match is not None:
            made.match = self._memo.columns_of({"": step.match.formula}, made.items, made.sight)[""]
        if step.key is not None:
            made.key = self._memo.columns_of({"": step.key}, made.items, made.sight)[""]
        if not made.is_done:
            return
        answers = [self._answer(made, number) for number in range(len(made.items))]
        if step.each is None:
            self._answers[step.name] = self._memo.same(answers[0])
        else:
            by_match = {str(each.value): answer for each, answer in zip(made.match, answers, strict=False)}
            self._answers[step.name] = self._memo.same(by_match)

    def _answer(self, made: StepWork, number: int) -> dict[str, Json]:
        match = made.match[number].value if made.match else ""
        told = self._newcomers.answer(made.resource, "" if match is MISSING else match)
        return {**told, **made.bodies[number]}


def write_of(step: Step) -> str:
    """Whether a record that is new to the target is created or updated by the step."""
    return "update" if step.key is not None or step.policy == "update" else "create"


def _items(value: Json) -> tuple[list[Json], int]:
    """The first items of a list, and how many there are."""
    items: Sequence[Json] = [] if value is MISSING or value is None else value if isinstance(value, list) else [value]
    return list(items[:MOST_ITEMS]), len(items)
