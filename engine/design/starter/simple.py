"""The processes of one step: a record of one system becomes the same kind of record in the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.design.starter.context import Context
from engine.design.starter.fields import Record
from engine.design.starter.readings import raw
from engine.design.starter.settings import Choices
from engine.design.starter.steps import StepMaker
from engine.design.starter.templates import Unfilled
from engine.errors import Json


class SimpleProcess:
    """Makes the one step of a flow of customers or articles."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._template: Mapping[str, Json] = context.process["steps"][0]
        self._record = record_for(context)
        self.sentences: list[str] = []

    def choices(self) -> Choices:
        return Choices()

    def values(self) -> None:
        """Fill the named values in order; one that needs what is not there is left out."""
        needed = {field.meaning for field in self._record.fields if field.required} if self._record else set()
        if {"customer.billing.city", "customer.billing.postcode"} <= needed:
            self._context.computed["an address"] = "true"
        if self._record and self._record.resource.kind == "article":
            self._of_articles()
        for name, template in self._context.process["values"].items():
            formula = self._context.filled_or_none(template)
            if formula is not None:
                self._context.values[name] = formula

    def _of_articles(self) -> None:
        """Fill the holes for the rate of the source's tax code, and for the articles that orders make for charges."""
        pair, computed = self._context.pair, self._context.computed
        codes = pair.source_codes()
        field = pair.record.one("article.tax_class")
        if codes is not None and field is not None:
            self._context.tables.add("source_rates", codes, of_source=True)
            computed["rate in source"] = f'$table("source_rates", {raw(field)})'
        elif field is not None and field.codes and pair.record.one("article.tax_rate") is None:
            rate = self._record.written("article.tax_rate") if self._record else None
            if rate is not None and not rate.refers:
                computed["rate in source"] = self._context.tables.formula("class_rates", rate, raw(field))
        if pair.source_of_kind("order", "create") or pair.source_of_kind("invoice", "create"):
            computed["charges among them"] = "true"

    def steps(self) -> Iterator[Json]:
        record, template = self._record, self._template
        if record is None:
            raise Unfilled(template["kind"])
        maker = StepMaker(self._context, record, template, template["step"])
        match = maker.match()
        if match is None:
            raise Unfilled(f"a field by which {record.resource.title.lower()} are found")
        if not match.by_search:
            self._context.gap(
                f"step {template['step']}",
                f"{record.resource.title} cannot be searched by {match.field.title}",
                "They are found again through our ledger only.",
            )
        called = match.field.title[0].lower() + match.field.title[1:]
        self.sentences.append(self._context.said(template["sentence"], match=called))
        self._context.records[template["step"]] = record
        self._add_rate(record, maker)
        yield {
            "step": template["step"],
            "title": self._context.said(template["title"], match=called),
            "connector": self._context.pair.target.name,
            "resource": record.resource.name,
            "match": match.document,
            "policy": _policy(record, template["policy"]),
            "fields": maker.fields(match),
        }

    def _add_rate(self, record: Record, maker: StepMaker) -> None:
        """Fill the hole for the rate of the tax code that the article gets in the target."""
        field = record.written("article.tax_class")
        codes = self._context.pair.target_resource(field.refers) if field and field.refers else None
        formula = maker.formula(field) if field else None
        if codes is not None and codes.one("tax_code.rate") and formula is not None:
            self._context.tables.add("tax_code_rates", codes)
            self._context.computed["class rate"] = f'$table("tax_code_rates", {formula})'


def record_for(context: Context) -> Record | None:
    """The target's record of the kind: one that can be made, else one that can be brought up to date."""
    kind = context.process["steps"][0]["kind"]
    return context.pair.of_kind(kind, "create") or context.pair.of_kind(kind, "update", "find")


def _policy(record: Record, formula: str) -> Json:
    if record.can("create", "update"):
        return {"formula": formula}
    return "skip_if_exists" if record.can("create") else "update"
