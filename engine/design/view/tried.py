"""The examples of a draft, tried."""

from __future__ import annotations

from engine.design.view.shown import shown
from engine.errors import DocumentError, FormulaError, Json
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Formulas
from engine.runs.differences import Difference, differences
from engine.runs.examples import tried_examples

_MOST_CHARS = 200


def tried(loaded: LoadedFlow, formulas: Formulas) -> list[dict[str, Json]]:
    """Each example with its title, whether all is as expected (None where it expects nothing yet), and what differs.

    Raises nothing: a flow that cannot be tried gives one row with the reason.
    """
    rows: list[dict[str, Json]] = []
    try:
        for number, (example, outcome) in enumerate(tried_examples(loaded, formulas)):
            has_outcome = len(example.outcomes) == 1
            found = differences(example, outcome, loaded.flow) if has_outcome else []
            rows.append(
                {
                    "index": number,
                    "title": example.title,
                    "ok": not found if has_outcome else None,
                    "found": outcome.kind,
                    "differences": [_difference(each) for each in found],
                }
            )
    except (DocumentError, FormulaError) as error:
        problem = error.problems[0] if isinstance(error, DocumentError) else error.as_problem()
        return [{"index": -1, "title": "", "ok": False, "found": "", "differences": [], "problem": problem.as_json()}]
    return rows


def _difference(each: Difference) -> dict[str, Json]:
    told: dict[str, Json] = {
        "path": each.path,
        "expected": _text(each.expected),
        "found": _text(each.found),
        "hint": each.hint,
    }
    return told | ({"problem": each.problem.as_json()} if each.problem is not None else {})


def _text(value: Json) -> str | None:
    return None if value is MISSING else shown(value, _MOST_CHARS)
