"""Functions whose words depend on what they are given: lookups, first filled, texts joined, lists, lambdas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.formulas.words import calls, conditions, places
from engine.formulas.words.phrases import Level, Phrase, Template, Unreadable
from engine.formulas.words.reading import Known, Reading, Scope, Way, way_at
from engine.formulas.words.titles import readable

SPECIAL: dict[str, Template] = {
    "looked up": "looked up in «{title}» by {key:plain}",
    "in the lookup": "what «{title}» has for {key:plain}",
    "or where not filled": "{a}, or {b:member} where it is not filled",
    "first filled": "the first filled one of {all}",
    "joined": "{a}, joined by {b:several}",
    "joined plainly": "{a}, one after the other",
    "filled joined": "{a}, as far as filled, with {b} between",
    "filled joined spaces": "{a}, as far as filled, with spaces between",
    "first characters": ("the first character of {a:of}", "the first {count} characters of {a:of}"),
    "without": ", without {pattern}",
    "reduced": ", reduced to {pattern}",
    "with fields": "{thing} with {fields}",
    "step answer": "what the step «{step}» gave for {key:plain}",
    "earlier": ("{count} day before {moment:of}", "{count} days before {moment:of}"),
    "later": ("{count} day after {moment:of}", "{count} days after {moment:of}"),
    "this moment": "the moment of the run",
    "the only": "the only one of {list}",
    "chosen fields": "the fields of {thing} for which {condition:if}",
    "parts of a name": "{a} as first and last name",
    "first": "the first name in {a:of}",
    "last": "the last name in {a:of}",
    "parts of a street": "{a} as street, number and addition",
    "street": "the street in {a:of}",
    "number": "the house number in {a:of}",
    "addition": "the addition to the house number in {a:of}",
    "it": "it",
    "its place": "its place, counted from 0",
    "its name": "its name",
    "the function": "function ${name}",
}
_DAY = 86_400_000


def special(reader: Reading, name: str, nodes: list[Any], scope: Scope) -> Phrase | None:
    """The words for a call that needs more than its arguments' phrases; None where the tables do."""
    words = _WORDS.get(name)
    return words(reader, nodes, scope) if words and nodes else None


def members(reader: Reading, node: Any, scope: Scope) -> list[Phrase] | None:
    """The phrases of a list written out; None where it is none."""
    if node.type != "unary" or str(node.value) != "[" or node.predicate or node.group:
        return None
    return [reader.read(item, scope) for item in node.expressions]


def listed(reader: Reading, phrases: list[Phrase]) -> str:
    """a, b and c."""
    return reader.say.listed(calls.LIST, [f"{phrase:member}" for phrase in phrases])


