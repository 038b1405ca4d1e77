"""XML becomes plain values; what could harm, or is none, is refused in words."""

import pytest

from engine.connectors.bodies import Reading, Undecodable
from engine.connectors.xml_document import DEEPEST, MOST_PARTS, decode_xml

LATIN = Reading(usual="iso-8859-1")


def read(text):
    return decode_xml(text.encode("utf-8"))


def test_elements_are_objects_attributes_have_an_at_children_are_lists():
    text = """<?xml version="1.0"?>
    <orders page="1">
      <order orderNo="200345"><status id="3" code="D"/><row>a</row><row>b</row></order>
    </orders>"""

    assert read(text) == {
        "orders": {
            "@page": "1",
            "order": [{"@orderNo": "200345", "status": [{"@id": "3", "@code": "D"}], "row": ["a", "b"]}],
        }
    }


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("<a>text</a>", "text"),
        ("<a/>", ""),
        ("<a> kept </a>", " kept "),
        ("<a><!-- c -->x<![CDATA[<y>&]]>&lt;&#229;</a>", "x<y>&<å"),
        ('<a n="1">text</a>', {"@n": "1", "#": "text"}),
        ('<a n="1"> </a>', {"@n": "1"}),
        ("<a>some <b>bold</b> text</a>", {"b": ["bold"], "#": "some  text"}),
        ("<a><b/><b> </b></a>", {"b": ["", " "]}),
        ('<x:a xmlns:x="urn:x" x:n="1"><x:b>c</x:b></x:a>', {"@n": "1", "b": ["c"]}),
    ],
)
def test_an_element_is_its_text_or_an_object(text, held):
    assert read(text) == {"a": held}


def test_the_encoding_a_document_declares_goes_first():
    text = '<?xml version="1.0" encoding="{}"?><a>Åsa</a>'
    latin, windows = text.format("ISO-8859-1").encode("latin-1"), text.format("windows-1252").encode("cp1252")

    assert decode_xml(latin, Reading("utf-8")) == decode_xml(windows, Reading()) == {"a": "Åsa"}
    assert decode_xml(text.format("utf-8").encode(), LATIN) == {"a": "Åsa"}
    assert decode_xml(text.format("UTF-16").encode("utf-16"), LATIN) == {"a": "Åsa"}
    assert decode_xml("\ufeff<a>Åsa</a>".encode(), LATIN) == {"a": "Åsa"}


def test_a_document_that_declares_nothing_is_in_the_encoding_of_its_header_or_the_system():
    assert decode_xml("<a>Åsa</a>".encode("latin-1"), LATIN) == {"a": "Åsa"}
    assert decode_xml("\r\n<a>Åsa</a>".encode(), Reading("utf-8", "iso-8859-1")) == {"a": "Åsa"}


BOMB = """<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""
FILE = """<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>"""
DTD = """<!DOCTYPE a SYSTEM "http://127.0.0.1:1/evil.dtd"><a/>"""


@pytest.mark.parametrize("text", [BOMB, FILE, DTD, "<!DOCTYPE a><a/>"])
def test_definitions_of_its_own_are_refused(text):
    with pytest.raises(Undecodable, match="definitions of its own") as refused:
        read(text)
    assert "passwd" not in refused.value.why


@pytest.mark.parametrize(
    "text", ["<a>", "<a></b>", "<a/><b/>", "text", "<a>&c;</a>", "<a n='1' n='2'/>", "<a>\x00</a>", "<a>\x0b</a>", "{}"]
)
def test_what_is_not_well_formed_is_refused(text):
    with pytest.raises(Undecodable, match="not well-formed"):
        read(text)


@pytest.mark.parametrize("body", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_nothing_is_no_document(body):
    with pytest.raises(Undecodable, match="it is empty"):
        decode_xml(body, LATIN)


def test_two_attributes_of_one_name_are_not_mixed_up():
    with pytest.raises(Undecodable, match="same name"):
        read('<a xmlns:x="urn:x" xmlns:y="urn:y" x:n="1" y:n="2"/>')


def test_depth_has_a_bound():
    deep = DEEPEST - 1

    assert read("<a>" * deep + "</a>" * deep)
    with pytest.raises(Undecodable, match="nested deeper"):
        read("<a>" * 100_000)


def test_a_bad_encoding_is_said():
    with pytest.raises(Undecodable, match="not written in UTF-8"):
        decode_xml("<a>Åsa</a>".encode("latin-1"), Reading())
    with pytest.raises(Undecodable, match="not read here"):
        decode_xml(b'<?xml version="1.0" encoding="utf-7"?><a/>', Reading())


def test_very_many_elements_are_refused_however_short():
    with pytest.raises(Undecodable, match=f"more than {MOST_PARTS} elements"):
        decode_xml(b"<a>" + b"<b/>" * MOST_PARTS + b"</a>", LATIN)


def test_a_large_document_is_read():
    body = b"<a>" + b"<row>" + b"x" * 20_000_000 + b"</row></a>"

    assert len(decode_xml(body, LATIN)["a"]["row"][0]) == 20_000_000
