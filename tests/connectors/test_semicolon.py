"""Semicolon text is rows of values as they stand; anything else is none."""

import pytest

from engine.connectors.bodies import Reading, Undecodable
from engine.connectors.semicolon import decode_semicolon

LATIN = Reading(usual="iso-8859-1")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1;1042;", [["1", "1042", ""]]),
        ("0;17;Felmeddelande", [["0", "17", "Felmeddelande"]]),
        ("a;1\rb;2\nc;3\r\n", [["a", "1"], ["b", "2"], ["c", "3"]]),
        ("a;1\r\n\r\nb;2", [["a", "1"], ["b", "2"]]),
        (";", [["", ""]]),
        ('0;5;"a;b" is odd', [["0", "5", '"a', 'b" is odd']]),
        (" 1 ; x ", [[" 1 ", " x "]]),
        ("\ufeff1;2", [["1", "2"]]),
    ],
)
def test_rows_of_values_stand_as_they_came(text, rows):
    assert decode_semicolon(text.encode("utf-8"), Reading()) == {"rows": rows}


def test_a_text_that_declares_nothing_is_in_the_encoding_of_the_system():
    body = "0;1;Kunden Åsa saknas".encode("latin-1")

    assert decode_semicolon(body, LATIN)["rows"][0][2] == "Kunden Åsa saknas"
    assert decode_semicolon("0;1;Åsa".encode(), Reading("utf-8", "iso-8859-1"))["rows"][0][2] == "Åsa"
    assert decode_semicolon("0;1;Åsa".encode(), LATIN)["rows"][0][2] == "Åsa"  # it says nothing, and is UTF-8
    assert decode_semicolon(b"0;1;5 \x80 \x96", LATIN)["rows"][0][2] == "5 € –"  # as browsers read it
    assert decode_semicolon(b"0;1;\x81", LATIN)["rows"][0][2] == "\x81"
    with pytest.raises(Undecodable, match="not written in UTF-8"):
        decode_semicolon(body, Reading("utf-8", "iso-8859-1"))


@pytest.mark.parametrize("declared", ["no-such", "rot13", "zlib", "utf-7", "unicode_escape", "idna", "\0"])
def test_an_encoding_that_is_none_is_not_tried(declared):
    with pytest.raises(Undecodable, match="not read here"):
        decode_semicolon(b"1;2", Reading(declared))


@pytest.mark.parametrize(
    "body", [b"", b" \r\n", b"OK", b"1;2\nOK", b"ADODB.Field error '80020009'\r\n/putInfo.asp, line 0", b'{"a":"b;c"}',
             b'[";"]', b"<p>a;b</p>", b"  <!-- ; -->"]
)  # fmt: skip
def test_what_has_no_semicolons_in_a_row_is_no_such_text(body):
    with pytest.raises(Undecodable) as broken:
        decode_semicolon(body, LATIN)
    assert "80020009" not in broken.value.why
