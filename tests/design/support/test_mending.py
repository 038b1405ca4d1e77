"""A person puts in a value of the right kind for one record, or the row of a lookup that it misses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

import pytest

from engine.design.desk import Desk, desk
from engine.design.people.rights import Person, Role
from engine.design.support.failing import AGAIN, FIELD, LOOKUP, SETTING
from engine.design.support.leaves import MISSING, Leaf, path_of, path_text, value_typed
from engine.design.support.mending import alike, leaves, mend, mended_values, take_back
from engine.design.support.rows_given import give_row, row_choices
from engine.design.support.telling import Told, told
from engine.errors import DocumentError, MendedMeanwhile, NotAllowed
from engine.runs.ledger import StoredRecord
from tests.commands.conftest import FLOW, Ran, ran

__all__ = ["ran"]


@pytest.fixture(scope="module")
def things(ran: Ran) -> Iterator[Desk]:
    """The shipped flow has run once against both sandboxes, which still answer."""
    with desk(str(ran.workspace)) as held:
        yield held


def record(things: Desk, number: str) -> StoredRecord:
    [found] = [each for each in things.ledger.find_records(number) if each.number == number]
    return found


def story(things: Desk, number: str) -> Told:
    found = told(things, record(things, number).id)
    assert found is not None
    return found


def leaf(things: Desk, path: str, number: str = "W-10002", **more: Any) -> Leaf:
    return replace(leaves(things, record(things, number)).at(path_of(path)), **more)


# --- which values


@pytest.mark.parametrize(
    ("number", "likeliest"),
    [
        ("W-10001", "paymethod"),  # of the formula itself
        ("W-10025", "orderrows[28].product_number"),  # of the article that the refusal names
        ("W-10028", "orderrows[0].product_number"),  # through a named value and a list
        ("W-10035", "orderrows[0].product_number"),  # the one that is missing, where others have it
        ("W-10008", "total_price"),  # of a check
    ],
)
def test_a_failure_names_the_value_that_is_likeliest_behind_it(things: Desk, number: str, likeliest: str) -> None:
    assert path_text(story(things, number).failures[0].leaves[0].path) == likeliest


def test_every_value_has_its_place_and_its_title(things: Desk) -> None:
    known = leaves(things, record(things, "W-10002"))
    every = list(known.all())

    assert [known.at(each.path) for each in every] == every
    assert [path_of(path_text(each.path)) for each in every] == [each.path for each in every]
    titles = {path_text(each.path): each.title for each in every}
    assert titles["orderrows[0].product_number"] == "Order rows ▸ 1 ▸ Product number"
    assert {path_text(each.path) for each in every if each.why_not} == {"id", "ordernumber_full"}


# --- what may be typed


@pytest.mark.parametrize(
    ("path", "text", "decimal", "value"),
    [
        ("total_price", "19.99", ".", 19.99),
        ("total_price", "19,99", ",", 19.99),
        ("total_price", "1 234,50", ",", 1234.5),
        ("total_price", "1,234.50", ".", 1234.5),
        ("total_price", "1,234,567", ".", 1234567),
        ("total_price", "−5", ".", -5),
        ("orderrows[0].count", "2", ".", 2),
        ("paid", "no", ".", False),
        ("currency", "SEK", ".", "SEK"),
        ("status", "3", ".", 3),
        ("paymethod", None, ".", None),
        ("paymethod", "", ".", ""),
        ("paymethod", "5", ".", "5"),
        ("create_date", "2026-11-03T08:00:00Z", ".", "2026-11-03T08:00:00Z"),
    ],
)
def test_what_is_typed_becomes_a_value_of_that_kind(
    things: Desk, path: str, text: str | None, decimal: Literal[".", ","], value: Any
) -> None:
    typed = value_typed(
        leaf(things, path, read="2026-01-01T00:00:00Z" if path == "create_date" else MISSING), text, decimal
    )

    assert (typed, type(typed)) == (value, type(value))


@pytest.mark.parametrize(
    ("path", "text", "decimal", "why"),
    [
        ("total_price", "1,234", ".", "may mean 1234 or 1.234"),
        ("total_price", "1.234", ",", "may mean 1234 or 1,234"),
        ("total_price", "", ".", "the number is missing"),
        ("total_price", "12 kr", ".", "is no number"),
        ("total_price", "NaN", ".", "is no number"),
        ("total_price", "123456789012345678901.5", ".", "more digits than a number keeps"),
        ("total_price", None, ".", "null"),
        ("status", "2.5", ".", "2.5"),
        ("paid", "perhaps", ".", "neither yes nor no"),
        ("create_date", "yesterday", ".", "is no moment"),
        ("create_date", "2026-11-03", ".", "written in another way than in the source"),
        ("paymethod", "x" * 20_001, ".", "more than 20,000 characters"),
    ],
)
def test_what_cannot_stand_there_is_told(
    things: Desk, path: str, text: str | None, decimal: Literal[".", ","], why: str
) -> None:
    at = leaf(things, path)
    with pytest.raises(DocumentError) as caught:
        value_typed(at, text, decimal)

    assert why in str(caught.value)


@pytest.mark.parametrize("path", ["orderrows", "orderrows[99].count", "customer", "nothing_known", "paid.x", "paid[0]"])
def test_a_place_that_holds_no_single_value_is_refused(things: Desk, path: str) -> None:
    with pytest.raises(DocumentError):
        leaf(things, path)


# --- mending


def test_a_value_is_mended_by_whoever_may_and_by_no_other(things: Desk) -> None:
    looking = replace(things, person=Person("Lena", Role.LOOK))
    seen = record(things, "W-10003")
    with pytest.raises(NotAllowed, match="mend a value of a record"):
        mend(looking, seen, ("currency",), "SEK", "Lena")
    mending = replace(things, person=Person("Mats", Role.MEND))
    after = mend(mending, seen, ("currency",), "SEK", "Mats")
    with pytest.raises(NotAllowed, match="take back"):
        take_back(looking, after, ("currency",), "Lena")

    [value] = mended_values(things, record(things, "W-10003"))
    assert (value.title, value.was, value.value, value.who, value.holds) == ("Currency", "EUR", "SEK", "Mats", True)
    take_back(mending, after, ("currency",), "Mats")
    assert mended_values(things, record(things, "W-10003")) == []
    said = [moment.says for moment in story(things, "W-10003").moments if moment.kind == "mended"]
    assert said == ["Mats mended “Currency” for this record", "Mats took back the mended “Currency”"]


def test_an_item_of_a_list_is_known_by_its_id_again(things: Desk) -> None:
    seen = record(things, "W-10003")
    after = mend(things, seen, ("orderrows", 1, "tax"), "9", "Anna")

    [field] = after.mended.fields
    assert after.as_read is not None
    assert field.beside == ((("orderrows", 1, "id"), after.as_read["orderrows"][1]["id"]),)
    take_back(things, after, field.path, "Anna")


def test_whoever_saw_the_record_as_it_was_before_is_told(things: Desk) -> None:
    seen = record(things, "W-10003")
    after = mend(things, seen, ("currency",), "SEK", "Bo")
    with pytest.raises(MendedMeanwhile, match="Bo mended currency"):
        mend(things, seen, ("currency",), "NOK", "Anna")

    over = mend(things, after, ("currency",), "NOK", "Anna")
    assert [each.value for each in over.mended.holds] == ["NOK"]
    take_back(things, over, ("currency",), "Anna")


def test_what_says_the_same_in_other_items_is_mended_with_it(things: Desk) -> None:
    seen = record(things, "W-10025")
    known = leaves(things, seen)
    others = alike(known, known.at(path_of("orderrows[28].product_number")))
    assert [path_text(each.path) for each in others] == [f"orderrows[{n}].product_number" for n in (88, 148)]
    assert alike(known, known.at(path_of("currency"))) == []

    paths = [each.path for each in others]
    after = mend(things, seen, path_of("orderrows[28].product_number"), "ART-1001", "Anna", also=paths)

    assert after.payload is not None and after.mended.revision == seen.mended.revision + 1
    assert {after.payload["orderrows"][n]["product_number"] for n in (28, 88, 148)} == {"ART-1001"}
    lines = things.ledger.audit(what="mended a value of", limit=3)
    assert {line.subject for line in lines} == {f"orderrows[{n}].product_number" for n in (28, 88, 148)}
    assert [moment.kind for moment in story(things, "W-10025").moments].count("mended") == 3


# --- the row that is missing


def test_a_missing_row_is_given_to_the_binding_and_is_missing_no_more(things: Desk) -> None:
    missing = record(things, "W-10001")
    choices = row_choices(things, missing, "payment_terms", "klarna_later")
    names = [option.value for option in choices.options]
    assert (choices.has_row, choices.options.problem) == (False, None)
    assert choices.proposal is not None and choices.proposal.value in names
    assert [way.kind for way in story(things, "W-10001").failures[0].ways] == [LOOKUP, FIELD, AGAIN]
    with pytest.raises(NotAllowed):
        give_row(replace(things, person=Person("Lena", Role.LOOK)), missing, choices, names[0], "Lena")

    give_row(replace(things, person=Person("Mats", Role.MEND)), missing, choices, names[0], "Mats")

    assert row_choices(things, missing, "payment_terms", "klarna_later").has_row
    assert [way.kind for way in story(things, "W-10001").failures[0].ways] == [FIELD, AGAIN]
    binding = things.ledger.binding(FLOW, "default")
    assert binding is not None and binding.lookups == {"payment_terms": {"klarna_later": names[0]}}
    with pytest.raises(DocumentError, match="somebody else changed it"):
        give_row(things, missing, choices, names[0], "Anna")


def test_nothing_is_no_row(things: Desk) -> None:
    missing = record(things, "W-10001")
    with pytest.raises(DocumentError, match="is given nothing"):
        give_row(things, missing, row_choices(things, missing, "payment_terms", "other"), "", "Anna")


def test_a_check_leads_to_the_setting_that_its_advice_names(things: Desk) -> None:
    [total, _] = story(things, "W-10008").failures

    [setting] = [way for way in total.ways if way.kind == SETTING]
    assert (setting.setting, setting.says) == ("rounding_limit", "Change the setting “Largest rounding difference”")
