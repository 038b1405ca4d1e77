"""How a step finds its record, what it does then, and when: sentences whose parts can be shown and changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.design.wording import Wording
from engine.errors import Json
from engine.flows.flow import Step
from engine.formulas.syntax import Tree, tree_here
from engine.formulas.words import Speech, Template

POLICIES = ("create_or_update", "skip_if_exists", "must_exist", "update", "create")

SENTENCES: dict[str, Template] = {
    "found": "found by {field}: {formula}",
    "found here": "known again by {field}, among the records made from here: {formula}",
    "together": "{found}; and together with it: {scope}",
    "only": "{found}; of those found, only one where {where}",
    "key": "its key is known: {key}",
    "not looked for": "not looked for",
    "always": "done for every record",
    "if": "done only if {when}",
    "each": "done once for each of {each}",
    "each if": "done once for each of {each}, only if {when}",
    "by formula": "then: {formula}",
    "stand-in": "{policy}; where none is found, the one with this instead: {instead}",
    "step": "{match}; {policy}",
}
POLICY_SENTENCES: dict[str, Template] = {
    "create_or_update": "created if missing, else updated",
    "skip_if_exists": "created if missing, else left as it is",
    "must_exist": "must be there, else the record is parked",
    "update": "updated if it is there, else skipped",
    "create": "created once, without looking for it",
    "known": "updated without a search",
}
WRITE_SENTENCES: dict[str, Template] = {
    "always": "always",
    "on_create": "only when the record is created",
    "on_update": "only when the record is updated",
    "if_empty": "only where the target has nothing yet",
}
_MARK = 0xE000  # the first of the characters that are nobody's


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*SENTENCES.values(), *POLICY_SENTENCES.values(), *WRITE_SENTENCES.values()]


@dataclass(frozen=True, slots=True)
class Option:
    """One of the values a part may have, and how it reads."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence. place: what of the step it says ("match.field", "policy", …), "" for words between;
    kind: how it is changed; value: as it stands in the flow; options: what a choice can be instead.
    """

    text: str
    place: str = ""
    kind: Literal["words", "field", "formula", "choice"] = "words"
    value: str = ""
    options: tuple[Option, ...] = ()

    def as_json(self) -> dict[str, Json]:
        options = [{"value": option.value, "text": option.text} for option in self.options]
        parts = {"text": self.text, "place": self.place, "kind": self.kind, "value": self.value}
        return {**parts, "options": options} if options else parts


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in its parts, without a capital and a full stop."""

    parts: tuple[Part, ...]

    @property
    def words(self) -> str:
        """As it stands inside another sentence."""
        return "".join(part.text for part in self.parts)

    @property
    def text(self) -> str:
        """As a sentence of its own."""
        words = self.words
        return words[:1].upper() + words[1:] + ("" if words.endswith((".", "…")) else ".")

    def as_json(self) -> dict[str, Json]:
        return {"text": self.text, "parts": [part.as_json() for part in self.parts]}


def sentence_of_step(step: Step, wording: Wording) -> Sentence:
    """How a step finds its record and what it does then: “found by e-mail: …; created if missing, else updated”."""
    return _filled(
        wording.say, SENTENCES["step"], match=sentence_of_match(step, wording), policy=sentence_of_policy(step, wording)
    )


def sentence_of_match(step: Step, wording: Wording) -> Sentence:
    """How a step's record is found in the target."""
    say, match = wording.say, step.match
    if step.key is not None:
        key = Part(wording.of(step.key, step), "key", "formula", step.key)
        return _filled(say, SENTENCES["key"], key=_one(key))
    if match is None:
        return _one(Part(say(SENTENCES["not looked for"])))
    resource = wording.resource(step)
    can_search = resource is None or resource.can_find_by(match.field)
    found = _filled(
        say,
        SENTENCES["found" if can_search else "found here"],
        field=_one(Part(wording.field_inside(step, match.field), "match.field", "field", match.field)),
        formula=_one(Part(wording.of(match.formula, step), "match.formula", "formula", match.formula)),
    )
    if match.scope is not None:
        scope = Part(wording.of(match.scope, step), "match.scope", "formula", match.scope)
        found = _filled(say, SENTENCES["together"], found=found, scope=_one(scope))
    if match.where is not None:
        where = Part(wording.condition_on_found(match.where, step), "match.where", "formula", match.where)
        found = _filled(say, SENTENCES["only"], found=found, where=_one(where))
    return found


