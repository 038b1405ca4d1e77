"""Conditions in words, each with its opposite: comparisons, and, or, not, there is, and what depends on them."""

from __future__ import annotations

from typing import Any

from engine.formulas.words.phrases import Level, Phrase, Speech
from engine.formulas.words.reading import Reading, Scope

CONDITIONS = {
    "yes where": "yes, where {condition:if}",
    "=": "{a:member} is {b}",
    "= not": "{a:member} is not {b}",
    "!=": "{a:member} is not {b}",
    "!= not": "{a:member} is {b}",
    ">": "{a:member} is more than {b}",
    "> not": "{a:member} is not more than {b}",
    ">=": "{a:member} is at least {b}",
    ">= not": "{a:member} is less than {b}",
    "<": "{a:member} is less than {b}",
    "< not": "{a:member} is not less than {b}",
    "<=": "{a:member} is at most {b}",
    "<= not": "{a:member} is more than {b}",
    "in": "{a:member} is in {b}",
    "in not": "{a:member} is not in {b}",
    "in list": "{a:member} is one of {b}",
    "in list not": "{a:member} is none of {b}",
    "there are": "there are {things}",
    "there are no": "there are no {things}",
    "is yes": "{a:quoted} is yes",
    "is no": "{a:quoted} is no",
    "is empty": "{a:member} is empty",
    "is not empty": "{a:member} is not empty",
    "exactly where": "{a:quoted} is yes exactly where {b:if}",
    "not exactly where": "{a:quoted} is not yes exactly where {b:if}",
    "has a value": "{a:open} has a value",
    "has no value": "{a:open} has no value",
    "either": "either {condition}",
    "and": "{some} and {next}",
    "and so on": "{some}, {next}",
    "and last": "{some} and {next}",
    "or": "{some} or {next}",
    "or so on": "{some}, {next}",
    "or last": "{some} or {next}",
    "or else": "{some}, or {next}",
    "else": "{a}; if there is none, {b:open}",
    "if there is one": "{a}, where there is one",
    "if else": "{a:member} if {condition:if}, otherwise {b}",
    "if first": "if {condition:if}: {a}; otherwise: {b:open}",
    "if only": "{a:member}, only if {condition:if}",
    "if only first": "only if {condition:if}: {a:open}",
    "case": "{a:member} if {condition:if}",
    "cases": "{some}; {next}",
    "cases end": "{some}; otherwise {next}",
    "default missing": "{a:member}, or {b:member} where it is missing",
    "default false": "{a:member}, or {b:member} where there is none",
}
_AND = {"two": CONDITIONS["and"], "more": CONDITIONS["and so on"], "last": CONDITIONS["and last"]}
_OR = {"two": CONDITIONS["or"], "more": CONDITIONS["or so on"], "last": CONDITIONS["or last"]}
_OR_ELSE = dict.fromkeys(("two", "more", "last"), CONDITIONS["or else"])
_CASES = {"two": CONDITIONS["cases"], "more": CONDITIONS["cases"], "last": CONDITIONS["cases"]}


def condition(say: Speech, holds: str, not_holds: str, *, kind: str = "condition", **forms: str) -> Phrase:
    """A condition by its sentence and the opposite one."""
    asked = Phrase(holds, forms={"if": holds})
    text = say(CONDITIONS["yes where"], condition=asked)
    return Phrase(text, Level.LOOSE, kind, {"if": holds, "not": not_holds, **forms})


def asked(reader: Reading, phrase: Phrase) -> Phrase:
    """A phrase with its forms as a condition: whether there is anything that counts."""
    if phrase.has("if"):
        return phrase
    say = reader.say
    holds, not_holds = (say(CONDITIONS[template], a=phrase) for template in ("has a value", "has no value"))
    return phrase.but(**{"if": holds, "not": not_holds})


def comparison(reader: Reading, sign: str, a: Phrase, b: Phrase) -> Phrase:
    """a is b, a is more than b, a is one of b, …"""
    say = reader.say
    counted = _number(say, sign, a, b)
    if counted is not None:
        return counted
    if sign in ("=", "!="):
        known = _equality(say, a, b)
        if known:
            return known if sign == "=" else opposite(say, known)
    templates = (CONDITIONS[sign], CONDITIONS[f"{sign} not"])
    holds, not_holds = (say(template, a=a, b=b) for template in templates)
    return condition(say, holds, not_holds, **_whose(a, holds, not_holds))


def _number(say: Speech, sign: str, a: Phrase, b: Phrase) -> Phrase | None:
    """A number of things that is or is not 0: there are (none)."""
    if a.kind != "count" or b.text != "0" or sign not in ("=", "!=", ">"):
        return None
    there_are = say(CONDITIONS["there are"], things=f"{a.parts[0]:bare}")
    there_are_no = say(CONDITIONS["there are no"], things=f"{a.parts[0]:bare}")
    return condition(say, *((there_are_no, there_are) if sign == "=" else (there_are, there_are_no)))


