"""Findings a person has decided to live with: /* accepts null_in_text: the shop always fills it */ in the formula."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.documents.workspace import did_you_mean
from engine.formulas.lint.source import Source
from engine.formulas.lint.view import Finding

RULE = "unknown_rule"
_ACCEPTS = re.compile(r"/\*\s*accepts\s+([a-z_]+(?:\s*,\s*[a-z_]+)*)\s*(?::.*?)?\*/", re.DOTALL)


def without_accepted(findings: Iterable[Finding], source: Source, rules: Iterable[str]) -> list[Finding]:
    """The findings whose rule no comment accepts; and one for each comment that accepts a rule there is not."""
    known = list(rules)
    accepted: set[str] = set()
    kept: list[Finding] = []
    for position, comment in source.comments():
        for written in _ACCEPTS.finditer(comment):
            for name in re.split(r"\s*,\s*", written[1]):
                accepted.add(name)
                if name not in known:
                    kept.append(_unknown(name, position + written.start(1), known))
    return [*kept, *(finding for finding in findings if finding.rule not in accepted)]


def _unknown(name: str, position: int, known: list[str]) -> Finding:
    close = did_you_mean(name, known)
    advice = f"Did you mean “{close}”?" if close else f"There are: {', '.join(known)}."
    return Finding(RULE, position, f"there is no rule “{name}” to accept", advice)
