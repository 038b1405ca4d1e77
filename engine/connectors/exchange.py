"""What goes to another system and what comes back, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.errors import ExchangeError, Json


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, ready but for its sign-in.

    url: absolute, path and query percent-encoded already; body: encoded already, by `codec`;
    codec: how the body was written (gives the Content-Type where `headers` has none);
    reply_codecs: how the reply is read, where that differs: the first that fits; "none" leaves it unread.
    Both name rows of `engine.connectors.codecs.CODECS`, where form is read as `REPLIES` says.
    encoding: of the texts in it; subject: what a digest is made over; hidden: what in it is never kept;
    causes: by an error's code what it means in answer to this request.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    codec: str = "json"
    reply_codecs: tuple[str, ...] = ()
    encoding: str = "utf-8"
    subject: str = ""
    hidden: tuple[str, ...] = ()
    causes: Mapping[str, str] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """Path and query, as on the request line: what signatures are made over."""
        start = self.url.find("/", self.url.find("://") + 3)
        return self.url[start:] if start >= 0 else "/"


@dataclass(slots=True)
class Reply:
    """One answer. headers: lower-case names; body: decompressed; document: the body read, None if empty.

    codec: how it was read; problem: the error that a success tells of, beside what it has made.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float
    document: Json = None
    codec: str = ""
    problem: ExchangeError | None = None


@dataclass(slots=True)
class Exchange:
    """One attempt as sent and as answered, with every secret hidden: what the ledger keeps.

    status: None when no answer came; seconds: from sending to the last byte; attempt: counted from 1;
    cause: a value of `engine.errors.Cause`, or None when all went well; note: what must be known to read it rightly;
    encoding: of what is percent-encoded in it.
    Bodies are cut at a megabyte.
    """

    at: datetime
    method: str
    url: str
    request_headers: dict[str, str]
    request_body: bytes
    status: int | None
    reply_headers: dict[str, str]
    reply_body: bytes
    seconds: float
    attempt: int
    cause: str | None
    note: str = ""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class SystemError_:
    """The other system's own words about what went wrong, read by the connector's error formulas."""

    code: str = ""
    message: str = ""
    field: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.message or self.field)
