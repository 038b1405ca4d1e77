"""Sign-in by OAuth 2: access tokens fetched and refreshed, new refresh tokens kept before they are needed."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from engine.connectors.codecs import CODECS
from engine.connectors.credentials import Materials, SignIn
from engine.connectors.exchange import Reply, Request
from engine.connectors.forms import encode_form
from engine.connectors.templates import answer, fill, fill_address, fill_header
from engine.errors import TRIED_AGAIN, BrokenReply, Cause, Json, SignInNeeded, TryAgain

CONNECT_AGAIN = "Connect the system again."
_MARGIN_SECONDS = 60.0  # a token is renewed this long before its end: it must outlive the request it signs


def oauth2(materials: Materials) -> SignIn:
    """Bearer tokens from a token address; one refresh at a time across threads and processes."""
    session = _Session(materials)
    names = frozenset(name.lower() for name in session.templates)
    return SignIn(session.sign, renew=session.renew, connect=session.connect, hidden_headers=names)


def consent_url(
    spec: Mapping[str, Json],
    answers: Mapping[str, Json],
    redirect_uri: str,
    state: str,
    where: str,
    verifier: str = "",
) -> str:
    """Where a person agrees that we may sign in; the code that comes back goes to `Client.connect`.

    verifier: kept by us, proves with the code that it is ours (RFC 7636); for systems that declare `pkce`.
    """
    parameters = {
        "response_type": "code",
        "client_id": answer(spec["client_id"], answers, where),
        "redirect_uri": redirect_uri,
        "state": state,
    }
    if spec.get("scopes"):
        parameters["scope"] = " ".join(spec["scopes"])
    if verifier:
        digest = hashlib.sha256(verifier.encode()).digest()
        parameters["code_challenge"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        parameters["code_challenge_method"] = "S256"
    for name, template in spec.get("authorize_parameters", {}).items():
        parameters[name] = fill(template, answers, where)
    return f"{fill_address(spec['authorize_url'], answers, where)}?{urlencode(parameters, quote_via=quote)}"


class _Session:
    """One connection's tokens. Vault: {access_token, refresh_token, expires_at as ISO text or None, …}."""

    def __init__(self, materials: Materials) -> None:
        self._materials = materials
        self._lock = threading.Lock()
        self._tokens: dict[str, Json] = {}
        self.templates: dict[str, str] = materials.spec.get("headers") or {"Authorization": "Bearer {access_token}"}
        materials.hide(answer(materials.spec["client_secret"], materials.answers, materials.where))

    def sign(self, request: Request) -> Request:
        with self._lock:
            if not self._is_fresh(self._tokens):
                self._adopt(self._materials.vault.read(self._materials.connection) or {})
            if not self._is_fresh(self._tokens):
                self._refresh(refused="")
            headers = self._headers(self._tokens["access_token"])
        return replace(request, headers={**request.headers, **headers})

    def renew(self, failed: Request) -> bool:
        """After a refusal: true when there is another token now than the one that was refused."""
        with self._lock:
            refused = self._tokens.get("access_token", "")
            same = self._headers(refused).items() <= failed.headers.items() if refused else False
            if same:
                self._refresh(refused=refused)
        return True

    def connect(self, code: str, redirect_uri: str, verifier: str = "") -> None:
        """The first tokens, bought with a consent's code; they take the place of any there were."""
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if verifier:
            self._materials.hide(verifier)
            fields["code_verifier"] = verifier
        self._materials.hide(code)
        with self._lock, self._materials.vault.lock(self._materials.connection):
            reply = self._materials.post(token_request(self._materials, fields))
            self._keep(read_tokens(self._materials, reply, {}))

    def _keep(self, tokens: dict[str, Json]) -> None:
        # The old refresh token may be dead by now: the new one must be safe before anything uses it.
        for name in ("access_token", "refresh_token"):
            self._materials.hide(tokens.get(name) or "")
        self._materials.vault.write(self._materials.connection, tokens)
        self._tokens = tokens

    def _headers(self, token: str) -> dict[str, str]:
        values = {**self._materials.answers, "access_token": token}
        return {n: fill_header(t, values, self._materials.where) for n, t in self.templates.items()}

    def _is_fresh(self, tokens: dict[str, Json]) -> bool:
        if not tokens.get("access_token"):
            return False
        ends = tokens.get("expires_at")
        return not ends or self._materials.clock.now() < datetime.fromisoformat(ends)

    def _adopt(self, tokens: dict[str, Json]) -> None:
        for name in ("access_token", "refresh_token"):
            self._materials.hide(tokens.get(name) or "")
        self._tokens = tokens

    def _refresh(self, refused: str) -> None:
        """New tokens, unless another worker fetched some while we waited for the lock."""
        vault, connection = self._materials.vault, self._materials.connection
        with vault.lock(connection):
            stored = vault.read(connection) or {}
            if self._is_fresh(stored) and stored["access_token"] != refused:
                self._adopt(stored)
                return
            reply = self._materials.post(self._token_request(stored))
            self._keep(read_tokens(self._materials, reply, stored))

    def _token_request(self, stored: dict[str, Json]) -> Request:
        spec, answers, where = self._materials.spec, self._materials.answers, self._materials.where
        fields = {"grant_type": spec.get("grant", "refresh_token")}
        if fields["grant_type"] == "refresh_token":
            if not stored.get("refresh_token"):
                raise _sign_in_needed(where, "it is not connected yet, or its sign-in cannot be renewed")
            fields["refresh_token"] = stored["refresh_token"]
        for name, template in spec.get("parameters", {}).items():
            fields[name] = fill(template, answers, where)
        return token_request(self._materials, fields)


