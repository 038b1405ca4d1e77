"""What a connector says of its webhooks: read, checked, and how a signature is made over it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.events import why_not_authentic
from engine.documents.workspace import Workspace
from engine.flows.check import check_workspace
from engine.flows.library import load_connector
from engine.formulas import Formulas

ROOT = Path(__file__).parents[2]
EVENT = load_connector(Workspace(ROOT), "ccv-shop").events["orders.updated.status"]
URL, BODY = "https://hooks.example/in/t?x=1", b'{"id": 1}'


def signature(text: bytes, algorithm: str) -> bytes:
    return hmac.new(b"key", text, getattr(hashlib, algorithm)).digest()


@pytest.mark.parametrize(
    ("about", "header"),
    [
        ({"parts": ["body"]}, signature(BODY, "sha256").hex()),
        ({"parts": ["body"]}, signature(BODY, "sha256").hex().upper()),
        ({"parts": ["body"], "prefix": "sha256="}, "sha256=" + signature(BODY, "sha256").hex()),
        ({"parts": ["url", "body"], "separator": "|"}, signature(URL.encode() + b"|" + BODY, "sha256").hex()),
        ({"parts": ["target", "body"]}, signature(b"/in/t?x=1" + BODY, "sha256").hex()),
        ({"parts": ["body"], "encoding": "base64"}, base64.b64encode(signature(BODY, "sha256")).decode()),
        ({"parts": ["body"], "algorithm": "sha512"}, signature(BODY, "sha512").hex()),
    ],
)
def test_a_signature_is_checked_as_the_connector_says(about: dict[str, Any], header: str) -> None:
    event = replace(EVENT, verify={"algorithm": "sha256", "encoding": "hex", "header": "X-Sign", **about})

    assert why_not_authentic(event, "key", URL, {"x-sign": header}, BODY) == ""
    assert why_not_authentic(event, "key", URL, {"x-sign": header}, BODY + b" ") == "its signature is wrong"
    assert why_not_authentic(event, "key", URL, {"x-sign": header[:-1]}, BODY) == "its signature is wrong"
    assert why_not_authentic(event, "key", URL, {}, BODY) == "it is not signed"
    assert why_not_authentic(event, None, URL, {"x-sign": header}, BODY) == "it is not signed"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda event: event.update(resource="order"), "there is no resource that can be got"),
        (lambda event: event.update(resource="paymethods"), "there is no resource that can be got"),
        (lambda event: event.update(key="$string(id"), "key The formula"),
        (lambda event: event["register"].update(body="{"), "register"),
        (lambda event: event["verify"].update(algorithm="md5"), "algorithm"),
    ],
)
def test_what_is_wrong_with_an_event_is_told_with_its_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], says: str
) -> None:
    shutil.copytree(ROOT / "connector_specs" / "ccv-shop", tmp_path / "connector_specs" / "ccv-shop")
    path = tmp_path / "connector_specs" / "ccv-shop" / "connector.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document["events"]["orders.updated.status"])
    path.write_text(json.dumps(document, indent=2), encoding="utf-8")
    with Formulas(workers=1) as formulas:
        problems = check_workspace(Workspace(tmp_path), [], formulas)

    assert any(says in f"{problem.where} {problem.what}" and "events" in problem.where for problem in problems), (
        problems
    )
