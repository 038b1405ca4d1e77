"""Writes the source of plain expressions: one small function for each kind of node."""

from __future__ import annotations

import keyword
from collections.abc import Callable
from typing import Any

from engine.formulas.compiled import calls, kinds, nodes, walking
from engine.formulas.compiled.nodes import Node
from engine.formulas.compiled.runtime import EXACT
from engine.formulas.compiled.source import NOTHING, SMALL, Atom, Source

_SURE = ~kinds.NOTHING
_SHORT = 200  # characters of a literal that are copied at no cost to speak of


def write(s: Source, node: Node, at: Atom) -> Atom:
    """Put the statements that work the node out; `at` is the value at hand. The atom that holds what it gives."""
    return _WRITERS[type(node)](s, node, at)


def condition(s: Source, atom: Atom) -> str:
    """Source that is true where the value counts as true."""
    if not atom.kind & kinds.LISTS:
        return atom.code
    s.spend(atom, deep=True)
    if kinds.is_surely(atom.kind, kinds.LISTS):
        return f"truth({atom.code})"
    return f"({atom.code} if type({atom.code}) is not list else truth({atom.code}))"


def tidied(s: Source, atom: Atom) -> Atom:
    """The value as it goes out."""
    if kinds.is_tidy(atom.kind):
        return atom
    if not atom.kind & (kinds.LIST | kinds.OBJECT):
        kind = atom.kind & ~kinds.LOOSE | kinds.NUMBER
        return s.new(f"tidy_number({atom.code}) if type({atom.code}) is float else {atom.code}", kind, atom)
    return s.new(f"{atom.code} if type({atom.code}) in AS_IT_IS else tidy({atom.code})", _tidy_kind(atom.kind), atom)


def _tidy_kind(kind: int) -> int:
    made = kind & ~kinds.UNTIDY
    for untidy, tidy in ((kinds.LOOSE, kinds.NUMBER), (kinds.LIST, kinds.TIDY_LIST), (kinds.OBJECT, kinds.TIDY_OBJECT)):
        made |= tidy if kind & untidy else 0
    return made


def held(s: Source, atom: Atom) -> Atom:
    """The atom under a name, where it is a literal."""
    is_name = atom.code.isidentifier() and not keyword.iskeyword(atom.code)
    return atom if is_name else s.new(atom.code, atom.kind, atom)


def _literal(s: Source, node: nodes.Literal, at: Atom) -> Atom:
    value = node.value
    if value is None:
        return Atom("None", kinds.NULL)
    if isinstance(value, bool):
        return Atom(repr(value), kinds.TRUTH)
    if isinstance(value, str):
        return Atom(repr(value), kinds.TEXT, SMALL if len(value) <= _SHORT else 0)
    return Atom(repr(value), kinds.LOOSE if isinstance(value, float) else kinds.NUMBER)


def _context(s: Source, node: nodes.Context, at: Atom) -> Atom:
    return at


def _root(s: Source, node: nodes.Root, at: Atom) -> Atom:
    return s.root


def _variable(s: Source, node: nodes.Variable, at: Atom) -> Atom:
    known = s.variable(node.name) or s.seen("v", node.name)
    if known is None:
        known = s.new(f"v.get({node.name!r}, U)", kinds.ANY)
        s.remember("v", node.name, known)
    return known


def _block(s: Source, node: nodes.Block, at: Atom) -> Atom:
    s.scopes.append({})
    made = NOTHING
    for each in node.nodes:
        made = write(s, each, at)
    s.scopes.pop()
    return made


def _bind(s: Source, node: nodes.Bind, at: Atom) -> Atom:
    made = s.scopes[-1][node.name] = held(s, write(s, node.node, at))
    return made


def _choice(s: Source, node: nodes.Choice, at: Atom) -> Atom:
    test = write(s, node.condition, at)
    otherwise = node.otherwise
    return branches(
        s,
        condition(s, test),
        lambda: write(s, node.then, at),
        lambda: write(s, otherwise, at) if otherwise else NOTHING,
    )


