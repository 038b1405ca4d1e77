"""Fields, formulas, values and moments in words, for preview and explain."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime

from engine.commands.output import Output
from engine.errors import Json
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING
from engine.formulas.compiled import compiled, why_not_plain
from engine.formulas.words import Titles, in_words
from engine.mappings.lines import lines
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of
from engine.runs.fields import FieldTrace

MOST_CHARS = 90
_PLACE = re.compile(r"\[\d+\]")


def shown(value: Json, most: int = MOST_CHARS) -> str:
    """A value on one line; what is missing is said."""
    if value is MISSING:
        return "(nothing)"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def moment(at: datetime) -> str:
    """A moment in the reader's own zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def titles_of(loaded: LoadedFlow) -> Titles:
    """What the fields, answers, facts and lookups of a flow are called."""
    flow, connectors = loaded.flow, loaded.connectors
    source, target = flow.source.connector, flow.target()
    others = {f"$lookups.{name}": lookup.title for name, lookup in flow.lookups.items()}
    for side, name in (("source", source), ("target", target), *((name, name) for name in connectors)):
        others[f"$facts.{side}"] = connectors[name].title
        others |= {f"$facts.{side}.{fact.name}": fact.title for fact in connectors[name].facts.values()}
    schema = connectors[source].resources[flow.source.resource].schema
    return Titles.of(schema, questions=flow.questions, values=flow.values, others=others)


class Readings:
    """Formulas of traced fields in words. loaded: their flow, for titles; without it names are made readable."""

    def __init__(self, fields: Sequence[FieldTrace], loaded: LoadedFlow | None) -> None:
        values = {field.path: field.formula for field in fields if not field.step}
        self._titles = titles_of(loaded) if loaded else Titles.of(values=values)
        self._each = {step.name: step.each for step in loaded.flow.steps if step.each} if loaded else {}
        self._rows = {
            (_plain(field.step), _plain(field.path)): field.formula for field in fields if field.path.endswith("[]")
        }
        self._known: dict[tuple[str, str, str], str] = {}

    def of(self, field: FieldTrace) -> str:
        """The reading of a field's formula."""
        step, path = _plain(field.step).removesuffix("[]"), _plain(field.path)
        key = (step, path, field.formula)
        if key not in self._known:
            self._known[key] = in_words(field.formula, self._seen(_plain(field.step), path))
        return self._known[key]

    def _seen(self, step: str, path: str) -> Titles:
        inside = list_of(path)
        rows = self._rows.get((step, inside[0])) if inside else None
        if rows is not None:
            return self._titles.inside(rows)
        if step.endswith("[]"):
            return self._titles.inside(self._each.get(step.removesuffix("[]"), "$values.items"))
        return self._titles


def _plain(path: str) -> str:
    """A path or a step without the number of its item."""
    return _PLACE.sub("[]", path)


def _code_of(formula: str) -> str:
    """The Python a formula was compiled to; in place of it, what makes the formula not plain."""
    function = compiled(formula)
    if function is not None:
        return function.source
    why, _ = why_not_plain(formula) or ("it does not parse", None)
    return f"# not plain, evaluated in a guarded process: {why}"


def lines_of(fields: Sequence[FieldTrace], loaded: LoadedFlow | None = None) -> dict[str, list[dict[str, Json]]]:
    """The lines of the picture, step by step; without the flow only of steps done once, as far as they were traced."""
    if loaded is not None:
        schema = titles_of(loaded).lists
        flow = loaded.flow
        return {
            step.name: [line.as_json() for line in lines(step.fields, values=flow.values, each=step.each, lists=schema)]
            for step in flow.steps
        }
    values = {field.path: field.formula for field in fields if not field.step}
    steps: dict[str, dict[str, FieldMapping]] = {}
    for field in fields:
        path = _plain(field.path)
        if field.step and not field.step.endswith("]"):
            mapping = FieldMapping(path, field.formula, is_list=path.endswith("[]"))
            steps.setdefault(field.step, {}).setdefault(path, mapping)
    return {
        step: [line.as_json() for line in lines(list(maps.values()), values=values)] for step, maps in steps.items()
    }


def tell_fields(
    fields: list[FieldTrace], output: Output, loaded: LoadedFlow | None = None, *, shows_code: bool = False
) -> None:
    """Each field with its value, its formula, the formula in words, and what it read; and, for scripts, the lines.

    loaded: the flow the fields are of; with it the words use the titles of its documents, and no line is missing;
    shows_code: also what each formula was compiled to, or why it is not plain.
    """
    last, readings = None, Readings(fields, loaded)
    for field in fields:
        trace, words = field.trace, readings.of(field)
        output.object(
            "field",
            step=field.step,
            path=field.path,
            formula=field.formula,
            words=words,
            value=None if trace.value is MISSING else trace.value,
            missing=trace.value is MISSING,
            finished=None if field.finished is MISSING else field.finished,
            notes=list(field.notes),
            error=str(trace.error) if trace.error else None,
            column=trace.error.position if trace.error else None,
            problems=[problem.as_json() for problem in field.problems],
            reads=[{"path": read.path, "value": None if read.value is MISSING else read.value} for read in trace.reads],
            lookups=[
                {"lookup": use.table, "key": use.key, "value": None if use.value is MISSING else use.value}
                for use in trace.lookups
            ],
            **({"code": _code_of(field.formula)} if shows_code else {}),
        )
        if field.step != last:
            output.text(f"\n{'values of the flow' if not field.step else 'step ' + field.step}")
            last = field.step
        value = str(trace.error.what) if trace.error else shown(field.finished)
        output.text(f"  {field.path} = {value}")
        for said in (*field.notes, *(problem.what for problem in field.problems if not trace.error)):
            output.text(f"        note: {said}")
        output.text(f"      ← {shown(field.formula, 110)}")
        output.text(f"        {shown(words, 240)}")
        reads = ", ".join(
            f"{read.path}: {shown(read.value, 40)}" for read in trace.reads if not read.path.startswith("$values")
        )
        if reads:
            output.text(f"        read {shown(reads, 140)}")
        for line in _code_of(field.formula).splitlines() if shows_code else ():
            output.text(f"        | {line}")
    if output.as_json and fields:
        for step, drawn in lines_of(fields, loaded).items():
            output.object("lines", step=step, lines=drawn)
