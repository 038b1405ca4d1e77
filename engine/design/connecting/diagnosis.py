"""Why a connection does not work, said so that a person knows which answer to look at and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from engine.connectors.connector import Connector
from engine.connectors.exchange import Exchange
from engine.connectors.templates import holes
from engine.design.connecting.keeping import is_local
from engine.errors import Cause, ConnectionMissing, ExchangeError, Json, Problem, StudioError

_CLOCKS_DIFFER_SECONDS = 120
_PARTS_OF_REQUEST = {"method", "target", "url", "body", "date"}
_UNREACHED = {
    Cause.NAME_NOT_FOUND: "there is no system called {host}",
    Cause.CONNECTION_REFUSED: "nothing answers at {host}",
    Cause.CERTIFICATE: "nothing was sent, since the certificate of {host} cannot be trusted",
    Cause.TIME_OUT: "{host} did not answer in time",
    Cause.INTERRUPTED: "the connection to {host} broke off",
}
_ADVICE = {
    Cause.NAME_NOT_FOUND: "Check {address} letter by letter, as it stands in the browser.",
    Cause.CONNECTION_REFUSED: "Check {address}; if it is right, the system is not running or lets nobody in from here.",
    Cause.CERTIFICATE: "Check {address}; if it is right, whoever runs the system must renew its certificate.",
    Cause.TIME_OUT: "Try again in a few minutes; if it stays so, check {address}, or ask the system's support.",
    Cause.INTERRUPTED: "Try again; if it stays so, check {address}, or ask the system's support.",
}
_NO_RIGHTS = (
    "Give the credential the right to read it, in the system's own settings, or connect with a credential that has it."
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A problem, and the question whose answer to look at first ("" for none)."""

    problem: Problem
    question: str = ""


def diagnose(
    error: StudioError,
    connector: Connector,
    answers: Mapping[str, Json],
    exchanges: Sequence[Exchange],
    *,
    allow_private: bool,
) -> Diagnosis:
    """What is wrong, from the error and what was sent and answered before it."""
    if not isinstance(error, ExchangeError):
        return Diagnosis(error.as_problem(), _named(error, connector))
    host = _host(connector, answers, exchanges)
    address = _address_question(connector, exchanges)
    shown = f"“{_title(connector, address)}”" if address else "the address in the connector"
    if error.cause in _UNREACHED:
        what = _UNREACHED[error.cause].format(host=host) + _because(error)
        return Diagnosis(_problem(error, connector, what, _ADVICE[error.cause].format(address=shown)), address)
    if error.cause is Cause.ADDRESS_REFUSED:
        return Diagnosis(_refused(error, connector, answers, allow_private), address)
    if error.cause is Cause.NOT_SIGNED_IN:
        return _not_signed_in(error, connector, exchanges)
    if error.cause is Cause.FORBIDDEN:
        return Diagnosis(_problem(error, connector, f"it lets us in, but not to this{_their_words(error)}", _NO_RIGHTS))
    if error.cause is Cause.NOT_FOUND or (error.cause is Cause.BROKEN_REPLY and not _is_its_own(exchanges)):
        what = f"something answers at {host}, but not as {connector.title} does{_because(error)}"
        return Diagnosis(_problem(error, connector, what, f"Check {shown}; it may lead to another page."), address)
    return Diagnosis(_problem(error, connector, error.as_problem().what, error.what_to_do))


def _problem(error: ExchangeError, connector: Connector, what: str, what_to_do: str) -> Problem:
    return Problem(connector.title, what, what_to_do, error.as_problem().code)


