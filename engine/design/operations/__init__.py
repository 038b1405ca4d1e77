"""Changes of a flow document as data: one pure function from a text and an operation to the changed text.

    apply(text, {"op": "link", "step": "customer", "target": "Name", "source": "customer.name"}, Schemas.of(workspace))

Nothing but the place in question changes: order, unknown keys, line ends and indentation survive. The same operation
twice gives the same text. `docs/editing.md` has every operation with an example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.design.operations.editing import Editing, read, refuse
from engine.design.operations.kinds import KINDS, kind_of
from engine.design.operations.schemas import Schemas
from engine.documents.schemas import validate
from engine.errors import DocumentError, Json, OperationRefused

__all__ = ["NAMES", "Schemas", "apply", "described"]

NAMES = frozenset(KINDS)  # undo and redo among them, which are for the drafts
_NOTHING_KNOWN = Schemas()


def apply(text: str, operation: Mapping[str, Json], schemas: Schemas | None = None) -> str:
    """The text of a flow document with the operation carried out; the same text where it is so already.

    schemas: what is known of the systems, so that a link gives the formula that fits the field; without it a plain
    path. Raises OperationRefused where the operation cannot be carried out, DocumentError where the text cannot be
    read. A document that keeps its schema keeps it.
    """
    kind = kind_of(operation)
    if kind.change is None:
        refuse(operation["op"], "only a draft knows what was done before", "Ask the draft to undo or redo.")
    editing = Editing(text, schemas or _NOTHING_KNOWN)
    was_sound = not validate(editing.document, "flow")
    kind.change(editing, operation)
    if editing.text != text:
        _refuse_unsound(editing.text, was_sound)
    return editing.text


def _refuse_unsound(text: str, was_sound: bool) -> None:
    """Refuse what would break a sound document; one that is broken already may be mended bit by bit."""
    try:
        problems = validate(read(text), "flow")
    except DocumentError as error:
        problems = list(error.problems)
        was_sound = True
    if problems and was_sound:
        raise OperationRefused([replace(problem, where=problem.where.strip()) for problem in problems])


def described(operation: Mapping[str, Json]) -> str:
    """What a well-formed operation does, in a sentence without its full stop: “Name is now customer.email”."""
    return kind_of(operation).says(operation)
