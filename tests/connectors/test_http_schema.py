"""The schema of `http` and the code say the same."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from engine.connectors.codecs import CODECS, REPLIES
from engine.connectors.http_description import CAUSES, HttpDescription
from engine.connectors.paging import PAGING_STYLES
from engine.connectors.sign_in import SIGN_INS
from engine.connectors.signing import ALGORITHMS, DATES
from engine.errors import Cause

SCHEMAS = Path(__file__).parents[2] / "engine" / "schemas"


def load(name):
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


HTTP = load("http.schema.json")
CONNECTOR = load("connector.schema.json")
REGISTRY = Registry().with_resource("formula.schema.json", Resource.from_contents(load("formula.schema.json")))
CHECK = Draft202012Validator(HTTP, registry=REGISTRY)
FULL = {
    "base": "{shop}/api",
    "headers": {"Accept-Language": "en"},
    "query": {"shop": "{shop_number}"},
    "text": {"encoding": "iso-8859-1"},
    "sign_in": {"kind": "bearer", "token": "{token}"},
    "limits": {
        "windows": [{"requests": 600, "seconds": 60, "per": "path"}],
        "path_segments": 2,
        "concurrency": 3,
    },
    "limited": {
        "statuses": [429],
        "codes": ["15"],
        "codes_for_all": ["429.11"],
        "wait": {"header": "X-Wait", "pattern": "in ([0-9]+) s", "default_seconds": 5},
    },
    "errors": {
        "code": "code",
        "message": "message",
        "field": "field",
        "in_success": True,
        "causes": {"1": "limited"},
        "says": {"7": {"what": "the period is locked", "what_to_do": "Open it."}},
    },
    "retry": {"statuses": [503], "attempts": 2},
    "timeouts": {"connect": 1, "read": 2, "total": 3},
    "reply_limit_mb": 1,
    "zone": "Europe/Stockholm",
}
SIGNED = {
    "kind": "hmac",
    "secret": "s",
    "algorithm": "sha512",
    "encoding": "hex",
    "parts": ["body"],
    "headers": {"X": "{signature}"},
}
SIGN_IN_EXAMPLES = [
    {"kind": "none"},
    {"kind": "header", "headers": {"X-Key": "{key}"}},
    {"kind": "query", "parameters": {"auth": "{token}"}},
    {"kind": "basic", "user": "{user}", "password": "{password}"},
    {"kind": "bearer", "token": "{token}"},
    {**SIGNED, "reply": {"header": "X", "parts": ["body"]}},
    {"kind": "digest", "algorithm": "md5", "parts": ["key", "subject"], "parameters": {"key": "{digest}"}},
    {"kind": "oauth2", "token_url": "https://id.test/token", "client_id": "id", "client_secret": "secret"},
]


def part(kind):
    """The schema of one kind of sign-in."""
    for rule in HTTP["$defs"]["sign_in"]["allOf"]:
        if rule["if"]["properties"]["kind"]["const"] == kind:
            return rule["then"]["properties"]
    raise LookupError(kind)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(HTTP)


def test_tables_and_schema_name_the_same_kinds():
    kinds = HTTP["$defs"]["sign_in"]["properties"]["kind"]["enum"]

    assert kinds == list(SIGN_INS)
    assert {rule["if"]["properties"]["kind"]["const"] for rule in HTTP["$defs"]["sign_in"]["allOf"]} == set(kinds)
    assert part("hmac")["algorithm"]["enum"] == list(ALGORITHMS)
    assert part("digest")["algorithm"]["enum"] == list(ALGORITHMS)
    assert part("hmac")["date"]["enum"] == list(DATES)
    assert HTTP["$defs"]["cause"]["enum"] == list(CAUSES)
    assert set(CAUSES.values()) < set(Cause)


def test_paging_and_codecs_agree_with_the_schema_of_connectors():
    definitions = CONNECTOR["$defs"]

    assert definitions["paging"]["properties"]["kind"]["enum"] == list(PAGING_STYLES)
    assert definitions["operation"]["properties"]["codec"]["enum"] == [n for n, row in CODECS.items() if row.encode]
    assert definitions["reply_codec"]["enum"] == [*(n for n, row in CODECS.items() if row.decode), "none"]
    assert set(REPLIES) <= set(CODECS)


def test_a_full_description_is_valid_and_read_whole():
    assert list(CHECK.iter_errors(FULL)) == []
    assert set(FULL) == set(HTTP["properties"])

    read = HttpDescription.read(FULL)

    assert read.limits.windows[0].per == "path"
    assert (read.limits.path_segments, read.limits.concurrency) == (2, 3)
    assert read.limited.header == "x-wait"
    assert read.limited.pattern.search("wait in 7 s")[1] == "7"
    assert (read.limited.codes, read.limited.codes_for_all) == ({"15"}, {"429.11"})
    assert read.errors.causes == {"1": Cause.LIMITED}
    assert (read.errors.code, read.errors.in_success) == ("code", True)
    assert (read.retry.statuses, read.retry.attempts) == ({503}, 2)
    assert (read.timeouts.connect, read.timeouts.read, read.timeouts.total) == (1, 2, 3)
    assert (read.query, read.encoding) == ({"shop": "{shop_number}"}, "iso-8859-1")
    assert (read.reply_limit_mb, read.zone) == (1, "Europe/Stockholm")


@pytest.mark.parametrize(
    ("path", "attribute"),
    [
        ("limits.path_segments", "limits.path_segments"),
        ("limits.concurrency", "limits.concurrency"),
        ("limited.wait.default_seconds", "limited.default_seconds"),
        ("retry.attempts", "retry.attempts"),
        ("timeouts.connect", "timeouts.connect"),
        ("timeouts.read", "timeouts.read"),
        ("timeouts.total", "timeouts.total"),
        ("reply_limit_mb", "reply_limit_mb"),
        ("zone", "zone"),
        ("errors.in_success", "errors.in_success"),
        ("text.encoding", "encoding"),
    ],
)
def test_defaults_in_the_schema_are_those_of_the_code(path, attribute):
    schema = HTTP
    for name in path.split("."):
        schema = schema["properties"][name]
    value = HttpDescription.read({"base": "x"})
    for name in attribute.split("."):
        value = getattr(value, name)

    assert schema["default"] == value


@pytest.mark.parametrize("sign_in", SIGN_IN_EXAMPLES, ids=lambda sign_in: sign_in["kind"])
def test_each_sign_in_has_an_example_that_is_valid(sign_in):
    assert list(CHECK.iter_errors({"base": "x", "sign_in": sign_in})) == []
    assert list(CHECK.iter_errors({"base": "x", "sign_in": {**sign_in, "odd": 1}})) != []


def test_a_missing_part_is_named_plainly():
    errors = [e.message for e in CHECK.iter_errors({"base": "x", "sign_in": {"kind": "bearer"}})]

    assert errors == ["'token' is a required property"]


def test_every_property_has_a_title_and_a_description():
    bare = []

    def walk(schema, path):
        if not isinstance(schema, dict):
            return
        for name, inner in schema.get("properties", {}).items():
            described = HTTP["$defs"].get(inner["$ref"].rpartition("/")[2], inner) if "$ref" in inner else inner
            known = {**described, **inner}
            if "title" not in known or "description" not in known:
                bare.append(f"{path}.{name}")
            walk(inner, f"{path}.{name}")
        walk(schema.get("items"), path + "[]")

    walk(HTTP, "http")
    for kind in SIGN_INS:
        walk({"properties": {n: s for n, s in part(kind).items() if s is not True}}, f"sign_in {kind}")
    assert bare == []


def test_every_object_is_closed():
    open_ones = []

    def walk(schema, path):
        if isinstance(schema, dict):
            is_object = schema.get("type") == "object" and "properties" in schema and "allOf" not in schema
            if is_object and schema.get("additionalProperties") is not False:
                open_ones.append(path)
            for name, inner in schema.items():
                walk(inner, f"{path}.{name}")
        elif isinstance(schema, list):
            for number, inner in enumerate(schema):
                walk(inner, f"{path}[{number}]")

    walk(HTTP, "http")
    assert open_ones == []
