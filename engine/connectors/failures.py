"""Turns what went wrong with an exchange into one error: its leaf, its cause, and a sentence for people."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from types import MappingProxyType

from engine.connectors.exchange import Reply, SystemError_
from engine.connectors.http_description import CAUSES, HttpDescription, Limited, Says
from engine.connectors.transport import WireFailure
from engine.errors import (
    TRIED_AGAIN,
    AddressRefused,
    BrokenReply,
    Cause,
    ExchangeError,
    RecordRefused,
    SignInNeeded,
    TryAgain,
)

_LONGEST_WORDS = 300
_NO_WORDS = SystemError_()
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_FIRST_EPOCH_SECONDS = 1_000_000_000  # a number this large in a wait header is a time, not a length


@dataclass(frozen=True, slots=True)
class _Sentence:
    leaf: type[ExchangeError]
    what: str
    why: str
    what_to_do: str


_LATER = f"{TRIED_AGAIN}; if it stays so, ask the system's support."
_SENTENCES = {
    Cause.NAME_NOT_FOUND: _Sentence(
        TryAgain,
        "the system cannot be reached",
        "no address is known for its name",
        "Check the address in the connection; if it is right, it may work later.",
    ),
    Cause.CONNECTION_REFUSED: _Sentence(
        TryAgain, "the system cannot be reached", "it does not accept a connection", _LATER
    ),
    Cause.CERTIFICATE: _Sentence(
        TryAgain,
        "nothing was sent",
        "its certificate cannot be trusted",
        "Check the address in the connection; if it is right, whoever runs the system must renew it.",
    ),
    Cause.TIME_OUT: _Sentence(TryAgain, "no answer came in time", "", _LATER),
    Cause.INTERRUPTED: _Sentence(TryAgain, "the connection broke off", "", _LATER),
    Cause.NOT_SIGNED_IN: _Sentence(
        SignInNeeded,
        "the system does not accept our sign-in",
        "",
        "Check the credentials in the connection, or connect it again.",
    ),
    Cause.FORBIDDEN: _Sentence(
        SignInNeeded,
        "the sign-in may not do this",
        "",
        "Give the credential the rights it needs in the system, or connect with another one.",
    ),
    Cause.LIMITED: _Sentence(TryAgain, "the system wants fewer requests", "", "It goes on by itself after the wait."),
    Cause.REFUSED_RECORD: _Sentence(
        RecordRefused,
        "the system refused the request",
        "",
        "Mend the field it names, in the record or its mapping.",
    ),
    Cause.NOT_FOUND: _Sentence(
        RecordRefused,
        "the system does not have what was asked for",
        "",
        "Check whether the record still exists there, and the address in the connection.",
    ),
    Cause.SERVER_FAULT: _Sentence(TryAgain, "the system failed", "", _LATER),
    Cause.BROKEN_REPLY: _Sentence(
        BrokenReply,
        "the reply cannot be used",
        "",
        "Look at the exchange; if it stays so, ask the system's support.",
    ),
    Cause.ADDRESS_REFUSED: _Sentence(
        AddressRefused, "we do not send there", "", "Check the address in the connection."
    ),
}


def failure(
    cause: Cause,
    where: str,
    *,
    why: str = "",
    status: int | None = None,
    system: SystemError_ = _NO_WORDS,
    wait_seconds: float | None = None,
    outcome_unknown: bool = False,
    leaf: type[ExchangeError] | None = None,
    says: Says | None = None,
) -> ExchangeError:
    """The error for a cause. where: the system's title and host; `system` must be free of secrets.

    says: what the connector knows of the code, which goes before our general sentence.
    """
    sentence = _SENTENCES[cause]
    what_to_do = (says.what_to_do if says else "") or sentence.what_to_do
    if outcome_unknown:
        what_to_do = "It may have been carried out all the same; it is looked for before it is sent again."
    return (leaf or sentence.leaf)(
        says.what if says else sentence.what,
        cause=cause,
        where=where,
        why=_reasons(why or sentence.why, status, system),
        what_to_do=what_to_do,
        status=status,
        system_code=system.code,
        system_message=system.message,
        system_field=system.field,
        wait_seconds=wait_seconds,
        outcome_unknown=outcome_unknown,
        explained=says is not None,
    )


def failure_of_wire(fault: WireFailure, where: str, *, safe: bool) -> ExchangeError:
    """The error for a request that got no usable reply."""
    leaf = BrokenReply if fault.status is not None and fault.cause is Cause.INTERRUPTED else None
    return failure(
        fault.cause,
        where,
        why=fault.why,
        status=fault.status,
        outcome_unknown=fault.sent and not safe,
        leaf=leaf,
    )


def cause_of(
    status: int, system: SystemError_, http: HttpDescription, here: Mapping[str, str] = MappingProxyType({})
) -> Cause | None:
    """Why a reply is no success, or None when it is one; what a code means goes before its status."""
    if system.code in here:
        return CAUSES[here[system.code]]
    if system.code in http.errors.causes:
        return http.errors.causes[system.code]
    limited = http.limited
    if status in limited.statuses or system.code in limited.codes or system.code in limited.codes_for_all:
        return Cause.LIMITED
    if 200 <= status < 300:
        return Cause.REFUSED_RECORD if system else None
    known = {401: Cause.NOT_SIGNED_IN, 403: Cause.FORBIDDEN, 404: Cause.NOT_FOUND, 410: Cause.NOT_FOUND}
    if status in known:
        return known[status]
    if status == 408:
        return Cause.TIME_OUT
    if 400 <= status < 500:
        return Cause.REFUSED_RECORD
    return Cause.SERVER_FAULT if status >= 500 else Cause.BROKEN_REPLY


def stated_wait(reply: Reply, message: str, limited: Limited, now: datetime) -> float | None:
    """The seconds the system asks us to wait, from its message or its header; None where it says nothing.

    A header holds seconds, an HTTP date, or seconds since 1970. A date is read against the reply's own Date,
    since clocks differ.
    """
    if limited.pattern is not None and (found := limited.pattern.search(message)):
        return _seconds(found[1])
    text = reply.headers.get(limited.header, "").strip()
    their_now = _date(reply.headers.get("date", "")) or now
    number = _seconds(text)
    if number is not None:
        return number - their_now.timestamp() if number >= _FIRST_EPOCH_SECONDS else number
    until = _date(text)
    return (until - their_now).total_seconds() if until is not None else None


def shortened(words: str) -> str:
    """At most 300 characters on one line."""
    words = _CONTROL.sub(" ", words).strip()
    return words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1] + "…"


def _seconds(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number < 1e11 else None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _reasons(why: str, status: int | None, system: SystemError_) -> str:
    """Our reason, then theirs in quotation marks, then the status."""
    theirs = f"“{system.message}”" if system.message else ""
    if system.field:
        theirs += f" (field {system.field})"
    numbers = [f"code {system.code}"] if system.code else []
    if status is not None and not 200 <= status < 300:
        numbers.append(f"status {status}")
    reasons = ", ".join(part.strip() for part in (why, theirs) if part.strip())
    if not reasons:
        return ", ".join(numbers)
    return f"{reasons} ({', '.join(numbers)})" if numbers else reasons