def token_request(materials: Materials, fields: dict[str, str]) -> Request:
    """A request to the token address, with the client's own credential as the system wants it."""
    spec, answers, where = materials.spec, materials.answers, materials.where
    client_id = answer(spec["client_id"], answers, where)
    client_secret = answer(spec["client_secret"], answers, where)
    headers = {"Accept": "application/json", "Content-Type": CODECS["form"].content_type}
    if spec.get("client_authentication", "basic") == "basic":
        pair = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        headers["Authorization"] = f"Basic {pair}"
    else:
        fields = {**fields, "client_id": client_id, "client_secret": client_secret}
    return Request(
        "POST",
        fill_address(spec["token_url"], answers, where),
        headers,
        encode_form(fields),
        codec="form",
        reply_codecs=("json",),
    )


def read_tokens(materials: Materials, reply: Reply, stored: dict[str, Json]) -> dict[str, Json]:
    """The tokens to keep, from the token address's reply; raises SignInNeeded, TryAgain or BrokenReply."""
    document = reply.document if isinstance(reply.document, dict) else {}
    if reply.status >= 300:
        raise _refusal(materials.where, reply, document)
    token = document.get("access_token")
    if not isinstance(token, str) or not token:
        raise BrokenReply(
            "the sign-in could not be renewed",
            cause=Cause.BROKEN_REPLY,
            where=materials.where,
            why="the token address answered without a token",
            what_to_do="Check the token address in the connector; if it is right, connect the system again.",
            status=reply.status,
        )
    tokens = {**stored, "access_token": token, "expires_at": _end(materials, document.get("expires_in"))}
    if isinstance(document.get("refresh_token"), str) and document["refresh_token"]:
        tokens["refresh_token"] = document["refresh_token"]
    return tokens


def _end(materials: Materials, expires_in: Json) -> str | None:
    """When to renew: a little before the token ends; None where the system does not say when that is."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return None
    margin = min(_MARGIN_SECONDS, seconds / 10)
    return (materials.clock.now() + timedelta(seconds=seconds - margin)).isoformat()


def _refusal(where: str, reply: Reply, document: dict[str, Json]) -> SignInNeeded | TryAgain:
    error = document.get("error")
    code = error if isinstance(error, str) else ""
    if reply.status == 429 or reply.status >= 500:
        return TryAgain(
            "the sign-in could not be renewed",
            cause=Cause.LIMITED if reply.status == 429 else Cause.SERVER_FAULT,
            where=where,
            why=f"the token address failed (status {reply.status})",
            what_to_do=f"{TRIED_AGAIN}.",
            status=reply.status,
            system_code=code,
        )
    if code == "invalid_grant":
        return _sign_in_needed(where, "the sign-in has ended or was withdrawn", reply.status, code)
    if code in ("invalid_client", "unauthorized_client") or reply.status == 401:
        what_to_do = "Check the client id and the client secret in the connection."
        return _sign_in_needed(where, "the client is not accepted", reply.status, code, what_to_do)
    return _sign_in_needed(where, f"the token address refused (status {reply.status})", reply.status, code)


def _sign_in_needed(
    where: str, why: str, status: int | None = None, code: str = "", what_to_do: str = CONNECT_AGAIN
) -> SignInNeeded:
    return SignInNeeded(
        "we are not signed in",
        cause=Cause.NOT_SIGNED_IN,
        where=where,
        why=why,
        what_to_do=what_to_do,
        status=status,
        system_code=code,
    )
