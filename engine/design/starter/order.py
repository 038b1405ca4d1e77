"""The process of orders: customer, articles, document, write-back, with the values their sums are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.design.starter import charges
from engine.design.starter.checks import checks
from engine.design.starter.context import Context
from engine.design.starter.fields import Field, Record
from engine.design.starter.settings import Choices
from engine.design.starter.steps import Match, StepMaker
from engine.design.starter.templates import Unfilled, as_written
from engine.errors import Json

_WORDS_OF_CHARGES = "A hyphen and the tax rate are added: SHIPPING-21."


class OrderProcess:
    """Makes values and steps of an order flow, in the order the process says."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._pair = context.pair
        self._templates: Mapping[str, Mapping[str, Json]] = {step["step"]: step for step in context.process["steps"]}
        self.documents = documents(context)
        self.sentences: list[str] = []
        self._article = self._article_of_rows()
        self._status: Field | None = None
        self._write_back: list[Field] = []

    def choices(self) -> Choices:
        called = {about["step"]: about["called"] for about in self._kinds().values()}
        is_taxed = "& $string(rate)" in self._context.computed.get("charge number", "")
        return Choices(
            [(step, called[step]) for step in self.documents],
            self._status,
            self._write_back,
            _WORDS_OF_CHARGES if is_taxed else "",
        )

    def _kinds(self) -> Mapping[str, Mapping[str, str]]:
        kinds: Mapping[str, Mapping[str, str]] = self._templates["order"]["kinds"]
        return kinds

    def _article_of_rows(self) -> Record | None:
        """What the articles of the rows become in the target. None where that has none, and where it cannot be asked
        which it has: they would be written over; rows that carry number and name do without.
        """
        article = self._pair.of_kind("article", "create") or self._pair.of_kind("article", "find")
        if article is None or article.can("find"):
            return article
        told = ("order.lines[].sku", "order.lines[].name")
        carries = all(record.written(meaning) for record in self.documents.values() for meaning in told)
        return None if carries else article

    # --- values

    def values(self) -> None:
        """Fill the named values in order; one that needs what is not there is left out."""
        computed, record = self._context.computed, self._pair.record
        by_change = any(field.path == record.resource.time for field in record.meaning("order.changed_at"))
        computed["read by change" if by_change else "read by placing"] = "true"
        computed["sent rows"] = "$values.lines"
        computed["decimals"] = str(self._decimals())
        if all(charges.bears_tax(record) for record in self.documents.values()):  # else by the customer's country
            computed["no tax in the order"] = self._context.fill("{{order.tax_total}} = 0 and {{order.total}} != 0")
        fields = [field for record in self.documents.values() for field in record.fields if field.is_written]
        self._context.document_meanings |= {field.meaning for field in fields}
        charges.compute_numbers(self._context, self.documents, self._article)
        charges.compute_rows(self._context)
        for name, template in self._context.process["values"].items():
            formula = self._value(template)
            if name == "goods" and formula is not None and charges.tells_types(self.documents):
                formula = charges.with_types(self._context, formula)
            if formula is not None:
                self._context.values[name] = formula

    def _decimals(self) -> int:
        """How many decimals prices have in the documents: two, or as many as all of them say they take."""
        prices = [record.written("order.lines[].price") for record in self.documents.values()]
        return min((price.about.get("x-decimals", 2) if price else 2 for price in prices), default=2)

    def _value(self, template: Json) -> str | None:
        if isinstance(template, Mapping) and "rows" in template:
            return charges.rows_of_charges(self._context, template["rows"], self.documents)
        if isinstance(template, Mapping) and template.get("rule") == "basis":
            return self._basis()
        return self._context.filled_or_none(template)

    def _basis(self) -> str:
        """Whether the target's prices hold tax: always the same, our choice, or decided by buyer and settings."""
        fact = self._pair.readings.facts.get("account.prices_exclude_tax")
        for record in self.documents.values():
            price = record.written("order.lines[].price") or record.written("order.lines[].amount")
            if price is not None and price.fixed_basis:
                return f'"{price.fixed_basis}"'
            if record.written("order.prices_include_tax"):
                return self._pair.readings.basis("order.lines[].amount")
        return f'$values.is_company or {fact} ? "net" : "gross"' if fact else "$answers.document_prices"

    # --- steps

    def steps(self) -> Iterator[Json]:
        """The steps in order."""
        for template in self._context.process["steps"]:
            if "kinds" in template:
                for step, record in self.documents.items():
                    yield self._document(template, step, record)
            elif "update" in template:
                made = self._written_back(template)
                if made is not None:
                    yield made
            else:
                made = self._helping(template)
                if made is not None:
                    yield made

    def _helping(self, template: Mapping[str, Json]) -> Json | None:
        """A step that finds or makes what the documents name: the customer, the articles."""
        kind, name = template["kind"], template["step"]
        record = self._pair.of_kind(kind, "create") or self._pair.of_kind(kind, "find")
        if kind == "article" and record is not None and self._article is None:
            self._context.gap(
                f"step {name}",
                f"{record.resource.title} of {self._pair.target.title} cannot be searched, so orders make none: "
                "what is there would be written over",
                "Rows carry number and name. Bring the articles over by a flow of their own first.",
            )
            return None
        if record is None or template.get("of_document", name) not in (name, *self.documents):
            return None
        if kind == "payment" and not self._tells_payment():
            return None
        maker = StepMaker(self._context, record, template, name)
        match = maker.match()
        if match is None:
            self._context.gap(
                f"step {name}", f"nothing tells how to find {record.resource.title.lower()}", "Add the step by hand."
            )
            return None
        self._note_search(name, record, match)
        may_create = record.can("create")
        step: dict[str, Json] = {"step": name, "title": self._title(template, match, may_create)}
        step |= {"connector": self._pair.target.name, "resource": record.resource.name}
        if "when" in template:
            step["when"] = self._when(template)
        if "each" in template:
            step["each"] = as_written(self._context.fill(template["each"]))
        step |= {"match": match.document, "policy": self._policy(template, record)}
        if "instead" in template:
            step["instead"] = template["instead"]
        step["fields"] = maker.fields(match)
        self._context.records[name] = record
        self.sentences.append(self._context.said(template["sentence"], match=_called(match)))
        return step

    def _title(self, template: Mapping[str, Json], match: Match, may_create: bool) -> str:
        title = template["title"] if may_create else template.get("title_without_create", template["title"])
        return self._context.said(title, match=_called(match))

    @staticmethod
    def _policy(template: Mapping[str, Json], record: Record) -> Json:
        if not record.can("create"):
            return "must_exist"
        if template["policy"] == "skip_if_exists":
            return template["policy"]
        if '"create_or_update"' in template["policy"] and not record.can("update"):
            return "skip_if_exists"
        return {"formula": template["policy"]}

    def _note_search(self, step: str, record: Record, match: Match) -> None:
        if match.by_search:
            return
        create = record.resource.operation("create")
        is_guarded = create is not None and create.guarded_by == match.field.path
        outcome = (
            f"{self._pair.target.title} itself refuses a second one, so after a lost reply they may be sent once more."
            if is_guarded
            else "an unknown outcome is parked, not sent again."
        )
        self._context.gap(
            f"step {step}",
            f"{record.resource.title} of {self._pair.target.title} cannot be searched by {match.field.title}",
            f"They are found again through our ledger only; {outcome}",
        )

    def _document(self, template: Mapping[str, Json], step: str, record: Record) -> Json:
        about = next(each for each in self._kinds().values() if each["step"] == step)
        maker = StepMaker(self._context, record, template, step)
        match = maker.match()
        if match is None:
            raise Unfilled(f"a field of {record.resource.title.lower()} that can hold the order's number")
        self._note_search(step, record, match)
        made: dict[str, Json] = {"step": step, "title": about["title"]}
        made |= {"connector": self._pair.target.name, "resource": record.resource.name}
        if len(self.documents) > 1:
            made["when"] = self._context.said(template["when"], step=step)
        made |= {"match": match.document, "policy": template["policy"]}
        has_rates = step in charges.taxed_by_article(self.documents, self._context.records.get("articles"))
        has_rates = has_rates and charges.add_rates(
            self._context, self.documents, self._context.records.get("articles")
        )
        flags = {"tax_by_article": has_rates, "payment": step == "invoice" and self._pays()}
        before = checks(self._context, template["before"], record, flags)
        after = checks(self._context, template["after"], record)
        if before:
            made["before"] = before
        made["fields"] = maker.fields(match)
        if after:
            made["after"] = after
        self._context.records[step] = record
        self._status = self._status or record.written("order.status")
        words = {"title": about["title"], "match": _called(match)}
        self.sentences.append(self._context.said(template["sentence"], **words))
        return made

    def _pays(self) -> bool:
        """Can the payment of an order be recorded on its invoice?"""
        record = self._pair.of_kind("payment", "create")
        return record is not None and record.written("payment.account") is not None and self._tells_payment()

    def _tells_payment(self) -> bool:
        """Does the source tell whether an order is paid?"""
        return self._context.filled_or_none("{{order.is_paid}}") is not None

    def _when(self, template: Mapping[str, Json]) -> str:
        """The condition of a step that belongs to one of the documents."""
        condition = self._context.fill(template["when"])
        if len(self.documents) == 1:
            return condition
        chosen = self._context.said(self._templates["order"]["when"], step=template["of_document"])
        return f"{chosen} and {condition}"

    # --- write-back

    def _written_back(self, template: Mapping[str, Json]) -> Json | None:
        record = self._pair.source_of_kind(template["update"], "update")
        number = self._number()
        key = self._pair.record.resource.key
        if record is None or number is None or key is None:
            return None
        for meaning in template["into"]:
            self._write_back += [field for field in record.meaning(meaning) if field.is_written]
        if not self._write_back:
            return None
        fields = {}
        for field in self._write_back:
            text = self._context.said(template["text"], number=number) if field.meaning == "order.note" else number
            if field.is_text and field.meaning != "order.note":
                text = f"$string({number})"
            fields[field.path] = {"formula": f'$answers.write_back = "{field.path}" ? {text}'}
        self.sentences.append(self._context.said(template["sentence"]))
        return {
            "step": template["step"],
            "title": self._context.said(template["title"]),
            "connector": self._pair.source.name,
            "resource": record.resource.name,
            "when": self._context.said(template["when"], number=number),
            "key": key,
            "policy": "update",
            "fields": fields,
        }

    def _number(self) -> str | None:
        """The number that the target gave to the document, whichever was made."""
        found = []
        for step, record in self.documents.items():
            field = record.one(f"{record.resource.kind}.number") or record.one("order.number")
            if field is not None and not field.is_written:
                found.append(f"$steps.{step}.{field.path}")
        return found[0] if len(found) == 1 else f"$first_filled({', '.join(found)})" if found else None


def documents(context: Context) -> dict[str, Record]:
    """What an order can become in the target: name of the step → the record it makes."""
    template = next(step for step in context.process["steps"] if "kinds" in step)
    found = {}
    for kind, about in template["kinds"].items():
        record = context.pair.of_kind(kind, "create")
        if record is not None and record.written("order.lines"):
            found[about["step"]] = record
    return found


def _called(match: Match) -> str:
    title = match.field.title
    return title[0].lower() + title[1:]
