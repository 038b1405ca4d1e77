"""One difference between two texts of a flow, as data that screen and command show alike, and its words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.documents.choices import title_of
from engine.errors import Json
from engine.formulas.words import Speech, Template

Kind = Literal["added", "removed", "changed", "moved"]
MOST_CHARS = 300

KINDS: dict[str, Template] = {
    "added": "{what}: added",
    "removed": "{what}: removed",
    "changed": "{what}: changed",
    "moved": "{what}: in another order",
}
THINGS: dict[str, Template] = {
    "flow": "The flow",
    "title": "Title of the flow",
    "description": "Description of the flow",
    "layout": "How the file is written (spaces, line breaks, order of keys), not what it says",
    "unreadable": "The text, which cannot be read as JSON",
    "place": "{path}",
    "source.connector": "System that is read",
    "source.resource": "Records that are read",
    "source.since": "From when records are read at first",
    "source.overlap_minutes": "Minutes that are read again with each run",
    "source.wait_days": "Days after which a waiting record is skipped",
    "where": "A record waits until this holds; else «{says}»",
    "never": "A record is never taken where this holds; «{says}»",
    "wheres": "Conditions for which records wait",
    "nevers": "Conditions under which records are never taken",
    "says": "What is said of a record: «{says}»",
    "questions": "Questions",
    "question": "Question «{title}»",
    "question part": "Question «{title}», {part}",
    "answer": "Answer to «{title}»",
    "lookups": "Lookups",
    "lookup": "Lookup «{title}»",
    "lookup title": "Lookup «{title}», title",
    "lookup part": "Lookup «{title}», {part}",
    "lookup rows": "Lookup «{title}», rows",
    "row": "Lookup «{title}», row “{key}”",
    "otherwise": "Lookup «{title}», what happens to a value without a row",
    "values": "Named values",
    "value": "Named value «{name}»",
    "steps": "Steps",
    "step": "Step «{step}»",
    "step title": "Step «{step}», title",
    "step connector": "Step «{step}», system that is written to",
    "step resource": "Step «{step}», kind of record that is written",
    "step each": "Step «{step}», what it is done for",
    "step when": "Step «{step}», when it is done",
    "step match": "Step «{step}», how the record is found",
    "step match.field": "Step «{step}», field by which the record is found",
    "step match.formula": "Step «{step}», value by which the record is found",
    "step match.where": "Step «{step}», which of the records found counts",
    "step match.scope": "Step «{step}», what tells the record apart beside that value",
    "step key": "Step «{step}», key of the record",
    "step policy": "Step «{step}», what is done where the record is there, and where not",
    "step instead": "Step «{step}», stand-in where none is found",
    "fields": "Step «{step}», fields",
    "field": "Step «{step}», field «{field}»",
    "field write": "Step «{step}», field «{field}», when it is written",
    "field note": "Step «{step}», field «{field}», note",
    "before": "Step «{step}», check before sending «{check}»",
    "after": "Step «{step}», check afterwards «{check}»",
    "before part": "Step «{step}», check before sending «{check}», {part}",
    "after part": "Step «{step}», check afterwards «{check}», {part}",
    "befores": "Step «{step}», checks before sending",
    "afters": "Step «{step}», checks afterwards",
    "examples": "Examples",
    "example": "Example «{title}»",
    "example part": "Example «{title}», {path}",
}
WORDS: dict[str, Template] = {
    "yes": "yes",
    "no": "no",
    "nothing": "nothing",
    "empty": "empty",
    "in order": "{some}, {next}",
    "fail": "the record is parked",
    "leave_out": "the field is left out",
    "value": "it becomes {value}",
    "field": "{formula}; written {write}",
}
PARTS: dict[str, Template] = {  # what the keys of questions, lookups and checks are called
    "title": "title",
    "description": "description",
    "type": "kind of answer",
    "enum": "possible answers",
    "oneOf": "possible answers",
    "minimum": "smallest value",
    "maximum": "largest value",
    "pattern": "form of the answer",
    "items": "kind of answers",
    "required": "which must be answered",
    "help": "help",
    "refers": "records it names",
    "holds": "what must hold",
    "source": "sum in the source",
    "target": "sum in the target",
    "within": "largest difference",
    "when": "when it is done",
    "says": "what is said",
    "what_to_do": "advice",
}


def templates() -> list[Template]:
    """Every template of this package, for whoever translates them."""
    return [template for table in (KINDS, THINGS, WORDS, PARTS) for template in table.values()]


@dataclass(frozen=True, slots=True)
class Change:
    """One place that differs. where: the place in the document; what: the place in words; says: what and how.

    before, after: as they stand in the documents, None where there is nothing; the words tell what a formula gives
    or a setting means, and are "" where the value speaks for itself. step, target: of the field, to go there.
    """

    where: str
    what: str
    kind: Kind
    says: str
    before: Json = None
    after: Json = None
    before_words: str = ""
    after_words: str = ""
    step: str = ""
    target: str = ""

    def as_json(self) -> dict[str, Json]:
        """Without what is empty."""
        names = ("before", "after", "before_words", "after_words", "step", "target")
        held = {name: getattr(self, name) for name in names}
        parts: dict[str, Json] = {"where": self.where, "what": self.what, "change": self.kind, "says": self.says}
        return parts | {name: value for name, value in held.items() if value is not None and value != ""}


def value_words(value: Json, say: Speech) -> str:
    """A value as people read it: yes and no, texts without quotes, lists one after the other; long ones shortened."""
    text = _words(value, say)
    return text if len(text) <= MOST_CHARS else text[: MOST_CHARS - 1] + "…"


def answer_words(value: Json, question: Mapping[str, Json], say: Speech) -> str:
    """An answer as people read it: by the words of the question's options, where it lists them."""
    items = question.get("items")
    each = items if isinstance(value, list) and isinstance(items, Mapping) else question
    told = [title_of(each, one) or one for one in (value if each is items else [value])]
    return value_words(told if each is items else told[0], say)


def _words(value: Json, say: Speech) -> str:
    if isinstance(value, bool):
        return say(WORDS["yes" if value else "no"])
    if value is None:
        return say(WORDS["nothing"])
    if isinstance(value, str):
        return " ".join(value.split()) or say(WORDS["empty"])
    if isinstance(value, list) and value and not any(isinstance(item, list | Mapping) for item in value):
        pattern: Any = WORDS["in order"]
        members = [_words(item, say) for item in value]
        return say.listed({"two": pattern, "more": pattern, "last": pattern}, members)
    if isinstance(value, list | Mapping) and not value:
        return say(WORDS["empty"])
    return json.dumps(value, ensure_ascii=False)
