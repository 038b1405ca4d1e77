"""What is written can be read again by others: forms by the standard library, XML and semicolon text by us."""

from urllib.parse import parse_qsl
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.connectors.bodies import Reading, Undecodable, Writing
from engine.connectors.forms import encode_form, read_form
from engine.connectors.parameters import in_query
from engine.connectors.semicolon import decode_semicolon
from engine.connectors.xml_document import decode_xml

quick = settings(max_examples=60, deadline=None)
latin = st.text(st.characters(codec="iso-8859-1"), max_size=8)
plain = st.text(st.characters(codec="iso-8859-1", exclude_categories=["Cc"]), max_size=8)
names = st.text("abcABCåöÅ_", min_size=1, max_size=5)
BYTES = st.binary(max_size=60) | st.text("<>/?!&;\"'=ab \n[]{}:,1å", max_size=40).map(lambda text: text.encode())


@quick
@given(st.dictionaries(latin.filter(bool), latin, max_size=5))
def test_a_form_is_read_by_others_as_it_was_meant(fields):
    body = encode_form(fields, Writing("iso-8859-1"))

    assert dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="iso-8859-1")) == fields
    assert read_form(body, "iso-8859-1") == fields


@quick
@given(st.lists(st.dictionaries(st.sampled_from(["no", "n"]), plain, max_size=2), max_size=5))
def test_rows_are_numbered_without_a_gap(rows):
    read = read_form(encode_form({"rows": rows}, Writing("iso-8859-1", numbered=("rows",))), "iso-8859-1")

    filled = [row for row in rows if row]
    assert read == {f"{name}_{n}": held for n, row in enumerate(filled, 1) for name, held in row.items()}


parameters = st.dictionaries(st.text("abAB0_.-", min_size=1, max_size=3), latin, max_size=4)


@quick
@given(parameters, parameters)
def test_a_parameter_set_twice_is_there_once(before, after):
    url = in_query("https://x.example/a", before.items(), "iso-8859-1")
    url = in_query(url, after.items(), "iso-8859-1")

    query = url.partition("?")[2]
    assert sorted(parse_qsl(query, keep_blank_values=True, encoding="iso-8859-1")) == sorted(
        {**before, **after}.items()
    )


elements = st.recursive(
    plain,
    lambda inner: st.dictionaries(names, st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=3),
    max_leaves=10,
)


def written(name, value, attributes=""):
    if isinstance(value, str):
        return f"<{name}{attributes}>{escape(value)}</{name}>"
    return f"<{name}{attributes}>{''.join(written(n, each) for n, held in value.items() for each in held)}</{name}>"


@quick
@given(names, elements, st.dictionaries(names, plain, max_size=3))
def test_xml_is_read_as_it_was_meant(name, value, attributes):
    marks = "".join(f" {n}={quoteattr(held)}" for n, held in attributes.items())
    text = f'<?xml version="1.0" encoding="ISO-8859-1"?>{written(name, value, marks)}'

    read = decode_xml(text.encode("iso-8859-1"), Reading())[name]

    expected = {f"@{n}": held for n, held in attributes.items()}
    if isinstance(value, dict):
        assert read == expected | value
    elif attributes:
        assert read == (expected | {"#": value} if value.strip() else expected)
    else:
        assert read == value


@quick
@given(
    st.lists(st.lists(plain.map(lambda text: text.replace(";", ",")), min_size=2, max_size=4), min_size=1, max_size=4)
)
def test_semicolon_text_is_read_as_it_was_meant(rows):
    text = "\r\n".join(["x;1", *(";".join(row) for row in rows)])

    assert decode_semicolon(text.encode("utf-8"), Reading())["rows"] == [["x", "1"], *rows]


@settings(max_examples=300, deadline=None)
@given(BYTES, st.sampled_from(["", "utf-8", "iso-8859-1", "utf-16"]))
def test_whatever_comes_is_read_or_refused_in_words(body, declared):
    for decode in (decode_xml, decode_semicolon):
        try:
            decode(body, Reading(declared, "iso-8859-1"))
        except Undecodable as refused:
            assert refused.why
