"""The only module that knows httpx: sends one request to a checked address and reads one bounded reply."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

import httpcore
import httpx

from engine.connectors.addresses import Resolve, check_addresses, check_scheme, read_address, resolve_name
from engine.connectors.clock import Clock
from engine.connectors.exchange import Reply, Request
from engine.connectors.http_description import Timeouts
from engine.connectors.reply_body import BodyFault, collect
from engine.errors import AddressRefused, Cause, Problem, RecordProblem

Transport: TypeAlias = httpx.BaseTransport
SocketOptions: TypeAlias = Iterable[
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
]

# Apache and Node close idle connections after 5 s. A write that meets such a close has an unknown outcome,
# so we leave first.
KEEP_ALIVE_SECONDS = 3.0


class WireFailure(Exception):
    """No usable reply came. sent: the request may have reached the system; status: if one was read."""

    def __init__(self, cause: Cause, *, sent: bool, why: str = "", status: int | None = None) -> None:
        super().__init__(cause.value)
        self.cause = cause
        self.sent = sent
        self.why = why
        self.status = status


class NameNotFound(httpcore.ConnectError):
    """The host's name has no address."""


class Address(NamedTuple):
    """Where a URL leads, by the same reading that sends it. text: the URL as it will be sent."""

    scheme: str
    host: str
    port: int
    text: str
    url: httpx.URL

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port


@lru_cache(maxsize=256)
def parse_address(url: str) -> Address:
    """Read a URL as the transport will; raises AddressRefused where it is none or carries a user name."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        parsed = httpx.URL("")
    host = parsed.raw_host.decode("ascii").lower()
    if not host or parsed.userinfo:
        raise AddressRefused(
            "we do not send there",
            cause=Cause.ADDRESS_REFUSED,
            why="this is not an address of the form https://host/path",
            what_to_do="Check the address in the connection.",
        )
    parsed = parsed.copy_with(fragment=None) if parsed.fragment else parsed
    port = parsed.port or {"http": 80}.get(parsed.scheme, 443)
    return Address(parsed.scheme, host, port, str(parsed), parsed)


class CheckedNetwork(httpcore.NetworkBackend):
    """Resolves names itself, checks every address, and connects to the checked one.

    Host and SNI stay the name's, since the layer above starts TLS with the URL's host.
    """

    def __init__(self, *, allow_private: bool, resolve: Resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = list(self._resolve(host.strip("[]"), port))
        except (OSError, UnicodeError) as fault:
            raise NameNotFound(str(fault)) from fault
        if not found:
            raise NameNotFound("no address")
        check_addresses(host, found, allow_private=self._allow_private)
        failure: Exception | None = None
        for address in found[:3]:
            try:
                return self._sockets.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as fault:
                failure = fault
        assert failure is not None
        raise failure


class CheckedTransport(httpx.BaseTransport):
    """An httpx transport over a keep-alive pool that connects to checked addresses only."""

    def __init__(
        self,
        *,
        allow_private: bool,
        resolve: Resolve = resolve_name,
        certificates: ssl.SSLContext | None = None,
        connections: int = 8,
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=certificates or trusted_certificates(),
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
            network_backend=CheckedNetwork(allow_private=allow_private, resolve=resolve),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        assert isinstance(request.stream, httpx.SyncByteStream)
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(answer.status, headers=answer.headers, stream=_Pieces(answer))

    def close(self) -> None:
        self._pool.close()


class _Pieces(httpx.SyncByteStream):
    """The pieces of a reply as they arrive."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@cache
def trusted_certificates() -> ssl.SSLContext:
    """The usual authorities; SSL_CERT_FILE and SSL_CERT_DIR are honoured. Costs about 10 ms, once."""
    return httpx.create_ssl_context()


