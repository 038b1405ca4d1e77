"""How many decimals each currency has (ISO 4217)."""

from __future__ import annotations

import difflib
import re
from typing import Any

from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

_BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
    MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
# Withdrawn since 2010: orders in archives still name them.
_WITHDRAWN = {0: "BYR", 2: "ANG BGN CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL"}
# Metals, baskets of currencies, testing: they have no smallest unit.
_WITHOUT_UNITS = frozenset("XAG XAU XBA XBB XBC XBD XDR XPD XPT XSU XTS XUA XXX".split())

DECIMALS = {
    code: decimals
    for table in (_BY_DECIMALS, _WITHDRAWN)
    for decimals, codes in table.items()
    for code in codes.split()
}
_MOST_DECIMALS = 12
_CODE_LIKE = re.compile(r"[A-Za-z]{1,5}")


def places(wanted: Any, function: str, otherwise: int = 2) -> int:
    """The decimals that a number of decimals or a currency's code asks for; `otherwise` where it is missing.

    M2013: no whole number from 0 to 12, M2017: no currency.
    """
    if wanted is MISSING:
        return otherwise
    if isinstance(wanted, str):
        return _of_currency(wanted.strip().upper(), function)
    if isinstance(wanted, bool) or not isinstance(wanted, int | float):
        raise Refused(
            "M2013",
            f"${function} needs a number of decimals or a currency, but it got {kind(wanted)}",
            'Write a number from 0 to 12, or a code like "SEK".',
        )
    if wanted not in range(_MOST_DECIMALS + 1):
        raise Refused("M2013", f"The number of decimals of ${function} must be a whole number from 0 to 12")
    return int(wanted)


def _of_currency(code: str, function: str) -> int:
    decimals = DECIMALS.get(code)
    if decimals is not None:
        return decimals
    if code in _WITHOUT_UNITS:
        raise Refused("M2017", f"{code} has no smallest unit to round to", "Write the number of decimals instead.")
    # Only what looks like a code is quoted: another text may be a field the formula does not mean.
    given = f"“{code}”" if _CODE_LIKE.fullmatch(code) else kind(code) + " that is no currency code"
    swapped = {code[:at] + code[at : at + 2][::-1] + code[at + 2 :] for at in range(2)} if len(code) == 3 else set()
    near = sorted(swapped & DECIMALS.keys()) or difflib.get_close_matches(code[:8], DECIMALS, n=1, cutoff=0.5)
    raise Refused(
        "M2017",
        f"${function} does not know the currency: it got {given}",
        f"Did you mean “{near[0]}”?" if near else 'Write its three letters (ISO 4217), like "SEK".',
    )
