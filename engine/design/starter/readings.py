"""What the source's fields give for a meaning: rates in percent, money in whole units, countries as codes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.connectors.connector import Connector
from engine.design.starter.fields import Field, Record
from engine.design.starter.templates import Unfilled, document, filled
from engine.errors import Json
from engine.formulas.paths import reads_here, written


class Readings:
    """The readings of one source record. facts: meaning → formula of a fact of the target."""

    def __init__(self, record: Record, facts: Mapping[str, str] | None = None) -> None:
        self.record = record
        self.facts = facts or {}
        self._open: set[str] = set()
        self._derived: Mapping[str, Json] = document("derived")

    def of(self, meaning: str) -> str | None:
        """The formula of a meaning, from its own fields or derived from others; relative to the item inside a list."""
        if meaning in self._open:
            return None
        own = self.own(meaning)
        recipes = self._derived.get(meaning)
        if recipes is None:
            return own
        self._open.add(meaning)
        try:
            return filled({"first": recipes}, lambda name: own if name == "own" else self.hole(name))
        except Unfilled:
            return None
        finally:
            self._open.discard(meaning)

    def own(self, meaning: str) -> str | None:
        """The formula of the fields that have this very meaning."""
        found = [canonical(field) for field in self.record.meaning(meaning)]
        if not found:
            return None
        return found[0] if len(found) == 1 else f"$first_filled({', '.join(found)})"

    def hole(self, name: str) -> str | None:
        """What a hole of a template stands for, as far as the source decides it."""
        if name.startswith("basis "):
            return self.basis(name.removeprefix("basis "))
        if name.startswith("own "):
            return self.own(name.removeprefix("own "))
        if name.startswith("any "):
            return self._any(name.removeprefix("any "))
        if name.startswith("fact "):
            return self.facts.get(name.removeprefix("fact "))
        if name.startswith("code "):
            _, meaning, meant = name.split()
            field = self.record.one(meaning)
            code = field.code_for(meant) if field else None
            return None if code is None else json.dumps(code, ensure_ascii=False)
        return self.of(name)

    def _any(self, flag: str) -> str | None:
        """True where any of the fields of a flag says so; they may be null."""
        return " or ".join(f"{raw(field)} = true" for field in self.record.meaning(flag)) or None

    def fields(self, meaning: str) -> list[Field]:
        """The fields that are read for a meaning, its own first."""
        own = self.record.meaning(meaning)
        if own:
            return own
        return [field for recipe in self._derived.get(meaning, ()) for field in self._named(recipe)]

    def _named(self, recipe: Json) -> Iterable[Field]:
        text = recipe if isinstance(recipe, str) else "\n".join(recipe)
        return [field for field in self.record.fields if field.meaning and "{{" + field.meaning in text]

    def basis(self, meaning: str) -> str:
        """A formula that gives "net" or "gross" for an amount of the source."""
        like = [meaning, "order.lines[].amount", "order.lines[].price", "order.lines[].list_price"]
        for each in like if "[]" in meaning else [meaning]:
            field = self.record.one(each)
            if field is not None and field.basis is not None:
                return field.basis
        flag = self.own("order.prices_include_tax")
        if flag is not None:
            return f'{flag} ? "gross" : "net"'
        return '$answers.prices_include_tax ? "gross" : "net"'

    def row_basis_is_its_own(self, meaning: str) -> bool:
        """Does each row say for itself whether its amounts hold tax?"""
        return any(not path.startswith("$") for path in reads_here(self.basis(meaning)) or ())

    def first_filled(self, formula: str, meaning: str) -> str:
        """The formula of a meaning, without the nulls and blanks that the one field it names may hold."""
        inside = meaning.rpartition("[].")[0]
        for field in self.record.fields:
            if raw(field) == formula and field.path.count("[]") == inside.count("[]") + bool(inside):
                return f"$first_filled({formula})" if field.may_be_null else formula
        return formula


def raw(field: Field) -> str:
    """The path of a field as a formula writes it; inside a list relative to the item."""
    inside = field.path.removesuffix("[]").rsplit("[].", 1)[-1]
    return written(tuple(inside.split(".")))


def canonical(field: Field) -> str:
    """A field's value as formulas of processes expect it, whatever way the system writes it."""
    path = raw(field)
    held = f"$first_filled({path})" if field.may_be_null else path  # functions of numbers take no null
    is_told = field.is_text and field.kind in ("money", "quantity", "rate")
    number = f"$number({held})" if is_told else held if field.scale else path
    match field.kind:
        case "rate":
            return _percent(path if field.scale == 100 and not is_told else number, field.scale)
        case "money":
            amount = f"$divide({number}, {field.scale:g}, 2)" if field.scale and field.scale != 1 else number
            return f"$first_filled({amount}, 0)" if _is_charge(field) else amount
        case "quantity":
            return f"$divide({number}, {field.scale:g}, 6)" if field.scale and field.scale != 1 else number
        case "country":
            return (
                f"$uppercase($first_filled({path}))" if field.holds_country_code else f"$country($first_filled({path}))"
            )
        case "flag":
            return _flag(field, path)
    return path


def _is_charge(field: Field) -> bool:
    return field.meaning.endswith(".amount") and "[]" not in field.meaning and field.may_be_null


def _percent(number: str, scale: float | None) -> str:
    if scale in (None, 100):
        return number
    return f"$multiply({number}, 100)" if scale == 1 else f"$divide($multiply({number}, 100), {scale:g})"


def _flag(field: Field, path: str) -> str:
    yes = [code for code, meant in field.codes.items() if meant in ("true", "yes")]
    if yes:
        return f"{path} = {json.dumps(field.typed(yes[0]))}"
    return f"{path} = 1" if set(field.types) & {"integer", "number"} else path


def facts_by_meaning(connector: Connector, side: str) -> dict[str, str]:
    """What a connector's facts mean: meaning → `$facts.target.currency`, by the one field each fact reads."""
    found: dict[str, str] = {}
    for name, fact in connector.facts.items():
        resource = connector.resources.get(fact.resource)
        paths = set(reads_here(fact.value) or ())
        if resource is None or len(paths) != 1:
            continue
        record = Record.of(resource)
        path = paths.pop()
        meaning = next((field.meaning for field in record.fields if field.path == path and field.meaning), "")
        if meaning:
            found.setdefault(meaning, f"$facts.{side}.{name}")
    return found
