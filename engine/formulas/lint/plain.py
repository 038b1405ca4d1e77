"""A formula that is not plain: it cannot be compiled and runs slower, in a guarded worker."""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas.compiled import why_not_plain
from engine.formulas.lint.view import Finding, View
from engine.formulas.names import FUNCTION_NAMES, names_asked

RULE = "not_plain"


def what_is_not_plain(formula: str) -> tuple[str, int] | None:
    """What makes a formula run in a worker, and at which column; None for a plain one."""
    found = why_not_plain(formula)
    if found is None or any(asked.is_called and asked.name not in FUNCTION_NAMES for asked in names_asked(formula)):
        return None  # it is plain, or does not work at all, which others say
    return found[0], found[1] or 0


def not_plain(view: View) -> Iterator[Finding]:
    found = what_is_not_plain(view.source.formula)
    if found is not None:
        reason, position = found
        what = f"the formula is not plain: {reason}, so a guarded worker evaluates it, many times slower"
        yield Finding(RULE, position, what, "It works as it is; where many records pass, write it without.")
