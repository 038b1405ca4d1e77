"""What an operation did, in a sentence for the history: “Name is now customer.email”."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Json

_LONGEST = 60

Operation = Mapping[str, Json]


def link(operation: Operation) -> str:
    source, target = operation["source"], operation["target"]
    if operation.get("how") == "join":
        return f"{source} is joined to {target}"
    if operation.get("how") == "first":
        return f"{target} is {source} where nothing else is filled"
    return f"{target} is now {source}"


def link_list(operation: Operation) -> str:
    many = len(operation.get("children", ()))
    fields = f", with {many} of their fields" if many > 1 else ", with one of their fields" if many else ""
    return f"{_named(operation['target'])} are now the items of {operation['source']}{fields}"


def unlink(operation: Operation) -> str:
    if operation.get("source"):
        return f"{operation['target']} no longer reads {operation['source']}"
    return f"{operation['target']} is no longer mapped"


def set_formula(operation: Operation) -> str:
    return _formula(operation["target"], operation["formula"], f"{operation['target']} is no longer mapped")


def set_write(operation: Operation) -> str:
    said = {
        "always": "always written",
        "on_create": "written only when the record is made",
        "on_update": "written only when the record is updated",
        "if_empty": "written only where the target has nothing",
    }
    return f"{operation['target']} is {said[operation['write']]}"


def set_note(operation: Operation) -> str:
    if not operation["note"].strip():
        return f"{operation['target']} has no note any more"
    return f"{operation['target']} has the note “{_short(operation['note'])}”"


def move(operation: Operation) -> str:
    return f"what was mapped to {operation['target']} now goes to {operation['to']}"


def set_match(operation: Operation) -> str:
    if not operation["formula"].strip():
        return f"{operation['step']} is no longer matched with what is there"
    return f"{operation['step']} is found by {operation['field']}: {_short(operation['formula'])}"


def set_policy(operation: Operation) -> str:
    chosen = operation.get("policy") or f"given by {_short(operation.get('formula', ''))}"
    return f"the policy of {operation['step']} is {chosen}"


def set_when(operation: Operation) -> str:
    return _formula(
        f"the condition of {operation['step']}", operation["formula"], f"{operation['step']} is always done"
    )


def set_step_title(operation: Operation) -> str:
    return f"{operation['step']} is called “{_short(operation['title'])}”"


def set_value(operation: Operation) -> str:
    name = f"$values.{operation['name']}"
    return _formula(name, operation["formula"], f"{name} is gone")


def set_answer(operation: Operation) -> str:
    if "value" not in operation:
        return f"the question {operation['question']} has no answer any more"
    return f"the answer to {operation['question']} is {_shown(operation['value'])}"


def set_row(operation: Operation) -> str:
    return f"{operation['lookup']} gives {_shown(operation['value'])} for “{_short(operation['key'])}”"


def remove_row(operation: Operation) -> str:
    return f"{operation['lookup']} has no row for “{_short(operation['key'])}” any more"


def set_rows(operation: Operation) -> str:
    many = len(operation["rows"])
    return f"{operation['lookup']} has {many} row{'' if many == 1 else 's'}"


def set_otherwise(operation: Operation) -> str:
    said = {"fail": "parks the record", "leave_out": "leaves the field out"}
    does = said.get(operation["do"]) or f"gives {_shown(operation.get('value'))}"
    return f"{operation['lookup']} {does} where it has no row"


def add_lookup(operation: Operation) -> str:
    return f"there is a lookup {operation['lookup']}: {_short(operation['title'])}"


def set_lookup(operation: Operation) -> str:
    name, said = operation["lookup"], []
    if "title" in operation:
        said.append(f"the lookup {name} is called “{_short(operation['title'])}”")
    if operation.get("refers") is not None:
        said.append(f"the rows of {name} name records of {_short(str(operation['refers'].get('resource', '')))}")
    elif "refers" in operation:
        said.append(f"the rows of {name} name no records")
    return " and ".join(said) or f"the lookup {name} stays as it is"


def remove_lookup(operation: Operation) -> str:
    return f"the lookup {operation['lookup']} is gone"


def add_example(operation: Operation) -> str:
    return f"there is an example “{_short(str(operation['example'].get('title', '')))}”"


def remove_example(operation: Operation) -> str:
    title = operation.get("title")
    return f"the example “{_short(title)}” is gone" if title else f"example {operation['index'] + 1} is gone"


def set_title(operation: Operation) -> str:
    return f"the flow is called “{_short(operation['title'])}”"


def undo(operation: Operation) -> str:
    return "the last change was undone"


def redo(operation: Operation) -> str:
    return "the change that was undone was made again"


def _formula(name: str, formula: str, without: str) -> str:
    return f"{name} is now {_short(formula)}" if formula.strip() else without


def _named(target: str) -> str:
    return target.removesuffix("[]")


def _shown(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "nothing"
    return f"“{_short(value)}”" if isinstance(value, str) else _short(str(value))


def _short(text: str) -> str:
    """The text on one line, shortened."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
