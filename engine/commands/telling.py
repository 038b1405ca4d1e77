"""Fields, values and moments in words, for preview and explain."""

from __future__ import annotations

import json
from datetime import datetime

from engine.commands.output import Output
from engine.errors import Json
from engine.formulas import MISSING
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


def tell_fields(fields: list[FieldTrace], output: Output) -> None:
    """Each field with its value, its formula, and what it read."""
    last = None
    for field in fields:
        trace = field.trace
        output.object(
            "field",
            step=field.step,
            path=field.path,
            formula=field.formula,
            value=None if trace.value is MISSING else trace.value,
            missing=trace.value is MISSING,
            error=str(trace.error) if trace.error else None,
            reads=[{"path": read.path, "value": None if read.value is MISSING else read.value} for read in trace.reads],
            lookups=[{"lookup": use.table, "key": use.key} for use in trace.lookups],
        )
        if field.step != last:
            output.text(f"\n{'values of the flow' if not field.step else 'step ' + field.step}")
            last = field.step
        value = str(trace.error.what) if trace.error else shown(trace.value)
        output.text(f"  {field.path} = {value}")
        output.text(f"      ← {shown(field.formula, 110)}")
        reads = ", ".join(
            f"{read.path}: {shown(read.value, 40)}" for read in trace.reads if not read.path.startswith("$values")
        )
        if reads:
            output.text(f"        read {shown(reads, 140)}")
