"""What can be written in a formula beside fields: functions with their documentation, and variables."""

from __future__ import annotations

from functools import cache

from engine.design.view.standard_functions import STANDARD
from engine.errors import Json
from engine.flows.flow import Step
from engine.formulas.functions import FUNCTIONS
from engine.formulas.paths import way_of, written
from engine.formulas.words import Speech, Template
from engine.mappings.paths import list_of

_VARIABLES = (
    ("$answers", "The settings of the flow."),
    ("$values", "The flow's named values."),
    ("$steps", "What earlier steps were answered."),
    ("$facts", "What is true of a whole account: $facts.source, $facts.target."),
)
_IN_ITEMS = (
    ("$record", "The whole record; the formula itself sees one item of a list."),
    ("$index", "The number of the item, from 0."),
)


@cache
def functions() -> tuple[dict[str, Json], ...]:
    """Every function, ours first, as the editor shows it."""
    ours = [
        {
            "name": each.name,
            "arguments": arguments(each.arguments),
            "signature": each.usage,
            "help": each.description,
            "example": f"{each.example} → {each.result}",
        }
        for each in FUNCTIONS
        if not each.in_jsonata
    ]
    standard = [
        {
            "name": each.name,
            "arguments": list(each.arguments),
            "signature": f"${each.name}({', '.join(each.arguments)})",
            "help": each.help,
            "example": f"{each.example} → {each.result}" if each.result else each.example,
        }
        for each in STANDARD
    ]
    return (*ours, *standard)


def arguments(said: str) -> list[str]:
    """The arguments of a usage, one by one."""
    return [part.strip() for part in said.split(", ") if part.strip()]


def functions_in_words(say: Speech) -> list[dict[str, Json]]:
    """The same with their help in the reader's language."""
    return [{**each, "help": say(str(each["help"]))} for each in functions()]


def templates() -> list[Template]:
    """What is said of variables and functions, for whoever translates it."""
    return [*(said for _, said in (*_VARIABLES, *_IN_ITEMS)), *(str(each["help"]) for each in functions())]


def variables(step: Step, target: str, say: Speech) -> list[dict[str, Json]]:
    """The variables a target field's formula sees."""
    of_item = _IN_ITEMS if list_of(target) else _IN_ITEMS[:1] if step.each is not None else ()
    return [{"label": label, "help": say(said)} for label, said in (*_VARIABLES, *of_item)]


def scope(step: Step, target: str) -> str | None:
    """The path of the list whose items a target field's formula sees; None for the whole record."""
    inside = list_of(target)
    each = step.each
    if inside is not None:
        each = next((mapping.formula for mapping in step.fields if mapping.path == inside[0]), None)
    way = way_of(each) if each else None
    return written(way) if way else None
