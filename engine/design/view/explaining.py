"""How a target field comes to its value: in words, and with what it read, looked up and gave."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.design.view.findings import Finding
from engine.design.view.memo import Memo, is_spent
from engine.design.view.shown import shown
from engine.design.view.work import FieldWork, StepWork
from engine.design.wording import Wording
from engine.errors import Json
from engine.formulas import MISSING, Evaluation, LookupUse, PathRead, Trace
from engine.mappings.finish import Note
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of

MOST_ITEMS = 3
_MOST_CHARS = 400


def explained(
    made: StepWork, mapping: FieldMapping, wording: Wording, memo: Memo, findings: Sequence[Finding]
) -> dict[str, Json]:
    """words: the formula in words; results: of the first items, each with what it read and became; problems: of the
    field as a whole.
    """
    works = made.works(mapping.path)
    results = [told for item, work in enumerate(works) for told in _results(made, mapping, work, item, memo)]
    return {
        "words": wording.of(mapping.formula, made.step, mapping.path),
        "formula": mapping.formula,
        "results": results[:MOST_ITEMS],
        "count": sum(len(work.column) for work in works),
        "lacks": next((work.lacks for work in works if work.lacks), ""),
        "problems": [finding.as_json() for finding in findings if finding.severity != "note"],
        "write": mapping.write,
        "note": mapping.note,
    }


def _results(
    made: StepWork, mapping: FieldMapping, work: FieldWork, item: int, memo: Memo
) -> Iterator[dict[str, Json]]:
    inside = list_of(mapping.path)
    records = made.items
    if inside is not None:
        above = made.fields.get(inside[0])
        value = above.column[item].value if above is not None and item < len(above.column) else MISSING
        records = [] if value is MISSING or value is None else value if isinstance(value, list) else [value]
    for number, (record, evaluation) in enumerate(zip(records[:MOST_ITEMS], work.column, strict=False)):
        index = {"index": number} if inside is not None else {}
        trace = _trace(made, mapping.formula, record, index, evaluation, memo)
        yield _result(work, number, trace, evaluation)


def _trace(
    made: StepWork, formula: str, record: Json, index: dict[str, Json], evaluation: Evaluation, memo: Memo
) -> Trace:
    """What the formula read on the way; one that uses up its time is not tried again."""
    if is_spent(evaluation) or (evaluation.error is not None and evaluation.error.code.startswith("S")):
        return Trace(MISSING, evaluation.error, (), ())
    seen = {**made.sight.variables, **index}

    def trace() -> tuple[Trace, Evaluation]:
        return memo.formulas.trace(formula, made.sight.environment, record, seen), evaluation

    held: tuple[Trace, Evaluation] = memo.things.made(("trace", id(evaluation), *index.values()), trace)
    return held[0]


def _result(work: FieldWork, number: int, trace: Trace, evaluation: Evaluation) -> dict[str, Json]:
    finished = work.done.values[number] if number < len(work.done.values) else MISSING
    gave = evaluation.value
    problems = [problem for at, problem in work.done.problems if at == number]
    error = evaluation.error
    told = [] if error is None else [error.as_problem()]
    result: dict[str, Json] = {
        "shown": shown(finished, _MOST_CHARS) or "",
        "gave": shown(gave, _MOST_CHARS) or "",
        "notes": [_note(note, work.mapping.path) for at, note in work.done.notes if at == number],
        "problems": [
            {"severity": each.severity, "what": each.what, "what_to_do": each.what_to_do, "caret": each.caret}
            for each in (*told, *problems)
        ],
        "reads": [_read(read) for read in trace.reads],
        "lookups": [_lookup(use) for use in trace.lookups],
    }
    return result


def _note(note: Note, path: str) -> str:
    return note.what if note.where == path else f"{note.where}: {note.what}"


def _read(read: PathRead) -> dict[str, Json]:
    return {"path": read.path, "shown": shown(read.value) or "", "missing": read.value is MISSING, "count": read.count}


def _lookup(use: LookupUse) -> dict[str, Json]:
    return {"lookup": use.table, "key": use.key, "shown": shown(use.value) or "", "missing": use.value is MISSING}
