"""From whatever an evaluation raised to one plain description: code, sentence, place, what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from engine.errors import FormulaError, Json
from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, TooDeep, kind
from engine.formulas.sentences import SENTENCES

_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
_TYPES = {"n": "numbers", "s": "texts", "b": "true or false", "o": "objects", "a": "lists"}
_BY_FUNCTION = {"toMillis": "D3110", "sort": "D3070", "power": "D3061"}
_BY_FUNCTION |= dict.fromkeys(("decodeUrl", "decodeUrlComponent", "encodeUrl", "encodeUrlComponent"), "D3140")
_BY_FUNCTION |= dict.fromkeys(("formatNumber", "formatInteger", "parseInteger", "fromMillis", "now"), "M1014")
_HOLE = re.compile(r"\{(function|operator|given|other|nth|found|expected|message)\}")
_AS_FOUND = ("S0203", "S0207", "S0106")  # their place is already where the caret belongs
_IN_TOKEN = ("S0101", "S0102", "S0105", "S0302")  # the place is the beginning of the token being read


def described(what: str, code: str, position: int | None, what_to_do: str) -> dict[str, Json]:
    return {"what": what, "code": code, "position": position, "what_to_do": what_to_do}


def of_code(code: str, position: int | None = None) -> dict[str, Json]:
    """A failure whose sentence has no holes."""
    what, what_to_do = SENTENCES[code]
    return described(what, code, position, what_to_do)


def as_error(failure: Mapping[str, Any], formula: str, where: str = "") -> FormulaError:
    return FormulaError(
        failure["what"],
        code=failure["code"],
        formula=formula,
        position=failure["position"],
        where=where,
        what_to_do=failure["what_to_do"],
    )


def while_parsing(error: Exception, formula: str, lexer: Any) -> dict[str, Json]:
    """Why the formula does not parse, from what the parser raised; `lexer` knows where tokens start."""
    if isinstance(error, Refused):
        return described(error.what, error.code, lexer.start, error.what_to_do)
    if isinstance(error, MemoryError):
        return of_code("M1002")
    if isinstance(error, TooDeep | RecursionError):
        return of_code("M1004")
    code = getattr(error, "error", None)
    if code is None:  # the tokenizer runs past the end, or meets an operator the parser does not know
        code = "S0204" if isinstance(error, KeyError) else "S0207"
        location = lexer.start if isinstance(error, KeyError) else len(formula)
        facts = {"found": _quoted(error.args[0])} if isinstance(error, KeyError) else {}
        return _filled(code, location, facts)
    location = error.location  # type: ignore[attr-defined]
    found = getattr(error, "expected" if code == "S0202" else "current", None)
    facts = {"found": _quoted(found), "expected": _quoted(error.current)}  # type: ignore[attr-defined]
    if code == "S0301" and found is not None:
        code, facts["found"] = "S0103", str(found)
    if code in ("S0103", "S0104"):
        location -= 1  # the backslash
    elif code in _IN_TOKEN or code == "S0301":
        location = lexer.start
    elif code not in _AS_FOUND:
        location = lexer.starts.get(location, location)
    if not formula.strip():
        return described("The formula is empty", "S0207", 0, "Write a formula, or delete the field mapping.")
    return _filled(code, min(location, len(formula)), facts)


def while_evaluating(
    error: BaseException,
    node: Any,
    calling: Any,
    starts: Mapping[int, int],
    known: Iterable[str],
    null: object,
) -> dict[str, Json]:
    """Why the evaluation failed. node: the innermost one that failed; calling: the innermost call; starts:
    token end → token start; known: names of functions; null: the evaluator's sentinel.
    """
    if isinstance(error, Refused):
        return described(error.what, error.code, _place(node, error, starts), error.what_to_do)
    if isinstance(error, MemoryError | SystemError):  # the interpreter itself stumbles where no memory is left
        return of_code("M1002")
    if isinstance(error, TooDeep | RecursionError):
        return of_code("M1004", _place(calling, error, starts))
    function = _function_of(node) or _function_of(calling)
    code = _code(error, function)
    facts = _facts(error, code, function, node, null)
    failure = _filled(code, _place(node, error, starts), facts)
    if code in ("T1006", "T1008") and function:
        near = difflib.get_close_matches(function, known, n=1)
        if near:
            failure["what_to_do"] = f"Did you mean ${near[0]}?"
    return failure


def _code(error: BaseException, function: str) -> str:
    code = getattr(error, "error", None)
    if isinstance(code, str) and code in SENTENCES:
        return code
    if isinstance(error, ZeroDivisionError):
        return "D1001"
    if function in _BY_FUNCTION:
        return _BY_FUNCTION[function]
    if isinstance(error, OverflowError):
        return "D1001"
    return "M1013" if isinstance(error, UnicodeError) else "M1010"


def _facts(error: BaseException, code: str, function: str, node: Any, null: object) -> dict[str, str]:
    current, expected = getattr(error, "current", None), getattr(error, "expected", None)
    facts = {
        "operator": str(getattr(node, "value", "")),
        "found": str(current)[:80],
        "message": str(current)[:300],
    }
    if function:
        facts["function"] = f"${function}"

    def named(value: Any) -> str:
        return kind(MISSING if value is None else None if value is null else value)

    if code in ("T0410", "T0411", "T0412"):
        if not function and isinstance(expected, str):
            facts["function"] = f"${expected}"
        facts["expected"] = _TYPES.get(str(getattr(error, "extra", "") or "")[:1], "one kind")
        # Of null, the library's functions say no more than the code.
        facts |= getattr(error, "misfit", {"nth": "first", "given": "null"})
    elif code in ("T2001", "T2002", "D1002"):
        facts["given"] = named(expected)
    elif code == "T2009":
        facts |= {"given": named(current), "other": named(expected)}
    elif code == "T2010":
        facts["given"] = named(expected)
    elif isinstance(error, ZeroDivisionError):
        facts["sentence"] = "D1001 zero"
    elif code == "T1003":
        facts["given"] = named(current)
    return facts


def _place(node: Any, error: BaseException, starts: Mapping[int, int]) -> int | None:
    """Where the caret belongs: the name of a function that is called, else the node's own token."""
    if node is None:
        return None
    location = getattr(error, "location", -1)
    if node.type == "apply" and getattr(error, "error", "") != "T2006":
        node = node.rhs
    if node.type in ("function", "partial"):
        node = node.procedure
        if node.type == "path":
            node = node.steps[0]
    if node.type == "path" or (node.group is not None and location in starts):
        # Sorting and grouping belong to a path, which has no token of its own.
        return starts.get(location) if location in starts else starts.get(node.steps[0].position)
    return starts.get(node.position)