def branches(s: Source, test: str, then: Callable[[], Atom], otherwise: Callable[[], Atom]) -> Atom:
    """One of two values, of which only one is worked out."""
    name, made = s.name(), []
    for head, work in ((f"if {test}:", then), ("else:", otherwise)):
        with s.block(head):
            made.append(work())
            s.put(f"{name} = {made[-1].code}")
    return Atom(name, made[0].kind | made[1].kind, s.reach(*made))


def _default(s: Source, node: nodes.Default, at: Atom) -> Atom:
    left = held(s, write(s, node.left, at))
    test = f"{left.code} is not U" if node.unless_missing else condition(s, left)
    taken = Atom(left.code, left.kind & _SURE, left.level)
    return branches(s, test, lambda: taken, lambda: write(s, node.right, at))


def _both(s: Source, node: nodes.Both, at: Atom) -> Atom:
    left = write(s, node.left, at)
    name = s.name()
    s.put(f"{name} = True if {condition(s, left)} else False")
    with s.block(f"if {'not ' if node.is_or else ''}{name}:"):
        right = write(s, node.right, at)
        s.put(f"{name} = True if {condition(s, right)} else False")
    return Atom(name, kinds.TRUTH)


def _negative(s: Source, node: nodes.Negative, at: Atom) -> Atom:
    made = write(s, node.node, at)
    s.effort += 2
    return s.new(f"negative({made.code})", kinds.LOOSE | (made.kind & kinds.NOTHING), made)


def _joined(s: Source, node: nodes.Joined, at: Atom) -> Atom:
    parts = []
    for part in node.parts:
        made = write(s, part, at)
        s.spend(made, deep=True, times=1 if made.kind == kinds.TEXT else 4)
        if made.kind != kinds.TEXT:
            made = held(s, made)
            made = s.new(f"{made.code} if type({made.code}) is str else text({made.code})", kinds.TEXT, made)
        parts.append(made)
    if len(parts) > 8:
        return s.new(f"joined([{', '.join(part.code for part in parts)}])", kinds.TEXT, *parts)
    made = s.new(" + ".join(part.code for part in parts), kinds.TEXT, *parts)
    if s.level or s.counts_all or not all(_is_given(part) for part in node.parts):
        s.put(f"if len({made.code}) > LONGEST_TEXT: raise Defer")
    return made


def _is_given(node: Node) -> bool:
    """Whether it is written out, or a field of the record, and so has a size that nothing here made."""
    if isinstance(node, nodes.Path):
        return all(isinstance(step.node, nodes.Field) and not step.stages for step in node.steps)
    return isinstance(node, nodes.Literal)


def _computed(s: Source, node: nodes.Computed, at: Atom) -> Atom:
    left, right = write(s, node.left, at), write(s, node.right, at)
    unsure = [atom for atom in (left, right) if not kinds.is_surely(atom.kind, kinds.NUMBERS)]
    code = (
        f"remainder({left.code}, {right.code})" if node.operator == "%" else f"{left.code} {node.operator} {right.code}"
    )
    name = s.name()
    if unsure:
        s.put(f"if {' and '.join(f'type({atom.code}) in NUMBERS' for atom in unsure)}:")
        s.put(f"    {name} = {code}")
        s.put(f"    if not {-EXACT!r} < {name} < {EXACT!r}: raise Defer")
        s.put(f"else: {name} = no_sum({left.code}, {right.code})")
    else:
        s.put(f"{name} = {code}")
        s.put(f"if not {-EXACT!r} < {name} < {EXACT!r}: raise Defer")
    missing = kinds.NOTHING if unsure else 0
    return Atom(name, kinds.LOOSE | missing)


def _compared(s: Source, node: nodes.Compared, at: Atom) -> Atom:
    left, right, operator = write(s, node.left, at), write(s, node.right, at), node.operator
    if operator in ("=", "!="):
        return _equality(s, operator, left, right)
    s.spend(right)
    if operator == "in":
        return s.new(f"contained({left.code}, {right.code})", kinds.TRUTH, left, right)
    code = f"{left.code} {operator} {right.code}"
    numbers = [
        f"type({atom.code}) in NUMBERS" for atom in (left, right) if not kinds.is_surely(atom.kind, kinds.NUMBERS)
    ]
    if not numbers:
        return s.new(code, kinds.TRUTH, left, right)
    s.spend(left)
    name = s.name()
    s.put(f"if {' and '.join(numbers)}: {name} = {code}")
    s.put("else:")
    s.put(f"    {name} = ordered({left.code}, {right.code})")
    s.put(f"    {name} = U if {name} is None else {name}[0] {operator} {name}[1]")
    return Atom(name, kinds.TRUTH | kinds.NOTHING)


