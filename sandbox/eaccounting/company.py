"""The company whose books these are: its settings and the lists that are only read."""

from __future__ import annotations

from datetime import datetime, timedelta

from sandbox.eaccounting.choices import ORDER_MODULE
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.identifiers import Identifiers
from sandbox.eaccounting.models import Record

# visma-eaccounting.md, Enumerations: TermsOfPaymentTypeId 0 Normal, 1 CurrentMonth, 2 Cash, 3 CardPayment, …
_TERMS = [
    ("14 dagen", "14 days", 14, 0, "Normal", True, True),
    ("30 dagen", "30 days", 30, 0, "Normal", True, True),
    ("Lopende maand plus 14", "Current month plus 14", 14, 1, "CurrentMonth", True, True),
    ("Contant", "Cash", 0, 2, "Cash", True, False),
    ("Pin", "Card payment", 0, 3, "CardPayment", True, False),
    ("Digitale portemonnee", "Digital wallet", 0, 4, "DigitalWallet", True, False),
    ("Betaaldienst", "Payment service provider", 0, 5, "PaymentServiceProvider", True, False),
    ("Inkoop 60 dagen", "Purchases 60 days", 60, 0, "Normal", False, True),
]
_UNITS = [
    ("Stuk", "STK", "st", "pcs"),
    ("Uur", "UUR", "u", "h"),
    ("Kilogram", "KG", "kg", "kg"),
    ("Meter", "M", "m", "m"),
    ("Doos", "DS", "ds", "box"),
]
_RATES = [
    ("hoog", "standard", 21.0),
    ("laag", "reduced", 9.0),
    ("nul", "zero", 0.0),
    ("Zweeds", "Swedish", 25.0),
]
_VAT_CODES = [
    ("1a", "Leveringen belast met hoog tarief", 21.0),
    ("1b", "Leveringen belast met laag tarief", 9.0),
    ("1c", "Leveringen belast met overige tarieven", 25.0),
    ("1e", "Leveringen belast met 0 % of niet bij u belast", 0.0),
    ("3a", "Leveringen naar landen buiten de EU", 0.0),
    ("3b", "Leveringen naar landen binnen de EU", 0.0),
]
_ACCOUNTS = [
    ("1100", "Bank"),
    ("1300", "Debiteuren"),
    ("1500", "Af te dragen btw"),
    ("8000", "Omzet hoog tarief"),
    ("8010", "Omzet laag tarief"),
    ("8020", "Omzet nultarief"),
    ("8030", "Omzet overig tarief"),
    ("8100", "Omzet binnen de EU"),
    ("8200", "Omzet buiten de EU"),
    ("8900", "Afrondingsverschillen"),
]
_SALES_ACCOUNTS = {21.0: 8000, 9.0: 8010, 0.0: 8020, 25.0: 8030}


def settings(terms_id: str, identifier: str) -> Record:
    """Give the company settings at the start."""
    # visma-eaccounting-schemas.json, CompanySettingsApi: the fields that mean something for a Dutch company.
    return {
        "Name": "Voorbeeldwinkel De Linde B.V.",
        "Email": "boekhouding@delinde.example",
        "Phone": "+31 20 555 0100",
        "MobilePhone": None,
        "Address1": "Lindelaan 12",
        "Address2": None,
        "CountryCode": "NL",
        "PostalCode": "3511 AA",
        "City": "Utrecht",
        "Website": "https://delinde.example",
        "OurReference": "Verkoop",
        "CurrencyCode": "EUR",
        "TermsOfPaymentId": terms_id,
        "CorporateIdentityNumber": "00000001",
        "VatCode": "NL000000001B01",
        "Iban": None,
        "AccountNumberDigits": 4,
        "AccountingLockedTo": None,
        "AccountingLockInterval": 0,
        "ProductVariant": 5,
        "TypeOfBusiness": 1,
        "VatPeriod": 3,
        "ActivatedModules": [ORDER_MODULE],
        "ShowPricesExclVatPC": False,
        "UsesMoss": False,
        "UsesPaymentReferenceNumber": False,
        "DomesticCurrencyRounding": 0,
        "UsesReverseConstructionVat": False,
        "UsesRotReducedInvoicing": False,
        "CompanyStatus": 1,
        "CompanyIdentifier": identifier,
        "KeepOriginalDraftDate": False,
        "UsesGreenTechnology": False,
    }


def terms_of_payment(ids: Identifiers) -> list[Record]:
    """Give the terms of payment; the last one is for purchases only."""
    fields = "Name NameEnglish NumberOfDays TermsOfPaymentTypeId TermsOfPaymentTypeText AvailableForSales".split()
    fields.append("AvailableForPurchase")
    return [{"Id": ids.guid("terms"), **dict(zip(fields, row, strict=True))} for row in _TERMS]


def units(ids: Identifiers) -> list[Record]:
    """Give the units."""
    fields = ("Name", "Code", "Abbreviation", "AbbreviationEnglish")
    return [{"Id": ids.guid("unit"), **dict(zip(fields, row, strict=True))} for row in _UNITS]


