"""A flow document while an operation changes it: its text, what stands in it, and what is known of the systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NoReturn

from engine.design.operations.schemas import Schemas
from engine.documents import edit
from engine.documents.formula_text import formula_text
from engine.documents.positions import Path, path_text
from engine.documents.strict_json import read_strict
from engine.documents.workspace import did_you_mean
from engine.errors import Json, OperationRefused, Problem

LONGEST_FORMULA = 65_536


class Editing:
    """The text of one document, changed place by place."""

    def __init__(self, text: str, schemas: Schemas) -> None:
        self.text = text
        self.schemas = schemas

    @property
    def document(self) -> Mapping[str, Json]:
        """What the text says; to be looked at only."""
        document = read(self.text)
        if not isinstance(document, Mapping):
            refuse("", "the document is no object, so nothing in it can be changed", "Mend the file by hand.")
        return document

    # --- where things stand

    def part(self, *path: str | int) -> Json:
        """What stands at a path; None where nothing does."""
        here: Json = self.document
        for step in path:
            if isinstance(step, int):
                here = here[step] if isinstance(here, list) and 0 <= step < len(here) else None
            else:
                here = here.get(step) if isinstance(here, Mapping) else None
        return here

    def named(self, *path: str | int) -> dict[str, Json]:
        """The object at a path; empty where there is none."""
        held = self.part(*path)
        return held if isinstance(held, dict) else {}

    def step(self, name: str) -> int:
        """The position of a step; refused where there is none of this name."""
        steps = self.part("steps")
        held_steps = steps if isinstance(steps, list) else []
        names = [held.get("step") if isinstance(held, Mapping) else None for held in held_steps]
        if name not in names:
            refuse_unknown("steps", "step", name, [known for known in names if isinstance(known, str)])
        return names.index(name)

    def fields(self, step: int) -> dict[str, Json]:
        """The field mappings of a step, by target path."""
        return self.named("steps", step, "fields")

    def formula(self, step: int, target: str) -> str:
        """The formula (or the list's items) of a target path; "" where it is not mapped."""
        held = self.named("steps", step, "fields", target)
        return text_of(held.get("formula", held.get("each", "")))

    def values(self) -> dict[str, str]:
        """The flow's named values."""
        return {name: text_of(held) for name, held in self.named("values").items()}

    # --- changes

    def set(self, path: Path, value: Json, after: Iterable[str] = ()) -> None:
        """Put a value at a path. after: where the key is new, it follows the last of these that is there."""
        if path[-1] in self.named(*path[:-1]):
            self.text = edit.set_value(self.text, path, value)
        else:
            self._insert(path, value, after)

    def set_formula(self, path: Path, formula: str, after: Iterable[str] = ()) -> None:
        """Put a formula at a path, as a list of lines if it was one or has several."""
        formula = tidy(formula, path)
        if path[-1] in self.named(*path[:-1]):
            self.text = edit.set_formula(self.text, path, formula)
        else:
            self._insert(path, as_held(formula), after)

    def _insert(self, path: Path, value: Json, after: Iterable[str]) -> None:
        there = [key for key in self.named(*path[:-1]) if key in set(after)]
        self.text = edit.insert(self.text, path, value, there[-1] if there else None)

    def remove(self, path: Path) -> None:
        """Take away what stands at a path; nothing where nothing does."""
        if path[-1] in self.named(*path[:-1]):
            self.text = edit.remove(self.text, path)

    def rename(self, path: Path, key: str) -> None:
        """Another key for a member, where it stands."""
        self.text = edit.rename(self.text, path, key)

    def append(self, path: Path, item: Json) -> None:
        """One item more at the end of a list."""
        held = self.part(*path)
        self.text = edit.insert(self.text, [*path, len(held)], item)

    def replace(self, path: Path, value: Json) -> None:
        """Another value for an item of a list."""
        self.text = edit.set_value(self.text, path, value)

    def remove_item(self, path: Path) -> None:
        """Take an item of a list away."""
        self.text = edit.remove(self.text, path)


@lru_cache(maxsize=16)
def read(text: str) -> Json:
    """The value of a text, shared by all who ask: to be looked at only."""
    return read_strict(text)


def text_of(held: Json) -> str:
    """A formula as one text; "" for what is none."""
    is_formula = isinstance(held, str) or (isinstance(held, list) and all(isinstance(line, str) for line in held))
    return formula_text(held) if is_formula else ""


def tidy(formula: str, path: Path) -> str:
    """The formula with line ends as documents have them; refused where it is too long to be evaluated."""
    if len(formula) > LONGEST_FORMULA:
        what = f"the formula has {len(formula):,} characters, and at most {LONGEST_FORMULA:,} can be evaluated"
        refuse(path_text(path), what, "Shorten it; keep long lists of values in a lookup.")
    return formula.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def as_held(formula: str) -> Json:
    """A formula as a document holds it: one text, or a list of its lines."""
    return formula.split("\n") if "\n" in formula else formula


def refuse(where: str, what: str, what_to_do: str) -> NoReturn:
    raise OperationRefused([Problem(where, what, what_to_do)])


def refuse_unknown(where: str, kind: str, name: str, known: Iterable[str]) -> NoReturn:
    """Refuse a name that nobody knows, with the closest one that somebody does."""
    names = list(known)
    close = did_you_mean(name, names)
    if close is not None:
        advice = f"Did you mean “{close}”?"
    else:
        advice = f"There are: {', '.join(names[:20])}." if names else "There are none yet."
    refuse(where, f"there is no {kind} “{name[:80]}”", advice)
