"""Sends requests to one connection: signed, paced, tried again where that is safe, and recorded."""

from __future__ import annotations

import random as random_module
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from engine.connectors.addresses import Resolve, resolve_name
from engine.connectors.clock import Clock
from engine.connectors.codecs import CODECS, Undecodable
from engine.connectors.credentials import Materials, Vault
from engine.connectors.exchange import Exchange, Reply, Request, SystemError_
from engine.connectors.failures import cause_of, failure, failure_of_wire, shortened, stated_wait
from engine.connectors.http_description import HttpDescription
from engine.connectors.lanes import Lanes
from engine.connectors.pace import OnWait, Pace, Patience, TooLong
from engine.connectors.redaction import Redactor
from engine.connectors.reply_document import read_document
from engine.connectors.retries import backoff_seconds, seconds_before_again
from engine.connectors.sign_in import SIGN_INS
from engine.connectors.templates import answer, fill_address
from engine.connectors.token_post import token_post
from engine.connectors.transport import Address, CheckedTransport, Transport, Wire, WireFailure, parse_address
from engine.connectors.usual import Usual, reply_codecs
from engine.errors import (
    AddressRefused,
    Cause,
    ConnectionMissing,
    ExchangeError,
    FormulaError,
    Json,
)

OnExchange = Callable[[Exchange], None]
MadeAs = Callable[[Json], str | None]
_BOTH = "The reply names what was made, and tells of an error with it."

MOST_REDIRECTS = 3
LONGEST_HOLD_SECONDS = 86_400.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class _Journey:
    """One call of `send`, all its attempts together."""

    request: Request
    safe: bool
    family: str
    patience: Patience
    record: OnExchange
    made_as: MadeAs | None = None
    signed: Request | None = None
    attempts: int = 0
    failures: int = 0
    refusals: int = 0
    redirects: int = 0
    renewed: bool = False


