"""The table of functions on texts, names, addresses and codes."""

from __future__ import annotations

from engine.formulas.functions import countries, filled, letters, people, spelling, streets, texts
from engine.formulas.functions.function import Function

TEXTS = (
    Function(
        "text",
        "value",
        "The value as text; null and missing give an empty one.",
        "$text(null)",
        '""',
        "<x-:s>",
        texts.text,
    ),
    Function(
        "first_filled",
        "a, b, …",
        "The first value that is neither missing nor null nor blank.",
        '$first_filled(null, " ", "Anna")',
        '"Anna"',
        "<x+:x>",
        filled.first_filled,
    ),
    Function(
        "join_filled",
        'values, separator = " "',
        "The values that are filled, as one text.",
        '$join_filled(["Anna", null, "Berg"])',
        '"Anna Berg"',
        "<xx?:s>",
        filled.join_filled,
    ),
    Function(
        "truncate",
        "text, length",
        "The text cut to a length, never through an emoji or an accented letter.",
        '$truncate("Storgatan", 4)',
        '"Stor"',
        "<x-x:s>",
        texts.truncate,
    ),
    Function(
        "transliterate",
        "text",
        "The text in the letters of ASCII: å and ä become a, ö and ø o, æ ae, ß ss, é e; what has none is left out.",
        '$transliterate("Smørrebrød på Öland")',
        '"Smorrebrod pa Oland"',
        "<x-:s>",
        letters.transliterate,
    ),
    Function(
        "spelled",
        "text, charset, how",
        'The text in the characters of a charset where how is "transliterate": what it has stays, other letters are '
        "written with those it has, pictures are left out. Else the text as it is.",
        '$spelled("Łukasz på Öland", "iso-8859-1", "transliterate")',
        '"Lukasz på Öland"',
        "<xxx:x>",
        spelling.spelled,
    ),
    Function(
        "safe_number",
        'text, keep = "-._"',
        "Letters (transliterated), digits and the characters to keep, nothing else: for article and tax numbers.",
        '$safe_number("Blå 12/3", "/")',
        '"Bla12/3"',
        "<x-x?:s>",
        letters.safe_number,
    ),
    Function(
        "split_name",
        "text",
        "First and last name of a person, as well as can be told.",
        '$split_name("Jan van der Berg").last',
        '"van der Berg"',
        "<x-:o>",
        people.split_name,
    ),
    Function(
        "split_street",
        "text",
        "Street, number and addition of a street line, as well as can be told.",
        '$split_street("Storgatan 12 B").addition',
        '"B"',
        "<x-:o>",
        streets.split_street,
    ),
    Function(
        "country",
        "text",
        "The two letters of a country (ISO 3166) for its name or any of its codes.",
        '$country("Österreich")',
        '"AT"',
        "<x-:s>",
        countries.country,
    ),
    Function(
        "digest",
        "value",
        "A fingerprint of any value: equal values have equal ones (SHA-256).",
        '$digest({"a": 1})',
        '"015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"',
        "<x-:s>",
        texts.digest,
    ),
)

# Of the language itself, made exact.
OF_THE_LANGUAGE = (
    Function("string", "", "", "", "", "<x-b?:s>", texts.string, in_jsonata=True),
    Function("number", "", "", "", "", "<x-:n>", texts.number, in_jsonata=True),
    Function("lowercase", "", "", "", "", "<x-:s>", texts.lowercase, in_jsonata=True),
)
