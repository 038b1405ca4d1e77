"""The fields of a kind of record as a starter sees them: path, meaning, and how the system writes the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.connectors.connector import Resource
from engine.documents.formula_text import formula_text
from engine.errors import Json

_LITERAL_BASES = ("net", "gross")
_TWO_LETTERS = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. path: `Rows[].UnitPrice`; about: its part of the schema; required: the system needs it."""

    path: str
    about: Mapping[str, Json]
    required: bool

    @property
    def name(self) -> str:
        return self.path.rsplit(".", 1)[-1].removesuffix("[]")

    @property
    def title(self) -> str:
        return str(self.about.get("title") or self.name)

    @property
    def meaning(self) -> str:
        return str(self.about.get("x-meaning", ""))

    @property
    def kind(self) -> str:
        return str(self.about.get("x-kind", ""))

    @property
    def types(self) -> list[str]:
        held = self.about.get("type", [])
        return [held] if isinstance(held, str) else list(held)

    @property
    def is_list(self) -> bool:
        return "array" in self.types or "items" in self.about

    @property
    def is_group(self) -> bool:
        return "properties" in self.about and not self.is_list

    @property
    def may_be_null(self) -> bool:
        return "null" in self.types or not self.required

    @property
    def is_text(self) -> bool:
        return "string" in self.types

    @property
    def length(self) -> int | None:
        return self.about.get("maxLength") if self.is_text and "enum" not in self.about else None

    @property
    def charset(self) -> str:
        """The characters that a text can hold; nothing where it holds all."""
        return str(self.about.get("x-charset", ""))

    @property
    def scale(self) -> float | None:
        return self.about.get("x-scale")

    @property
    def codes(self) -> Mapping[str, str]:
        codes: Mapping[str, str] = self.about.get("x-codes", {})
        return codes

    @property
    def refers(self) -> str:
        return str(self.about.get("x-refers", ""))

    @property
    def is_written(self) -> bool:
        return self.about.get("x-write") != "never"

    @property
    def basis(self) -> str | None:
        """A formula that gives "net" or "gross"; None where the schema does not say."""
        if "x-basis" not in self.about:
            return None
        said = formula_text(self.about["x-basis"]).strip()
        return f'"{said}"' if said in _LITERAL_BASES else said

    @property
    def fixed_basis(self) -> str:
        """ "net" or "gross" where it is always the same; else nothing."""
        return (self.basis or "").strip('"') if (self.basis or "").strip('"') in _LITERAL_BASES else ""

    @property
    def holds_country_code(self) -> bool:
        """Is a country surely written in its two letters?"""
        shown = self.about.get("examples", [])
        if self.about.get("maxLength") == 2:
            return True
        return bool(shown) and all(_TWO_LETTERS.fullmatch(str(text)) for text in shown)

    def code_for(self, canonical: str) -> Json | None:
        """This system's code that means so, as the field's type writes it."""
        for code, meant in self.codes.items():
            if meant == canonical:
                return self.typed(code)
        return None

    def typed(self, code: str) -> Json:
        """A code as it stands in records: a number where the field holds numbers."""
        if self.is_text:
            return code
        if "boolean" in self.types and code in ("true", "false"):
            return code == "true"
        return int(code) if code.lstrip("-").isdigit() else code


def fields_of(schema: Mapping[str, Json], prefix: str = "", *, within_required: bool = True) -> Iterator[Field]:
    """Every field of a schema, lists and objects included, in its order."""
    required = set(schema.get("required", ()))
    for name, about in schema.get("properties", {}).items():
        needed = within_required and name in required
        field = Field(prefix + name, about, needed)
        if field.is_list:
            yield Field(prefix + name + "[]", about, needed)
            yield from fields_of(about.get("items", {}), f"{prefix}{name}[].")
            continue
        yield field
        yield from fields_of(about, f"{prefix}{name}.", within_required=needed)


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of record of one system, with its fields by meaning."""

    resource: Resource
    fields: tuple[Field, ...]

    @classmethod
    def of(cls, resource: Resource) -> Record:
        return cls(resource, tuple(fields_of(resource.schema)))

    def meaning(self, meaning: str) -> list[Field]:
        """The fields of a meaning, in the schema's order."""
        return [field for field in self.fields if field.meaning == meaning]

    def one(self, meaning: str) -> Field | None:
        """The first field of a meaning."""
        return next(iter(self.meaning(meaning)), None)

    def written(self, meaning: str) -> Field | None:
        """The first field of a meaning that the system takes."""
        return next((field for field in self.meaning(meaning) if field.is_written), None)

    def can(self, *operations: str) -> bool:
        return all(self.resource.operation(name) is not None for name in operations)
