"""One step of a starter: how a record is found, what goes into each field, and what must be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.design.starter import proposals
from engine.design.starter.charges import TYPES
from engine.design.starter.context import Context
from engine.design.starter.fields import Field, Record
from engine.design.starter.readings import raw
from engine.design.starter.templates import Unfilled, as_written
from engine.design.starter.writings import with_basis, written_for
from engine.documents.formula_text import formula_text
from engine.errors import Json

ASKED = "{{field}} of one of these in {{the target}}: {{resource}}."
_ONE_HOLE = re.compile(r"\{\{([a-z_\[\]][a-z0-9_.\[\]]*)\}\}")


@dataclass(frozen=True, slots=True)
class Match:
    """How a step finds its record. sentence: the field as people call it; by_search: does the target search by it?"""

    field: Field
    document: Json
    by_search: bool


class StepMaker:
    """Makes the fields and the match of one step. gives: target meaning → what the process puts there."""

    def __init__(self, context: Context, record: Record, template: Mapping[str, Json], step: str) -> None:
        self._context = context
        self._record = record
        self._template = template
        self._step = step
        self._gives: Mapping[str, Json] = template.get("gives", {})

    # --- the match

    def match(self) -> Match | None:
        """The first way to find a record that the target can search by; else the first it can keep; else none."""
        found = list(self._matches())
        searched = [match for match in found if match.by_search]
        return next(iter(searched or found), None)

    def _matches(self) -> Iterator[Match]:
        # what is only looked up may be found by a field that the target never takes
        field_of = self._record.one if self._template.get("policy") == "update" else self._record.written
        for way in self._template["match"]:
            field = field_of(way["field"])
            if field is None or ("needs" in way and self._record.written(way["needs"]) is None):
                continue
            by_search = self._record.resource.can_find_by(field.path)
            if by_search and way.get("unsearched"):
                continue
            try:
                formula = self._context.fill(way["formula"], self._record)
                about: dict[str, Json] = {"field": field.path, "formula": self._cut(field, formula)}
                for part in ("scope", "where"):
                    if part in way:
                        about[part] = self._context.fill(way[part], self._record)
            except Unfilled:
                continue
            yield Match(field, about, by_search)

    def _cut(self, field: Field, formula: str) -> Json:
        whole = field.meaning in ("article.sku", "customer.number")
        return as_written(written_for(field, formula, whole=whole))

    # --- the fields

    def fields(self, match: Match | None) -> dict[str, Json]:
        """Target path → field mapping, in the order of the target's schema."""
        found: dict[str, Json] = {}
        for field in self._record.fields:
            if not field.is_written or field.is_group or not self._list_is_mapped(field, found):
                continue
            mapping = self._given(field, match)
            if mapping is None and field.required and not field.is_list:
                mapping = self._needed(field)
                if "needed" in self._template and "[]" not in field.path:  # what the target has stays as it is
                    mapping["write"] = self._template["needed"]
            if mapping is not None:
                found[field.path] = mapping
        return found

    def formula(self, field: Field) -> str | None:
        """What the process would put into one field; None where it puts nothing there."""
        mapping = self._given(field, None)
        return formula_text(mapping["formula"]) if mapping and "formula" in mapping else None

    @staticmethod
    def _list_is_mapped(field: Field, found: Mapping[str, Json]) -> bool:
        head, mark, _ = field.path.partition("[].")
        return not mark or head + "[]" in found

    def _given(self, field: Field, match: Match | None) -> Json | None:
        spec = self._spec(field.meaning)
        if spec is None:
            return None
        for way in spec.get("of", [spec]):
            chosen = {**spec, **way}
            if not self._applies(chosen, field, match) or not _takes(field, way.get("into", "")):
                continue
            mapping = self._made(field, chosen)
            if mapping is not None:
                return mapping
        return None

    def _made(self, field: Field, spec: Mapping[str, Json]) -> Json | None:
        try:
            if "each" in spec:
                return {"each": as_written(self._context.fill(spec["each"]))}
            formula = self._formula(field, spec)
        except Unfilled:
            return None
        mapping: dict[str, Json] = {"formula": as_written(formula)}
        kept = "only_with" not in spec or spec["only_with"] in self._context.document_meanings
        if spec.get("write") and kept and "[]" not in field.path:
            mapping["write"] = spec["write"]
        if "note" in spec:
            mapping["note"] = self._context.said(spec["note"])
        return mapping

    def _spec(self, meaning: str) -> Mapping[str, Json] | None:
        """What the process gives for a meaning; a name that ends with .* stands for all below it."""
        spec = self._gives.get(meaning)
        if spec is None:
            above = meaning.rpartition(".")[0]
            spec = self._gives.get(f"{above}.*") if above else None
        if spec is None:
            return None
        return spec if isinstance(spec, Mapping) and "first" not in spec else {"formula": spec}

    def _applies(self, spec: Mapping[str, Json], field: Field, match: Match | None) -> bool:
        if spec.get("never") or ("same" in spec and field.is_list):
            return False
        if spec.get("only") == "match" and (match is None or match.field.path != field.path):
            return False
        if spec.get("only") == "required" and not field.required:
            return False
        other = self._record.written(spec["unless_needed"]) if "unless_needed" in spec else None
        if other is not None and other.required:
            return False
        if spec.get("without") in self._context.records:
            return False
        return "unless" not in spec or self._record.written(spec["unless"]) is None

    def _formula(self, field: Field, spec: Mapping[str, Json]) -> str:
        if "step" in spec:
            return self._key_of(field, spec["step"], f"$steps.{spec['step']}")
        if "lookup" in spec:
            return self._key_of(field, spec["lookup"], f"$lookup($steps.{spec['lookup']}, number)")
        if "types" in spec:
            return self._type_of_row(field)
        if "by_name" in spec:
            return self._by_name(field, spec["by_name"])
        if "canonical" in spec:
            return self._code(field, spec["canonical"])
        if "either" in spec:
            condition, yes, no = spec["either"]
            return f"{self._context.fill(condition)} ? {self._code(field, yes)} : {self._code(field, no)}"
        template = "{{" + field.meaning + "}}" if spec.get("same") else spec["formula"]
        formula = self._context.fill(template, self._record)
        return self._written(field, spec, template, formula)

    @staticmethod
    def _code(field: Field, canonical: str) -> str:
        """The target's code that means so, as a formula writes it."""
        code = field.code_for(canonical)
        if code is None:
            raise Unfilled(field.meaning)
        return json.dumps(code, ensure_ascii=False)

    def _by_name(self, field: Field, template: Json) -> str:
        """The key of one of the target's records, which an answer names."""
        record = self._context.pair.target_resource(field.refers) if field.refers else None
        if record is None or not record.can("read"):
            raise Unfilled(field.meaning)
        return self._context.tables.by_name(record, self._context.fill(template, self._record))

    @staticmethod
    def _type_of_row(field: Field) -> str:
        """The target's code for what a row stands for; that of goods for all it has no word for."""
        goods = field.code_for("goods")
        if goods is None:
            raise Unfilled(field.meaning)
        formula = json.dumps(goods)
        for meant in reversed([*TYPES, "credit_discount"]):
            code = field.code_for(meant)
            if code is not None:
                formula = f'type = "{meant}" ? {json.dumps(code)} : {formula}'
        return formula

    def _key_of(self, field: Field, step: str, answer: str) -> str:
        """The key that an earlier step's record has in the target."""
        record = self._context.records.get(step)
        if record is None or (field.refers and field.refers != record.resource.name):
            raise Unfilled(step)
        key = record.resource.key_field
        if not key:
            raise Unfilled(step)
        return f"{answer}.{key}"

    def _written(self, field: Field, spec: Mapping[str, Json], template: Json, formula: str) -> str:
        hole = _ONE_HOLE.fullmatch(template) if isinstance(template, str) else None
        read = self._context.pair.readings.record.one(hole[1]) if hole else None
        if "table" in spec and (field.refers or field.codes or spec.get("any")):
            found = self._context.tables.formula(spec["table"], field, formula)
            if "else" in spec and read is not None and read.may_be_null:
                other = self._formula(field, spec["else"])
                return f"$exists($first_filled({formula})) ? {found} : {other}"
            return found
        if field.kind == "language" and field.codes:
            return self._context.tables.language(field, formula)
        if read is not None and read.codes and field.codes and not spec.get("coded"):
            return self._context.tables.coded(read, field, formula)
        if read is not None and (field.refers or read.refers):
            raise Unfilled(field.meaning)  # an id of the source is none of the target, and no word either
        if hole and not spec.get("bare"):
            formula = self._context.pair.readings.first_filled(formula, hole[1])
        if "basis" in spec:
            formula = self._with_basis(field, spec, formula)
        kind = read.kind if read is not None and formula == self._bare(read) else ""
        return written_for(field, formula, whole=bool(spec.get("whole")), kind=kind)

    def _bare(self, read: Field) -> str:
        path = raw(read)
        return f"$first_filled({path})" if read.may_be_null else path

    def _with_basis(self, field: Field, spec: Mapping[str, Json], formula: str) -> str:
        basis = self._context.fill(spec["basis"])
        if basis == "$values.basis" and self._context.values["basis"].strip('"') in ("net", "gross"):
            basis = self._context.values["basis"]
        return with_basis(field, formula, basis, self._context.fill(spec["rate"]))

    # --- fields that nothing fills

    def _needed(self, field: Field) -> Json:
        """A mapping for a field that the target needs: its usual value, or the answer to a question."""
        if "default" in field.about:
            return {"formula": json.dumps(field.about["default"], ensure_ascii=False)}
        answered = self._answered(field)
        if answered is not None:
            return {"formula": answered}
        name = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", field.path).lower()).strip("_")
        name = name if name not in self._context.process.get("questions", {}) else f"{self._step}_{name}"
        record = self._context.pair.target_resource(field.refers) if field.refers else None
        asked = self._context.asked[name] = self._asked(field, record)
        source, target = self._context.pair.source.title, self._context.pair.target.title
        if "default" not in asked:
            self._context.gap(
                f"step {self._step}, {field.path}",
                f"nothing in {source} means “{field.title}”, which {target} needs",
                f"Answer the question “{name}”, or map the field.",
            )
        formula = f"$answers.{name}"
        if record is not None and record.can("read"):
            formula = self._context.tables.by_name(record, formula)
        return {"formula": written_for(field, formula)}

    def _answered(self, field: Field) -> str | None:
        """The key of the record that an earlier step made of the resource the field refers to."""
        for step, record in self._context.records.items():
            if field.refers == record.resource.name and record.resource.key_field:
                many = step == "articles"
                if many and "[]" not in field.path:
                    continue
                answer = f"$lookup($steps.{step}, number)" if many else f"$steps.{step}"
                return f"{answer}.{record.resource.key_field}"
        return None

    def _asked(self, field: Field, record: Record | None) -> Json:
        known = ("integer", "number", "boolean")
        kind = "string" if record is not None else next((each for each in field.types if each in known), "string")
        about: dict[str, Json] = {"type": kind, "title": field.title}
        told = field.about.get("description", "")
        if record is not None:
            told = self._context.said(ASKED, field=proposals.name_title(record), resource=record.resource.title)
        if told:
            about["description"] = told
        only = proposals.only_one(self._context.pair, record) if record is not None else None
        if only is not None:
            about["default"] = only
        if "enum" in field.about and record is None:
            about["enum"] = [choice for choice in field.about["enum"] if choice is not None]
        return about


def _takes(field: Field, what: str) -> bool:
    """Is a field one of those that a way of filling it is meant for?"""
    match what:
        case "refers":
            return bool(field.refers)
        case "codes":
            return bool(field.codes) and not field.refers
        case "any basis":
            return field.basis is None
    return True
