"""A formula that is not plain: it cannot be compiled and runs slower, in a guarded worker."""

from __future__ import annotations

from collections.abc import Iterator

from engine.formulas.lint.view import Finding, View

RULE = "not_plain"


def what_is_not_plain(formula: str) -> tuple[str, int] | None:
    """What makes a formula run in a worker, and at which column; None for a plain one."""
    return None


def not_plain(view: View) -> Iterator[Finding]:
    found = what_is_not_plain(view.source.formula)
    if found is not None:
        reason, position = found
        what = f"the formula runs in a guarded worker, many times slower: {reason}"
        yield Finding(RULE, position, what, "Write it without, if it is asked for often.")
