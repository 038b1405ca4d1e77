"""Writes the source of paths and filters: what goes from a value to what lies below it."""

from __future__ import annotations

from engine.formulas.compiled import expressions, kinds, nodes
from engine.formulas.compiled.nodes import Node
from engine.formulas.compiled.runtime import EXACT
from engine.formulas.compiled.source import NOTHING, Atom, Source

_ONCE, _GET = "\0once", "\0get"  # no names of fields: what is remembered of a value beside them


def lone_field(s: Source, node: nodes.Field, at: Atom) -> Atom:
    return field(s, at, node.name)


def field(s: Source, at: Atom, name: str) -> Atom:
    """The field of a value; worked out once as long as it can be seen."""
    at = expressions.held(s, at)
    known = s.seen(at.code, name)
    if known is None:
        if s.is_object(at.code) or s.take_as_object(at.code):
            code = f"{at.code}.get({name!r}, U)"
        else:
            s.spend(at)
            code = _looked_up(s, at, name)
        known = s.new(code, kinds.ANY, at)
        s.remember(at.code, name, known)
    return known


def _looked_up(s: Source, at: Atom, name: str) -> str:
    """A field of what may be an object or a list; from the second field on by one function found out once."""
    again, get = s.seen(at.code, _ONCE), s.seen(at.code, _GET)
    if get is None and again is None:
        s.remember(at.code, _ONCE, at)
        return f"{at.code}.get({name!r}, U) if type({at.code}) is dict else below({at.code}, {name!r})"
    if get is None:
        get = s.new(f"{at.code}.get if type({at.code}) is dict else getter({at.code})", kinds.ANY, at)
        s.remember(at.code, _GET, get)
    return f"{get.code}({name!r}, U)"


def path(s: Source, node: nodes.Path, at: Atom) -> Atom:
    """A path, step by step; each step goes through all that the one before it found."""
    current, _ = _along(s, node.steps, at)
    if node.keeps_list:
        code = expressions.held(s, current).code
        kind = kinds.NOTHING | (kinds.TIDY_LIST if kinds.is_tidy(current.kind) else kinds.LIST)
        current = s.new(f"[{code}] if type({code}) is not list and {code} is not U else {code}", kind, current)
    return current


def summed(s: Source, node: nodes.Path, at: Atom) -> Atom | None:
    """The sum of what a path finds, without making a list of it; None where its last step is not one of many."""
    last = node.steps[-1]
    if len(node.steps) < 2 or isinstance(node.steps[0].node, nodes.ListOf):
        return None
    current, is_one = _along(s, node.steps[:-1], at)
    if is_one:
        return None
    total, some = s.name(), s.name()
    s.put(f"{total} = 0")
    s.put(f"{some} = False")
    with s.loop(expressions.held(s, current)) as (item, _):
        made = expressions.held(s, _step(s, last, item))
        s.put(f"if type({made.code}) in NUMBERS:")
        s.put(f"    {total} += {made.code}")
        s.put(f"    {some} = True")
        s.put(f"elif {made.code} is not U: raise Defer")
    s.put(f"if not {-EXACT!r} < {total} < {EXACT!r}: raise Defer")
    return s.new(f"{total} if {some} else U", kinds.LOOSE | kinds.NOTHING, current)


def _along(s: Source, all_steps: tuple[nodes.Step, ...], at: Atom) -> tuple[Atom, bool]:
    """What lies along the steps, and whether it is surely one value: the value at hand is never a list."""
    steps = list(all_steps)
    current, is_one = at, True
    first = steps[0]
    if isinstance(first.node, nodes.Variable | nodes.Context | nodes.Root) and not first.stages:
        current, is_one = expressions.write(s, first.node, at), not isinstance(first.node, nodes.Variable)
        steps = steps[1:]
    elif isinstance(first.node, nodes.ListOf):
        current, is_one = expressions.held(s, expressions.write(s, first.node, at)), False
        steps = steps[1:]
        s.put(f"if not {current.code}: raise Defer")  # an empty list stays one, whatever follows
    for step in steps:
        if isinstance(step.node, nodes.Field) and not step.stages:
            current = field(s, current, step.node.name)
        elif is_one:
            current = _step(s, step, expressions.held(s, current))
        else:
            current = _each(s, step, expressions.held(s, current))
        is_one = False
    return current, is_one