class Wire:
    """Sends requests one by one over one pool; safe to use from many threads."""

    def __init__(
        self,
        transport: Transport,
        *,
        timeouts: Timeouts,
        reply_limit_bytes: int,
        allow_private: bool,
        clock: Clock,
    ) -> None:
        self._transport = transport
        self._total_seconds = timeouts.total
        self._reply_limit_bytes = reply_limit_bytes
        self._allow_private = allow_private
        self._clock = clock
        self._extensions = {
            "timeout": {
                "connect": timeouts.connect,
                "read": timeouts.read,
                "write": timeouts.read,
                "pool": timeouts.read,
            }
        }

    def send(self, request: Request) -> Reply:
        """One request, one reply whatever its status. Raises WireFailure, AddressRefused, RecordProblem."""
        address = parse_address(request.url)
        check_scheme(address.scheme, address.host, allow_private=self._allow_private)
        if read_address(address.host) is not None:
            check_addresses(address.host, [address.host], allow_private=self._allow_private)
        outgoing = httpx.Request(
            request.method,
            address.url,
            headers=_header_bytes(request.headers),
            content=request.body or None,
            extensions=self._extensions,
        )
        started = self._clock.monotonic()
        status: int | None = None
        try:
            answer = self._transport.handle_request(outgoing)
            status = answer.status_code
            headers = _header_texts(answer.headers.raw)
            assert isinstance(answer.stream, httpx.SyncByteStream)
            try:
                deadline = started + self._total_seconds
                pieces = _until(deadline, answer.stream, self._clock)
                body = collect(pieces, headers, self._reply_limit_bytes)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.StreamError, *_HTTPCORE_FAILURES) as fault:
            raise _wire_failure(fault, status) from fault
        except BodyFault as fault:
            cause = Cause.INTERRUPTED if fault.cut else Cause.BROKEN_REPLY
            raise WireFailure(cause, sent=True, why=fault.why, status=status) from fault
        return Reply(status, headers, body, self._clock.monotonic() - started)

    def close(self) -> None:
        self._transport.close()


_HTTPCORE_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)
_NOT_SENT = (
    *(httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout),
    *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout),
)


def _wire_failure(fault: Exception, status: int | None) -> WireFailure:
    """Which of our causes a failure of the libraries is."""
    if isinstance(fault, httpcore.LocalProtocolError | httpx.LocalProtocolError):
        raise _unsendable_header() from fault
    sent = not isinstance(fault, _NOT_SENT)
    if isinstance(fault, NameNotFound):
        return WireFailure(Cause.NAME_NOT_FOUND, sent=False)
    if isinstance(fault, httpcore.TimeoutException | httpx.TimeoutException):
        return WireFailure(Cause.TIME_OUT, sent=sent, status=status)
    certificate = _certificate_fault(fault)
    if certificate is not None:
        return WireFailure(Cause.CERTIFICATE, sent=False, why=certificate.verify_message)
    cause = Cause.INTERRUPTED if sent else Cause.CONNECTION_REFUSED
    why = "the reply broke off before its end" if status is not None else ""
    return WireFailure(cause, sent=sent, why=why, status=status)


def _certificate_fault(fault: BaseException) -> ssl.SSLCertVerificationError | None:
    """The certificate failure at the root of an error, if there is one."""
    link: BaseException | None = fault
    while link is not None:
        if isinstance(link, ssl.SSLCertVerificationError):
            return link
        link = link.__cause__ or link.__context__
    return None


def _until(deadline: float, pieces: Iterable[bytes], clock: Clock) -> Iterator[bytes]:
    """The pieces, as long as the whole reply is in time: one byte a minute must not hold us for ever."""
    for piece in pieces:
        if clock.monotonic() > deadline:
            raise httpcore.ReadTimeout("the whole reply took too long")
        yield piece


def _header_bytes(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    for value in headers.values():
        if "\n" in value or "\r" in value or "\0" in value:
            raise _unsendable_header()
    try:
        return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
    except UnicodeEncodeError:
        raise _unsendable_header() from None


def _header_texts(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Lower-case names; several headers of one name are joined as HTTP says."""
    headers: dict[str, str] = {}
    for name_bytes, value_bytes in raw:
        name, value = name_bytes.decode("latin-1").lower(), value_bytes.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


def _unsendable_header() -> RecordProblem:
    return RecordProblem(
        [
            Problem(
                "header of the request",
                "it holds a character that a header cannot carry",
                "Remove line breaks and special characters where the header is made.",
            )
        ]
    )
