"""Writes the source of function calls, and of walks over lists with a function written in place."""

from __future__ import annotations

from engine.formulas.compiled import expressions, kinds, nodes
from engine.formulas.compiled.growth import gathers_twice
from engine.formulas.compiled.inline import inline
from engine.formulas.compiled.plain import NotPlain
from engine.formulas.compiled.signatures import CHECKED_KIND, OWN, Own, short
from engine.formulas.compiled.source import Atom, Source
from engine.formulas.compiled.table import STANDARD
from engine.formulas.compiled.walking import gathered, summed

_GROWING = frozenset(["join_filled"])  # of ours: what they repeat between items must be short


def call(s: Source, node: nodes.Call, at: Atom) -> Atom:
    """A call of a function by name."""
    if node.function == "millis":
        return Atom("e.millis", kinds.NUMBER)
    if node.function == "now":
        return s.new(f"{s.constant(STANDARD['fromMillis'].call)}(e.millis)", kinds.TEXT)
    if node.function == "sum" and isinstance(node.arguments[0], nodes.Path):
        total = summed(s, node.arguments[0], at)
        if total is not None:
            return total
    arguments = [expressions.write(s, argument, at) for argument in node.arguments]
    own = OWN.get(node.function)
    if own is None and node.function == "exists":
        [value] = arguments
        return (
            Atom("True", kinds.TRUTH)
            if kinds.is_there(value.kind)
            else s.new(f"{value.code} is not U", kinds.TRUTH, value)
        )
    for argument in arguments:
        s.spend(argument)
    if own is not None:
        return _own(s, own, arguments)
    known = STANDARD[node.function]
    codes = [argument.code for argument in arguments]
    function = s.constant(known.call)
    if node.function == "distinct" and isinstance(node.arguments[0], nodes.ListOf):
        codes.append("is_array=True")
    code = f"{function}({', '.join(codes)})"
    made = inline(s, node.function, arguments, code)
    return made if made is not None else s.new(code, known.gives, *arguments)


def _own(s: Source, own: Own, arguments: list[Atom]) -> Atom:
    """A function of ours; an argument that does not fit its signature is for the evaluator to refuse."""
    codes = ["e"] if own.function.sees_run else []
    for number, argument in enumerate(arguments):
        check = own.checks[min(number, len(own.checks) - 1)]
        if check is None or kinds.is_surely(argument.kind, CHECKED_KIND[check] | kinds.NOTHING):
            codes.append(argument.code)
        else:
            codes.append(f"{s.constant(check)}({argument.code})")
    if own.function.name in _GROWING and len(codes) > 1:
        codes[-1] = f"{s.constant(short)}({codes[-1]})"
    return s.new(f"{s.constant(own.function.call)}({', '.join(codes)})", own.gives, *arguments)


def walk(s: Source, node: nodes.Walk, at: Atom) -> Atom:
    """$map and its kin."""
    of = expressions.held(s, expressions.write(s, node.items, at))
    if node.function == "reduce":
        return _reduce(s, node, of, at)
    if node.function == "sort":
        return _sort(s, node, of, at)
    found, place = s.name(), s.name("n")
    s.put(f"{found} = []")
    with s.loop(of, place) as (item, all_of_them):
        given = [item, Atom(place, kinds.NUMBER, s.level)]
        if len(node.each.parameters) > 2:
            given.append(s.new(f"list({all_of_them.code})", kinds.LIST, all_of_them))
            s.spend(given[2])
        made = _body(s, node.each, given, at)
        if node.function == "map":
            add = f"{found}.append({made.code})"
            s.put(add if kinds.is_there(made.kind) else f"if {made.code} is not U: {add}")
            s.is_measured |= not kinds.is_surely(made.kind, kinds.NUMBERS | kinds.TRUTH | kinds.NOTHING)
        elif node.function == "filter":
            s.put(f"if {expressions.condition(s, made)}: {found}.append({item.code})")
        else:
            made = expressions.held(s, made)
            s.put(f"if {made.code} is True: {found}.append({item.code})")
            s.put(f"elif {made.code} is not False and {made.code} is not U: raise Defer")
    if node.function == "single":
        s.put(f"if {of.code} is not U and len({found}) != 1: raise Defer")
        return s.new(f"{found}[0] if {found} else U", kinds.ANY, of)
    return gathered(s, found, made if node.function == "map" else Atom(found, kinds.ANY), of, flat=True)


def _body(s: Source, each: nodes.Lambda, given: list[Atom], at: Atom) -> Atom:
    """What the function in place gives, its parameters bound; it sees the value at hand where it is written."""
    s.scopes.append(dict(zip(each.parameters, given, strict=False)))
    made = expressions.write(s, each.body, at)
    s.scopes.pop()
    return made


def _reduce(s: Source, node: nodes.Walk, of: Atom, at: Atom) -> Atom:
    if gathers_twice(node.each):
        raise NotPlain("what its $reduce has gathered goes into the next round more than once")
    items = s.new(f"{of.code} if type({of.code}) is list else items({of.code})", kinds.LIST, of)
    gathered_so_far, offset = s.name(), 0
    if node.first is None:
        s.put(f"{gathered_so_far} = {items.code}[0] if {items.code} else U")
        rest, offset = s.new(f"list({items.code}[1:])", kinds.LIST, items), 1
    else:
        first = expressions.write(s, node.first, at)
        # a start that is missing is none at all: JSONata then begins with the first item
        if not kinds.is_there(first.kind):
            s.put(f"if {first.code} is U: raise Defer")
        s.put(f"{gathered_so_far} = {first.code}")
        rest = items
    place = s.name("n")
    with s.loop(rest, place) as (item, _):
        index = s.new(f"{place} + {offset}", kinds.NUMBER) if offset else Atom(place, kinds.NUMBER)
        so_far = Atom(gathered_so_far, kinds.ANY, s.level)
        given = [so_far, item, Atom(index.code, index.kind, s.level)]
        if len(node.each.parameters) > 3:
            given.append(s.new(f"list({items.code})", kinds.LIST, items))
            s.spend(given[3])
        made = _body(s, node.each, given, at)
        s.put(f"{gathered_so_far} = grown({made.code})")
    s.is_measured = True
    if node.first is not None:
        s.put(f"if {of.code} is U: {gathered_so_far} = U")
    return Atom(gathered_so_far, kinds.ANY, of.level)


def _sort(s: Source, node: nodes.Walk, of: Atom, at: Atom) -> Atom:
    name, left, right = s.name("f"), s.name("p"), s.name("p")
    code = of.code
    s.put("")
    cost_line, began = len(s.lines) - 1, len(s.lines)
    s.level += 1
    with s.block(f"def {name}({left}, {right}):"):
        made = _body(s, node.each, [Atom(left, kinds.ANY, s.level), Atom(right, kinds.ANY, s.level)], at)
        s.put(f"return {made.code}")
    s.level -= 1
    written = s.lines[began:]
    if any("w += " in line for line in written):
        raise NotPlain("the comparison of its $sort walks through lists")
    s.fill_cost(cost_line, f"(20 * len({code}) * {len(written)} if type({code}) is list else 0)")
    code = f"sorted_by({code}, {name}) if type({code}) is list else U if {code} is U else [{code}]"
    return s.new(code, kinds.LIST | kinds.NOTHING, of)