def _not(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    return conditions.opposite(reader.say, conditions.asked(reader, reader.read(nodes[0], scope)))


def _exists(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    phrase = reader.read(nodes[0], scope)
    if not phrase.has("if") or phrase.has("yes no") or phrase.kind in ("condition", "and", "or", "yes", "no"):
        return calls.whether(reader, "exists", [phrase])
    said = conditions.condition(reader.say, phrase.forms["if"], phrase.forms["not"])
    return replace(said, parts=(phrase,))


def _boolean(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    phrase = conditions.asked(reader, reader.read(nodes[0], scope))
    return conditions.condition(reader.say, phrase.forms["if"], phrase.forms["not"])


def _first_filled(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    say, found = reader.say, [reader.read(node, scope) for node in nodes]
    if len(found) == 1:
        [only] = found
        kept = {form: only.forms[form] for form in ("bare", "a") if only.has(form)}
        return calls.after(reader, only, say(calls.AFTER["first_filled"])).but(**kept)
    if len(found) == 2:
        text = say(SPECIAL["or where not filled"], a=found[0], b=found[1])
        return Phrase(text, Level.LOOSE, "default")
    return Phrase(say(SPECIAL["first filled"], all=listed(reader, found)), Level.COMMA)


def _join_filled(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    phrases = members(reader, nodes[0], scope)
    texts = listed(reader, phrases) if phrases else f"{reader.read(nodes[0], scope)}"
    between = reader.read(nodes[1], scope) if len(nodes) > 1 else None
    if between is None or (nodes[1].type == "string" and nodes[1].value == " "):
        return Phrase(reader.say(SPECIAL["filled joined spaces"], a=texts), Level.COMMA, "text")
    return Phrase(reader.say(SPECIAL["filled joined"], a=texts, b=between), Level.COMMA, "text")


def _join(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    phrases = members(reader, nodes[0], scope)
    texts: Phrase | str = listed(reader, phrases) if phrases else reader.read(nodes[0], scope)
    if len(nodes) < 2 or nodes[1].value == "":
        return Phrase(reader.say(SPECIAL["joined plainly"], a=texts), Level.COMMA, "text")
    return Phrase(reader.say(SPECIAL["joined"], a=texts, b=reader.read(nodes[1], scope)), Level.COMMA, "text")


def _table(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    if len(nodes) < 2 or nodes[0].type != "string":
        return None
    title = reader.titles.title(("$lookups", nodes[0].value)) or readable(nodes[0].value)
    key = reader.read(nodes[1], scope)
    alone = reader.say(SPECIAL["looked up"], title=title, key=key)
    return Phrase(reader.say(SPECIAL["in the lookup"], title=title, key=key), Level.NOUN, "", {"alone": alone})


def _lookup(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    """What an earlier step gave for one of its items; any other lookup in an object by the tables."""
    if len(nodes) < 2:
        return None
    things = reader.read(nodes[0], scope)
    if things.kind != "step":
        return None
    key = reader.read(nodes[1], scope)
    text = reader.say(SPECIAL["step answer"], step=things.forms["step"], key=key)
    return Phrase(text, Level.NOUN, "step", {"step": things.forms["step"]}, (key,))


def _substring(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    if len(nodes) != 3 or nodes[1].type != "number" or nodes[1].value != 0 or nodes[2].type != "number":
        return None
    thing = reader.read(nodes[0], scope)
    return Phrase(reader.say(SPECIAL["first characters"], int(nodes[2].value), a=thing), Level.NOUN)


def _replace(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    if len(nodes) != 3 or nodes[2].type != "string" or nodes[2].value != "":
        return None
    away = reader.read(nodes[1], scope)
    template = SPECIAL["reduced" if away.kind == "all but" else "without"]
    return calls.after(reader, reader.read(nodes[0], scope), reader.say(template, pattern=away))


def _moment(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    """So many days before or after a moment that is reckoned in milliseconds."""
    node = nodes[0]
    if len(nodes) != 1 or node.type != "binary" or str(node.value) not in "+-" or node.lhs.type != "function":
        return None
    days, moment = _days(node.rhs), node.lhs
    if days is None or moment.procedure.value not in ("millis", "toMillis"):
        return None
    if moment.procedure.value == "millis":
        start = Phrase(reader.say(SPECIAL["this moment"]))
    else:
        start = reader.read(moment.arguments[0], scope)
    template = SPECIAL["earlier" if str(node.value) == "-" else "later"]
    return Phrase(reader.say(template, days, moment=start), Level.NOUN)


def _days(node: Any) -> int | None:
    if node.type == "number":
        days = node.value / _DAY
    elif node.type == "binary" and str(node.value) == "*" and node.lhs.type == node.rhs.type == "number":
        days = node.lhs.value * node.rhs.value / _DAY
    else:
        return None
    return int(days) if days == int(days) and days > 0 else None


# --- functions given to functions


def _given(reader: Reading, node: Any, known: list[Known], scope: Scope) -> Phrase:
    """What a function gives for what is known of its parameters."""
    if node.type == "lambda":
        names = {}
        for number, argument in enumerate(node.arguments):
            names[argument.value] = known[number] if number < len(known) else Known()
        return reader.read(node.body, scope.knowing(**names))
    if node.type == "variable" and node.value not in scope.names:
        it = Phrase(reader.say(SPECIAL["it"]), Level.NAME, "own")
        return calls.call(reader, node.value, [node], [it])
    raise Unreadable


def _items(reader: Reading, nodes: list[Any], scope: Scope) -> tuple[Phrase, Way, list[Known]]:
    """The list that is walked, its way, and what a function given to it gets: item and place."""
    things, way = reader.read(nodes[0], scope), way_at(nodes[0], scope)
    item = Known(None if way is not None else Phrase(reader.say(SPECIAL["it"]), Level.NAME, "own"), way, True)
    return things, way, [item, Known(Phrase(reader.say(SPECIAL["its place"])))]


def _map(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    if len(nodes) < 2:
        return None
    things, _, known = _items(reader, nodes, scope)
    return places.each(reader, things, _given(reader, nodes[1], known, scope))


def _filter(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    if len(nodes) < 2:
        return None
    things, _, known = _items(reader, nodes, scope)
    return places.those(reader, things, conditions.asked(reader, _given(reader, nodes[1], known, scope)))


def _single(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    things = _filter(reader, nodes, scope) or reader.read(nodes[0], scope)
    return Phrase(reader.say(SPECIAL["the only"], list=things), Level.NOUN)


def _sift(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    if len(nodes) < 2:
        return None
    it = Phrase(reader.say(SPECIAL["it"]), Level.NAME, "own")
    known = [Known(it), Known(Phrase(reader.say(SPECIAL["its name"]), Level.NAME, "own"))]
    condition = conditions.asked(reader, _given(reader, nodes[1], known, scope))
    holes = {"thing": reader.read(nodes[0], scope), "condition": condition}
    return Phrase(reader.say(SPECIAL["chosen fields"], **holes), Level.NOUN)


def _sort(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    """By a function that compares two items: only `$a.x > $b.x` and `<` are plain."""
    if len(nodes) < 2:
        return None
    parameters, body = _two_parameters(nodes[1])
    if str(body.value) not in ("<", ">"):
        raise Unreadable
    things, _, known = _items(reader, nodes, scope)
    inner = scope.knowing(**dict.fromkeys(parameters, known[0]))
    first, second = reader.read(body.lhs, inner), reader.read(body.rhs, inner)
    names = [side.steps[0].value if side.type == "path" else side.value for side in (body.lhs, body.rhs)]
    if first.text != second.text or names != parameters:
        raise Unreadable
    return places.sorted_by(reader, things, [(first, str(body.value) == "<")])


def _reduce(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    """Only adding up is plain."""
    parameters, body = _two_parameters(nodes[-1])
    if len(nodes) != 2 or str(body.value) != "+" or [body.lhs.value, body.rhs.value] != parameters:
        raise Unreadable
    return calls.call(reader, "sum", nodes[:1], [reader.read(nodes[0], scope)])


def _two_parameters(function: Any) -> tuple[list[str], Any]:
    """The parameters of a function of two and its body, which joins or compares them."""
    if function.type != "lambda" or len(function.arguments) != 2 or function.body.type != "binary":
        raise Unreadable
    return [argument.value for argument in function.arguments], function.body


def _split_name(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    return _split(reader, "parts of a name", ("first", "last"), reader.read(nodes[0], scope))


def _split_street(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase:
    return _split(reader, "parts of a street", ("street", "number", "addition"), reader.read(nodes[0], scope))


def _split(reader: Reading, whole: str, parts: tuple[str, ...], thing: Phrase) -> Phrase:
    """A text taken apart, which knows what its parts are called."""
    fields = {f"field {part}": reader.say(SPECIAL[part], a=thing) for part in parts}
    return Phrase(reader.say(SPECIAL[whole], a=thing), Level.NOUN, "", fields)


def _merge(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    """A record with fields put into it."""
    phrases = members(reader, nodes[0], scope)
    if not phrases or len(phrases) != 2 or not phrases[1].has("fields"):
        return None
    text = reader.say(SPECIAL["with fields"], thing=phrases[0], fields=phrases[1].forms["fields"])
    return Phrase(text, Level.LOOSE, "record")


def _string(reader: Reading, nodes: list[Any], scope: Scope) -> Phrase | None:
    """As text; where that goes without saying, only what it is."""
    thing = reader.read(nodes[0], scope)
    as_text = calls.after(reader, thing, reader.say(calls.AFTER["string"]))
    plain = {"plain": f"{thing}", "piece": f"{thing:piece}", "member": f"{thing:member}"}
    return as_text.but(**plain)


_WORDS = {
    "not": _not,
    "exists": _exists,
    "boolean": _boolean,
    "first_filled": _first_filled,
    "join_filled": _join_filled,
    "join": _join,
    "table": _table,
    "lookup": _lookup,
    "substring": _substring,
    "replace": _replace,
    "fromMillis": _moment,
    "map": _map,
    "filter": _filter,
    "single": _single,
    "sift": _sift,
    "each": _map,
    "sort": _sort,
    "reduce": _reduce,
    "string": _string,
    "merge": _merge,
    "split_name": _split_name,
    "split_street": _split_street,
}