def _function_of(node: Any) -> str:
    if node is not None and node.type == "apply":
        node = node.rhs
        if node.type == "variable":
            return str(node.value)
    if node is None or node.type not in ("function", "partial"):
        return ""
    procedure = node.procedure
    if procedure.type == "path":
        procedure = procedure.steps[-1]
    named = procedure.type in ("variable", "name") and isinstance(procedure.value, str)
    return str(procedure.value) if named else ""


def misfit(error: Any, signature: Any, args: list[Any], kinds: list[str]) -> dict[str, str]:
    """Which argument does not fit its signature. kinds: of the arguments and, last, the value at hand."""
    if error.error == "T0412":
        index = error.current - 1
        return {"nth": _nth(index), "given": kinds[index]}
    if error.error == "T0411" and not args:
        return {"given": kinds[-1]}
    symbols = "".join(signature.get_symbol(arg) for arg in args)
    pattern, index = "", 0
    for parameter in signature._params:
        # T0411: the value at hand did not fit either, so the argument in its place is missing or wrong.
        optional = error.error == "T0410" or not parameter.context
        pattern += parameter.regex if optional else parameter.regex.removesuffix("?")
        fits = re.match(pattern, symbols)
        if fits is None:
            break
        index = fits.end()
    if len(args) > len(signature._params) and "+" not in pattern:
        return {"sentence": "T0410 many"}
    if index >= len(args):
        return {"sentence": "T0410 few"}
    return {"sentence": "T0410", "nth": _nth(index), "given": kinds[index]}


def _nth(index: int) -> str:
    return _NTH[index] if index < len(_NTH) else "last"


def _filled(code: str, position: int | None, facts: Mapping[str, str]) -> dict[str, Json]:
    fallback = "S0201" if code.startswith("S") else "M1010"
    sentence = SENTENCES.get(facts.get("sentence", code)) or SENTENCES[fallback]
    known = {"function": "this function", "found": "this", "expected": "something", "given": "something else"}
    what, what_to_do = (_HOLE.sub(lambda hole: facts.get(hole[1], known.get(hole[1], "")), text) for text in sentence)
    return described(what[0].upper() + what[1:], code, position, what_to_do)


def _quoted(token: Any) -> str:
    if token in ("(end)", None):
        return "the end of the formula"
    return f"“{str(token)[:40]}”"
