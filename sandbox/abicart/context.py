"""Who asks, for which shop and in which language: read from the query or the cookies of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from sandbox.abicart.errors import bad_params
from sandbox.exchange import Request

# abicart.md, Context: "given as GET query parameters or cookies, not headers": webshop, language, auth, session
NAMES = ("webshop", "language", "auth", "session")


@dataclass(frozen=True, slots=True)
class Context:
    """The context of one call."""

    webshop: int | None = None
    language: str | None = None
    auth: str | None = None
    session: str | None = None


def read_context(request: Request) -> Context:
    """Read it; of a name given twice the last counts, and the query before the cookies (not documented)."""
    found: dict[str, str] = {}
    for part in request.headers.get("cookie", "").split(";"):
        name, equals, value = part.strip().partition("=")
        if equals and name in NAMES:
            found[name] = unquote(value)
    found |= {name: value for name, value in request.query if name in NAMES}
    webshop, language = found.get("webshop"), found.get("language")
    # not documented: the code for a context that cannot be read
    if webshop is not None and not re.fullmatch(r"[0-9]{1,18}", webshop):
        raise bad_params("webshop is the number of a shop.")  # "shop id (int)"
    if language is not None and not re.fullmatch(r"[a-z]{2}", language):
        raise bad_params("language is two letters.")  # "ISO 639-1"
    return Context(int(webshop) if webshop else None, language, found.get("auth"), found.get("session"))
