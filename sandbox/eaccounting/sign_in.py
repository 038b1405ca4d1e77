"""The identity server: /connect/authorize, /connect/token and /connect/revocation."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from sandbox.eaccounting import choices
from sandbox.eaccounting.consent_page import consent_page
from sandbox.eaccounting.errors import as_json
from sandbox.eaccounting.tokens import Tokens
from sandbox.exchange import Reply, Request

# visma-eaccounting.md, OAuth 2: Scopes
SCOPES = frozenset(
    "ea:api offline_access ea:sales ea:sales_readonly ea:accounting ea:accounting_readonly ea:purchase "
    "ea:purchase_readonly vls:api".split()
)
FULL_SCOPE = "ea:api offline_access ea:sales"


class OAuthError(Exception):
    """A refusal in the words of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status

    def reply(self) -> Reply:
        """Write the refusal."""
        # not documented: the words that go with an error; RFC 6749 allows error_description.
        reply = as_json(self.status, {"error": self.error, "error_description": self.description})
        if self.status == 401:
            reply.headers["WWW-Authenticate"] = 'Basic realm="eaccounting"'
        return reply


@dataclass(frozen=True, slots=True)
class Client:
    """The one client that is registered."""

    id: str
    secret: str


class SignIn:
    """Answers the three addresses of the identity server."""

    def __init__(self, client: Client, tokens: Tokens) -> None:
        self.client = client
        self._tokens = tokens

    def authorize(self, request: Request, company: str, now: float) -> Reply:
        """Ask the person, or carry out what was answered: back to the application with a code, or with an error."""
        asked = _form(request) if request.method == "POST" else dict(request.query)
        answer = asked.pop("answer", "")
        address = asked.get("redirect_uri", "")
        if asked.get("client_id") != self.client.id:
            raise OAuthError("unauthorized_client", "client_id is not known.")
        if not _may_redirect_to(address):
            raise OAuthError("invalid_request", "redirect_uri is missing or not allowed.")
        error = self._authorize_error(asked)
        # visma-eaccounting.md, OAuth 2: "prompt=select_account (also login)"; without it nobody is asked again.
        if not error and request.method == "GET" and asked.get("prompt") in ("select_account", "login"):
            return consent_page(company, asked)
        if not error and request.method == "POST" and answer != "allow":
            error = "access_denied"  # RFC 6749, 4.1.2.1; not documented
        back = {"error": error} if error else {"code": self._tokens.give_code(address, asked["scope"], now)}
        if asked.get("state"):
            back["state"] = asked["state"]
        joint = "&" if urlsplit(address).query else "?"
        return Reply(302, b"", {"Location": address + joint + urlencode(back), "Cache-Control": "no-store"})

    @staticmethod
    def _authorize_error(asked: dict[str, str]) -> str | None:
        if asked.get("response_type") != "code":
            return "unsupported_response_type"
        scopes = asked.get("scope", "").split()
        if not scopes or not SCOPES.issuperset(scopes):
            return "invalid_scope"
        # not documented: a request without state; refused, since nothing else guards the way back.
        return None if asked.get("state") else "invalid_request"

    def token(self, request: Request, now: float) -> Reply:
        """Exchange a code or a refresh token for an access token."""
        self._check_client(request)
        form = _form(request)
        match form.get("grant_type"):
            case "authorization_code":
                scope = self._tokens.take_code(form.get("code", ""), form.get("redirect_uri", ""), now)
                refresh = None
                if scope is not None and "offline_access" in scope.split():
                    refresh = self._tokens.consent(scope)
            case "refresh_token":
                scope, refresh = self._tokens.take_refresh(form.get("refresh_token", "")) or (None, None)
            case None:
                raise OAuthError("invalid_request", "grant_type is missing.")
            case _:
                raise OAuthError("unsupported_grant_type", "grant_type is not supported.")
        if scope is None:
            raise OAuthError("invalid_grant", "The code or refresh token is not valid.")
        body: dict[str, object] = {
            "access_token": self._tokens.give_access(scope, now),
            "expires_in": choices.ACCESS_SECONDS,
            "token_type": "Bearer",
            "scope": scope,
        }
        if refresh is not None:
            body["refresh_token"] = refresh
        reply = as_json(200, body)
        reply.headers["Cache-Control"] = "no-store"
        return reply

    def revocation(self, request: Request) -> Reply:
        """End a token; one that is not known is no error."""
        self._check_client(request)
        # visma-eaccounting.md, OAuth 2: "Revocation: `token`, `token_type_hint` → 200 with empty body"
        form = _form(request)
        if not form.get("token"):
            raise OAuthError("invalid_request", "token is missing.")
        self._tokens.revoke(form["token"])
        return Reply(200)

    def _check_client(self, request: Request) -> None:
        # visma-eaccounting.md, OAuth 2: "Authorization: Basic base64(client_id:client_secret)", no form
        kind, _, word = request.headers.get("authorization", "").partition(" ")
        try:
            pair = base64.b64decode(word.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            pair = ""
        name, _, secret = pair.partition(":")
        given = (unquote(name), unquote(secret))
        if kind.lower() != "basic" or given != (self.client.id, self.client.secret):
            raise OAuthError("invalid_client", "The client is not known or its secret is wrong.", 401)


def _may_redirect_to(address: str) -> bool:
    # not documented: which addresses are registered; https anywhere, http on this machine only.
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    if not host or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in ("localhost", "127.0.0.1", "::1"))


def _form(request: Request) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request", "The body must be application/x-www-form-urlencoded.")
    try:
        return dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        raise OAuthError("invalid_request", "The body is not UTF-8.") from None
