"""Paths in words: a field, a field of each item of a list, items that meet a condition, answers, values and steps."""

from __future__ import annotations

from typing import Any

from engine.formulas.words.phrases import Level, Phrase, Unreadable
from engine.formulas.words.reading import Known, Reading, Scope, Way

PLACES = {
    "of each": "{name} of each of {list}",
    "of": "{name} of {list:member}",
    "for each": "for each of {list}: {item:open}",
    "whose": "{list} whose {condition:whose}",
    "for which": "{list} for which {condition:if}",
    "nth 0": "the first of {list}",
    "nth 1": "the second of {list}",
    "nth 2": "the third of {list}",
    "nth -1": "the last of {list}",
    "nth": "number {place} of {list}",
    "at place": "the one of {list} at place {place:operand} (counted from 0)",
    "sorted": "{list}, sorted by {order}",
    "upwards": "{key:bare}, smallest first",
    "downwards": "{key:bare}, largest first",
    "then by": "{some}, then by {next}",
    "grouped": "a record that has, for each {key:bare} of {list}, {value:member}",
    "grouped more": "a record with entries for each of {list}",
    "item": "the item",
    "record": "the whole record",
    "record field": "{name} of the whole record",
    "around": "{name} of what it belongs to",
    "around it": "what it belongs to",
    "every field": "every field of {thing}",
    "everything": "everything inside {thing}",
    "index": "the row's place, counted from 0",
    "its place": "its place, counted from 0",
    "row number": "the row's number, counted from 1",
    "answers": "all answers to the flow's questions",
    "values": "all values of the flow",
    "facts": "all facts of the connected systems",
    "steps": "all that earlier steps gave",
    "match": "the value looked for",
    "key": "the key",
    "answer": "the target's answer",
    "since": "the moment it was read last",
}
_KNOWN_VARIABLES = {"match": "match", "key": "key", "answer": "answer", "since": "since", "index": "index"}
_GENERIC = {"id", "name", "type", "number", "code", "value", "method", "key", "text", "title", "status", "date"}
_ORDER = {"two": PLACES["then by"], "more": PLACES["then by"], "last": PLACES["then by"]}


def path(reader: Reading, node: Any, scope: Scope) -> Phrase:
    """A path, or a name, a variable or a wildcard alone."""
    way = _Going(reader, scope)
    for step in node.steps if node.type == "path" else [node]:
        way.step(step)
    phrase = way.phrase()
    return _grouped(reader, node.group, phrase, way) if node.group is not None else phrase


def filtered(reader: Reading, condition: Any, things: Phrase, way: Way, scope: Scope) -> Phrase:
    """Things with what stands in square brackets behind them: a position, or a condition their items meet."""
    say, inner = reader.say, scope.at(way)
    if condition.type == "number":
        return _nth(reader, things, int(condition.value))
    asked = reader.read(condition, inner)
    if condition.type == "variable" or (condition.type == "binary" and str(condition.value) in "+-*/%"):
        return Phrase(say(PLACES["at place"], list=things, place=asked), Level.NOUN, "one")
    return those(reader, things, asked)


def those(reader: Reading, things: Phrase, condition: Phrase) -> Phrase:
    """The things whose items meet a condition."""
    template = "whose" if condition.has("whose") else "for which"
    text = reader.say(PLACES[template], list=things, condition=condition)
    bare = reader.say(PLACES[template], list=f"{things:bare}", condition=condition)
    forms = {"bare": text if not things.has("bare") else bare}
    return Phrase(text, Level.NOUN, "filtered", forms)


def sorted_by(reader: Reading, things: Phrase, orders: list[tuple[Phrase, bool]]) -> Phrase:
    """The things in an order: (what by, whether the largest comes first)."""
    say = reader.say
    said = [say(PLACES["downwards" if down else "upwards"], key=key) for key, down in orders]
    order = say.listed(_ORDER, said)
    return Phrase(say(PLACES["sorted"], list=things, order=order), Level.COMMA, "filtered")


