"""An exchange is kept so that people can read it, whatever it was written in."""

import json
from datetime import UTC, datetime

from engine.connectors.exchange import Exchange
from engine.connectors.redaction import HIDDEN
from engine.runs.keeping import as_kept

FORM = {"content-type": "application/x-www-form-urlencoded"}


def kept(body: bytes, headers: dict[str, str], encoding: str = "iso-8859-1"):
    at = datetime(2030, 1, 1, tzinfo=UTC)
    sent = Exchange(at, "POST", "https://books.example/put", headers, body, 200, {}, "1;Åsa".encode(), 0.1, 1, None)
    sent.encoding = encoding
    return as_kept(sent, "create")


def test_a_form_is_kept_as_its_fields():
    found = kept(f"name=%C5sa+%D6st&n_1=a%26b&key={HIDDEN}".encode(), FORM)

    assert json.loads(found.request_body) == {"name": "Åsa Öst", "n_1": "a&b", "key": HIDDEN}
    assert found.reply_body == "1;Åsa"


def test_what_is_no_form_is_kept_as_it_was_sent():
    assert kept(b'{"a=b": "&"}', {"Content-Type": "application/json"}).request_body == '{"a=b": "&"}'
    assert kept(b"", FORM).request_body == ""