def _not_signed_in(error: ExchangeError, connector: Connector, exchanges: Sequence[Exchange]) -> Diagnosis:
    apart = _seconds_apart(connector, exchanges)
    if apart is not None and abs(apart) >= _CLOCKS_DIFFER_SECONDS and "date" in connector.http["sign_in"]:
        minutes = round(abs(apart) / 60)
        way = "ahead of" if apart > 0 else "behind"
        what = f"it does not accept our signature: the clock of this machine is {minutes} minutes {way} the system's"
        advice = "Set this machine's clock (switch on network time), then test again."
        return Diagnosis(_problem(error, connector, what, advice))
    names = _credential_questions(connector)
    if error.system_code == "invalid_grant":  # RFC 6749: the token, not the client
        names = [name for name in names if name in connector.token_questions()] or names
    elif error.system_code in ("invalid_client", "unauthorized_client"):
        names = [name for name in names if name not in connector.token_questions()]
    titles = " or ".join(f"“{_title(connector, name)}”" for name in names)
    what = f"it does not accept {titles or 'our sign-in'}{_their_words(error)}"
    if error.system_code == "invalid_grant":
        advice = "The sign-in was used up, withdrawn or has ended: sign in again."
    else:
        advice = "Copy each of them again, whole and without spaces, and see that they belong to this very account."
    secrets = [name for name in names if name in connector.secret_questions()]
    return Diagnosis(_problem(error, connector, what, advice), next(iter(secrets or names), ""))


def _refused(error: ExchangeError, connector: Connector, answers: Mapping[str, Json], allow_private: bool) -> Problem:
    what = f"nothing was sent: {error.why or error.what}"
    if is_local(answers, connector) and not allow_private:
        advice = "If it is a sandbox on this machine, say so (on the command line --allow-private)."
        return _problem(error, connector, "nothing was sent: the address is on this machine", advice)
    return _problem(error, connector, what, error.what_to_do)


def _credential_questions(connector: Connector) -> list[str]:
    """The questions whose answers make the credential."""
    spec = connector.http["sign_in"]
    named = {str(spec[name]) for name in ("secret", "client_id", "client_secret") if name in spec}
    named |= {part for part in (*spec.get("parts", ()), *spec.get("outer", ())) if part not in _PARTS_OF_REQUEST}
    templates = [spec[name] for name in ("user", "password", "token") if name in spec]
    named |= holes([*templates, *spec.get("headers", {}).values(), *spec.get("parameters", {}).values()])
    named |= connector.token_questions()
    return [name for name in connector.every_question() if name in named]


def _address_question(connector: Connector, exchanges: Sequence[Exchange]) -> str:
    """The question that leads to where the last request went."""
    spec = connector.http["sign_in"]
    signing_in = bool(exchanges) and exchanges[-1].method == "POST" and "token_url" in spec
    template = spec["token_url"] if signing_in else connector.http["base"]
    return next((name for name in connector.every_question() if name in holes([template])), "")


def _host(connector: Connector, answers: Mapping[str, Json], exchanges: Sequence[Exchange]) -> str:
    address = exchanges[-1].url if exchanges else str(connector.http["base"])
    for name, value in connector.with_defaults(answers).items():
        address = address.replace("{" + name + "}", str(value))
    try:
        parts = urlsplit(address if "://" in address else "https://" + address)
        return parts.netloc.rpartition("@")[2] or address
    except ValueError:
        return "that address"


def _seconds_apart(connector: Connector, exchanges: Sequence[Exchange]) -> float | None:
    """How far this machine's clock is ahead of the system's, by the last reply's own date; None where it has none."""
    if not exchanges:
        return None
    last = exchanges[-1]
    own = connector.http["sign_in"].get("reply", {}).get("date_header", "")
    for name in (own.lower(), "date"):
        theirs = _moment(last.reply_headers.get(name, ""))
        if theirs is not None:
            return (last.at - theirs).total_seconds()
    return None


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text) if text[:1].isdigit() else parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _is_its_own(exchanges: Sequence[Exchange]) -> bool:
    """Did an earlier request of this try succeed, so that the address is right?"""
    return any(e.status is not None and 200 <= e.status < 300 and e.cause is None for e in exchanges)


def _their_words(error: ExchangeError) -> str:
    return f" (it says: “{error.system_message}”)" if error.system_message else ""


def _because(error: ExchangeError) -> str:
    return f" ({error.why})" if error.cause in (Cause.BROKEN_REPLY, Cause.CERTIFICATE) and error.why else ""


def _named(error: StudioError, connector: Connector) -> str:
    """The question an error names in its words, where a connection lacks or misspells an answer."""
    if not isinstance(error, ConnectionMissing):
        return ""
    return next((name for name in connector.every_question() if f"“{name}”" in error.what), "")


def _title(connector: Connector, question: str) -> str:
    return str(connector.every_question().get(question, {}).get("title", question))
