"""The error codes, and what is raised to answer with one of them."""

from __future__ import annotations

from typing import Any

# abicart.md, Errors: "-32700, -32600, -32601 (`Method not found: No API for X`), -32602, -32603, -32000;
# application: 1006 AccessDenied/Forbidden, 9001 ValidationFailed, 9002 NormalizationFailed, 9003 ObjectNotFound"
PARSE, REQUEST, METHOD, PARAMS, INTERNAL, SERVER = -32700, -32600, -32601, -32602, -32603, -32000
DENIED, INVALID, ABNORMAL, GONE = 1006, 9001, 9002, 9003
MESSAGES = {
    PARSE: "Parse error",
    REQUEST: "Invalid Request",
    METHOD: "Method not found",
    PARAMS: "Invalid params",
    INTERNAL: "Internal error",
    SERVER: "Server error",
    DENIED: "AccessDenied",
    INVALID: "ValidationFailed",
    ABNORMAL: "NormalizationFailed",
    GONE: "ObjectNotFound",
}
# not documented: "HTTP status behaviour not documented in what we saw"; these when http_errors is chosen
STATUSES = {PARSE: 400, REQUEST: 400, METHOD: 404, PARAMS: 400, INTERNAL: 500, SERVER: 500}
STATUSES |= {DENIED: 403, INVALID: 400, ABNORMAL: 400, GONE: 404}


class Refused(Exception):
    """Carries a code and what `data` says; what `data` holds is not documented, here it is a sentence."""

    def __init__(self, code: int, data: str, message: str | None = None) -> None:
        super().__init__(data)
        self.code = code
        self.data = data
        self.message = message or MESSAGES.get(code, "Error")

    def shown(self) -> dict[str, Any]:
        """Write the error object: abicart.md, Errors: "JSON-RPC error object `{code,message,data}`"."""
        return {"code": self.code, "message": self.message, "data": self.data}


def bad_params(data: str) -> Refused:
    """Refuse parameters that do not fit."""
    return Refused(PARAMS, data)


def no_method(name: str) -> Refused:
    """Refuse a class or method that there is not."""
    # abicart.md, Errors: -32601 (`Method not found: No API for X`); not documented: what X is for a known class
    return Refused(METHOD, name, f"Method not found: No API for {name}")


def not_found(kind: str, uid: object) -> Refused:
    """Refuse a uid that there is not."""
    return Refused(GONE, f"There is no {kind} with uid {uid}.")
