"""Works out the amounts of a document in exact decimals and finds the VAT rate of a row."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandbox.eaccounting.choices import PERCENT, ROUNDING_STEP
from sandbox.eaccounting.countries import EU
from sandbox.eaccounting.models import Record

_CENT = Decimal("0.01")
_NONE = Decimal(0)

# not documented: the rates of other countries under the one-stop shop; their general rates, for goods that
# bear the company's own general rate. What bears another rate at home keeps it.
_OSS_GENERAL = {
    "BE": "21",
    "DE": "19",
    "FR": "20",
    "SE": "25",
    "DK": "25",
    "AT": "20",
    "IT": "22",
    "ES": "21",
}
_HOME_GENERAL = Decimal(21)


@dataclass(frozen=True, slots=True)
class RowAmount:
    """What a row comes to, with or without VAT as the document has it, and its rate in percent."""

    amount: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Sums:
    """A document's sums; `total` is what the customer pays, VAT and rounding included."""

    total: Decimal
    vat: Decimal
    rounding: Decimal


def exact(value: float) -> Decimal:
    """Give a double as the decimal it is written as."""
    return Decimal(repr(value))


def cents(value: Decimal) -> Decimal:
    """Round to cents, halves away from zero."""
    # not documented: the rounding of halves; the setting's name HalfAwayFromZero suggests it.
    return value.quantize(_CENT, ROUND_HALF_UP)


def row_amount(quantity: float, unit_price: float, discount: float) -> Decimal:
    """Give a row's amount in cents."""
    return cents(exact(quantity) * exact(unit_price) * (1 - exact(discount) / PERCENT))


def add_up(rows: list[RowAmount], includes_vat: bool, rounded: bool) -> Sums:
    """Add the rows up; VAT is reckoned once for each rate, on the sum of its rows."""
    # not documented: VAT by row or by rate; by rate, as a VAT specification lists it (CustomerInvoiceApi).
    of_rate: dict[Decimal, Decimal] = {}
    for row in rows:
        of_rate[row.rate] = of_rate.get(row.rate, _NONE) + row.amount
    vat = _NONE
    for rate, amount in of_rate.items():
        vat += cents(amount * rate / (100 + rate if includes_vat else 100))
    total = sum(of_rate.values(), _NONE) + (_NONE if includes_vat else vat)
    # visma-eaccounting.md, Quirks: "Currency rounding: 100.45 → 100.5 in documents"
    paid = (total / ROUNDING_STEP).quantize(Decimal(1), ROUND_HALF_UP) * ROUNDING_STEP if rounded else total
    return Sums(total=cents(paid), vat=vat, rounding=cents(paid - total))


def vat_country(customer: Record, home: str) -> str:
    """Give the country whose rules hold: of the invoice address, or of delivery if the customer says so."""
    # visma-eaccounting-schemas.json, CustomerApi.DeliveryBasedVat: the delivery address is "the base for vat"
    if customer["DeliveryBasedVat"] and customer["DeliveryCountryCode"]:
        return str(customer["DeliveryCountryCode"])
    return str(customer["InvoiceCountryCode"] or home)


def is_zero_rated(customer: Record, home: str) -> bool:
    """Tell whether sales to this customer bear no VAT, whatever is sold."""
    # Inferred from the accounts of ArticleAccountCodingAPI: ForeignSalesVatExemptWithinEu…, …OutsideEu…;
    # the conditions themselves are not documented.
    country = vat_country(customer, home)
    if country == home:
        return False
    if country not in EU and not (country == "GB" and customer["IsNorthernIreland"]):
        return True
    return not customer["IsPrivatePerson"] and bool(customer["VatNumber"])


def vat_rate(coding: Record, article: Record, customer: Record, settings: Record) -> Decimal:
    """Give the rate, in percent, at which an article is sold to a customer."""
    home = settings["CountryCode"]
    rate = exact(coding["VatRatePercent"])
    if is_zero_rated(customer, home):
        return _NONE
    country = vat_country(customer, home)
    # visma-eaccounting-schemas.json, ArticleApi.UsesMoss: needs the OSS setting; the reckoning is inferred.
    by_oss = settings["UsesMoss"] and article["UsesMoss"] and customer["IsPrivatePerson"] and country != home
    if by_oss and rate == _HOME_GENERAL and country in _OSS_GENERAL:
        return Decimal(_OSS_GENERAL[country])
    return rate