def _step(s: Source, step: nodes.Step, at: Atom) -> Atom:
    return _staged(s, expressions.write(s, step.node, at), step.stages)


def _each(s: Source, step: nodes.Step, of: Atom) -> Atom:
    """A step for each of many."""
    found = s.name()
    s.put(f"{found} = []")
    with s.loop(of) as (item, _):
        made = _step(s, step, item)
        add(s, found, made)
    return gathered(s, found, made, of)


def add(s: Source, found: str, made: Atom) -> None:
    """Add what a loop made to the list it gathers. What is not its item's is counted: it makes the list larger than
    anything that was given.
    """
    s.spend(made, deep=True)
    if kinds.is_there(made.kind):
        s.put(f"{found}.append({made.code})")
    elif made.code != "U":
        s.put(f"if {made.code} is not U: {found}.append({made.code})")


def gathered(s: Source, found: str, made: Atom, of: Atom, *, flat: bool = False) -> Atom:
    """The value of what a loop gathered: nothing, one thing, or a list. flat: lists in it stay what they are."""
    kind = kinds.item_of(made.kind)
    if flat or not made.kind & kinds.LISTS:
        return s.new(f"{found} if len({found}) > 1 else {found}[0] if {found} else U", kind, of)
    return s.new(f"collected({found})", kind, of)


def filtered(s: Source, node: nodes.Filtered, at: Atom) -> Atom:
    return _staged(s, expressions.write(s, node.node, at), node.stages)


def _staged(s: Source, made: Atom, stages: tuple[nodes.Stage, ...]) -> Atom:
    for stage in stages:
        made = expressions.held(s, made)
        if isinstance(stage, nodes.Position):
            made = s.new(f"at({made.code}, {stage.index})", kinds.ANY, made)
        else:
            made = _where(s, made, stage.condition)
    return made


def _where(s: Source, of: Atom, condition: Node) -> Atom:
    if not kinds.is_there(of.kind) and not _is_false_of_nothing(condition):
        # JSONata tries the condition once on nothing: where it holds, that is an item, which only the evaluator has
        with s.block(f"if {of.code} is U:"):
            test = expressions.write(s, condition, NOTHING)
            s.spend(test, deep=True)
            s.put(f"if chosen({test.code}, 0, 1): raise Defer")
    found, place = s.name(), s.name("n")
    s.put(f"{found} = []")
    with s.loop(of, place) as (item, all_of_them):
        test = expressions.write(s, condition, item)
        if kinds.is_surely(test.kind, kinds.TRUTH | kinds.NOTHING):
            s.put(f"if {test.code}: {found}.append({item.code})")
        else:
            s.spend(test, deep=True)
            s.put(f"if chosen({test.code}, {place}, len({all_of_them.code})): {found}.append({item.code})")
    return s.new(f"{found} if len({found}) > 1 else {found}[0] if {found} else U", kinds.ANY, of)


def _is_false_of_nothing(node: Node) -> bool:
    """Whether the condition surely neither holds nor fails where the value at hand is missing."""
    match node:
        case nodes.Path():
            return _is_fields(node)
        case nodes.Both(True, left, right):
            return _is_false_of_nothing(left) and _is_false_of_nothing(right)
        case nodes.Both(False, left, _):
            return _is_false_of_nothing(left)
        case nodes.Compared("=" | "!=", left, right):
            return any(_is_fields(side) for side in (left, right)) and all(map(_is_fields_or_literal, (left, right)))
        case nodes.Compared("<" | "<=" | ">" | ">=", left, right):
            return any(_is_fields(side) for side in (left, right)) and all(
                _is_fields(side) or _is_ordered(side) for side in (left, right)
            )
        case nodes.Call("exists", (argument,)):
            return _is_fields(argument)
    return False


def _is_fields_or_literal(node: Node) -> bool:
    return isinstance(node, nodes.Literal) or _is_fields(node)


def _is_fields(node: Node) -> bool:
    return isinstance(node, nodes.Path) and _are_fields(node.steps)


def _are_fields(steps: tuple[nodes.Step, ...]) -> bool:
    return all(isinstance(step.node, nodes.Field) and not step.stages for step in steps)


def _is_ordered(node: Node) -> bool:
    return (
        isinstance(node, nodes.Literal)
        and isinstance(node.value, str | int | float)
        and not isinstance(node.value, bool)
    )
