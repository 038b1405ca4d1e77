"""What a stand-in receives and what it answers, free of any server."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it reached the stand-in."""

    method: str
    path: str  # percent-decoded, without the query
    target: str  # path and query exactly as they stood on the request line
    query: list[tuple[str, str]]  # decoded, in the order in which they were sent
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass(slots=True)
class Reply:
    """One reply; the server adds Content-Length and Date itself."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
