"""Makes the rows of a document and what each comes to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.eaccounting import choices
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check, decimals_of
from sandbox.eaccounting.models import Model, Record
from sandbox.eaccounting.sums import RowAmount, cents, exact, row_amount, vat_rate


@dataclass(frozen=True, slots=True)
class Sale:
    """What the rows must know of their document."""

    customer: Record
    includes_vat: bool
    price_decimals: int
    replaces_zero: bool  # a unit price of 0 becomes the article's
    zero_rated_flag: str | None  # the row's flag that takes VAT off, where the document reverses the charge


def make_rows(
    books: Books, model: Model, sent: Any, sale: Sale, problems: list[str]
) -> tuple[list[Record], list[RowAmount]]:
    """Give the rows without ids, and their amounts and rates."""
    rows: list[Record] = []
    amounts: list[RowAmount] = []
    if sent is not None and not isinstance(sent, list):
        problems.append("Rows: The value must be an array.")
        sent = None
    for place, one in enumerate(sent or []):
        where = f"Rows[{place}]."
        if not isinstance(one, dict):
            problems.append(f"Rows[{place}]: The value must be an object.")
            continue
        row = check(model, one, where, problems)
        if row["LineNumber"] is None:
            # visma-eaccounting-schemas.json, draft row: "Automatic calculation based on the order of the row"
            row["LineNumber"] = place + 1
        _check_row(books, row, where, problems)
        if row["IsTextRow"]:
            _make_text_row(row)
            amount = None
        else:
            amount = _make_article_row(books, row, sale, where, problems)
        if amount is not None:
            amounts.append(amount)
        # rows without these fields drop them
        row["Amount"] = float(amount.amount) if amount else 0.0
        row["PercentVat"] = float(amount.rate) if amount else 0.0
        row["AmountNoVat"] = float(_without_vat(amount, sale.includes_vat)) if amount else 0.0
        rows.append(model.complete(row))
    return rows, amounts


def _without_vat(row: RowAmount, includes_vat: bool) -> Decimal:
    return cents(row.amount * 100 / (100 + row.rate)) if includes_vat else row.amount


def _check_row(books: Books, row: Record, where: str, problems: list[str]) -> None:
    if row["UnitId"] and books["units"].get(row["UnitId"]) is None:
        problems.append(f"{where}UnitId: The unit does not exist.")
    for name in ("CostCenterItemId1", "CostCenterItemId2", "CostCenterItemId3", "ProjectId"):
        if row[name]:  # this company has neither cost centres nor projects
            problems.append(f"{where}{name}: The id {row[name]} does not exist.")
    if not 0 <= row["DiscountPercentage"] <= choices.PERCENT:
        problems.append(f"{where}DiscountPercentage: The value must be between 0 and 100.")


def _make_text_row(row: Record) -> None:
    # visma-eaccounting-schemas.json, ArticleId: "Can be null if the row is a text row"
    # not documented: prices and quantities on a text row; dropped.
    row.update(ArticleId=None, ArticleNumber=None, UnitId=None, IsServiceArticle=False)
    row.update(UnitPrice=0.0, Quantity=0.0, DiscountPercentage=0.0)
    row["Text"] = row["Text"] or ""


def _make_article_row(books: Books, row: Record, sale: Sale, where: str, problems: list[str]) -> RowAmount | None:
    article = _article(books, row, where, problems)
    if article is None:
        return None
    coding = _coding(books, row, article, where, problems)
    if coding is None:
        return None
    unit = books["units"].get(row["UnitId"] or article["UnitId"])
    row["UnitId"] = unit["Id"] if unit else None
    row["ArticleNumber"] = article["Number"]
    row["IsServiceArticle"] = article["IsServiceArticle"]
    # visma-eaccounting-schemas.json, Text: "For non text rows, default value will be the article's name"
    row["Text"] = row["Text"] or article["Name"]
    if "VatRateId" in row:  # a draft's row
        row["UnitName"] = unit["Name"] if unit else None
        row["UnitAbbreviation"] = unit["Abbreviation"] if unit else None
        row["UnitAbbreviationEnglish"] = unit["AbbreviationEnglish"] if unit else None
    # visma-eaccounting.md, Quirks: "ReplaceUnitPriceWhenZero default false: 0 price rows stay 0."
    if sale.replaces_zero and row["UnitPrice"] == 0:
        row["UnitPrice"] = article["GrossPrice" if sale.includes_vat else "NetPrice"]
    elif decimals_of(exact(row["UnitPrice"])) > sale.price_decimals:
        # visma-eaccounting-schemas.json, draft row: 2 decimals "if the customer is domestic or 4 … foreign"
        problems.append(f"{where}UnitPrice: At most {sale.price_decimals} decimals are allowed.")
    amount = row_amount(row["Quantity"], row["UnitPrice"], row["DiscountPercentage"])
    return RowAmount(amount, _rate(books, row, coding, article, sale))


def _article(books: Books, row: Record, where: str, problems: list[str]) -> Record | None:
    if row["ArticleId"] is None:
        problems.append(f"{where}ArticleId: The field is required when IsTextRow is false.")
        return None
    article = books["articles"].get(row["ArticleId"])
    if article is None:
        problems.append(f"{where}ArticleId: The article {row['ArticleId']} does not exist.")
    elif not article["IsActive"]:
        # not documented: inactive articles on rows; "set IsActive=false" stands in for deleting, so refused.
        problems.append(f"{where}ArticleId: The article {article['Number']} is not active.")
        return None
    return article


def _coding(books: Books, row: Record, article: Record, where: str, problems: list[str]) -> Record | None:
    """Give the coding whose rate the row bears: the article's, or the one a draft's row names."""
    # visma-eaccounting.md, Required fields: "VAT presumably follows the article's CodingId"
    codings = books["articleaccountcodings"]
    named = row.get("VatRateId")
    coding = codings.get(named.lower() if named else article["CodingId"])
    if coding is None and named:
        # visma-eaccounting-schemas.json, VatRateId: "Get from /v2/articleaccountcodings"; taken as the Id
        problems.append(f"{where}VatRateId: The id {named} does not exist among the article account codings.")
    elif coding is None:
        problems.append(f"{where}ArticleId: The article {article['Number']} has no article account coding.")
    return coding


def _rate(books: Books, row: Record, coding: Record, article: Record, sale: Sale) -> Decimal:
    if sale.zero_rated_flag and row[sale.zero_rated_flag]:
        return Decimal(0)
    if "VatRateId" in row:
        if row["VatRateId"]:
            # not documented: whether a named rate holds abroad too; it does, since somebody chose it.
            return exact(coding["VatRatePercent"])
        row["VatRateId"] = coding["Id"]
    return vat_rate(coding, article, sale.customer, books.settings)
