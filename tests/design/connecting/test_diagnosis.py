"""What is said where a credential is not accepted names the answers that make it."""

from dataclasses import replace

import pytest

from engine.connectors.connector import read_connector
from engine.design.connecting.diagnosis import diagnose
from engine.errors import Cause, SignInNeeded

QUESTIONS = {
    "account": {"type": "string", "title": "Account"},
    "user_key": {"type": "string", "title": "User key", "x-secret": True},
    "shop_key": {"type": "string", "title": "Shop key", "x-secret": True},
    "language": {"type": "string", "title": "Language"},
}
BOOKS = read_connector(
    "books",
    {
        "title": "Books",
        "roles": ["erp"],
        "version": "1.0.0",
        "evidence": [],
        "questions": {"type": "object", "properties": QUESTIONS},
        "http": {"base": "https://books.example", "sign_in": {"kind": "none"}},
        "resources": {},
    },
    {},
    {},
)
DIGEST = {
    "kind": "digest",
    "algorithm": "md5",
    "parts": ["user_key", "subject"],
    "outer": ["shop_key", "digest"],
    "parameters": {"account": "{account}", "key": "{digest}"},
}


@pytest.mark.parametrize(
    ("sign_in", "named", "first"),
    [
        ({"kind": "query", "parameters": {"auth": "{user_key}"}}, "“User key”", "user_key"),
        (DIGEST, "“Account” or “User key” or “Shop key”", "user_key"),
    ],
)
def test_a_credential_in_parameters_is_named(sign_in, named, first):
    connector = replace(BOOKS, http={**BOOKS.http, "sign_in": sign_in})
    error = SignInNeeded("we are not signed in", cause=Cause.NOT_SIGNED_IN, status=401)

    found = diagnose(error, connector, {}, [], allow_private=False)

    assert found.problem.what == f"it does not accept {named}"
    assert found.question == first
