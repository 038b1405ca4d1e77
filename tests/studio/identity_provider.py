"""A small OpenID provider on this machine: discovery, keys, consent without asking, tokens signed with RS256."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

CLIENT, SECRET = "studio-of-a-test", "client-secret-of-a-test"


@dataclass
class Provider:
    """Who is signed in at the provider now, and what it saw. claims: go into the next identity token; algorithm: how
    that is signed: RS256, or what nobody may believe: none, HS256 (with the client's secret), stranger (another's key).
    """

    key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    redirects: list[str] = field(default_factory=list)
    secrets_said: list[str] = field(default_factory=list)
    signed_out: int = 0
    address: str = ""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> Provider:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_why: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def metadata(self) -> str:
        return f"{self.address}/.well-known/openid-configuration"

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "end_session_endpoint": f"{self.address}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
        }

    def keys(self) -> dict[str, Any]:
        numbers = self.key.public_key().public_numbers()
        parts = {"n": _number(numbers.n), "e": _number(numbers.e)}
        return {"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "one", **parts}]}

    def agree(self, query: dict[str, str]) -> str:
        """Where the browser goes: the person agrees at once."""
        self.redirects.append(query["redirect_uri"])
        code = secrets.token_urlsafe(16)
        self.secrets_said.append(code)
        self._codes[code] = query
        return f"{query['redirect_uri']}?" + urlencode({"code": code, "state": query["state"]})

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Tokens for a code, once, for who knows the client's secret and what the code was asked with."""
        asked = self._codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = _packed(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or authorization != f"Basic {basic}" or challenge != asked["code_challenge"]:
            return None
        now = int(time.time())
        about = {"iss": self.address, "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 600, "nonce": asked["nonce"]}
        token = self.signed({**about, **self.claims})
        self.secrets_said += [token, access := secrets.token_urlsafe(16)]
        return {"access_token": access, "token_type": "Bearer", "expires_in": 600, "id_token": token}

    def signed(self, claims: dict[str, Any]) -> str:
        named = "RS256" if self.algorithm == "stranger" else self.algorithm
        head = _packed(json.dumps({"alg": named, "kid": "one"}).encode())
        text = f"{head}.{_packed(json.dumps(claims).encode())}"
        return f"{text}.{_packed(self._signature(text.encode()))}"

    def _signature(self, text: bytes) -> bytes:
        if self.algorithm == "none":
            return b""
        if self.algorithm == "HS256":
            return hmac.digest(SECRET.encode(), text, "sha256")
        key = generate_private_key(65537, 2048) if self.algorithm == "stranger" else self.key
        return key.sign(text, PKCS1v15(), SHA256())


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self._go(provider.agree(query))
            elif parts.path == "/logout":
                provider.signed_out += 1
                self._go(query["post_logout_redirect_uri"])
            else:
                known = {"/.well-known/openid-configuration": provider.configuration(), "/jwks": provider.keys()}
                self._say(known.get(parts.path))

        def do_POST(self) -> None:
            read = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            form = {name: values[0] for name, values in read.items()}
            self._say(provider.token(form, self.headers.get("Authorization", "")))

        def _go(self, address: str) -> None:
            self.send_response(302)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def _say(self, what: Any) -> None:
            body = json.dumps(what or {"error": "invalid_grant"}).encode()
            self.send_response(200 if what else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None: ...

    return Answer


def _packed(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _number(number: int) -> str:
    return _packed(number.to_bytes((number.bit_length() + 7) // 8, "big"))
