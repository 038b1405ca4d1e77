"""The `http` object of a connector, as values: address, sign-in, limits, errors, retries, time-outs."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Cause, Json

CAUSES = {
    "limited": Cause.LIMITED,
    "not_signed_in": Cause.NOT_SIGNED_IN,
    "forbidden": Cause.FORBIDDEN,
    "not_found": Cause.NOT_FOUND,
    "refused_record": Cause.REFUSED_RECORD,
    "server_fault": Cause.SERVER_FAULT,
}


@dataclass(frozen=True, slots=True)
class Window:
    """At most `requests` in any `seconds`. per: connection, path or method_and_path."""

    requests: int
    seconds: float
    per: str = "connection"


@dataclass(frozen=True, slots=True)
class Limits:
    """How fast we may ask. path_segments: how many segments after the base make a path family."""

    windows: tuple[Window, ...] = ()
    path_segments: int = 1
    concurrency: int = 8


@dataclass(frozen=True, slots=True)
class Limited:
    """How the system says “too many requests”, and where it says how long to wait.

    pattern: a regular expression over its error message whose first group is the seconds.
    codes_for_all: codes that concern the whole connection even where limits are per path.
    """

    statuses: frozenset[int] = frozenset({429})
    codes: frozenset[str] = frozenset()
    codes_for_all: frozenset[str] = frozenset()
    header: str = "retry-after"
    pattern: re.Pattern[str] | None = None
    default_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Says:
    """What a code means, in words for people, and what they can do."""

    what: str
    what_to_do: str = ""


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """Formulas that read code, message and field from an error reply, and what certain codes mean.

    in_success: an error may come with a 2xx status, so the formulas are asked there too.
    """

    code: Json = None
    message: Json = None
    field: Json = None
    in_success: bool = False
    causes: Mapping[str, Cause] = dataclasses.field(default_factory=dict)
    says: Mapping[str, Says] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """Which statuses a safe request is sent again for, and how many attempts there are in all."""

    statuses: frozenset[int] = frozenset({408, 500, 502, 503, 504})
    attempts: int = 4


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, between two pieces of a reply, and for a whole reply."""

    connect: float = 10.0
    read: float = 60.0
    total: float = 300.0


@dataclass(frozen=True, slots=True)
class HttpDescription:
    """How one system is spoken to over HTTP; the same for every connection to it."""

    base: str
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    sign_in: Mapping[str, Json] = field(default_factory=lambda: {"kind": "none"})
    limits: Limits = Limits()
    limited: Limited = Limited()
    errors: ErrorWords = ErrorWords()
    retry: Retry = Retry()
    timeouts: Timeouts = Timeouts()
    reply_limit_mb: float = 32.0
    zone: str = "UTC"

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> HttpDescription:
        """From the `http` object of a connector, already checked by `engine/schemas/http.schema.json`."""
        return cls(
            base=document["base"],
            headers=dict(document.get("headers", {})),
            query=dict(document.get("query", {})),
            encoding=document.get("text", {}).get("encoding", "utf-8"),
            sign_in=dict(document.get("sign_in", {"kind": "none"})),
            limits=_read_limits(document.get("limits", {})),
            limited=_read_limited(document.get("limited", {})),
            errors=_read_errors(document.get("errors", {})),
            retry=_read_retry(document.get("retry", {})),
            timeouts=Timeouts(**document.get("timeouts", {})),
            reply_limit_mb=document.get("reply_limit_mb", 32.0),
            zone=document.get("zone", "UTC"),
        )


def _read_limits(part: Mapping[str, Any]) -> Limits:
    windows = tuple(Window(**window) for window in part.get("windows", ()))
    return Limits(windows, part.get("path_segments", 1), part.get("concurrency", 8))


def _read_limited(part: Mapping[str, Any]) -> Limited:
    wait = part.get("wait", {})
    pattern = wait.get("pattern")
    return Limited(
        statuses=frozenset(part.get("statuses", (429,))),
        codes=frozenset(part.get("codes", ())),
        codes_for_all=frozenset(part.get("codes_for_all", ())),
        header=wait.get("header", "retry-after").lower(),
        pattern=re.compile(pattern) if pattern else None,
        default_seconds=wait.get("default_seconds", 60.0),
    )


def _read_errors(part: Mapping[str, Any]) -> ErrorWords:
    return ErrorWords(
        code=part.get("code"),
        message=part.get("message"),
        field=part.get("field"),
        in_success=part.get("in_success", False),
        causes={code: CAUSES[name] for code, name in part.get("causes", {}).items()},
        says={code: Says(**about) for code, about in part.get("says", {}).items()},
    )


def _read_retry(part: Mapping[str, Any]) -> Retry:
    usual = Retry()
    return Retry(frozenset(part.get("statuses", usual.statuses)), part.get("attempts", usual.attempts))
