"""Operations on what belongs to the whole flow: its title, named values, answers to its questions, examples."""

from __future__ import annotations

from collections.abc import Mapping

from engine.design.operations.editing import Editing, as_held, refuse, refuse_unknown, tidy
from engine.design.operations.tables import NAME
from engine.errors import Json

_BEFORE_VALUES = ("title", "description", "source", "questions", "lookups")
_BEFORE_EXAMPLES = (*_BEFORE_VALUES, "values", "steps")

Operation = Mapping[str, Json]


def set_title(editing: Editing, operation: Operation) -> None:
    """Say in words what the flow does."""
    title = operation["title"].strip()
    if not title:
        refuse("title", "a flow needs a title", "Say in a few words what it does.")
    editing.set(["title"], title)


def set_value(editing: Editing, operation: Operation) -> None:
    """Write a named value; a new one is worked out after the others; an empty formula takes it away."""
    name, formula = operation["name"], operation["formula"]
    held = editing.named("values")
    if not formula.strip():
        editing.remove(["values"] if list(held) == [name] else ["values", name])
        return
    if name not in held and not NAME.fullmatch(name):
        advice = "Begin with a small letter; then small letters, digits and underscores: delivery_name."
        refuse("values", f"“{name[:60]}” cannot be the name of a value", advice)
    if held or isinstance(editing.part("values"), dict):
        editing.set_formula(["values", name], formula)
    else:
        editing.set(["values"], {name: as_held(tidy(formula, ["values", name]))}, after=_BEFORE_VALUES)


def set_answer(editing: Editing, operation: Operation) -> None:
    """Answer a question of the flow, by its default; without a value it has no answer."""
    question = operation["question"]
    known = editing.named("questions", "properties")
    if question not in known:
        refuse_unknown("questions", "question", question, known)
    path = ["questions", "properties", question, "default"]
    if "value" in operation:
        editing.set(path, operation["value"], after=("type", "title", "description", "examples"))
    else:
        editing.remove(path)


def add_example(editing: Editing, operation: Operation) -> None:
    """Add an example; one with the same title is replaced, for no two of a flow have the same."""
    example = operation["example"]
    examples = editing.part("examples")
    if not isinstance(examples, list):
        editing.set(["examples"], [example], after=_BEFORE_EXAMPLES)
        return
    alike = [
        n for n, held in enumerate(examples) if isinstance(held, dict) and held.get("title") == example.get("title")
    ]
    if alike:
        editing.replace(["examples", alike[0]], example)
    else:
        editing.append(["examples"], example)


def remove_example(editing: Editing, operation: Operation) -> None:
    """Take the example at a position (from 0) away. With its title too, nothing else can go in its place."""
    index, title = operation["index"], operation.get("title")
    examples = editing.part("examples")
    titles = [held.get("title") for held in examples] if isinstance(examples, list) else []
    if title is not None:
        if title not in titles:
            return  # it was taken away already
        index = titles.index(title)
    if not 0 <= index < len(titles):
        many = f"there are {len(titles)}, counted from 0" if titles else "there are none"
        refuse(f"examples[{index}]", "there is no example at this position", f"Look at the examples again: {many}.")
    if len(titles) == 1:
        editing.remove(["examples"])
    else:
        editing.remove_item(["examples", index])
