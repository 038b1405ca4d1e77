"""Sign-in by digest: a hash over answers and what each request is about, sent as a parameter of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.connectors.bodies import check_characters
from engine.connectors.credentials import Materials, SignIn
from engine.connectors.exchange import Request
from engine.connectors.parameters import are_given, filled, in_request, written
from engine.connectors.signing import ALGORITHMS
from engine.connectors.templates import holes

SUBJECT, DIGEST = "subject", "digest"
_LONG = 6  # a shorter answer that is no secret is hidden by its parameter's name alone: else each “1” would be


def digest(materials: Materials) -> SignIn:
    """Hashes the parts, then where its answers were given the outer ones with the first digest among them."""
    spec, answers, where, encoding = materials.spec, materials.answers, materials.where, materials.encoding
    parts: Sequence[str] = spec["parts"]
    outer: Sequence[str] = spec.get("outer", ())
    outer = outer if are_given(set(outer) - {SUBJECT, DIGEST}, answers) else ()
    templates: Mapping[str, str] = spec["parameters"]
    known = {name: written(f"{{{name}}}", answers, where, encoding) for name in {*parts, *outer} - {SUBJECT, DIGEST}}
    for name in {*known, *holes(templates.values())} - {DIGEST}:
        if len(str(answers.get(name, ""))) >= _LONG:
            materials.hide(str(answers[name]).strip())

    def hashed(names: Sequence[str], more: Mapping[str, str]) -> str:
        texts = {**known, **more}
        joined = b"".join(texts[name].encode(encoding) for name in names)
        return ALGORITHMS[spec["algorithm"]](joined).hexdigest()

    def sign(request: Request) -> Request:
        subject = check_characters(request.subject, encoding, "what the request is signed over")
        made = hashed(parts, {SUBJECT: subject})
        made = hashed(outer, {SUBJECT: subject, DIGEST: made}) if outer else made
        pairs = filled(templates, {**answers, DIGEST: made}, where, encoding)
        return replace(in_request(request, pairs), hidden=(*request.hidden, made))

    return SignIn(sign, hidden_parameters=frozenset(templates))
