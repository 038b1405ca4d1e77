"""What must hold of the functions of ours for every value."""

import copy
import string
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from inspect import Parameter, signature

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formulas import MISSING
from engine.formulas.functions import (
    FUNCTIONS,
    Function,
    countries,
    letters,
    money,
    people,
    shares,
    spelling,
    streets,
    texts,
    times,
)
from engine.formulas.functions.country_names import CODES
from engine.formulas.functions.currencies import DECIMALS
from engine.formulas.functions.zone_names import ZONE_NAMES
from engine.formulas.refusals import Refused
from engine.formulas.surroundings import Surroundings

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)
weights = st.lists(st.integers(0, 1000), min_size=1, max_size=30).filter(any)
texts_of_all_kinds = st.text() | st.text("åäöÅÄÖæøßéñŁđ -._,;/'’12Aa\u0301\u030a\u200d😀🇸🇪", max_size=30)
zones = st.sampled_from(sorted(ZONE_NAMES))
moments = st.datetimes(datetime(1800, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts_of_all_kinds | st.just("\ud83d"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
AROUND = Surroundings(tables={"t": {"title": "T", "rows": {"a": 1}, "otherwise": "leave_out", "value": None}})


def decimal(number: float) -> Decimal:
    return Decimal(repr(number))


@given(amounts, weights)
def test_shares_add_up_and_none_is_a_cent_off(total: Decimal, parts: list[int]) -> None:
    found = [decimal(share) for share in shares.distribute(str(total), parts)]

    assert sum(found) == total
    for share, part in zip(found, parts, strict=True):
        assert abs(share - total * part / sum(parts)) < Decimal("0.01") + Decimal("1e-12")


@given(amounts, st.sampled_from(sorted(DECIMALS)), st.sampled_from(sorted(money.ROUNDINGS)))
def test_minor_units_are_the_rounded_amount(value: Decimal, currency: str, rounding: str) -> None:
    units = money.minor_units(str(value), currency, rounding)

    assert isinstance(units, int)
    rounded = Decimal(units).scaleb(-DECIMALS[currency])
    assert decimal(money.money(str(value), currency, rounding)) == rounded
    assert abs(rounded - value) < Decimal(1).scaleb(-DECIMALS[currency])


@given(texts_of_all_kinds)
def test_ascii_stays_as_it_is(text: str) -> None:
    once = letters.transliterate(text)

    assert once.isascii() and letters.transliterate(once) == once


@given(texts_of_all_kinds | st.text(max_size=20), st.sampled_from(["iso-8859-1", "windows-1252", "ascii"]))
def test_a_spelled_text_is_in_its_charset_and_stays_as_it_is(text: str, charset: str) -> None:
    once = spelling.spelled(text, charset, "transliterate")

    once.encode(charset)
    assert spelling.spelled(once, charset, "transliterate") == once
    assert spelling.spelled(text, charset, "refuse") == text


@given(texts_of_all_kinds, st.text(string.printable, max_size=4))
def test_a_safe_number_is_safe_already(text: str, keep: str) -> None:
    once = letters.safe_number(text, keep)

    assert set(once) <= {*string.ascii_letters, *string.digits, *keep}
    assert letters.safe_number(once, keep) == once


@given(texts_of_all_kinds, st.integers(0, 30))
def test_a_truncated_text_stays_as_it_is(text: str, length: int) -> None:
    once = texts.truncate(text, length)

    assert text.startswith(once) and texts.truncate(once, length) == once


@given(texts_of_all_kinds)
def test_a_split_name_loses_no_letter(text: str) -> None:
    parts = people.split_name(text)

    assert sorted(letters_of(parts["first"] + parts["last"])) == sorted(letters_of(text))


@given(texts_of_all_kinds)
def test_a_split_street_loses_no_letter_but_the_word_for_number(text: str) -> None:
    parts = streets.split_street(text)
    held = letters_of("".join(parts.values()))

    assert set(parts) == {"street", "number", "addition"}
    assert len(letters_of(text)) - len(held) <= len("nummer") and set(held) <= set(letters_of(text))


def letters_of(text: str) -> list[str]:
    return [character for character in text if character.isalnum()]


@given(moments, zones, zones)
def test_a_moment_written_elsewhere_is_the_same_moment(moment: datetime, zone: str, other: str) -> None:
    written = times.in_zone(AROUND, moment.isoformat(), zone)

    assert datetime.fromisoformat(written) == moment
    assert times.in_zone(AROUND, written, other) == times.in_zone(AROUND, moment.isoformat(), other)
    assert times.local_date(AROUND, written, other) == times.local_date(AROUND, moment.isoformat(), other)


@given(st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1)), zones)
def test_the_date_is_that_of_the_time_as_it_is_written_there(shown: datetime, zone: str) -> None:
    """Since 1975 every offset is one of whole minutes, or the minutes agree on the date."""
    declared = Surroundings(zone=zone)
    written = times.in_zone(declared, shown.isoformat(), zone)

    assert times.local_date(declared, shown.isoformat(), zone) == written[:10]
    assert datetime.fromisoformat(written[:19]) - shown.replace(microsecond=0) in (
        timedelta(0),
        *(timedelta(minutes=minutes) for minutes in (20, 30, 60, 120, 24 * 60)),  # what clocks were put forward by
    )


def test_all_codes_of_the_standard_are_known_in_each_of_their_forms() -> None:
    rows = [row.split() for row in CODES.split(";")]

    assert len(rows) == 249 and len({row[1] for row in rows}) == 249 and len({row[2] for row in rows}) == 249
    for two, three, number in rows:
        assert {countries.country(code) for code in (two, three, number, int(number), two.lower())} == {two}


def test_a_name_means_one_country_only() -> None:
    found: dict[str, set[str]] = {}
    for language in countries._LANGUAGES:
        rows = countries._rows(language)
        assert [code for code, _ in rows] == sorted({code for code, _ in rows}, key=lambda code: (code == "XK", code))
        for code, names in rows:
            for name in names:
                assert countries.country(name) == code, name
                found.setdefault(countries._key(name), set()).add(code)

    assert [name for name, codes in found.items() if len(codes) > 1] == []
    assert len(countries._rows(countries._LANGUAGES[0])) == 250  # and Kosovo


def test_each_zone_in_the_list_has_its_rules() -> None:
    for zone in ZONE_NAMES:
        assert times.local_date(AROUND, "2026-11-20T12:11:12Z", zone) in ("2026-11-20", "2026-11-21"), zone


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
def test_a_function_says_what_it_does(function: Function) -> None:
    assert function.call.__doc__
    assert function.usage.startswith(f"${function.name}(")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.name)
