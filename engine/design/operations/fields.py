"""Operations on field mappings: link, link_list, unlink, set_formula, set_write, set_note, move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.design.operations.combining import combined, with_part, without_parts
from engine.design.operations.editing import Editing, as_held, refuse, refuse_unknown, tidy
from engine.design.operations.fitting import fitted, for_text
from engine.design.operations.places import Place, place_of
from engine.design.operations.reach import Standpoint, reach
from engine.design.operations.tables import translated
from engine.errors import Json
from engine.flows.check_names import field_paths
from engine.formulas.origins import Origins
from engine.formulas.syntax import tree_here
from engine.mappings.paths import list_of, schema_at

WRITES = ("always", "on_create", "on_update", "if_empty")
_BEFORE_FIELDS = ("step", "title", "connector", "resource", "each", "when", "match", "key", "policy", "instead")
_PARSED_AT_ONCE = 8_000

Operation = Mapping[str, Json]


# --- drawing lines


def link(editing: Editing, operation: Operation) -> None:
    """Map a source onto a target's field: in place of what is there, joined to it, or for when that gives nothing."""
    step, source = editing.step(operation["step"]), operation["source"]
    target = _target(editing, step, operation["target"])
    how = operation.get("how", "replace")
    place = place_of(source)
    if target.endswith("[]"):
        _put(editing, step, target, _list_formula(editing, step, target, place))
        return
    _open_list(editing, step, target, place)
    at = Standpoint.of(editing, step, target)
    held = editing.formula(step, target)
    if place.variable == "$lookups":
        _put(editing, step, target, translated(editing, place, at, held))
        return
    if how == "join":
        at = replace(at, scope=for_text(at.scope))
    part = fitted(editing, reach(editing, place, at), at, source)
    if how != "replace":
        _refuse_broken(held, target)
        part = with_part(held, part, how)
    _put(editing, step, target, part)


def link_list(editing: Editing, operation: Operation) -> None:
    """Map a list onto a list, and fields of its items onto fields of the target's items."""
    target = operation["target"]
    list_target = target if target.endswith("[]") else f"{target}[]"
    link(editing, {"step": operation["step"], "target": list_target, "source": operation["source"]})
    for child in operation.get("children", ()):
        if not (isinstance(child, list) and len(child) == 2 and all(isinstance(path, str) for path in child)):
            refuse(target, "a child of a list is a pair of paths", 'Write it as ["lines[].sku", "Rows[].Article"].')
        if not child[1].startswith(f"{list_target}."):
            refuse(child[1], f"this is no field of “{list_target}”", f"Write it as {list_target}.{child[1]}.")
        link(editing, {"step": operation["step"], "target": child[1], "source": child[0]})


def _list_formula(editing: Editing, step: int, target: str, place: Place) -> str:
    if place.variable == "$lookups":
        refuse(target, "a lookup has no items", "Drop a list of the record on it.")
    return reach(editing, place, Standpoint.of(editing, step, target))


def _open_list(editing: Editing, step: int, target: str, place: Place) -> None:
    """A field of a list that nothing is said of yet: its items are those of the list the source stands in."""
    inside = list_of(target)
    if inside is None or inside[0] in editing.fields(step):
        return
    if not place.lists:
        what = f"nothing says yet what the items of “{inside[0]}” are"
        refuse(target, what, f"Drop a list on “{inside[0]}” first; then its fields can be mapped.")
    end = len(place.list_names)
    items = Place(place.names[:end], tuple(n for n in place.lists if n < end - 1), place.quoted)
    _put(editing, step, inside[0], _list_formula(editing, step, inside[0], items))


def _target(editing: Editing, step: int, target: str) -> str:
    """The path as the document has it; refused where the target has no such field, or sets it itself."""
    schema = editing.schemas.target(editing.named("steps", step))
    if schema is None:
        return target
    about = schema_at(schema, target)
    if about is None:
        refuse_unknown(target, "field", target, field_paths(schema))
    whole = schema_at(schema, target.removesuffix("[]")) or about
    if about.get("x-write") == "never" or whole.get("x-write") == "never":
        refuse(target, "the target sets this field itself; it cannot be written", "Map another field.")
    if target.count("[]") > 1:
        refuse(target, "a list inside a list cannot be mapped field by field", "Build it in one formula.")
    return target if "properties" in about else target.removesuffix("[]")


def _refuse_broken(formula: str, target: str) -> None:
    if formula.strip() and len(formula) < _PARSED_AT_ONCE and tree_here(formula) is None:
        refuse(target, "the formula that is there cannot be read, so nothing can be added to it", "Mend or replace it.")


# --- formulas and what belongs to them