def sentence_of_policy(step: Step, wording: Wording) -> Sentence:
    """What a step does when the target has the record, and when not; its one choice is the policy."""
    say = wording.say
    if step.key is not None:
        return _one(Part(say(POLICY_SENTENCES["known"])))
    options = tuple(Option(name, say(POLICY_SENTENCES[name])) for name in POLICIES)
    if step.policy_formula is None:
        said = _one(Part(say(POLICY_SENTENCES[step.policy]), "policy", "choice", step.policy, options))
    else:
        words = _policy_by_formula(step.policy_formula, step, wording)
        part = Part(words, "policy.formula", "formula", step.policy_formula, options)
        said = _filled(say, SENTENCES["by formula"], formula=_one(part))
    if step.instead is None:
        return said
    instead = Part(wording.of(step.instead, step), "instead", "formula", step.instead)
    return _filled(say, SENTENCES["stand-in"], policy=said, instead=_one(instead))


def sentence_of_when(step: Step, wording: Wording) -> Sentence:
    """For which records, and for what in them, a step is done."""
    holes: dict[str, Sentence] = {}
    if step.each is not None:
        holes["each"] = _one(Part(wording.of(step.each), "each", "formula", step.each))
    if step.when is not None:
        holes["when"] = _one(Part(wording.condition(step.when), "when", "formula", step.when))
    name = {"each when": "each if", "each": "each", "when": "if", "": "always"}[" ".join(holes)]
    return _filled(wording.say, SENTENCES[name], **holes)


def sentence_of_write(write: str, say: Speech) -> str:
    """When a field is written."""
    return say(WRITE_SENTENCES[write])


def _policy_by_formula(formula: str, step: Step, wording: Wording) -> str:
    """A formula that gives policies in words, the policies it gives said as sentences instead of by their names."""
    marks = {name: chr(_MARK + number) for number, name in enumerate(POLICIES)}
    tree = tree_here(formula)
    for start, end, name in sorted(_given(tree), reverse=True) if tree else ():
        formula = f'{formula[:start]}"{marks[name]}"{formula[end:]}'
    words = wording.of(formula, step)
    for name, mark in marks.items():
        words = words.replace(mark, wording.say(POLICY_SENTENCES[name]))
    return words


def _given(tree: Tree) -> list[tuple[int, int, str]]:
    """(start, end, policy) of every policy that a formula gives, not of those it only compares with."""
    found, nodes = [], [tree.root]
    while nodes:
        node = nodes.pop()
        if node.type == "condition":
            nodes += [branch for branch in (node.then, node._else) if branch is not None]
        elif node.type == "block" and node.expressions:
            nodes.append(node.expressions[-1])
        elif node.type == "string" and node.value in POLICIES and node.position in tree.starts:
            found.append((tree.starts[node.position], node.position, node.value))
    return found


def _one(part: Part) -> Sentence:
    return Sentence((part,))


def _filled(say: Speech, template: Template, /, **holes: Sentence) -> Sentence:
    """The template, in the reader's language, with sentences in its holes; they may come in any order."""
    marks = {name: f"\0{name}\0" for name in holes}
    parts: list[Part] = []
    for piece in say(template, **marks).split("\0"):
        if piece in holes:
            parts += holes[piece].parts
        elif piece:
            parts.append(Part(piece))
    return Sentence(tuple(parts))