def each(reader: Reading, things: Phrase, item: Phrase) -> Phrase:
    """Something of, or worked out for, each item of a list; parts: the list and what is said of an item."""
    say = reader.say
    if item.kind in ("own", "own list"):
        template = "of" if things.kind == "filtered" else "of each"
        text = say(PLACES[template], name=item.forms.get("the", item.text), list=things)
        bare = say(PLACES[template], name=f"{item:bare}", list=things)
        return Phrase(text, Level.NOUN, "each", {"bare": bare}, (things, item))
    text = say(PLACES["for each"], list=things, item=item)
    return Phrase(text, Level.LOOSE, "each", {}, (things, item))


def own(name: Phrase) -> Phrase:
    """A field of the item at hand, without its article."""
    forms = {**name.forms, "the": name.text}
    return Phrase(f"{name:bare}", Level.NAME, "own list" if name.kind == "list" else "own", forms)


def _nth(reader: Reading, things: Phrase, number: int) -> Phrase:
    named = PLACES.get(f"nth {number}")
    if named:
        return Phrase(reader.say(named, list=things), Level.NOUN, "one")
    place = str(number + 1) if number >= 0 else str(number)
    return Phrase(reader.say(PLACES["nth"], list=things, place=place), Level.NOUN, "one")


def _grouped(reader: Reading, group: Any, things: Phrase, way: _Going) -> Phrase:
    inner = way.scope.at(way.way)
    if len(group.lhs_object) != 1:
        return Phrase(reader.say(PLACES["grouped more"], list=things), Level.NOUN)
    [(key, value)] = group.lhs_object
    holes = {"key": reader.read(key, inner), "list": things, "value": reader.read(value, inner)}
    return Phrase(reader.say(PLACES["grouped"], **holes), Level.COMMA)


