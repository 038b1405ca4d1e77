"""What a model's field is (kind, length, decimals, required, read-only) and how the field tables are read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]

KINDS = ("text", "guid", "int", "number", "bool", "date", "moment", "list", "object")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a model."""

    name: str
    kind: str
    limit: int | None = None  # longest text, or most decimals of a number
    required: bool = False
    readonly: bool = False
    values: frozenset[int] | None = None  # the codes of an enumeration
    default: Any = None

    def initial(self) -> Any:
        """Give the value of a field that was not sent."""
        return [] if self.kind == "list" else self.default


@dataclass(frozen=True, slots=True)
class Model:
    """The fields of one kind of record, in the order in which the system writes them."""

    name: str
    fields: dict[str, Field]
    writable: tuple[Field, ...] = field(default=())

    def complete(self, values: Record) -> Record:
        """Give a record with every field of the model and none besides."""
        return {n: values[n] if n in values else f.initial() for n, f in self.fields.items()}


def read_model(name: str, table: str) -> Model:
    """Read lines such as `Status int required 1,2,3,4` or `UnitPrice number.2 =0`."""
    fields = {}
    for line in filter(None, (line.strip() for line in table.splitlines())):
        one = _read_field(line.split())
        fields[one.name] = one
    return Model(name, fields, tuple(f for f in fields.values() if not f.readonly))


def _read_field(words: list[str]) -> Field:
    name, (kind, _, limit) = words[0], words[1].partition(".")
    if kind not in KINDS:
        raise ValueError(f"{name}: {kind} is no kind of field")
    default: Any = False if kind == "bool" else None
    values = None
    for word in words[2:]:
        if word.startswith("="):
            default = {"true": True, "0": 0 if kind == "int" else 0.0}[word[1:]]
        elif word[0].isdigit():
            values = frozenset(int(v) for v in word.split(","))
    flags = set(words[2:])
    return Field(name, kind, int(limit) if limit else None, "required" in flags, "readonly" in flags, values, default)