class Client:
    """One connection to one system; safe to use from many threads. See `send`.

    title: the system's name in messages; secret_answers: names of answers never to be recorded (those a
    sign-in uses are known already); resolve: finds a host's addresses; longest_wait_seconds: all waits of one
    call together, after which it raises TryAgain. Raises ConnectionMissing when an answer is missing.
    """

    def __init__(
        self,
        http: HttpDescription,
        *,
        connection: str,
        answers: Mapping[str, Json],
        vault: Vault,
        lanes: Lanes,
        clock: Clock,
        random: random_module.Random,
        read_error: Callable[[Json], SystemError_],
        on_exchange: OnExchange,
        transport: Transport | None = None,
        title: str = "",
        allow_private: bool = False,
        secret_answers: Collection[str] = (),
        on_wait: OnWait | None = None,
        resolve: Resolve = resolve_name,
        longest_wait_seconds: float = 900.0,
    ) -> None:
        self._http = http
        self._clock = clock
        self._random = random
        self._read_error = read_error
        self._on_exchange = on_exchange
        self._on_wait = on_wait
        self._longest_wait_seconds = longest_wait_seconds
        self._redactor = Redactor(http.encoding)
        self.base = fill_address(http.base, answers, title or connection)
        self._where = title or connection
        base = self._parse(self.base)
        self._origin = base.origin
        self._below = len(base.url.path.rstrip("/"))
        self._where = f"{title or connection} ({base.host})"
        if "?" in self.base or "#" in self.base:
            raise ConnectionMissing(
                "the address has a “?” or “#” in it",
                where=self._where,
                what_to_do="Enter the address without what comes after it.",
            )
        for name in secret_answers:
            if answers.get(name) not in (None, ""):  # one that need not be answered may be left empty
                self._redactor.hide(answer(name, answers, self._where))
        self._usual = Usual(http, answers, self._where)
        self._pace = Pace(connection, http.limits, lanes, clock)
        self._slots = threading.BoundedSemaphore(http.limits.concurrency)
        self._wire = Wire(
            transport
            or CheckedTransport(allow_private=allow_private, resolve=resolve, connections=http.limits.concurrency),
            timeouts=http.timeouts,
            reply_limit_bytes=int(http.reply_limit_mb * 1_000_000),
            allow_private=allow_private,
            clock=clock,
        )
        post = token_post(self._wire, self._redactor, clock, self._where, on_exchange)
        hide = self._redactor.hide
        materials = Materials(
            http.sign_in, answers, connection, self._where, vault, clock, post, hide, encoding=http.encoding
        )
        self._sign_in = SIGN_INS[http.sign_in["kind"]](materials)
        self._redactor.hide_headers(self._sign_in.hidden_headers)
        self._redactor.hide_parameters(self._sign_in.hidden_parameters)

    def send(
        self,
        request: Request,
        *,
        safe: bool,
        on_exchange: OnExchange | None = None,
        on_wait: OnWait | None = None,
        made_as: MadeAs | None = None,
    ) -> Reply:
        """The reply to a request that succeeded (2xx), its document read.

        safe: it may be sent again whatever happened. Otherwise only failures that surely came before it was
        carried out are tried again, and every other one is raised with outcome_unknown. on_exchange and
        on_wait take the place of the client's own for this call. made_as: the key of what a call has made, by what it
        resulted in. Where there is one, an error beside it is not raised, but the reply's `problem`.

        Raises a leaf of ExchangeError, or RecordProblem when a header cannot be written.
        """
        address = self._own_address(request.url)
        journey = _Journey(
            request=self._usual.added_to(request, address.text),
            safe=safe,
            family=self._pace.family(request.method, address.url.path[self._below :]),
            patience=Patience(self._longest_wait_seconds, self._clock, on_wait or self._on_wait),
            record=on_exchange or self._on_exchange,
            made_as=made_as,
        )
        while True:
            try:
                reply = self._attempt(journey)
            except ExchangeError as error:
                self._get_ready_again(journey, error)
            else:
                if reply.status not in _REDIRECTS:
                    return reply
                journey.request = self._redirected(journey, reply)

    def connect(self, code: str, redirect_uri: str, verifier: str = "") -> None:
        """Keep the first tokens, bought with the code a person's consent gave (`oauth2.consent_url`).

        Raises SignInNeeded when the code is not accepted, TryAgain, BrokenReply.
        """
        self._sign_in.connect(code, redirect_uri, verifier)

    def close(self) -> None:
        """Close the kept connections."""
        self._wire.close()

    def _attempt(self, journey: _Journey) -> Reply:
        """One turn, one signature, one exchange, recorded whatever came of it."""
        journey.signed = None
        try:
            self._pace.take_turn(journey.family, journey.patience)
        except TooLong as late:
            why = f"our turn comes only in {late.wait_seconds:.0f} seconds, so nothing was sent"
            raise failure(Cause.LIMITED, self._where, why=why, wait_seconds=late.wait_seconds) from None
        journey.signed = signed = self._sign_in.sign(journey.request)
        journey.attempts += 1
        at, started = self._clock.now(), self._clock.monotonic()
        reply: Reply | None = None
        cause: str | None = None
        try:
            with self._slots:
                reply = self._wire.send(signed)
            self._judge(journey, signed, reply)
            return reply
        except WireFailure as fault:
            cause = fault.cause
            if fault.status is not None:
                reply = Reply(fault.status, {}, b"", 0.0)
            raise failure_of_wire(fault, self._where, safe=journey.safe) from fault
        except ExchangeError as error:
            cause = error.cause
            raise
        finally:
            seconds = self._clock.monotonic() - started
            kept = self._redactor.exchange(at, signed, reply, seconds, journey.attempts, cause)
            has_both = reply is not None and reply.problem is not None
            journey.record(replace(kept, note=f"{kept.note} {_BOTH}".strip()) if has_both else kept)

    def _judge(self, journey: _Journey, signed: Request, reply: Reply) -> None:
        """Reads the reply's document; raises what is wrong with it. A redirect is left to the caller."""
        unknown = not journey.safe
        wrong = self._sign_in.check(signed, reply)
        if wrong:
            raise self._broken(wrong, reply, outcome_unknown=unknown)
        if reply.status in _REDIRECTS:
            return
        unread = read_document(reply, reply_codecs(signed), self._http.encoding)
        succeeded = 200 <= reply.status < 300
        if unread and succeeded:
            raise self._broken(unread, reply, outcome_unknown=unknown)
        system, why = SystemError_(), ""
        if not succeeded or self._http.errors.in_success:
            system, why = self._their_words(reply.document, signed.hidden)
        if succeeded and why:
            raise self._broken(f"whether it tells of an error is not known: {why}", reply, outcome_unknown=unknown)
        cause = None if succeeded and not system else cause_of(reply.status, system, self._http, signed.causes)
        if cause is None:
            self._take_result(reply, unknown)
            return
        is_made = succeeded and journey.made_as is not None and self._is_made(journey.made_as, reply, system)
        error = failure(
            cause,
            self._where,
            why=why or unread,
            status=reply.status,
            system=system,
            wait_seconds=stated_wait(reply, system.message, self._http.limited, self._clock.now()),
            outcome_unknown=unknown and cause in (Cause.SERVER_FAULT, Cause.TIME_OUT, Cause.BROKEN_REPLY),
            says=self._http.errors.says.get(system.code),
        )
        if not is_made:
            raise error
        reply.problem = error

    def _is_made(self, made_as: MadeAs, reply: Reply, system: SystemError_) -> bool:
        """Does a reply that tells of an error also name something that was made? Then sending again makes another."""
        told = reply.document
        try:
            self._take_result(reply, unknown=True)
        except ExchangeError:
            return False
        key = made_as(reply.document)
        if key and key != system.code:  # a formula may take the error's number for that of a record
            return True
        reply.document = told
        return False

    def _take_result(self, reply: Reply, unknown: bool) -> None:
        """From now on the document is what the call resulted in, without its envelope."""
        if not reply.codec:
            return
        try:
            reply.document = CODECS[reply.codec].result(reply.document)
        except Undecodable as fault:
            raise self._broken(fault.why, reply, outcome_unknown=unknown) from None

    def _their_words(self, document: Json, hidden: Collection[str]) -> tuple[SystemError_, str]:
        """Code, message and field, shortened and free of secrets; why they could not be read."""
        if document is None:
            return SystemError_(), ""
        try:
            system = self._read_error(document)
        except FormulaError as fault:
            return SystemError_(), f"its error could not be read, since a formula failed: {fault.what}"
        code, message, field = (self._redactor.text(t, hidden) for t in (system.code, system.message, system.field))
        return SystemError_(shortened(code), shortened(message), shortened(field)), ""

    def _get_ready_again(self, journey: _Journey, error: ExchangeError) -> None:
        """Return when another attempt makes sense and its wait is over; else raise the error."""
        if error.outcome_unknown or journey.signed is None:
            raise error
        if error.cause is Cause.NOT_SIGNED_IN and not journey.renewed and error.status is not None:
            journey.renewed = True
            if self._sign_in.renew(journey.signed):
                return
        if error.cause is Cause.LIMITED and error.status is not None:
            self._hold(journey, error)
            return
        journey.failures += 1
        seconds = seconds_before_again(error, journey.failures, self._http.retry, self._random)
        if seconds is None:
            raise error
        try:
            journey.patience.wait(seconds, error.what)
        except TooLong:
            raise error from None

    def _hold(self, journey: _Journey, error: ExchangeError) -> None:
        """Hold the lane as long as the system asks, for every worker; raise where that is too long for us."""
        journey.refusals += 1
        seconds = error.wait_seconds if error.wait_seconds is not None else self._http.limited.default_seconds
        if journey.refusals > 1:  # a system that says “0 seconds” again and again must not be hammered
            seconds = max(seconds, backoff_seconds(journey.refusals, self._random))
        error.wait_seconds = seconds = min(max(seconds, 0.0), LONGEST_HOLD_SECONDS)
        everything = error.system_code in self._http.limited.codes_for_all
        self._pace.hold(journey.family, seconds, everything=everything)
        if seconds > journey.patience.left_seconds:
            raise error

    def _redirected(self, journey: _Journey, reply: Reply) -> Request:
        """The request at its new place, for reads on the same host; raises for everything else."""
        place = reply.headers.get("location", "")
        if journey.request.method != "GET":
            # 302 and 303 may mean “done, look there”; the others ask to send it elsewhere.
            unknown = not journey.safe and reply.status in (302, 303)
            raise self._broken("it points to another address", reply, outcome_unknown=unknown)
        journey.redirects += 1
        if not place or journey.redirects > MOST_REDIRECTS:
            raise self._broken("it points from address to address", reply)
        return replace(journey.request, url=self._own_address(urljoin(journey.request.url, place)).text)

    def _parse(self, url: str) -> Address:
        try:
            return parse_address(url)
        except AddressRefused as error:
            error.where = self._where
            raise

    def _own_address(self, url: str) -> Address:
        """Where a request goes; raises AddressRefused when that is not this connection's own host."""
        address = self._parse(url)
        if address.origin == self._origin:
            return address
        raise AddressRefused(
            "we do not send there",
            cause=Cause.ADDRESS_REFUSED,
            where=self._where,
            why=f"the request would go to {address.host}, and the credential belongs to this address only",
            what_to_do="Check the address in the connection and the links in the system's replies.",
        )

    def _broken(self, why: str, reply: Reply, *, outcome_unknown: bool = False) -> ExchangeError:
        return failure(Cause.BROKEN_REPLY, self._where, why=why, status=reply.status, outcome_unknown=outcome_unknown)
