"""Invented people: nothing of the real ones is left, and shapes stay."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.design.invented_values import Invention, folded, telling_words, words_of
from engine.design.inventing import LEAST, invented
from engine.formulas.functions.people import PARTICLES

KEY = b"a key of a test"
PERSONAL = {"type": "string", "x-personal": True}
SCHEMA: dict[str, Any] = {
    "properties": {
        "id": {"x-kind": "id"},
        "pay": {"x-kind": "code"},
        "placed": {"x-kind": "datetime"},
        "note": {"x-kind": "text"},
        "buyer": {
            "properties": {
                "email": PERSONAL | {"x-kind": "email"},
                "name": PERSONAL | {"x-kind": "name"},
                "phone": PERSONAL | {"x-kind": "phone"},
                "postcode": PERSONAL | {"x-kind": "code"},
                "vat": {"x-kind": "code", "x-meaning": "order.buyer.vat_number"},
                "company": {"x-kind": "name", "x-search": True},
                "born": PERSONAL | {"x-kind": "date"},
                "sex": PERSONAL | {"enum": ["f", "m"]},
                "number": {"type": "integer", "x-personal": True},
                "country": {"x-kind": "country"},
            }
        },
    }
}
RECORD: dict[str, Any] = {
    "id": "77",
    "pay": "sandboxpay_ideal",
    "placed": "2026-01-14T23:30:00Z",
    "total": 2026.5,
    "note": "For Anna-Lisa; ring Annas mother at 06 12 34 56 78. ÅKERLÖF wants it wrapped. anna@kpn.example",
    "buyer": {
        "email": "Anna@kpn.example",
        "name": "Anna Åkerlöf",
        "phone": "+31612345678",
        "postcode": "2026 AB",
        "vat": "NL001234567B01",
        "company": "",
        "born": "1980-02-29",
        "sex": "f",
        "number": 12,
        "country": "NL",
    },
}


def _invent(record: dict[str, Any]) -> dict[str, Any]:
    return invented(record, SCHEMA, KEY).record


def test_shapes_stay() -> None:
    buyer = _invent(RECORD)["buyer"]

    assert re.fullmatch(r"[A-Z][a-z]{3} [^\W\da-z][^\W\d]{6}", buyer["name"])
    assert re.fullmatch(r"[A-Z][a-z]{3}@post\.example", buyer["email"])
    assert re.fullmatch(r"\+31\d{9}", buyer["phone"])
    assert re.fullmatch(r"[1-9]\d{3} [A-Z]{2}", buyer["postcode"])
    assert re.fullmatch(r"NL\d{9}B\d\d".replace("B", "[A-Z]"), buyer["vat"])
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", buyer["born"])
    assert 10 <= buyer["number"] <= 99
    assert (buyer["company"], buyer["sex"], buyer["country"]) == ("", "f", "NL")


def test_what_is_not_personal_stays_and_is_named_where_nobody_said_so() -> None:
    made = invented(RECORD, SCHEMA, KEY)

    for name in ("id", "pay", "placed", "total"):
        assert made.record[name] == RECORD[name]
    assert made.left == ("note",)
    assert {"buyer.email", "note"} <= set(made.changed)


def test_one_value_is_one_stand_in_wherever_it_stands() -> None:
    made = _invent(RECORD)
    first, last = made["buyer"]["name"].split()

    assert made["buyer"]["email"].lower().startswith(first.lower() + "@")
    assert f"For {first}-Lisa; ring {first}s mother" in made["note"]
    assert last.upper() in made["note"]
    assert f"{first.lower()}@post.example" in made["note"]


def test_a_telephone_number_is_found_however_it_is_written() -> None:
    assert "12 34 56 78" not in _invent(RECORD)["note"]


@pytest.mark.parametrize("note", ["2026-01-14 Anna rang", "2026-01-14T10:00 +31612345678", "2026-01-14 0612345678"])
def test_a_note_that_begins_with_a_date_is_searched_like_any_other(note: str) -> None:
    made = invented({**RECORD, "note": note}, SCHEMA, KEY)
    assert made.record["note"] != note
    assert not {"anna", "31612345678", "0612345678"} & set(map(folded, words_of(made.record["note"])))


def test_another_key_gives_others_and_the_same_key_the_same() -> None:
    assert _invent(RECORD) == _invent(RECORD)
    assert invented(RECORD, SCHEMA, b"another").record["buyer"]["name"] != _invent(RECORD)["buyer"]["name"]


def test_a_name_in_the_domain_of_the_stand_ins_is_no_hindrance() -> None:
    record = {"buyer": {"email": "post@post.example", "name": "Jan Post"}, "note": "Post"}
    made = _invent(record)

    assert made["buyer"]["email"].endswith("@post.example")
    assert made["note"] == made["buyer"]["name"].split()[1] != "Post"


@pytest.mark.parametrize(
    "text", ["ß", "Straße", "İbrahim", "Ⅷ", "²³¹", "日本太郎", "Ŏ́x", "ﬁn", "٣٤٥", "ªª", "O'Brien-Ñúñez"]
)
def test_every_writing_is_replaced(text: str) -> None:
    made = Invention(KEY).text(text)

    assert not {folded(word) for word in words_of(text)} & {folded(word) for word in words_of(made)}


SOME = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=14)
NAMES = st.one_of(SOME, st.sampled_from(["Anna", "van den Berg", "Ide", "ANNA", "o", "Åsa", "anna@post.example"]))


def _tells(word: str) -> bool:
    return not word.isdigit() and folded(word) not in PARTICLES


@given(
    st.fixed_dictionaries({"name": NAMES, "email": NAMES, "phone": NAMES, "company": NAMES, "postcode": NAMES}),
    st.lists(st.one_of(SOME, st.integers(0, 4)), max_size=6),
    SOME,
)
def test_nothing_personal_is_left(buyer: dict[str, str], parts: list[str | int], pay: str) -> None:
    values = list(buyer.values())
    note = "".join(values[part] if isinstance(part, int) else part for part in parts)
    made = _invent({"buyer": buyer, "note": note, "pay": pay})

    texts = [*made["buyer"].values(), made["note"]]
    for value in values:
        for token in {value.strip(), *filter(_tells, telling_words(value))}:
            if len(folded(token)) >= LEAST and any(map(str.isalnum, token)):
                for text in texts:
                    assert folded(token) not in folded(text).replace("@post.example", "@"), (token, text)
