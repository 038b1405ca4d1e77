"""Which fields an action has, and what may stand in them.

The names are those of specter.md, Writes and Reads. What is required and which values are allowed is not documented,
except where a line is cited.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from sandbox.specter.choices import Choices
from sandbox.specter.refusals import MISSING, WRONG, Refused
from sandbox.specter.rows import NUMBERED

# specter.md, Base: "Common params"
COMMON = ("sbmId", "apiUserId", "key", "useXML", "batchNo", "webshopId")
CUSTOMER = tuple(
    """currency language name firstName surName contactPerson attention deliveryAttention customerGroupId
    customerOrganizationalForm orgNo homepage invoiceCompanyName address addressRow2 zipCodeEng city countryCode region
    deliveryCompanyName deliveryAddress deliveryAddressRow2 deliveryZipCodeEng deliveryCity deliveryCountryCode
    emailAddress phoneNo mobileNo vatNo forceCustomerUpdate""".split()
)
ORDER = tuple(
    """customerId externalOrderNo ignoreExternalOrderNoControl currency stocksiteid language payTypeIdentifier
    payTypeReference payTypeIdentifierPaySystemUser isPrepayment internalComment publishedComment customerOrderReference
    sendOrderMail sendOrderMailToUser userSource notifyDeliveryByMobile notifyDeliveryMobileNo preparedShipmentId
    externalDeliveryMethod""".split()
)
ORDER_ROW = tuple("articleNo articleName articleComment priceExclVAT noOfItems vatPercent discount".split())
ARTICLES = ("forceArticleUpdate", "addSupplier")
ARTICLE = tuple(
    """articleNo name priceExclVAT vatPercent buyPrice stockPrice barCode productWeight productVolume createArticleStock
    noItemsInStock supplierNo supplierName supplierBuyPrice supplierArticleNo manufacturingCountryCode""".split()
)
SWITCHES = frozenset(
    """forceCustomerUpdate ignoreExternalOrderNoControl isPrepayment sendOrderMail sendOrderMailToUser
    notifyDeliveryByMobile forceArticleUpdate addSupplier createArticleStock getMultipleStocksites""".split()
)
NUMBERS = frozenset(
    """priceExclVAT noOfItems vatPercent discount buyPrice stockPrice productWeight productVolume noItemsInStock
    supplierBuyPrice""".split()
)
PERCENT = ("vatPercent", "discount")
COUNTRIES = ("countryCode", "deliveryCountryCode", "manufacturingCountryCode")
VALUES = {
    "customerOrganizationalForm": ("C", "P"),  # specter.md, Writes: "(C|P)"
    "userSource": ("webuser",),  # specter.md, Writes: "userSource=webuser"
    # specter.md, Enumerations: payTypeIdentifier
    "payTypeIdentifier": tuple("I PP K KG PE DP SP SS SK SCH P PY PL CN D HF CL SW BC AE".split()),
    "currency": ("SEK", "EUR", "NOK", "DKK", "USD", "GBP", "PLN"),
    "language": ("SE", "EN", "DE", "FI", "NO", "DK"),  # specter-order.form.txt has SE; the rest is not documented
}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")  # a decimal point, as in specter-order.form.txt: 39.2
_PLAIN = re.compile(r"[A-Za-z0-9._/+-]+")


def check(form: dict[str, str], plain: tuple[str, ...], numbered: tuple[str, ...], choices: Choices) -> None:
    """Refuse a field that there is not and a value that is none."""
    for field, value in form.items():
        one = NUMBERED.fullmatch(field)
        name = one[1] if one and one[1] in numbered else field
        if name == field and field not in plain and field not in COMMON:
            if choices.unknown_fields == "refuse":
                raise Refused(WRONG, f"There is no field {field}.")
            continue
        if value:
            _check(field, name, value)


def _check(field: str, name: str, value: str) -> None:
    if name in SWITCHES and value not in ("0", "1"):
        raise Refused(WRONG, f"{field} is 1 or 0.")
    if name in NUMBERS:
        number = number_of(field, value)
        if name in PERCENT and not 0 <= number <= 100:
            raise Refused(WRONG, f"{field} is from 0 to 100.")
    if value not in VALUES.get(name, (value,)):
        raise Refused(WRONG, f"{field} is one of {', '.join(VALUES[name])}.")
    if name in COUNTRIES and not re.fullmatch("[A-Z]{2}", value):
        raise Refused(WRONG, f"{field} is two capital letters.")
    if name == "emailAddress" and not re.fullmatch(r"[^@\s;]+@[^@\s;]+", value):
        raise Refused(WRONG, f"{field} is no e-mail address.")


def number_of(field: str, value: str) -> Decimal:
    """Read a number, exactly."""
    if not _NUMBER.fullmatch(value):
        raise Refused(WRONG, f"{field} is a number with a decimal point.")
    try:
        return Decimal(value)
    except InvalidOperation:
        raise Refused(WRONG, f"{field} is a number with a decimal point.") from None


def required(form: dict[str, str], names: tuple[str, ...], number: str = "") -> None:
    """Refuse a form or row without these."""
    for name in names:
        if not form.get(name):
            raise Refused(MISSING, f"{name}{number and '_' + number} is missing.")


def check_article_number(number: str, choices: Choices) -> None:
    """Hold specter.md, Quirks: "article numbers without åäö/space/special characters"; which those are is chosen."""
    if choices.article_numbers == "plain" and not _PLAIN.fullmatch(number):
        raise Refused(WRONG, f"The article number {number!r} has signs that it must not have.")
    if ";" in number or "\r" in number or "\n" in number:
        raise Refused(WRONG, f"The article number {number!r} would break a line of text.")
