"""Fields, formulas, values and moments in words, for preview and explain."""

from __future__ import annotations

import json
from datetime import datetime

from engine.commands.output import Output
from engine.design.titles import Readings, lines_of
from engine.errors import Json
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING
from engine.formulas.compiled import compiled, why_not_plain
from engine.runs.bindings import DEFAULT
from engine.runs.fields import FieldTrace

MOST_CHARS = 90


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


def called(flow: str, binding: str) -> str:
    """A flow with its binding, as people are told of it: the default one is not named."""
    return flow if binding == DEFAULT else f"{flow}, {binding}"


def bound_words(binding: str) -> tuple[str, ...]:
    """What a command needs to be about this binding."""
    return () if binding == DEFAULT else ("--binding", binding)


def _code_of(formula: str) -> str:
    """The Python a formula was compiled to; in place of it, what makes the formula not plain."""
    function = compiled(formula)
    if function is not None:
        return function.source
    why, _ = why_not_plain(formula) or ("it does not parse", None)
    return f"# not plain, evaluated in a guarded process: {why}"


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
