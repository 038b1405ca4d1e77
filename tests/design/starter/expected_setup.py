"""Makes the books of a target as the expected files' `setup` asks: the company's settings, a coding for each rate."""

from __future__ import annotations

from typing import Any

from sandbox.eaccounting.books import Books


def set_up(books: Books, setup: dict[str, Any]) -> None:
    """Write the settings and add the rates that are not there."""
    books.settings.update(setup.get("company", {}))
    codings = books["articleaccountcodings"]
    active = [coding for coding in codings if coding["IsActive"]]
    known = {coding["VatRatePercent"] for coding in active}
    for rate in sorted(float(one) for one in setup.get("rates", []) if float(one) not in known):
        for pattern in [coding for coding in active if coding["VatRatePercent"] == 21.0]:
            name = f"{pattern['Type']} {rate:.0f} %"
            codings.put(
                pattern
                | {"Id": books.ids.guid("coding"), "Name": name, "NameEnglish": name}
                | {"VatRate": f"{rate:.0f}%", "VatRatePercent": rate}
            )
