"""Visma eAccounting for the suite: what its connector does not say."""

from __future__ import annotations

from typing import Any

from engine.errors import SignInNeeded
from sandbox.eaccounting import EAccounting
from tests.every_connector.about import About, Kept, Limit, Misbehaviour, Record
from tests.every_connector.stand import Stand


def state(stand: Stand, kind: str) -> list[Record]:
    held: list[Record] = stand.stand_in.state()[kind]
    return held


def ids(kind: str) -> Any:
    return lambda stand: [record["Id"] for record in state(stand, kind)]


def one(stand: Stand, kind: str, key: str) -> Record:
    return next(record for record in state(stand, kind) if record["Id"] == key)


def customer(stand: Stand, n: int) -> Record:
    terms = next(t["Id"] for t in state(stand, "termsofpayments") if t["Name"] == "14 dagen")
    return {
        "CustomerNumber": f"9000{n}",
        "Name": f"Zoë O'Brien & Søn {n}",
        "EmailAddress": f"zoe.o'brien+{n}@buyer.example",
        "CorporateIdentityNumber": f"5566{n}",
        "InvoiceCity": "Utrecht",
        "InvoicePostalCode": "3511 AA",
        "InvoiceCountryCode": "NL",
        "TermsOfPaymentId": terms,
        "IsPrivatePerson": True,
        "IsActive": True,
    }


def article(stand: Stand, n: int) -> Record:
    sold = next(a for a in state(stand, "articles") if a["Number"] == "ART-1001")
    kept = ("CodingId", "UnitId")
    return {"Number": f"N'w & {n}", "Name": "Vaas", "IsActive": True, "NetPrice": 5.5, **{k: sold[k] for k in kept}}


def row(stand: Stand, **more: Any) -> Record:
    sold = next(a["Id"] for a in state(stand, "articles") if a["Number"] == "ART-1001")
    return {"LineNumber": 1, "IsTextRow": False, "ArticleId": sold, "Quantity": 2, "UnitPrice": 12.1, **more}


def buyer(stand: Stand) -> str:
    person: str = next(c["Id"] for c in state(stand, "customers") if c["IsPrivatePerson"])
    return person


def document(stand: Stand, n: int, **more: Any) -> Record:
    plain = {"EuThirdParty": False, "RotReducedInvoicingType": 0, "Rows": [row(stand)]}
    named = {"CustomerId": buyer(stand), "BuyersOrderReference": f"W'{n}&", "YourReference": f"Åsa {n}"}
    return {**plain, **named, **more}


def order(stand: Stand, n: int) -> Record:
    rows = [row(stand, IsWorkCost=False, EligibleForReverseChargeOnVat=False)]
    return document(stand, n, CurrencyCode="EUR", OrderDate="2026-03-01", Status=2, Rows=rows) | {
        "InvoiceCity": "Utrecht",
        "InvoicePostalCode": "3511 AA",
        "InvoiceCountryCode": "NL",
        "ReverseChargeOnConstructionServices": False,
    }


def quote(stand: Stand, n: int) -> Record:
    return document(stand, n, Status=1)


def draft(stand: Stand, n: int) -> Record:
    rows = [row(stand, IsWorkCost=False, ReversedConstructionServicesVatFree=False)]
    return document(stand, n, Rows=rows, IsCreditInvoice=False)


def payment(stand: Stand, n: int) -> Record:
    made = stand.open().create("customerinvoices", document(stand, 100 + n)).record
    bank = next(a["Id"] for a in state(stand, "bankaccounts") if a["Name"] == "Zakelijke rekening")
    return {
        "CustomerInvoiceId": made["Id"],
        "BuyersOrderReference": made["BuyersOrderReference"],
        "CompanyBankAccountId": bank,
        "PaymentDate": stand.clock.now().date().isoformat(),
        "PaymentAmount": made["TotalAmount"],
        "PaymentCurrency": "EUR",
        "PaymentType": 2,
    }


def some(kind: str, fresh: Any, count: int = 7) -> Any:
    """Make a few of a kind, as another client of the books would."""

    def fill(stand: Stand) -> None:
        system = stand.open()
        for n in range(11, 11 + count):
            system.create(kind, fresh(stand, n))

    return fill


def made_by_another(kind: str, fresh: Any) -> Any:
    return lambda stand, n: stand.open().create(kind, fresh(stand, 200 + n))


def changed(kind: str, fresh: Any, field: str) -> Any:
    return lambda stand, key: stand.open().update(kind, key, {**fresh(stand, 300), field: "another"})


