"""Writes the source of function calls, and of walks over lists with a function written in place."""

from __future__ import annotations

from engine.formulas.compiled import expressions, kinds, nodes
from engine.formulas.compiled.growth import gathers_twice
from engine.formulas.compiled.inline import inline
from engine.formulas.compiled.plain import NotPlain
from engine.formulas.compiled.signatures import CHECKED_KIND, OWN, SLOW, Own, ordinary, short
from engine.formulas.compiled.source import Atom, Source
from engine.formulas.compiled.table import STANDARD
from engine.formulas.compiled.walking import add, gathered, summed

_REPEATING = frozenset(["join_filled"])  # of ours: what they repeat between items must be short
_GROWING = frozenset(["pad", "replace", "join", "split", "string", "join_filled"])  # may give more than they got
_FLAT = frozenset(["count", "lookup", "append", "reverse", "type"])  # never look into what is in a list
_OWN_EFFORT, _EFFORT, _OWN_TIMES, _TIMES = 20, 5, 32, 8  # steps for each call, and for each 16 characters or values


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
    _count(s, node.function, arguments, own is not None)
    made = _own(s, own, arguments) if own is not None else _standard(s, node, arguments)
    if node.function in _GROWING and (s.level or s.counts_all):
        s.charge(f"weight({made.code})")
    return made


def _count(s: Source, function: str, arguments: list[Atom], is_own: bool) -> None:
    """Count what the call costs in a loop."""
    s.effort += _OWN_EFFORT if is_own else _EFFORT
    for argument in arguments:
        if function in _FLAT:
            s.spend(argument)
        else:
            s.spend(argument, deep=True, times=_OWN_TIMES if is_own else _TIMES, always=function in SLOW)


def _standard(s: Source, node: nodes.Call, arguments: list[Atom]) -> Atom:
    """A function of JSONata's."""
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
        if own.function.name in SLOW and argument.kind & kinds.SIZED:
            codes.append(f"{s.constant(ordinary)}({argument.code})")
        elif check is None or kinds.is_surely(argument.kind, CHECKED_KIND[check] | kinds.NOTHING):
            codes.append(argument.code)
        else:
            codes.append(f"{s.constant(check)}({argument.code})")
    if own.function.name in _REPEATING and len(codes) > 1:
        codes[-1] = f"{s.constant(short)}({codes[-1]})"
    made = s.new(f"{s.constant(own.function.call)}({', '.join(codes)})", own.gives, *arguments)
    # what a run's lookup holds is of any size
    return Atom(made.code, made.kind) if own.function.sees_run else made


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
        given = [item, Atom(place, kinds.NUMBER)]
        if len(node.each.parameters) > 2:
            s.spend(all_of_them)
            given.append(s.new(f"list({all_of_them.code})", kinds.LIST, all_of_them))
        made = _body(s, node.each, given, at)
        if node.function == "map":
            add(s, found, made)
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
    items = s.new(f"{of.code} if type({of.code}) is list else list(items({of.code}))", kinds.LIST, of)
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
        so_far = Atom(gathered_so_far, kinds.ANY)  # it grows with every round
        given = [so_far, item, index]
        if len(node.each.parameters) > 3:
            s.spend(items)
            given.append(s.new(f"list({items.code})", kinds.LIST, items))
        made = _body(s, node.each, given, at)
        s.put(f"{gathered_so_far} = grown({made.code})")
    s.put(f"{gathered_so_far} = grown({gathered_so_far})")
    s.is_measured = True
    if node.first is not None:
        s.put(f"if {of.code} is U: {gathered_so_far} = U")
    return Atom(gathered_so_far, kinds.ANY)


def _sort(s: Source, node: nodes.Walk, of: Atom, at: Atom) -> Atom:
    name, left, right = s.name("f"), s.name("p"), s.name("p")
    code = of.code
    s.put("")
    cost_line, effort = len(s.lines) - 1, s.effort
    with s.inside(of) as level, s.block(f"def {name}({left}, {right}):"):
        began = len(s.lines)
        s.put("")
        made = _body(s, node.each, [Atom(left, kinds.ANY, level), Atom(right, kinds.ANY, level)], at)
        s.put(f"return {made.code}")
        if any("w += " in line for line in s.lines[began:]):
            s.lines[began] = s.lines[began] + "nonlocal w"
    s.fill_cost(cost_line, f"(20 * len({code}) * {s.steps(began, effort)} if type({code}) is list else 0)")
    code = f"sorted_by({code}, {name}) if type({code}) is list else U if {code} is U else [{code}]"
    return s.new(code, kinds.LIST | kinds.NOTHING, of)