def codings(ids: Identifiers, start: datetime) -> list[Record]:
    """Give goods and services at each rate, and one coding of the past that is no longer active."""
    changed = write_moment(start - timedelta(days=400))
    found = []
    for kind, dutch, english in (("Goods", "Goederen", "Goods"), ("Service", "Diensten", "Services")):
        for name, name_english, rate in _RATES:
            names = (f"{dutch} {name} {rate:.0f}%", f"{english}, {name_english} rate {rate:.0f}%")
            found.append(_coding(ids, kind, names, rate, True, changed))
    found.append(_coding(ids, "Goods", ("Goederen oud 19%", "Goods, former rate 19%"), 19.0, False, changed))
    return found


def _coding(ids: Identifiers, kind: str, names: tuple[str, str], rate: float, active: bool, changed: str) -> Record:
    domestic = _SALES_ACCOUNTS.get(rate, 8000)
    return {
        "Id": ids.guid("coding"),
        "Name": names[0],
        "NameEnglish": names[1],
        "Type": kind,  # not documented: how Goods and Service are written
        "VatRate": f"{rate:.0f}%",  # not documented: how the text looks
        "IsActive": active,
        "VatRatePercent": rate,
        "DomesticSalesSubjectToReversedConstructionVatAccountNumber": 8020,
        "DomesticSalesSubjectToVatAccountNumber": domestic,
        "DomesticSalesVatExemptAccountNumber": 8020,
        "ForeignSalesSubjectToMossAccountNumber": 8030,
        "ForeignSalesSubjectToThirdPartySalesAccountNumber": 8100,
        "ForeignSalesSubjectToVatWithinEuAccountNumber": domestic,
        "ForeignSalesVatExemptOutsideEuAccountNumber": 8200,
        "ForeignSalesVatExemptWithinEuAccountNumber": 8100,
        "DomesticSalesVatCodeExemptAccountNumber": 8020,
        "ChangedUtc": changed,
    }


def vat_codes(ids: Identifiers) -> list[Record]:
    """Give the VAT codes, named as the boxes of the Dutch return."""
    related = {"AccountNumber1": 1500, "AccountNumber2": None, "AccountNumber3": None}
    return [
        {
            "Id": ids.guid("vatcode"),
            "Code": code,
            "Description": text,
            "VatRate": rate,
            "OssCodeType": 0,
            "RelatedAccounts": related,
        }
        for code, text, rate in _VAT_CODES
    ]


def fiscal_years(ids: Identifiers, start: datetime) -> list[Record]:
    """Give last year, this one and the next."""
    return [
        {
            "Id": ids.guid("fiscalyear"),
            "StartDate": f"{year}-01-01",
            "EndDate": f"{year}-12-31",
            "IsLockedForAccounting": False,
            "BookkeepingMethod": 0,
        }
        for year in range(start.year - 1, start.year + 2)
    ]


def accounts(years: list[Record], start: datetime) -> list[Record]:
    """Give the accounts of each fiscal year."""
    created = write_moment(start - timedelta(days=400))
    return [
        {
            "Name": name,
            "Number": number,
            "VatCodeId": None,
            "VatCodeDescription": None,
            "FiscalYearId": year["Id"],
            "ReferenceCode": None,
            "Type": None,
            "TypeDescription": None,
            "ModifiedUtc": created,
            "CreatedUtc": created,
            "IsActive": True,
            "IsProjectAllowed": True,
            "IsCostCenterAllowed": True,
            "IsBlockedForManualBooking": False,
        }
        for year in years
        for number, name in _ACCOUNTS
    ]


def delivery_methods(ids: Identifiers) -> list[Record]:
    """Give the ways of delivery."""
    rows = [("Pakketpost", "Parcel", "PAK"), ("Koerier", "Courier", "KOE"), ("Afhalen", "Pick up", "AFH")]
    fields = ("Name", "NameEnglish", "Code")
    return [{"Id": ids.guid("deliverymethod"), **dict(zip(fields, row, strict=True))} for row in rows]


def delivery_terms(ids: Identifiers) -> list[Record]:
    """Give the terms of delivery."""
    rows = [("Franco huis", "Delivered at place", "DAP"), ("Af fabriek", "Ex works", "EXW")]
    fields = ("Name", "NameEnglish", "Code")
    return [{"Id": ids.guid("deliveryterm"), **dict(zip(fields, row, strict=True)), "Editable": False} for row in rows]


def bank_accounts(ids: Identifiers) -> list[Record]:
    """Give the bank accounts; the last one is closed."""
    names = [("Zakelijke rekening", True), ("Betaaldienst tussenrekening", True), ("Oude rekening", False)]
    fields = ("Name", "CurrencyCode", "IsActive")
    return [
        {"Id": ids.guid("bankaccount"), **dict(zip(fields, (name, "EUR", active), strict=True))}
        for name, active in names
    ]
