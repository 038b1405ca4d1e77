"""Rows and charges of an order: which rows count, what their article numbers are, which charges become rows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from engine.design.starter.context import Context
from engine.design.starter.fields import Field, Record
from engine.errors import Json

_TAX_OF_A_ROW = ("order.lines[].tax_code", "order.lines[].tax_rate")
_TAX_OF_AN_ARTICLE = ("article.tax_class", "article.tax_rate")
TYPES = {  # what a row of the source may stand for → the question with its article
    "shipping": "shipping_article",
    "payment_fee": "fee_article",
    "cash_on_delivery": "delivery_fee_article",
    "discount": "discount_article",
    "gift_card": "gift_card_article",
    "surcharge": "extra_article",
    "rounding": "rounding_article",
}


def taxed_by_article(documents: Mapping[str, Record], article: Record | None) -> list[str]:
    """The steps whose rows bear no tax of their own: it follows the article."""
    if article is None or not any(article.written(meaning) for meaning in _TAX_OF_AN_ARTICLE):
        return []
    return [step for step, record in documents.items() if not bears_tax(record)]


def bears_tax(document: Record) -> bool:
    """Does each row of a document say its own tax?"""
    return any(document.written(meaning) for meaning in _TAX_OF_A_ROW)


def compute_numbers(context: Context, documents: Mapping[str, Record], article: Record | None) -> None:
    """Fill the holes for article numbers: those taxed by their article need one for each rate."""
    by_article = taxed_by_article(documents, article)
    ending = '$table("article_endings", $string(rate))'
    number = "number"
    if by_article and len(by_article) == len(documents):
        number = f"number & {ending}"
    elif by_article:
        chosen = " or ".join(f'$answers.document = "{step}"' for step in by_article)
        number = f'number & ({chosen} ? {ending} : "")'
    is_taxed = article is not None and any(article.written(meaning) for meaning in _TAX_OF_AN_ARTICLE)
    context.computed |= {
        "goods number": number,
        "charge number": 'number & "-" & $string(rate)' if is_taxed else "number",
        "rounding number": "$answers.rounding_article" + (' & "-" & $string($values.top_rate)' if is_taxed else ""),
        "zero rounding number": "$answers.rounding_article" + (' & "-0"' if is_taxed else ""),
    }
    if by_article and article is not None:
        context.tables.add("article_endings", _tax_record(context, article) or article)


def _tax_record(context: Context, article: Record) -> Record | None:
    field = article.written("article.tax_class")
    return context.pair.target_resource(field.refers) if field and field.refers else None


def add_rates(context: Context, documents: Mapping[str, Record], article: Record | None) -> bool:
    """Make the lookup that knows the rate of each of the target's tax codes; is there one, and need of it?"""
    field = article.written("article.tax_class") if article else None
    record = _tax_record(context, article) if article else None
    if field is None or record is None or record.one("tax_code.rate") is None:
        return False
    if not taxed_by_article(documents, article):
        return False
    context.tables.add("tax_code_rates", record)
    return True


def compute_rows(context: Context) -> None:
    """Fill the holes for the source's rows: texts are left out; rows that are charges get the charge's article."""
    readings = context.pair.readings
    lines = readings.own("order.lines")
    kind, text_only = readings.record.one("order.lines[].type"), readings.own("order.lines[].text_only")
    number = readings.first_filled(readings.of("order.lines[].sku") or "", "order.lines[].sku")
    if lines is None:
        return
    if text_only is not None:
        lines = f"{lines}[$not({text_only})]"
    elif kind is not None and kind.code_for("text") is not None:
        lines = f"{lines}[{readings.own('order.lines[].type')} != {json.dumps(kind.code_for('text'))}]"
    context.computed["goods"] = lines
    codes = _codes_of_charges(kind)
    path = readings.own("order.lines[].type")
    for meant, code in codes.items():
        number = f"{path} = {json.dumps(code)} ? $answers.{TYPES[meant]} : {number}"
    of_goods = f"$exists(number) ? {context.computed['goods number']} : $answers.stand_in_article"
    of_charges = context.computed["charge number"]
    context.computed["any number"] = f"goods ? ({of_goods}) : {of_charges}" if codes else of_goods
    context.computed["is goods"] = f"$not({path} in {json.dumps(list(codes.values()))})" if codes else "true"
    context.computed["row number"] = number or "$answers.stand_in_article"
    its_own = readings.row_basis_is_its_own("order.lines[].amount")
    context.computed["row basis"] = readings.basis("order.lines[].amount") if its_own else "$values.rows_basis"


def _codes_of_charges(field: Field | None) -> dict[str, Json]:
    """What rows of the source may stand for beside goods → the source's code for it."""
    codes = {meant: field.code_for(meant) for meant in TYPES} if field is not None else {}
    return {meant: code for meant, code in codes.items() if code is not None}


def rows_of_charges(
    context: Context, rows: Sequence[Mapping[str, Json]], documents: Mapping[str, Record]
) -> str | None:
    """The list of the rows that charges become. A charge the documents have a field for is marked as kept there."""
    found = []
    for row in rows:
        formula = next(filter(None, (context.filled_or_none(way) for way in row["one_of"])), None)
        if formula is None:
            continue
        if documents and all(record.written(row["charge"]) for record in documents.values()):
            formula = _marked(formula, '"header": true')
            context.computed["sent rows"] = "$values.lines[$not(header = true)]"
        if tells_types(documents):
            formula = _marked(formula, f'"type": "{row["charge"].split(".")[1]}"')
        found.append(formula)
    if not found:
        return None
    kept = "amount != 0 or $answers.zero_shipping" if any("zero_shipping" in row for row in found) else "amount != 0"
    context.computed["charges"] = f"$values.charges[{kept}]"
    return "[\n" + ",\n".join(_indented(row) for row in found) + "\n]"


def tells_types(documents: Mapping[str, Record]) -> bool:
    """Does a document of the target say of each row what it stands for?"""
    return any(record.written("order.lines[].type") for record in documents.values())


def with_types(context: Context, goods: str) -> str:
    """The formula of the source's rows, each with what it stands for."""
    field, path = context.pair.record.one("order.lines[].type"), context.pair.readings.own("order.lines[].type")
    told = '"goods"'
    for meant, code in _codes_of_charges(field).items():
        told = f'{path} = {json.dumps(code)} ? "{meant}" : {told}'
    return goods.replace("\n}", f',\n  "type": {told}\n}}')


def _marked(row: str, mark: str) -> str:
    """The formula of a charge's row with one more field."""
    return row.replace('{\n  "', f'{{\n  {mark}, "').replace('{"', f'{{{mark}, "')


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
