"""The mapping written by hand, with orjson at both ends: `python -m benchmarks.peers.by_hand < in > out`.

No schema check, no guard against odd records, and Python's own `round`, which differs from JSONata's where an
amount ends in half a cent (the benchmark's orders have none): as fast as a careful programmer would write it.
"""

from __future__ import annotations

import sys
from typing import Any

import orjson

_TERMS = {"ideal": "PAID", "card": "PAID", "invoice": "NET30", "transfer": "NET14", "direct_debit": "DEBIT"}


def mapped(order: dict[str, Any]) -> dict[str, Any]:
    """The twenty fields of an order."""
    billing = order["billing"]
    shipping = order["shipping"]
    lines = order["lines"]
    company = billing.get("company")
    made = {
        "customerEmail": order["customer"]["email"],
        "customerName": company or f"{billing['first_name']} {billing['last_name']}",
        "orderDate": order["created_at"].partition("T")[0],
        "currency": order["currency"],
        "yourReference": f"Web order {order['number']}",
        "invoiceCity": billing["city"],
        "invoicePostal": billing["zip"].replace(" ", ""),
        "invoiceCountry": billing["country"].upper(),
        "invoiceStreet": f"{billing['street']} {billing['housenumber']}",
        "deliveryCity": shipping["city"],
        "deliveryPostal": shipping["zip"].replace(" ", ""),
        "deliveryCountry": shipping["country"].upper(),
        "deliveryStreet": f"{shipping['street']} {shipping['housenumber']}",
        "isCompany": "company" in billing,
        "paymentTerm": _TERMS[order["payment"]["method"]],
        "vatIncluded": True,
        "rows": [
            {
                "articleNumber": line["sku"],
                "text": line["name"],
                "quantity": line["quantity"],
                "unitPrice": round(line["price_excl"], 2),
                "vat": round(line["price_incl"] - line["price_excl"], 2),
                "discount": line["discount"] / 100 if line["discount"] else 0,
            }
            for line in lines
        ],
        "freight": round(sum([line["price"] for line in order["shipping_lines"]]), 2),
        "total": round(sum([line["quantity"] * line["price_incl"] for line in lines]), 2),
    }
    public = [note["text"] for note in order["notes"] if note["type"] == "public"]
    if public:
        made["note"] = "; ".join(public)
    return made


def main() -> None:
    """Map standard input to standard output, line by line."""
    write = sys.stdout.buffer.write
    for line in sys.stdin.buffer:
        write(orjson.dumps(mapped(orjson.loads(line)), option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
