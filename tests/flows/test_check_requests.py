"""What the schemas cannot say of a connector's requests is found, each at its place."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.flows.check_connector import check_connector
from engine.flows.library import load_connector
from engine.formulas import Formulas

FIELDS = {"type": "object", "properties": {"number": {"type": "string"}, "name": {"type": "string"}}}
CONNECTOR: dict[str, Any] = {
    "title": "Shop",
    "roles": ["webshop"],
    "version": "1.0.0",
    "evidence": [],
    "questions": {
        "type": "object",
        "properties": {"address": {"type": "string"}, "user": {"type": "string"}, "secret": {"type": "string"}},
    },
    "http": {
        "base": "{address}",
        "query": {"user": "{user}"},
        "sign_in": {"kind": "none"},
        "errors": {"code": "error.code", "message": "error.message", "in_success": True},
    },
    "resources": {
        "orders": {
            "title": "Orders",
            "kind": "order",
            "schema": "orders.schema.json",
            "key": "number",
            "operations": {
                "read": {
                    "method": "POST",
                    "path": "/",
                    "codec": "json_rpc",
                    "call": "Order.list",
                    "body": "[$choose, $paging.start]",
                    "records": "$",
                    "paging": {"kind": "offset", "in": "body", "page_size": 100},
                },
                "create": {
                    "method": "POST",
                    "path": "/new",
                    "codec": "form",
                    "body": '{"rows": $together, "shop": $connection.user}',
                    "numbered": ["rows"],
                    "reply": ["xml", "semicolon"],
                    "together": {"at_most": 100},
                    "guarded_by": "number",
                },
            },
        },
        "changes": {
            "title": "Changes",
            "kind": "order",
            "schema": "orders.schema.json",
            "key": "number",
            "operations": {
                "read": {
                    "method": "GET",
                    "path": "/changes",
                    "query": {"batch": "$batch"},
                    "records": "rows",
                    "batch": {"left_over": {"code": "99", "number": "$error.message"}},
                    "children": {
                        "items": {
                            "path": "/items",
                            "query": {"ids": "$join($ids)"},
                            "records": "$",
                            "together": {"ids": "items", "by": "id", "at_most": 50},
                        }
                    },
                },
                "acknowledge": {"method": "GET", "path": "/done", "query": {"batch": "$batch"}},
            },
        },
    },
}
DIGEST = {
    "kind": "digest",
    "algorithm": "md5",
    "parts": ["secret", "subject"],
    "outer": ["secret", "digest"],
    "parameters": {"key": "{digest}"},
}


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as held:
        yield held


@pytest.fixture
def problems(tmp_path: Path, formulas: Formulas) -> Callable[..., list[tuple[str, str]]]:
    """problems(change): (place without the file, what is wrong) of the connector changed so."""

    def found(change: Callable[[dict[str, Any]], object] = lambda document: None) -> list[tuple[str, str]]:
        document = json.loads(json.dumps(CONNECTOR))
        change(document)
        folder = tmp_path / "connector_specs" / "shop"
        folder.mkdir(parents=True)
        (folder / "connector.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
        (folder / "orders.schema.json").write_text(json.dumps(FIELDS), encoding="utf-8")
        workspace = Workspace(tmp_path)
        told = check_connector(workspace, load_connector(workspace, "shop"), formulas)
        assert all(problem.what_to_do for problem in told)
        return [(problem.where.partition(" ")[2], problem.what) for problem in told if problem.severity == "error"]

    return found


def at(*path: str) -> Callable[[dict[str, Any]], Any]:
    def held(document: dict[str, Any]) -> Any:
        for name in path:
            document = document[name]
        return document

    return held


read = at("resources", "orders", "operations", "read")
create = at("resources", "orders", "operations", "create")
changes = at("resources", "changes", "operations", "read")
operations = at("resources", "changes", "operations")
READ, CREATE, CHANGES = (
    f"resources.{name}" for name in ("orders.operations.read", "orders.operations.create", "changes.operations.read")
)


def signed(document: dict[str, Any], **parts: Any) -> None:
    """By digest, with a subject for every request."""
    document["http"]["sign_in"] = {**DIGEST, **parts}
    for resource in document["resources"].values():
        for operation in resource["operations"].values():
            operation["subject"] = "$key"
            for child in operation.get("children", {}).values():
                child["subject"] = "$key"


def test_a_sound_connector_has_no_problem(problems):
    assert problems() == []


def test_a_connector_signed_by_digest_is_sound(problems):
    assert problems(signed) == []


CASES = {
    "a call without its codec": (lambda d: read(d).update(codec="json"), f"{READ}.call", "the codec is json"),
    "a codec of calls without a call": (lambda d: read(d).pop("call"), f"{READ}.codec", "no call is named"),
    "a call by GET": (lambda d: read(d).update(method="GET"), f"{READ}.method", "GET carries no json_rpc"),
    "a form by GET": (lambda d: create(d).update(method="GET"), f"{CREATE}.method", "GET carries no form"),
    "numbers outside a form": (lambda d: create(d).update(codec="json"), f"{CREATE}.numbered", "only a form"),
    "a reply read and not read": (lambda d: create(d).update(reply=["none", "xml"]), f"{CREATE}.reply", "not read"),
    "the reply of a call nobody made": (
        lambda d: create(d).update(reply="json_rpc"),
        f"{CREATE}.reply",
        "nothing is called",
    ),
    "pages of a link in a body": (
        lambda d: read(d)["paging"].update(kind="next_link", next="next"),
        f"{READ}.paging",
        "no pages to ask for",
    ),
    "pages of no size": (lambda d: read(d)["paging"].pop("page_size"), f"{READ}.paging", "need page_size"),
    "pages in a body that does not ask": (
        lambda d: read(d).update(body="[$choose]"),
        f"{READ}.paging",
        "has no $paging",
    ),
    "pages nobody pages": (lambda d: read(d)["paging"].pop("in"), f"{READ}.paging", "$paging has no value"),
    "pages without paging": (lambda d: read(d).pop("paging"), f"{READ}.path", "$paging has no value"),
    "a batch that is not acknowledged": (
        lambda d: operations(d).pop("acknowledge"),
        f"{CHANGES}.batch",
        "must be acknowledged",
    ),
    "a batch that is not named": (lambda d: changes(d).pop("query"), f"{CHANGES}.batch", "does not name its batch"),
    "a batch that is created": (lambda d: create(d).update(batch={}), f"{CREATE}.batch", "only a read"),
    "an acknowledgement of nothing": (
        lambda d: changes(d).pop("batch"),
        "resources.changes.operations.acknowledge",
        "nothing is handed out",
    ),
    "an acknowledgement without a batch": (
        lambda d: operations(d)["acknowledge"].pop("query"),
        "resources.changes.operations.acknowledge",
        "does not name",
    ),
    "a guard nobody knows": (
        lambda d: create(d).update(guarded_by="numbre"),
        f"{CREATE}.guarded_by",
        "no field “numbre”",
    ),
    "a guarded read": (
        lambda d: changes(d).update(guarded_by="number"),
        f"{CHANGES}.guarded_by",
        "only what is created",
    ),
    "a read of several": (lambda d: changes(d).update(together={"at_most": 2}), f"{CHANGES}.together", "only a create"),
    "several in a body for one": (
        lambda d: create(d).update(body='{"rows": $fields}'),
        f"{CREATE}.together",
        "one record only",
    ),
    "several that are alike in a field nobody knows": (
        lambda d: create(d)["together"].update(alike=["numbre"]),
        f"{CREATE}.together.alike[0]",
        "no field “numbre”",
    ),
    "children without their ids": (
        lambda d: changes(d)["children"]["items"].pop("query"),
        f"{CHANGES}.children.items.together",
        "names no ids",
    ),
    "several in a create of one": (lambda d: create(d).pop("together"), CREATE, "$together has no value"),
    "several of at most one": (lambda d: create(d)["together"].update(at_most=1), CREATE, "$together has no value"),
    "ids of nobody": (
        lambda d: changes(d)["children"]["items"].pop("together"),
        f"{CHANGES}.children.items",
        "$ids has no value",
    ),
    "a batch nobody hands out": (lambda d: changes(d).pop("batch"), CHANGES, "$batch has no value"),
    "a subject nobody signs": (
        lambda d: create(d).update(subject="$fields.number"),
        f"{CREATE}.subject",
        "over no subject",
    ),
    "codes without a place": (
        lambda d: (d["http"]["errors"].pop("code"), d["http"]["errors"].update(says={"7": {"what": "no"}})),
        "http.errors.says",
        "nothing says where",
    ),
    "an older batch told by a code nobody reads": (
        lambda d: d["http"]["errors"].pop("code"),
        f"{CHANGES}.batch",
        "nothing says where",
    ),
    "a code that means something else here and nobody reads": (
        lambda d: (d["http"]["errors"].pop("code"), create(d).update(causes={"7": "not_found"})),
        f"{CREATE}.causes",
        "nothing says where",
    ),
    "errors of calls that nobody looks for": (
        lambda d: d["http"]["errors"].pop("in_success"),
        "http.errors",
        "status of success",
    ),
    "a query of an answer nobody gives": (
        lambda d: d["http"]["query"].update(user="{usr}"),
        "http.query.user",
        "no question “usr”",
    ),
    "a sign-in by an answer nobody gives": (
        lambda d: d["http"].update(sign_in={"kind": "query", "parameters": {"auth": "{tokn}"}}),
        "http.sign_in.parameters",
        "no question “tokn”",
    ),
    "a digest outside a digest": (
        lambda d: d["http"].update(sign_in={"kind": "query", "parameters": {"auth": "{digest}"}}),
        "http.sign_in.parameters",
        "no question “digest”",
    ),
    "a parameter set twice": (
        lambda d: d["http"].update(sign_in={"kind": "query", "parameters": {"batch": "{secret}"}}),
        f"{CHANGES}.query.batch",
        "never sent",
    ),
    "a variable nobody knows": (
        lambda d: create(d).update(body='{"rows": $together, "shop": $conection.user}'),
        f"{CREATE}.body",
        "no variable “$conection”",
    ),
    "a function nobody knows": (
        lambda d: create(d).update(records="$uper(rows)"),
        f"{CREATE}.records",
        "no function “$uper”",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_word_without_what_it_needs_is_found_at_its_place(problems, case):
    change, place, said = CASES[case]

    told = problems(change)

    assert any(where == place and said in what for where, what in told), told


def test_a_request_without_a_subject_is_found_where_the_sign_in_needs_one(problems):
    def change(document):
        signed(document)
        del create(document)["subject"], changes(document)["children"]["items"]["subject"]

    needed = "the sign-in needs a subject, and this request has none"
    assert problems(change) == [(CREATE, needed), (f"{CHANGES}.children.items", needed)]


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"parameters": {"key": "{secret}"}}, ("http.sign_in.parameters", "the digest is never sent")),
        ({"outer": ["secret"]}, ("http.sign_in.outer", "the outer hash is not made over the first")),
        (
            {"parameters": {"user": "{digest}"}},
            ("http.query.user", "the sign-in sets the parameter “user”, so this value is never sent"),
        ),
    ],
)
def test_a_digest_is_sent_and_is_its_own(problems, parts, told):
    assert problems(lambda document: signed(document, **parts)) == [told]


@pytest.mark.parametrize(
    ("parts", "place"),
    [
        ({"parts": ["secrt", "subject"]}, "http.sign_in.parts[0]"),
        ({"parts": ["secret", "subject", "digest"]}, "http.sign_in.parts[2]"),
        ({"outer": ["secrt", "digest"]}, "http.sign_in.outer[0]"),
    ],
)
def test_a_digest_is_made_over_what_is_known(problems, parts, place):
    [(where, what)] = problems(lambda document: signed(document, **parts))

    assert where == place and "there is no question" in what
