"""Operations on lookups: their rows, what happens to values without one, tables themselves; a link from one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.design.operations.editing import Editing, refuse, refuse_unknown
from engine.design.operations.places import Place
from engine.design.operations.reach import Standpoint
from engine.design.tables_asked import places_asking
from engine.errors import Json
from engine.formulas.lint import shape_of
from engine.formulas.lint.source import Source
from engine.formulas.lint.view import called_function
from engine.formulas.syntax import tree_here

OTHERWISE = ("fail", "leave_out", "value")
_YES_NO = frozenset({"boolean"})
_MOST_PLACES = 6
NAME = re.compile(r"[a-z][a-z0-9_]*")

Operation = Mapping[str, Json]


def set_row(editing: Editing, operation: Operation) -> None:
    """Add a row, or change its value."""
    name, value = _known(editing, operation), operation["value"]
    if isinstance(value, dict | list):
        refuse(f"lookups.{name}", "a row's value is a text, a number, yes/no or null", "Give one of these.")
    editing.set(["lookups", name, "rows", operation["key"]], value)


def remove_row(editing: Editing, operation: Operation) -> None:
    """Take a row away."""
    editing.remove(["lookups", _known(editing, operation), "rows", operation["key"]])


def set_rows(editing: Editing, operation: Operation) -> None:
    """Replace all rows."""
    editing.set(["lookups", _known(editing, operation), "rows"], operation["rows"])


def set_otherwise(editing: Editing, operation: Operation) -> None:
    """Say what happens to a value without a row."""
    name, otherwise = _known(editing, operation), {"do": operation["do"]}
    if operation["do"] == "value":
        if "value" not in operation:
            refuse(f"lookups.{name}.otherwise", "no value is given for everything else", "Add the key `value`.")
        otherwise["value"] = operation["value"]
    editing.set(["lookups", name, "otherwise"], otherwise, after=("title", "help", "refers", "rows"))


def add_lookup(editing: Editing, operation: Operation) -> None:
    """Add an empty table; a value it does not know parks the record until somebody says otherwise."""
    name, title = operation["lookup"], operation["title"]
    held = editing.named("lookups")
    if name in held:
        if editing.part("lookups", name, "title") == title:
            return  # it was added already
        refuse(f"lookups.{name}", f"there is a lookup “{name}” already", "Choose another name.")
    if not NAME.fullmatch(name):
        advice = "Begin with a small letter; then small letters, digits and underscores: payment_terms."
        refuse("lookups", f"“{name[:60]}” cannot be the name of a lookup", advice)
    about = {"title": title, "rows": {}, "otherwise": {"do": "fail"}}
    if "refers" in operation:
        about = {"title": title, "refers": operation["refers"], "rows": {}, "otherwise": {"do": "fail"}}
    if held:
        editing.set(["lookups", name], about)
    else:
        editing.set(["lookups"], {name: about}, after=("title", "description", "source", "questions"))


def set_lookup(editing: Editing, operation: Operation) -> None:
    """Give a lookup another title, or say which records its rows name; `refers` null: none."""
    name = _known(editing, operation)
    if "title" not in operation and "refers" not in operation:
        refuse(f"lookups.{name}", "nothing is said that should change", "Add the key `title`, or `refers`.")
    if "title" in operation:
        editing.set(["lookups", name, "title"], operation["title"].strip())
    if operation.get("refers") is not None:
        if operation["refers"].get("every") is True and editing.named("lookups", name, "rows"):
            what = "its rows would be read from the target, but it has rows of its own"
            refuse(f"lookups.{name}.refers", what, "Take the rows away first, or leave `every` out.")
        editing.set(["lookups", name, "refers"], operation["refers"], after=("title", "help"))
    elif "refers" in operation:
        editing.remove(["lookups", name, "refers"])


def remove_lookup(editing: Editing, operation: Operation) -> None:
    """Take a lookup away; refused while a formula or an example still asks it."""
    name = _known(editing, operation)
    places = places_asking(editing.document, name)
    if places:
        shown = "; ".join(places[:_MOST_PLACES])
        more = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
        what = f"the lookup “{name}” is still used in {shown}{more}"
        refuse(f"lookups.{name}", what, "Take it out of there first.")
    editing.remove(["lookups"] if list(editing.named("lookups")) == [name] else ["lookups", name])


def _known(editing: Editing, operation: Operation) -> str:
    name: str = operation["lookup"]
    if name not in editing.named("lookups"):
        refuse_unknown("lookups", "lookup", name, editing.named("lookups"))
    return name


# --- a link from a table


def translated(editing: Editing, place: Place, at: Standpoint, held: str) -> str:
    """`$table("terms", …)` with the field that is mapped there as its key, or the key that another field uses."""
    if len(place.names) != 2:
        refuse(at.target, "a link from a lookup names the lookup alone", "Write it as $lookups.payment_terms.")
    name = place.names[1]
    if name not in editing.named("lookups"):
        refuse_unknown(at.target, "lookup", name, editing.named("lookups"))
    written = f'$table("{name}", '
    known = _asked(held)
    if known is not None:
        return held if known[0] == name else f"{written}{known[1]})"
    if held.strip():
        return f"{written}{_as_key(held, at)})"
    key = _key_elsewhere(editing, name, at)
    if key is None:
        what = f"the lookup “{name}” needs a key to look up, and nothing is mapped to “{at.target}” yet"
        refuse(at.target, what, f"Drop the field with the key on “{at.target}” first, then the lookup.")
    return f"{written}{key})"


def _asked(formula: str) -> tuple[str, str] | None:
    """The table and the key of a formula that only looks something up."""
    tree = tree_here(formula)
    if tree is None:
        return None
    call = tree.root
    if called_function(call) != "table" or call.predicate or len(call.arguments) != 2:
        return None
    table, key = call.arguments
    text = Source(formula, tree).text(key)
    return (table.value, text) if table.type == "string" and text else None


def _as_key(formula: str, at: Standpoint) -> str:
    """A key is a text or a number: yes and no are written as words."""
    is_yes_no = at.scope is not None and shape_of(formula, at.scope).types == _YES_NO
    return f"$string({formula})" if is_yes_no else formula


def _key_elsewhere(editing: Editing, name: str, at: Standpoint) -> str | None:
    """The key by which another field of the same step, seeing the same, asks this table."""
    for target in editing.fields(at.step):
        found = _asked(editing.formula(at.step, target))
        if found is not None and found[0] == name and Standpoint.of(editing, at.step, target).each == at.each:
            return found[1]
    return None