def written(kind: str, fresh: Any, field: str) -> Any:
    """Make a record, and what replaces it."""

    def made(stand: Stand) -> tuple[str, Record]:
        fields = fresh(stand, 21)
        return str(stand.open().create(kind, fields).key), {**fields, field: "Somebody else"}

    return made


def removed(kind: str, fresh: Any) -> Any:
    def made(stand: Stand) -> tuple[str, Record]:
        return str(stand.open().create(kind, fresh(stand, 21)).key), {}

    return made


def gone(stand: Stand, key: str) -> Record:
    kinds = ("orders", "customerinvoicedrafts", "quotes")
    assert all(record["Id"] != key for kind in kinds for record in state(stand, kind))
    return {}


def change_article(stand: Stand, key: str) -> None:
    number = one(stand, "articles", key)["Number"]
    stand.stand_in.do("change_article", {"number": number, "fields": {"Name": "Another name"}})


ABOUT = About(
    stand_in=lambda clock: EAccounting(clock, seed=7, orders=60),
    reads="articles",
    nobody="00000000-0000-4000-8000-000000000000",
    limit=Limit(
        too_many=605,
        told={
            "kind": "status",
            "status": 429,
            "path": "/v2/",
            "body": {"ErrorCode": 4010, "DeveloperErrorMessage": "Quota exceeded. Try again in 7 seconds."},
        },
        seconds=7,
        told_beforehand=True,
    ),
    wrong={
        "client secret": {"client_secret": "not-the-secret-of-it"},
        "client id": {"client_id": "nobody"},
        "refresh token": {"refresh_token": "never-given-out"},
    },
    misbehaves=[
        Misbehaviour("access token ends before its time", lambda stand: stand.stand_in.do("expire_tokens", {})),
        Misbehaviour(
            "consent is taken back",
            lambda stand: (stand.stand_in.do("revoke", {}), stand.stand_in.do("expire_tokens", {})),
            SignInNeeded,
        ),
    ],
    resources={
        "customers": Kept(
            fill=some("customers", customer, 1),
            keys=ids("customers"),
            add=lambda stand, n: stand.stand_in.do("add_customer", {"Name": f"Late {n}"}),
            change=changed("customers", customer, "Name"),
            fresh=customer,
            update=written("customers", customer, "Name"),
            searched={"EmailOrNumber": lambda record: record["EmailAddress"]},
        ),
        "articles": Kept(
            keys=ids("articles"),
            add=lambda stand, n: stand.stand_in.do("add_article", {"Number": f"LATE-{n}"}),
            change=change_article,
            fresh=article,
            update=written("articles", article, "Name"),
        ),
        "article_stock": Kept(
            keys=ids("articles"),
            add=lambda stand, n: stand.stand_in.do("add_article", {"Number": f"LATE-{n}"}),
            change=change_article,
        ),
        "orders": Kept(
            fill=some("orders", order),
            keys=ids("orders"),
            add=made_by_another("orders", order),
            change=changed("orders", order, "YourReference"),
            fresh=order,
            update=written("orders", order, "YourReference"),
            ignored=["Rows"],
        ),
        "quotes": Kept(
            fill=some("quotes", quote),
            keys=ids("quotes"),
            add=made_by_another("quotes", quote),
            fresh=quote,
            update=written("quotes", quote, "BuyersOrderReference"),
            ignored=["Rows", "YourReference"],
        ),
        "customerinvoices": Kept(
            fill=some("customerinvoices", document),
            keys=ids("customerinvoices"),
            add=made_by_another("customerinvoices", document),
            fresh=document,
        ),
        "invoice_payments": Kept(
            keys=lambda stand: [p["InvoiceId"] for p in state(stand, "invoicepayments")],
            fresh=payment,
        ),
        "customerinvoicedrafts": Kept(
            fill=some("customerinvoicedrafts", draft),
            keys=ids("customerinvoicedrafts"),
            add=made_by_another("customerinvoicedrafts", draft),
            fresh=draft,
            update=written("customerinvoicedrafts", draft, "YourReference"),
            ignored=["Rows"],
        ),
        "order_removals": Kept(update=removed("orders", order), look=gone),
        "draft_removals": Kept(update=removed("customerinvoicedrafts", draft), look=gone),
        "quote_removals": Kept(update=removed("quotes", quote), look=gone),
        **{
            kind: Kept(keys=ids(kind))
            for kind in ("articleaccountcodings", "vatcodes", "termsofpayments", "units", "deliverymethods")
        },
        "bankaccounts": Kept(keys=ids("bankaccounts")),
        "companysettings": Kept(),
    },
)