def _equality(s: Source, operator: str, left: Atom, right: Atom) -> Atom:
    if left.kind & kinds.SIZED and right.kind & kinds.SIZED:  # it takes as long as the smaller side is large
        s.spend(max(left, right, key=lambda side: side.level), deep=True)
    simple = kinds.TEXT | kinds.NULL  # what Python compares as JSONata does, whatever the other side is
    if kinds.is_surely(left.kind, simple) or kinds.is_surely(right.kind, simple):
        code = f"{left.code} {'==' if operator == '=' else '!='} {right.code}"
    else:
        s.effort += 6
        code = f"{'' if operator == '=' else 'not '}same({left.code}, {right.code})"
    if operator == "!=":
        code += "".join(f" and {atom.code} is not U" for atom in (left, right) if not kinds.is_there(atom.kind))
    return s.new(code, kinds.TRUTH, left, right)


def _list(s: Source, node: nodes.ListOf, at: Atom) -> Atom:
    if len(node.items) == 1 and not isinstance(node.items[0], nodes.ListOf):
        made = held(s, write(s, node.items[0], at))
        kind = kinds.TIDY_LIST if kinds.is_tidy(made.kind) else kinds.LIST
        if kinds.is_there(made.kind) and not made.kind & kinds.LISTS:
            return s.new(f"[{made.code}]", kind, made)
        return s.new(
            f"{made.code} if type({made.code}) is list else [] if {made.code} is U else [{made.code}]", kind, made
        )
    atoms = [write(s, each, at) for each in node.items]
    s.effort += len(atoms)
    kind = kinds.TIDY_LIST if all(kinds.is_tidy(atom.kind) for atom in atoms) else kinds.LIST
    is_one = [
        isinstance(each, nodes.ListOf) or (kinds.is_there(atom.kind) and not atom.kind & kinds.LISTS)
        for each, atom in zip(node.items, atoms, strict=True)
    ]
    if all(is_one):
        return s.new(f"[{', '.join(atom.code for atom in atoms)}]", kind, *atoms)
    parts = []
    for atom, alone in zip(atoms, is_one, strict=True):
        if not alone:
            s.spend(atom)
        parts.append(atom.code if alone else f"*items({atom.code})")
    return s.new(f"[{', '.join(parts)}]", kind, *atoms)


def _object(s: Source, node: nodes.ObjectOf, at: Atom) -> Atom:
    members = []
    for name, each in node.members:
        made = write(s, each, at)
        s.spend(made, deep=True, times=4)  # it may be copied
        members.append((name, tidied(s, made)))
    s.effort += len(members)
    atoms = [atom for _, atom in members]
    made = s.new("{" + ", ".join(f"{name!r}: {atom.code}" for name, atom in members) + "}", kinds.TIDY_OBJECT, *atoms)
    unsure = [atom.code for atom in atoms if not kinds.is_there(atom.kind)]
    if unsure:
        s.put(f"if {' or '.join(f'{code} is U' for code in dict.fromkeys(unsure))}: {made.code} = present({made.code})")
    return made


_WRITERS: dict[type, Callable[[Source, Any, Atom], Atom]] = {
    nodes.Literal: _literal,
    nodes.Context: _context,
    nodes.Root: _root,
    nodes.Variable: _variable,
    nodes.Path: walking.path,
    nodes.Filtered: walking.filtered,
    nodes.Field: walking.lone_field,
    nodes.Negative: _negative,
    nodes.Joined: _joined,
    nodes.Computed: _computed,
    nodes.Compared: _compared,
    nodes.Both: _both,
    nodes.Choice: _choice,
    nodes.Default: _default,
    nodes.Bind: _bind,
    nodes.Block: _block,
    nodes.ListOf: _list,
    nodes.ObjectOf: _object,
    nodes.Call: calls.call,
    nodes.Walk: calls.walk,
}