def set_formula(editing: Editing, operation: Operation) -> None:
    """Write a field's formula (for a list: what its items are); an empty one takes the mapping away."""
    step, target, formula = editing.step(operation["step"]), operation["target"], operation["formula"]
    if formula.strip():
        _put(editing, step, target, formula)
    else:
        _take_away(editing, step, target)


def unlink(editing: Editing, operation: Operation) -> None:
    """Take a mapping away; with a source, only the part of a join or first-of that reads it."""
    step, target = editing.step(operation["step"]), operation["target"]
    if target not in editing.fields(step):
        return  # it was taken away already
    if not operation.get("source"):
        _take_away(editing, step, target)
        return
    place, formula = place_of(operation["source"]), editing.formula(step, target)
    at = Standpoint.of(editing, step, target)
    origins = Origins(editing.values())

    def reads(part: str) -> bool:
        return any(origin.way == place.names for origin in origins.of(part, at.item))

    if not reads(formula):
        return
    held = combined(formula)
    left = without_parts(held, reads) if held is not None else ""
    if left.strip():
        _put(editing, step, target, left)
    else:
        _take_away(editing, step, target)


def set_write(editing: Editing, operation: Operation) -> None:
    """Say when a field is written; `always` is what holds where nothing is said."""
    step, target, write = editing.step(operation["step"]), operation["target"], operation["write"]
    path = _mapped(editing, step, target)
    inside = list_of(target)
    if inside is not None and write != "always":
        refuse(target, "a list is written as a whole", f"Say it of “{inside[0]}”.")
    if write == "always":
        editing.remove([*path, "write"])
    else:
        editing.set([*path, "write"], write, after=("formula", "each"))


def set_note(editing: Editing, operation: Operation) -> None:
    """Keep a note with a mapping: why it is so."""
    path = _mapped(editing, editing.step(operation["step"]), operation["target"])
    if operation["note"].strip():
        editing.set([*path, "note"], operation["note"].strip())
    else:
        editing.remove([*path, "note"])


def move(editing: Editing, operation: Operation) -> None:
    """Give a mapping another field; a list takes the mappings of its items with it."""
    step, target, to = editing.step(operation["step"]), operation["target"], operation["to"]
    fields = editing.fields(step)
    if target == to or (target not in fields and to in fields):
        return  # it was moved already
    _mapped(editing, step, target)
    if to in fields:
        refuse(to, f"“{to}” is mapped already", "Take that mapping away first, or choose another field.")
    if (list_of(target) is None) != (list_of(to) is None) or target.endswith("[]") != to.endswith("[]"):
        refuse(
            to, "a formula of a list's items means something else outside it", "Move it to a field of the same kind."
        )
    goes = _target(editing, step, to)
    inside = list_of(goes)
    if inside is not None and inside[0] not in fields:
        refuse(to, f"nothing says yet what the items of “{inside[0]}” are", f"Move or map “{inside[0]}” first.")
    for path in [path for path in fields if path == target or path.startswith(_under(target))]:
        editing.rename(["steps", step, "fields", path], goes + path.removeprefix(target))


def _mapped(editing: Editing, step: int, target: str) -> list[str | int]:
    if target not in editing.fields(step):
        refuse_unknown(f"steps[{step}].fields", "mapping of a field", target, editing.fields(step))
    return ["steps", step, "fields", target]


def _under(target: str) -> str:
    """How the paths below a list begin; nothing is below any other field."""
    return f"{target}." if target.endswith("[]") else f"{target}\0"


def _put(editing: Editing, step: int, target: str, formula: str) -> None:
    """Write a mapping's formula; a new one goes behind its neighbours."""
    fields, part = editing.fields(step), "each" if target.endswith("[]") else "formula"
    path: list[str | int] = ["steps", step, "fields", target]
    if target in fields and part in editing.named(*path):
        editing.set_formula([*path, part], formula)
        return
    held = {part: as_held(tidy(formula, path))}
    if target in fields or fields:
        editing.set(path, held, after=_neighbours(fields, target))
    else:
        editing.set(path[:-1], {target: held}, after=_BEFORE_FIELDS)


def _neighbours(fields: Mapping[str, Json], target: str) -> list[str]:
    """The mappings a new one stands behind: those of the same list or object, else all."""
    names = list(fields)
    children = [name for name in names if name.startswith(_under(target))]
    if children:
        return names[: names.index(children[0])]
    above, _, _ = target.rpartition(".")
    near = [name for name in names if above and (name == above or name.startswith(f"{above}."))]
    return near or names


def _take_away(editing: Editing, step: int, target: str) -> None:
    fields = editing.fields(step)
    goes = [path for path in fields if path == target or path.startswith(_under(target))]
    if len(goes) == len(fields):
        editing.remove(["steps", step, "fields"])  # the schema wants at least one where there is the key
        return
    for path in goes:
        editing.remove(["steps", step, "fields", path])
