"""Calls of functions in words: one table for what each of them does with its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.formulas.words import conditions
from engine.formulas.words.phrases import Level, Phrase, Template
from engine.formulas.words.reading import Reading

# What is done to the first argument, said after it. {b}, {c}, {d} are the other arguments. A number after the
# name is for that many arguments. What begins with a comma stands apart from a short name too.
AFTER: dict[str, Template] = {
    "uppercase": "in capital letters",
    "lowercase": "in small letters",
    "string": "as text",
    "number": "as a number",
    "first_filled": ", if filled",
    "trim": ", without spaces around it",
    "substringBefore": ", up to {b}",
    "substringAfter": ", what follows {b}",
    "substring": ", from character {b:operand} on (counted from 0)",
    "substring 3": ", {c:operand} characters of it from character {b:operand} on (counted from 0)",
    "pad": ", filled up to {b} characters",
    "pad 3": ", filled up to {b} characters with {c}",
    "truncate": (", shortened to at most {b} character", ", shortened to at most {b} characters"),
    "replace": ", with {b} replaced by {c}",
    "replace 4": ", with {b} replaced by {c}, the first {d} times",
    "split 1": ", split into characters",
    "split": ", split at {b}",
    "split 3": ", split at {b}, the first {c} parts",
    "transliterate": "in plain letters",
    "spelled": ", in letters of {b} where {c} says so",
    "spelled transliterate": ", in letters of {b}",
    "round 1": ", rounded to a whole number",
    "round": (", rounded to {b} decimal", ", rounded to {b} decimals"),
    "money 1": ", rounded to 2 decimals",
    "money": (", rounded to {b} decimal", ", rounded to {b} decimals"),
    "money 3": (", rounded to {b} decimal (by the rule {c})", ", rounded to {b} decimals (by the rule {c})"),
    "floor": ", rounded down",
    "ceil": ", rounded up",
    "without_vat": ", without its VAT at {b:percent}",
    "with_vat": ", with VAT at {b:percent} on top",
    "money currency": ", rounded to the decimals of {b}",
    "text": ", as text (an empty one where there is none)",
    "safe_number 1": ", reduced to letters, digits and - . _",
    "safe_number": ", reduced to letters, digits and {b}",
    "safe_number nothing": ", reduced to letters and digits",
    "minor_units 1": ", in cents",
    "minor_units": ", in the smallest unit of a currency with {b} decimals",
    "minor_units currency": ", in the smallest unit of {b}",
    "in_zone": ", as a clock in {b} shows it",
    "formatNumber": ", written as a number like {b}",
    "formatInteger": ", written as a whole number like {b}",
    "formatBase 1": ", written with digits to the base 10",
    "formatBase": ", written with digits to the base {b}",
    "parseInteger": ", read as a whole number like {b}",
    "encodeUrl": ", written for a web address",
    "encodeUrlComponent": ", written for a web address",
    "decodeUrl": ", read from a web address",
    "decodeUrlComponent": ", read from a web address",
    "base64encode": "in base64",
    "base64decode": ", read from base64",
    "reverse": ", in reverse order",
    "sort": ", sorted",
    "distinct": ", each different one once",
    "fromMillis 1": ", as a moment",
    "fromMillis": ", as a moment written like {b}",
    "fromMillis 3": ", as a moment written like {b}, in the zone {c}",
    "toMillis 1": ", as milliseconds",
    "toMillis": ", read as a moment like {b}, in milliseconds",
}

# A thing made of the arguments. {a:bare} and the like as elsewhere; {all} is every argument as a list.
THINGS: dict[str, Template] = {
    "length": "the number of characters of {a:of}",
    "abs": "{a:of} without its sign",
    "sqrt": "the square root of {a:of}",
    "power": "{a:operand} to the power of {b:operand}",
    "count": "the number of {a:bare}",
    "max": "the largest of {a:of}",
    "min": "the smallest of {a:of}",
    "average": "the average of {a:of}",
    "sum": "the sum of {a:of}",
    "sum_money": "the sum of {a:of}",
    "multiply": "{a:operand} times {b:operand}",
    "multiply more": "the product of {all}",
    "add": "{a:operand} plus {b:operand}",
    "add more": "the sum of {all}",
    "subtract": "{a:operand} minus {b:operand}",
    "divide": "{a:operand} divided by {b:operand}",
    "divide 3": (
        "{a:operand} divided by {b:operand} (to {c} decimal)",
        "{a:operand} divided by {b:operand} (to {c} decimals)",
    ),
    "divide 4": "{a:operand} divided by {b:operand} (to {c} decimals, by the rule {d})",
    "divide currency": "{a:operand} divided by {b:operand} (to the decimals of {c})",
    "vat_of": "the VAT of {b:percent} for {a:of} (which is {c})",
    "vat_of gross": "the VAT of {b:percent} in {a:of}",
    "vat_of net": "the VAT of {b:percent} on {a:of}",
    "document_sums": "the sums of {a:of} (prices {b})",
    "document_sums gross": "the sums of {a:of} (prices with tax)",
    "document_sums net": "the sums of {a:of} (prices without tax)",
    "local_date 1": "the date of {a:of}",
    "local_date": "the date of {a:of} in {b}",
    "country": "the country code of {a:of}",
    "distribute": "{a} in shares by {b}",
    "digest": "a fingerprint of {a:of}",
    "keys": "the names of the fields of {a:of}",
    "lookup": "what {a} has for {b:plain}",
    "spread": "{a} taken apart into single fields",
    "merge": "the fields of {a:of} as one record",
    "append": "{a:member} together with {b:member}",
    "zip": "{all}, paired by position",
    "type": "what kind of value {a} is",
    "table": "what the lookup called {a} has for {b:plain}",
    "now": "the moment of the run",
    "now more": "the moment of the run, written like {a}",
    "millis": "the moment of the run in milliseconds",
    "match": "where {b} is found in {a}",
    "match 3": "where {b} is found in {a}, {c} times at most",
    "error": "the record is stopped",
    "error more": "the record is stopped with {a}",
    "assert": "the record is stopped unless {a:if}",
    "assert more": "the record is stopped with {b} unless {a:if}",
}

# Over each item of a list: what is worked out for the items, together.
OVER = {
    "sum": "the sum over each of {list} of {item:open}",
    "sum_money": "the sum over each of {list} of {item:open}",
    "max": "the largest {item:open} of {list}",
    "min": "the smallest {item:open} of {list}",
    "average": "the average {item:open} of {list}",
    "distinct": "each different {item:open} of {list}",
}

# A condition and its opposite.
WHETHER = {
    "contains": ("{a} contains {b}", "{a} does not contain {b}"),
    "exists": ("{a:open} has a value", "{a:open} has no value"),
}

CALLS = {
    "close": "{x} {what}",
    "apart": "{x}, {what}",
    "result": "{x:open}; the result {what}",
    "and then": "{x:open}, {what}",
    "unknown": "function ${name} of {all}",
    "unknown alone": "function ${name}",
    "and": "{some} and {next}",
    "more": "{some}, {next}",
}
LIST = {"two": CALLS["and"], "more": CALLS["more"], "last": CALLS["and"]}
_SEVERAL = {"multiply": 3, "add": 3, "now": 1, "error": 1, "assert": 2}  # from so many arguments: the words “more”
_TELLING = {"money": 1, "divide": 2, "minor_units": 1, "safe_number": 1, "vat_of": 2, "document_sums": 1, "spelled": 2}
_TOLD = {"gross": "gross", "net": "net", "": "nothing", "transliterate": "transliterate"}
_PRODUCTS = {"multiply", "divide", "power"}
_SUMS = {"add", "subtract"}

Words = Callable[[Reading, str, list[Any], list[Phrase]], Phrase]


def call(reader: Reading, name: str, nodes: list[Any], args: list[Phrase]) -> Phrase:
    """A call by the tables; what is in none of them is said as it is."""
    over = _over(reader, name, args)
    if over is not None:
        return over
    template = _chosen(AFTER, name, nodes)
    if template is not None and args:
        return after(reader, args[0], _filled(reader, template, nodes, args))
    if name in WHETHER and args:
        return whether(reader, name, args)
    template = _chosen(THINGS, name, nodes)
    if template is not None:
        return _thing(reader, name, template, nodes, args)
    if not args:
        return Phrase(reader.say(CALLS["unknown alone"], name=name), Level.NOUN)
    return Phrase(reader.say(CALLS["unknown"], name=name, all=_all(reader, args)), Level.COMMA)


def after(reader: Reading, thing: Phrase, what: str) -> Phrase:
    """A thing with what is done to it said after it; forms of the thing as a condition stay."""
    say = reader.say
    kept = {form: thing.forms[form] for form in ("if", "not") if thing.has(form)}
    apart, what = what.startswith(", "), what.removeprefix(", ")
    if thing.kind == "result":
        return Phrase(say(CALLS["and then"], x=thing, what=what), Level.LOOSE, "result", kept)
    if thing.level >= Level.LOOSE or thing.kind == "text":
        return Phrase(say(CALLS["result"], x=thing, what=what), Level.LOOSE, "result", kept)
    if apart or thing.level > Level.NOUN:
        return Phrase(say(CALLS["apart"], x=thing, what=what), Level.COMMA, "after", kept)
    return Phrase(say(CALLS["close"], x=thing, what=what), Level.MATH, "after", kept)


def whether(reader: Reading, name: str, args: list[Phrase]) -> Phrase:
    """A function that says yes or no."""
    say = reader.say
    holes = dict(zip("abcd", args, strict=False))
    if "b" not in holes and name == "contains":
        holes["b"] = Phrase("")
    holds, not_holds = (say(template, **holes) for template in WHETHER[name])
    own = args[0].kind in ("own", "own list")
    forms = {"whose": holds, "whose_not": not_holds} if own else {}
    return conditions.condition(say, holds, not_holds, **forms)


def _over(reader: Reading, name: str, args: list[Phrase]) -> Phrase | None:
    if name not in OVER or len(args) != 1 or args[0].kind != "each":
        return None
    things, item = args[0].parts
    if things.kind == "filtered" or item.level >= Level.COMMA:
        return None
    text = reader.say(OVER[name], list=things, item=item)
    kind = "list" if name == "distinct" else ""
    return Phrase(text, Level.NOUN, kind)


def _thing(reader: Reading, name: str, template: Template, nodes: list[Any], args: list[Phrase]) -> Phrase:
    text = _filled(reader, template, nodes, args)
    if name in _PRODUCTS and len(args) == 2:
        return Phrase(text, Level.MATH, "product")
    if name in _SUMS and len(args) == 2:
        return Phrase(text, Level.MATH, "sum")
    if name == "count":
        return Phrase(text, Level.NOUN, "count", {}, tuple(args))
    kind = "list" if name in ("append", "distribute", "spread", "zip") else ""
    return Phrase(text, Level.NOUN, kind)


def _chosen(table: dict[str, Template], name: str, nodes: list[Any]) -> Template | None:
    """The template for these arguments: by what one of them says, else by how many there are."""
    place = _TELLING.get(name, -1)
    told = nodes[place] if 0 <= place < len(nodes) else None
    found = None
    if told is not None and told.type != "number":
        word = _TOLD.get(told.value, "currency") if told.type == "string" else "currency"
        found = table.get(f"{name} {word}")
    if found is None:
        found = table.get(f"{name} {len(nodes)}")
    if found is None and len(nodes) >= _SEVERAL.get(name, len(nodes) + 1):
        found = table.get(f"{name} more")
    return found if found is not None else table.get(name)


def _filled(reader: Reading, template: Template, nodes: list[Any], args: list[Phrase]) -> str:
    holes: dict[str, Phrase | str] = dict(zip("abcd", args, strict=False))
    for missing in "abcd"[len(args) :]:
        holes[missing] = Phrase("…", Level.NAME)
    if isinstance(template, tuple):
        place = 2 if "{c}" in template[0] and "{b:" in template[0] else 1
        count = nodes[place].value if len(nodes) > place and nodes[place].type == "number" else 2
        return reader.say(template, 1 if count == 1 else 2, **holes)
    return reader.say(template, **holes, all=_all(reader, args))


def _all(reader: Reading, args: list[Phrase]) -> str:
    return reader.say.listed(LIST, [f"{arg:member}" for arg in args]) if args else ""
