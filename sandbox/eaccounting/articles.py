"""Creates and replaces articles; they are never deleted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sandbox.eaccounting import choices
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check
from sandbox.eaccounting.errors import Refusal, refuse_if_any
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.register_fields import ARTICLE
from sandbox.eaccounting.sums import cents, exact


def make(books: Books, sent: Record, old: Record | None, now: datetime) -> Record:
    """Give the article that a POST (`old` is None) or PUT makes, or refuse."""
    problems: list[str] = []
    values = check(ARTICLE, sent, "", problems)
    coding = books["articleaccountcodings"].get(values["CodingId"])
    unit = books["units"].get(values["UnitId"])
    if values["CodingId"] and (coding is None or not coding["IsActive"]):
        # not documented: an inactive coding; refused as one that does not exist.
        problems.append("CodingId: The article account coding does not exist or is not active.")
    if values["UnitId"] and unit is None:
        problems.append("UnitId: The unit does not exist.")
    if values["UsesMoss"] and not books.settings["UsesMoss"]:
        # visma-eaccounting-schemas.json, UsesMoss: "can be set if the OSS setting is checked"
        problems.append("UsesMoss: Can only be set when the OSS setting of the company is on.")
    if coding is not None:
        _set_prices(values, exact(coding["VatRatePercent"]), problems)
    refuse_if_any(problems)
    assert coding is not None and unit is not None
    taken = books["articles"].having("Number", values["Number"])
    if any(old is None or other["Id"] != old["Id"] for other in taken):
        # not documented: that article numbers are unique; 4000 Conflict is inferred.
        raise Refusal(choices.CONFLICT, f"Number: An article with the number {values['Number']} already exists.")
    _set_register(books, values, coding, unit)
    _set_stock(books, values, old, write_moment(now))
    values["ArticleLabels"] = old["ArticleLabels"] if old else []
    values["Id"] = old["Id"] if old else books.ids.guid("article")
    values["CreatedUtc"] = old["CreatedUtc"] if old else write_moment(now)
    values["ChangedUtc"] = write_moment(now)
    return ARTICLE.complete(values)


def _set_prices(values: Record, rate: Decimal, problems: list[str]) -> None:
    net, gross = values["NetPrice"], values["GrossPrice"]
    factor = 1 + rate / 100
    if net is not None and gross is not None:
        # visma-eaccounting.md, Quirks: "NetPrice and GrossPrice must agree with the VAT rate of the coding."
        # not documented: how closely; either must follow from the other in cents.
        if cents(exact(net) * factor) != exact(gross) and cents(exact(gross) / factor) != exact(net):
            problems.append(
                f"GrossPrice: NetPrice {net} and GrossPrice {gross} do not agree "
                f"with the VAT rate {rate.normalize():f}%."
            )
    elif net is not None:
        values["GrossPrice"] = float(cents(exact(net) * factor))
    elif gross is not None:
        values["NetPrice"] = float(cents(exact(gross) / factor))
    else:
        values["NetPrice"] = values["GrossPrice"] = 0.0


def _set_register(books: Books, values: Record, coding: Record, unit: Record) -> None:
    is_service = coding["Type"] == "Service"
    with_stock = books.has_module(choices.STOCK_MODULE)
    values["CodingName"] = coding["Name"]
    values["UnitName"] = unit["Name"]
    values["UnitAbbreviation"] = unit["Abbreviation"]
    values["NetPriceWithDiscount"] = values["NetPrice"]
    values["IsServiceArticle"] = is_service
    # visma-eaccounting-schemas.json, IsStock: "if stock module is activated and sales category … Goods type"
    values["IsStock"] = values["IsStock"] and with_stock and not is_service
    values["ShowStockInformation"] = values["IsStock"] if with_stock else not is_service


def _set_stock(books: Books, values: Record, old: Record | None, moment: str) -> None:
    if books.has_module(choices.STOCK_MODULE):
        # visma-eaccounting.md, Endpoints: "StockBalance is read-only when the stock module is active"
        values["StockBalance"] = old["StockBalance"] if old else 0.0
    # not documented: what reserves stock, and that available is what is left; orders reserve none here.
    values["StockBalanceReserved"] = old["StockBalanceReserved"] if old else 0.0
    left = exact(values["StockBalance"]) - exact(values["StockBalanceReserved"])
    values["StockBalanceAvailable"] = float(left)
    for name in ("StockBalance", "PurchasePrice", "FreightCosts"):
        changed = f"{name}ManuallyChangedUtc"
        before = old[name] if old else None
        values[changed] = moment if values[name] and values[name] != before else old[changed] if old else None
    values["StockValue"] = float(cents(exact(values["StockBalance"]) * exact(values["PurchasePrice"] or 0.0)))
