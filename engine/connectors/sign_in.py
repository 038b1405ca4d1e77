"""How requests carry a credential: one row for each kind of sign-in."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.connectors.credentials import Materials, SignIn
from engine.connectors.digest import digest
from engine.connectors.exchange import Request
from engine.connectors.oauth2 import oauth2
from engine.connectors.parameters import filled, in_query
from engine.connectors.signing import hmac_signature
from engine.connectors.templates import answer, fill, fill_header, holes


def no_sign_in(_materials: Materials) -> SignIn:
    """The system asks for no credential."""
    return SignIn(lambda request: request)


def static_headers(materials: Materials) -> SignIn:
    """Headers that are the same on every request; every answer in them is a secret."""
    templates: Mapping[str, str] = materials.spec["headers"]
    return _with_headers(materials, templates)


def bearer(materials: Materials) -> SignIn:
    """A fixed token in the Authorization header."""
    return _with_headers(materials, {"Authorization": f"Bearer {materials.spec['token']}"})


def query_parameters(materials: Materials) -> SignIn:
    """Query parameters that are the same on every request; every answer in them is a secret."""
    templates: Mapping[str, str] = materials.spec["parameters"]
    for name in holes(templates.values()):
        materials.hide(answer(name, materials.answers, materials.where).strip())
    pairs = filled(templates, materials.answers, materials.where, materials.encoding)

    def sign(request: Request) -> Request:
        return replace(request, url=in_query(request.url, pairs, request.encoding))

    return SignIn(sign, hidden_parameters=frozenset(templates))


def basic(materials: Materials) -> SignIn:
    """User and password, as HTTP's Basic scheme writes them."""
    user = fill(materials.spec["user"], materials.answers, materials.where)
    password = fill(materials.spec["password"], materials.answers, materials.where)
    pair = f"{user}:{password}"
    materials.hide(password)
    materials.hide(pair)
    return _always({"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()})


SIGN_INS: Mapping[str, Callable[[Materials], SignIn]] = {
    "none": no_sign_in,
    "header": static_headers,
    "query": query_parameters,
    "basic": basic,
    "bearer": bearer,
    "hmac": hmac_signature,
    "digest": digest,
    "oauth2": oauth2,
}


def _with_headers(materials: Materials, templates: Mapping[str, str]) -> SignIn:
    for name in holes(templates.values()):
        materials.hide(answer(name, materials.answers, materials.where))
    return _always({name: fill_header(text, materials.answers, materials.where) for name, text in templates.items()})


def _always(headers: Mapping[str, str]) -> SignIn:
    def sign(request: Request) -> Request:
        return replace(request, headers={**request.headers, **headers})

    return SignIn(sign, hidden_headers=frozenset(name.lower() for name in headers))
