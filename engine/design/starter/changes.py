"""The processes that change what the target has already: a stock level, the status of an order, that it is paid.

Each step looks a record up, or changes one that an earlier step has found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.design.starter.checks import checks
from engine.design.starter.context import Context
from engine.design.starter.fields import Record
from engine.design.starter.pair import Pair
from engine.design.starter.settings import Choices
from engine.design.starter.steps import Match, StepMaker
from engine.design.starter.templates import Unfilled
from engine.errors import Json


class ChangeProcess:
    """Makes the values and the steps of such a flow."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pair = context.pair
        self._templates: list[Mapping[str, Json]] = context.process["steps"]
        self._records = {each["step"]: record_of(context.pair, each) for each in self._templates}
        self.sentences: list[str] = []

    def choices(self) -> Choices:
        found = (record.written("order.status") for record in self._records.values() if record is not None)
        return Choices(status=next((field for field in found if field is not None), None))

    def values(self) -> None:
        """Make the lookups that list what the target has, and fill the named values in order."""
        for step, record in self._records.items():
            if record is not None:
                self._context.computed[f"has {step}"] = "true"
        for name, template in self._context.process["lookups"].items():
            if template.get("listing") and self._holds(template):
                self._list(name, template)
        for name, template in self._context.process["values"].items():
            formula = self._value(template)
            if formula is not None:
                self._context.values[name] = formula

    def _list(self, name: str, template: Mapping[str, Json]) -> None:
        record = _listing(self._pair, template)
        ways = [way for way in template["where"]["first"] if self._holds(way)]
        where = self._context.filled_or_none({"first": [way["condition"] for way in ways]}, record)
        if record is not None and (where is not None or not template.get("needs_where")):
            self._context.tables.add(name, record, where)
            self._context.computed[f"listing {name}"] = f'"{name}"'

    def _holds(self, template: Mapping[str, Json], part: str = "needs") -> bool:
        """Is there what this part of a template asks for, if it asks for anything?"""
        return part not in template or template[part] in self._context.computed

    def _value(self, template: Json) -> str | None:
        if not isinstance(template, Mapping) or "first" in template:
            return self._context.filled_or_none(template)
        if "table" in template:
            return self._coded(template)
        return self._context.filled_or_none(template["formula"]) if self._holds(template) else None

    def _coded(self, template: Mapping[str, Json]) -> str | None:
        """What the target calls a code of the source: the first of its fields that has a row."""
        record, found = self._records[template["step"]], []
        field = record.written(template["into"]) if record is not None else None
        for table, meaning in template["table"].items():
            read, key = self._pair.record.one(meaning), self._pair.readings.of(meaning)
            if field is not None and read is not None and read.codes and key is not None:
                key = key if read.is_text else f"$string({key})"
                found.append(self._context.tables.formula(table, field, key))
        return found[0] if len(found) == 1 else f"$first_filled({', '.join(found)})" if found else None

    def steps(self) -> Iterator[Json]:
        """The steps in order; one that the target has no place for is left out where it is optional."""
        for template in self._templates:
            record = self._records[template["step"]]
            if record is not None and self._holds(template, "optional"):
                yield self._step(template, record)

    def _step(self, template: Mapping[str, Json], record: Record) -> Json:
        name, context = template["step"], self._context
        maker = StepMaker(context, record, template, name)
        step: dict[str, Json] = {"step": name, "title": context.said(template["title"])}
        step |= {"connector": self._pair.target.name, "resource": record.resource.name}
        if "when" in template and self._holds(template, "when_needs"):
            step["when"] = context.fill(template["when"], record)
        match = maker.match() if "match" in template else None
        if match is not None:
            step["match"] = self._found_by(template, record, match)
        else:
            step["key"] = self._key(template, record)
        step["policy"] = template["policy"]
        before = checks(context, template.get("before", ()), record)
        if before:
            step["before"] = before
        fields = maker.fields(match) if "gives" in template else {}
        if fields:
            step["fields"] = fields
        context.records[name] = record
        context.computed[f"key of {name}"] = record.resource.key_field or ""
        self.sentences.append(context.said(template["sentence"]))
        return step

    def _found_by(self, template: Mapping[str, Json], record: Record, match: Match) -> Json:
        if not match.by_search:
            raise Unfilled(f"way to search {record.resource.title.lower()} by {match.field.title.lower()}")
        return match.document

    def _key(self, template: Mapping[str, Json], record: Record) -> str:
        """The key of the record that an earlier step has found."""
        found = self._context.records.get(template.get("key_of", ""))
        name = found.resource.key_field if found is not None else None
        if found is None or not name:
            raise Unfilled(f"key of {record.resource.title.lower()}")
        is_text = any(field.path == name and set(field.types) <= {"string", "null"} for field in found.fields)
        path = f"$steps.{template['key_of']}.{name}"
        return path if is_text else f"$string({path})"


def record_of(pair: Pair, template: Mapping[str, Json]) -> Record | None:
    """The target's first resource that a step can be done with."""
    possible = pair.all_of_kind(template["kind"], *template["operations"])
    return next((record for record in possible if _fits(pair, record, template)), None)


def _fits(pair: Pair, record: Record, template: Mapping[str, Json]) -> bool:
    written = template.get("writes", ())
    searched = [
        record.one(way["field"])
        for way in template.get("match", ())
        if "told_by" not in way or pair.readings.of(way["told_by"])
    ]
    return (
        (not written or any(record.written(meaning) for meaning in written))
        and all(record.one(meaning) for meaning in template.get("having", ()))
        and not any(record.one(meaning) for meaning in template.get("without", ()))
        and ("key_of" not in template or not _lacks(record, template["gives"]))
        and ("match" not in template or any(field and record.resource.can_find_by(field.path) for field in searched))
    )


def _lacks(record: Record, gives: Mapping[str, Json]) -> bool:
    """Must a change tell more than what changes?"""
    needed = (field for field in record.fields if field.required and field.is_written and "[]" not in field.path)
    return any(field.meaning not in gives and "default" not in field.about for field in needed)


def _listing(pair: Pair, template: Mapping[str, Json]) -> Record | None:
    """The target's resource that lists what has a number, with the key of each."""
    readable = pair.all_of_kind(template["of"], "read")
    return next((record for record in readable if record.one(template["by"]) and record.resource.key_field), None)
