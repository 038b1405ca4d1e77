"""The lookups of a starter: which of the target's records they name, and the rows that can be proposed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.design.starter import proposals
from engine.design.starter.fields import Field, Record
from engine.design.starter.pair import Pair
from engine.design.starter.templates import said
from engine.errors import Json

NUMBER_KEYS = ("tax_codes", "tax_code_rates", "classes")  # lookups whose keys are numbers, written as text
_NEAR = {"delivered": ("completed", "sent"), "completed": ("delivered", "sent")}
_ROWS = {
    "payment_terms": proposals.payment_terms,
    "same_names": proposals.same_names,
    "tax_rates": proposals.tax_rates,
    "foreign_rates": proposals.foreign_rates,
    "tax_classes": proposals.tax_classes,
}


class Tables:
    """Makes the lookups that fields ask for. templates: the process's lookups."""

    def __init__(self, pair: Pair, templates: Mapping[str, Json]) -> None:
        self._pair = pair
        self._templates = templates
        self._records: dict[str, Record | None] = {}
        self.made: dict[str, Json] = {}

    def formula(self, name: str, field: Field, key: str) -> str:
        """The formula that looks a key up for a field; the lookup is made where it is not there yet."""
        return f'$table("{self.name_for(name, field)}", {f"$string({key})" if name in NUMBER_KEYS else key})'

    def name_for(self, name: str, field: Field) -> str:
        """The lookup of this name over the records the field refers to."""
        record = self._pair.target_resource(field.refers) if field.refers else None
        known = self._records.get(name)
        if name in self._records and (record.resource.name if record else "") != (known.resource.name if known else ""):
            name = f"{name}_{record.resource.name if record else field.name.lower()}"
        if name not in self.made:
            self._records[name] = record
            self.made[name] = self._made(name, record, field)
        return name

    def add(self, name: str, record: Record, where: str | None = None, *, of_source: bool = False) -> None:
        """Make a lookup that formulas name themselves. where: which records it holds, in place of those in use."""
        if name not in self.made:
            self._records[name] = record
            self.made[name] = self._made(name, record, None, where)
            if of_source:
                self.made[name]["refers"]["connector"] = self._pair.source.name

    def by_name(self, record: Record, key: str) -> str:
        """The formula that gives the key of one of the target's records for its name; the lookup holds them all."""
        name = re.sub(r"[^a-z0-9]+", "_", record.resource.name.lower())
        if name not in self.made:
            refers = self._refers(record, {"every": True}, proposals.condition(record))
            title = f"{record.resource.title} by name"
            self.made[name] = {"title": title, "refers": refers, "rows": {}, "otherwise": {"do": "fail"}}
        return f'$table("{name}", {key})'

    def coded(self, read: Field, field: Field, key: str) -> str:
        """The formula from the source's codes to the target's, by what both mean."""
        name = f"codes_{re.sub(r'[^a-z0-9]+', '_', field.meaning.rsplit('.', 1)[-1].lower())}"
        if name not in self.made:
            words = f"{field.title} of {self._pair.target.title} by {read.title.lower()} of {self._pair.source.title}"
            self.made[name] = {"title": words, "rows": _same_meaning(read, field), "otherwise": {"do": "fail"}}
        return f'$table("{name}", {key if read.is_text else f"$string({key})"})'

    def language(self, field: Field, key: str) -> str:
        """The formula from a language in its two letters to the target's code; one it has no code for is left out."""
        if "languages" not in self.made:
            title = f"{field.title} of {self._pair.target.title} by its two letters"
            self.made["languages"] = {"title": title, "rows": _coded_rows(field), "otherwise": {"do": "leave_out"}}
        return f'$table("languages", $lowercase($substring($first_filled({key}), 0, 2)))'

    def _made(self, name: str, record: Record | None, field: Field | None, where: str | None = None) -> Json:
        template = self._templates.get(name) or {"title": field.title if field else name}
        words = {**self._pair.words, "resource": record.resource.title if record else "Tax codes"}
        about: dict[str, Json] = {"title": said(template["title"], words)}
        if "help" in template:
            about["help"] = said(template["help"], words)
        if record is not None and "of" in template:
            about["refers"] = self._refers(record, template, where)
        proposed = self._proposed(template, record)
        if template.get("rows") == "rate_classes":
            about["rows"] = proposals.rate_classes(self._pair, field) if field else {}
        elif template.get("rows") == "class_rates":
            about["rows"] = proposals.class_rates(self._pair)
        elif "of_codes" in template and record is None:
            about["rows"] = proposals.payment_codes(self._pair, field) if field else {}
        elif "among" in template:
            about["rows"] = self._rows_by_codes(field, template)
        else:
            about["rows"] = {} if template.get("every") else proposed or _coded_rows(field)
        about["otherwise"] = template.get("otherwise", {"do": "fail"})
        return about

    def _proposed(self, template: Mapping[str, Json], record: Record | None) -> dict[str, Json]:
        if record is None:
            return {}
        if template.get("rows") == "same_codes":
            return proposals.same_codes(self._pair, record, template["keys"])
        propose = _ROWS.get(template.get("rows", ""))
        return propose(self._pair, record) if propose else {}

    def _rows_by_codes(self, field: Field | None, template: Mapping[str, Json]) -> dict[str, Json]:
        """Rows from the source's codes that mean one of these to the target's; of a source that tells nothing but that
        an order is off, that.
        """
        read = self._pair.record.one(template.get("told_by", field.meaning)) if field else None
        if field is None or read is None:
            return {}
        return _same_meaning(read, field, template["among"]) or _same_meaning(read, field, ("cancelled",))

    def _refers(self, record: Record, template: Mapping[str, Json], where: str | None = None) -> Json:
        """The records that a lookup names. where: which of them; without it those in use, or every one."""
        kind, key = record.resource.kind, record.resource.key_field or ""
        rate = record.one(f"{kind}.rate")
        about = {
            "connector": self._pair.target.name,
            "resource": record.resource.name,
            "by": key if template.get("by") == "id" else self._by(record, template),
            "gives": rate.path if template.get("gives") == "rate" and rate else key,
        }
        every = {"every": True} if template.get("every") else {}
        if where is None and not every:
            where = proposals.condition(record)
        return {**about, **({"where": where} if where else {}), **every}

    @staticmethod
    def _by(record: Record, template: Mapping[str, Json]) -> str:
        field = record.one(template["by"]) if "by" in template else None
        return field.path if field is not None else proposals.name_field(record)


def _same_meaning(read: Field, field: Field, among: Sequence[str] | None = None) -> dict[str, Json]:
    """Rows from the codes of one field to those of another that mean the same. among: meanings; without it all."""
    found = {c: _near(field, meant) for c, meant in read.codes.items() if among is None or meant in among}
    return {code: target for code, target in found.items() if target is not None}


def _near(field: Field, meant: str) -> Json | None:
    """The code that means so, or what comes nearest to it: what is delivered was sent."""
    codes = (field.code_for(each) for each in (meant, *_NEAR.get(meant, ())))
    return next((code for code in codes if code is not None), None)


def _coded_rows(field: Field | None) -> dict[str, Json]:
    """Rows from the canonical codes of a field that says what its own mean."""
    return {meant: field.typed(code) for code, meant in field.codes.items()} if field else {}
