"""Writes out a few everyday functions where they are called, as what they mostly come to; the rest calls them."""

from __future__ import annotations

import ast
from collections.abc import Callable

from engine.formulas.compiled import expressions, kinds
from engine.formulas.compiled.bounds import LONGEST_TEXT
from engine.formulas.compiled.source import Atom, Source
from engine.formulas.compiled.standard import MOST_ROUNDED, ROUNDERS

Inline = Callable[[Source, list[Atom], str], Atom | None]


def inline(s: Source, function: str, arguments: list[Atom], slow: str) -> Atom | None:
    """The function's result without a call of it where the arguments are ordinary; None where that cannot be told.
    slow: source that calls the function.
    """
    write = _INLINE.get(function)
    return write(s, arguments, slow) if write is not None else None


def _written(atom: Atom) -> str | None:
    """The text that an argument is written as; None where it is no text written out."""
    return ast.literal_eval(atom.code) if atom.code[:1] in ("'", '"') else None


def _changed(method: str) -> Inline:
    def write(s: Source, arguments: list[Atom], slow: str) -> Atom | None:
        of = expressions.held(s, arguments[0])
        test = f"type({of.code}) is str and len({of.code}) <= {LONGEST_TEXT}"
        return s.new(f"{of.code}.{method}() if {test} else {slow}", kinds.TEXT | kinds.NOTHING, of)

    return write


def _replaced(s: Source, arguments: list[Atom], slow: str) -> Atom | None:
    of, texts = arguments[0], [_written(argument) for argument in arguments[1:]]
    if len(texts) != 2 or not texts[0] or texts[1] is None or len(texts[1]) > len(texts[0]):
        return None
    of = expressions.held(s, of)
    test = f"type({of.code}) is str and len({of.code}) <= {LONGEST_TEXT}"
    code = f"{of.code}.replace({texts[0]!r}, {texts[1]!r})"
    return s.new(f"{code} if {test} else {slow}", kinds.TEXT | kinds.NOTHING, of)


def _cut(before: bool) -> Inline:
    def write(s: Source, arguments: list[Atom], slow: str) -> Atom | None:
        mark = _written(arguments[1])
        if mark is None:
            return None
        of, name, place = expressions.held(s, arguments[0]), s.name(), s.name("p")
        part = f"[:{place}]" if before else f"[{place} + {len(mark)}:]"
        s.put(f"if type({of.code}) is str:")
        s.put(f"    {place} = {of.code}.find({mark!r})")
        s.put(f"    {name} = {of.code}{part} if {place} >= 0 else {of.code}")
        s.put(f"else: {name} = {slow}")
        return Atom(name, kinds.TEXT | kinds.NOTHING, of.level)

    return write


def _rounded(s: Source, arguments: list[Atom], slow: str) -> Atom | None:
    """Away from a tie, and of an ordinary size."""
    if len(arguments) > 1 and arguments[1].code not in map(str, range(len(ROUNDERS))):
        return None
    digits = int(arguments[1].code) if len(arguments) > 1 else 0
    of, name, whole = expressions.held(s, arguments[0]), s.name(), s.name("r")
    slow = f"{s.constant(ROUNDERS[digits])}({of.code})"
    power = 10**digits
    s.put(f"if type({of.code}) is float and {-MOST_ROUNDED / power!r} < {of.code} < {MOST_ROUNDED / power!r}:")
    s.put(f"    {name} = {of.code} * {power}.0")
    s.put(f"    {whole} = ({name} + 0.5) // 1.0")
    s.put(f"    if not -0.49 < {name} - {whole} < 0.49: {name} = {slow}")
    s.put(f"    else: {name} = {whole} / {power}.0 if {whole} % {power}.0 else int({whole} / {power}.0)")
    s.put(f"else: {name} = {slow}")
    return Atom(name, kinds.NUMBER | kinds.NOTHING, of.level)


def _counted(s: Source, arguments: list[Atom], slow: str) -> Atom | None:
    of = expressions.held(s, arguments[0])
    return s.new(f"len({of.code}) if type({of.code}) is list else {slow}", kinds.NUMBER, of)


_INLINE: dict[str, Inline] = {
    "uppercase": _changed("upper"),
    "lowercase": _changed("lower"),
    "replace": _replaced,
    "substringBefore": _cut(before=True),
    "substringAfter": _cut(before=False),
    "round": _rounded,
    "count": _counted,
}