@settings(max_examples=40)
@given(data=st.data())
def test_a_function_gives_a_value_or_refuses_in_words(function: Function, data: st.DataObject) -> None:
    """And leaves what it was given as it was."""
    arguments = data.draw(st.tuples(*(plain | st.just(MISSING) for _ in range(count(function)))))
    before = copy.deepcopy(arguments)
    try:
        found = function.call(*([AROUND] if function.sees_run else []), *arguments)
    except Refused as refused:
        assert refused.code and not refused.what.endswith(".") and refused.what_to_do.endswith((".", "?"))
    else:
        assert found is MISSING or isinstance(found, None | bool | int | float | str | list | dict)

    assert arguments == before


def count(function: Function) -> int:
    """How many values it is given: all it takes, or three."""
    kinds = [each.kind for each in signature(function.call).parameters.values()]
    return 3 if Parameter.VAR_POSITIONAL in kinds else len(kinds) - function.sees_run


@pytest.mark.parametrize(
    "name", ["money", "minor_units", "sum_money", "distribute", "country", "truncate", "split_name", "split_street"]
)
def test_a_long_text_takes_no_long_time(name: str) -> None:
    """A function that took the square of the length would not come back here."""
    [function] = [each for each in FUNCTIONS if each.name == name]
    for text in ("1" * 300_000, "🇸" * 300_000, "a," * 150_000, "van " * 75_000, "12 " * 100_000):
        try:
            function.call(text, *{"truncate": [250_000], "distribute": [[1, 2]]}.get(name, []))
        except Refused as refused:
            assert len(refused.what) < 300