def _equality(say: Speech, a: Phrase, b: Phrase) -> Phrase | None:
    """The words for being equal to yes, no, a condition or nothing; None where there are none of their own."""
    for thing, word in ((a, b), (b, a)):
        if word.kind in ("yes", "no"):
            if thing.kind in _JOINED:
                return thing if word.kind == "yes" else opposite(say, thing)
            yes, no = say(CONDITIONS["is yes"], a=thing), say(CONDITIONS["is no"], a=thing)
            return condition(say, *((yes, no) if word.kind == "yes" else (no, yes)))
    for thing, whether in ((a, b), (b, a)):
        if whether.kind in _JOINED and thing.kind not in _JOINED:
            templates = (CONDITIONS["exactly where"], CONDITIONS["not exactly where"])
            return condition(say, *(say(template, a=thing, b=whether) for template in templates))
    if b.kind == "empty":
        holds, not_holds = say(CONDITIONS["is empty"], a=a), say(CONDITIONS["is not empty"], a=a)
        return condition(say, holds, not_holds, **_whose(a, holds, not_holds))
    return None


_JOINED = ("condition", "and", "or")


def _whose(a: Phrase, holds: str, not_holds: str) -> dict[str, str]:
    return {"whose": holds, "whose_not": not_holds} if a.kind in ("own", "own list") else {}


def opposite(say: Speech, phrase: Phrase) -> Phrase:
    """The condition that holds where this one does not."""
    forms = phrase.forms
    turned = {"among": "among_not", "whose": "whose_not"}
    others = {new: forms[old] for one, two in turned.items() for new, old in ((one, two), (two, one)) if old in forms}
    kind = {"and": "or", "or": "and"}.get(phrase.kind, "condition")
    return condition(say, forms["not"], forms["if"], kind=kind, **others)


def joined(reader: Reading, word: str, parts: list[Phrase]) -> Phrase:
    """Conditions that must all hold, or of which one must; the opposite is the other word with the opposites."""
    say, parts = reader.say, [asked(reader, part) for part in parts]
    opposite_word = "or" if word == "and" else "and"
    mixed = any(part.kind == opposite_word for part in parts)
    holds = _strung(say, word, [_among(part, word, "if", "among") for part in parts], mixed)
    not_holds = _strung(say, opposite_word, [_among(part, opposite_word, "not", "among_not") for part in parts], mixed)
    forms = {}
    if word == "or":
        forms["among"] = say(CONDITIONS["either"], condition=holds)
    else:
        forms["among_not"] = say(CONDITIONS["either"], condition=not_holds)
    for whose, way in (("whose", word), ("whose_not", opposite_word)):
        if all(part.has(whose) for part in parts) and not mixed:
            forms[whose] = _strung(say, way, [part.forms[whose] for part in parts], mixed)
    return condition(say, holds, not_holds, kind=word, **forms)


def _strung(say: Speech, word: str, conditions: list[str], mixed: bool) -> str:
    return say.listed(_AND if word == "and" else _OR_ELSE if mixed else _OR, conditions)


def _among(part: Phrase, word: str, plainly: str, among: str) -> str:
    """A condition among others that must all hold (“either … or …”), or among others of which one must."""
    return part.forms.get(among, part.forms[plainly]) if word == "and" else part.forms[plainly]


def flattened(node: Any, word: str) -> list[Any]:
    """The operands of a chain of the same word, brackets around them left out."""
    while node.type == "block" and len(node.expressions) == 1 and not node.predicate and not node.group:
        node = node.expressions[0]
    if node.type == "binary" and str(node.value) == word and not node.predicate and not node.group:
        return [*flattened(node.lhs, word), *flattened(node.rhs, word)]
    return [node]


def choice(reader: Reading, node: Any, scope: Scope) -> Phrase:
    """if … then … otherwise …, and what follows an otherwise of the same kind."""
    say = reader.say
    when = asked(reader, reader.read(node.condition, scope))
    then = reader.read(node.then, scope)
    if node._else is None:
        if when.text == then.text:
            asked_of = {form: when.forms[form] for form in ("if", "not")}
            return Phrase(say(CONDITIONS["if there is one"], a=then), Level.COMMA, then.kind, asked_of)
        template = "if only first" if then.level >= Level.COMMA else "if only"
        return Phrase(say(CONDITIONS[template], condition=when, a=then), Level.LOOSE, "only")
    other = reader.read(node._else, scope)
    thing = when.parts[0] if when.kind == "condition" and when.parts else when  # there is … ? the same : …
    if thing.text == then.text and thing.kind not in _JOINED:
        return Phrase(say(CONDITIONS["else"], a=then, b=other), Level.LOOSE, "else")
    case = Phrase(say(CONDITIONS["case"], a=then, condition=when))
    if other.kind in ("choice", "cases"):
        return _cases(say, (case, *other.parts))
    if then.level >= Level.COMMA:
        return Phrase(say(CONDITIONS["if first"], condition=when, a=then, b=other), Level.LOOSE, "either way")
    text = say(CONDITIONS["if else"], condition=when, a=then, b=other)
    return Phrase(text, Level.LOOSE, "choice", {}, (case, other))


def _cases(say: Speech, parts: tuple[Phrase, ...]) -> Phrase:
    *cases, last = parts
    some = say.listed(_CASES, [case.text for case in cases])
    text = say(CONDITIONS["cases end"], some=some, next=f"{last}")
    return Phrase(text, Level.LOOSE, "cases", {}, parts)


def default(reader: Reading, sign: str, a: Phrase, b: Phrase) -> Phrase:
    """a, or b where a is missing (or counts as false)."""
    template = "default missing" if sign == "??" else "default false"
    return Phrase(reader.say(CONDITIONS[template], a=a, b=b), Level.LOOSE, "default")