class _Going:
    """Goes along a path: what stands before the name at hand, that name, and its way."""

    def __init__(self, reader: Reading, scope: Scope) -> None:
        self.reader, self.scope = reader, scope
        self.way: Way = scope.way
        self._owner: Phrase | None = None  # what the name at hand is a field of, where that must be said
        self._name: str | None = None
        self._parent: str | None = None  # the plain name before it
        self._is_bare = scope.inside

    def step(self, step: Any) -> None:
        if step.focus is not None:
            raise Unreadable
        if step.type == "name":
            self._go(step.value)
        elif step.type == "variable":
            self._variable(step.value)
        elif step.type == "parent":
            self.way = self.way[:-1] if self.way else None
            self._settle(Phrase(self.reader.say(PLACES["around it"]), kind="around"))
        elif step.type in ("wildcard", "descendant"):
            thing = self.phrase()
            template = "every field" if step.type == "wildcard" else "everything"
            self.way = None
            self._settle(Phrase(self.reader.say(PLACES[template], thing=thing), Level.NOUN, "list"))
        elif step.type == "sort":
            self._sort(step)
        else:
            self._compute(step)
        if step.index is not None:
            place = Phrase(self.reader.say(PLACES["its place"]))
            self.scope = self.scope.knowing(**{step.index: Known(place)})
        for stage in step.stages or ():
            if stage.type != "filter":
                raise Unreadable
            self._settle(filtered(self.reader, stage.expr, self.phrase(), self.way, self.scope))

    def phrase(self) -> Phrase:
        """What was reached so far."""
        if self._name is not None:
            return self._named()
        if self._owner is not None:
            return self._owner
        return Phrase(self.reader.say(PLACES["item" if self.scope.inside else "record"]), kind="own")

    def _settle(self, phrase: Phrase) -> None:
        self._owner, self._name, self._parent, self._is_bare = phrase, None, None, False

    def _go(self, name: str) -> None:
        if self._name is not None:
            before = self._named()
            if before.kind in ("list", "each", "own list") or (before.kind == "name" and self._is_list()):
                self._settle(before)
            self._parent = self._name
        if self._owner is not None and self._owner.kind == "system":
            side = self._owner.text
            self._settle(self.reader.names.fact(side, name))
        elif self._owner is not None and self._owner.kind == "answers":
            self._settle(self.reader.names.answer(name))
        elif self._owner is not None and self._owner.kind == "values":
            self._value(name)
            return
        elif self._owner is not None and self._owner.kind == "facts":
            self._settle(Phrase(name, kind="system"))
        elif self._owner is not None and self._owner.kind == "steps":
            self._settle(self.reader.names.step(name))
        else:
            self._name = name
        self.way = None if self.way is None else (*self.way, name)

    def _value(self, name: str) -> None:
        """A value of the flow; one that only names a place is called what the place is called."""
        titles = self.reader.titles
        followed = titles.resolved(("$values", name))
        if followed[0] == "$values":
            self.way = followed
            self._settle(self.reader.names.value(name, yes_no=titles.says_yes_no(name)))
            return
        start = _Going(self.reader, Scope())
        for part in followed:
            start.go(part)
        self._owner, self._name, self._parent, self.way = start._owner, start._name, start._parent, start.way
        self._is_bare = False

    def go(self, name: str) -> None:
        """One name further, or to a variable."""
        if name.startswith("$"):
            self._variable(name[1:])
        else:
            self._go(name)

    def _is_list(self) -> bool:
        return self.way is not None and self.reader.titles.holds_list(self.reader.titles.resolved(self.way))

    def _named(self) -> Phrase:
        names, name, way = self.reader.names, str(self._name), self.way
        field = names.field((*self.reader.titles.under, *way)) if way else names.called(None, name)
        owner = self._owner
        if owner is None:
            field = self._distinguished(field)
            return own(field) if self._is_bare else field
        if owner.has(f"field {name}"):
            return Phrase(owner.forms[f"field {name}"], Level.NOUN, "name")
        if owner.kind == "step":
            return names.step_field(owner, name)
        if owner.kind == "record":
            text = self.reader.say(PLACES["record field"], name=field)
            return Phrase(text, Level.NOUN, field.kind, {k: v for k, v in field.forms.items() if k in ("if", "not")})
        if owner.kind in ("list", "own list", "filtered", "each"):
            return each(self.reader, owner, own(field))
        return names.belonging(field, owner)

    def _distinguished(self, field: Phrase) -> Phrase:
        """With the thing it belongs to, where its name alone does not say which is meant."""
        way = self.way
        if self._parent is None or way is None or len(way) < 2:
            return field
        if way in self.reader.as_written:
            return self.reader.names.written(str(self._name))
        titled = self.reader.titles.title((*self.reader.titles.under, *way)) is not None
        if way in self.reader.ambiguous or (not titled and str(self._name).lower() in _GENERIC):
            owner = self.reader.names.field((*self.reader.titles.under, *way[:-1]))
            return self.reader.names.belonging(field, owner)
        return field

    def _variable(self, name: str) -> None:
        if name == "":
            return
        self._owner = self._name = self._parent = None  # what stands before it does not count
        known = self.scope.names.get(name)
        if known is not None:
            self.way = known.way
            self._is_bare = known.is_item
            if known.phrase is not None:
                self._settle(known.phrase)
        elif name in ("$", "record"):
            if name == "record" or self.scope.inside:
                self._settle(Phrase(self.reader.say(PLACES["record"]), kind="record"))
            self.way = ()
        elif name in ("answers", "values", "facts", "steps"):
            self.way = (f"${name}",)
            self._settle(Phrase(self.reader.say(PLACES[name]), kind=name))
        else:
            self.way = (f"${name}",)
            if name in _KNOWN_VARIABLES:
                self._settle(Phrase(self.reader.say(PLACES[_KNOWN_VARIABLES[name]]), Level.NOUN, name))
            else:
                self._settle(self.reader.names.variable(name))

    def _sort(self, step: Any) -> None:
        inner = self.scope.at(self.way)
        orders = [(self.reader.read(term.expression, inner), bool(term.descending)) for term in step.terms]
        self._settle(sorted_by(self.reader, self.phrase(), orders))

    def _compute(self, step: Any) -> None:
        if self._name is None and self._owner is None and not self._is_bare:
            self._settle(self.reader.read(step, self.scope))
            self.way = None
            return
        things = self.phrase()
        if things.kind in ("list", "own list", "filtered", "each") or things.has("list"):
            item = self.reader.read(step, self.scope.at(self.way))
            self._settle(each(self.reader, things, item))
        else:
            inner = Scope(self.way, self.scope.inside, self.scope.names)
            self._settle(self.reader.read(step, inner))
        self.way = None
