"""Each failure has a code, a caret under the token, and a sentence without the record's values."""

import re
from collections.abc import Callable

import pytest

from engine.errors import FormulaError
from engine.formulas.sentences import SENTENCES

RECORD = {"text": "secret-0", "number": 5, "none": None, "mixed": [1, "secret-1"], "object": {"a": 1}}

# formula, code, what stands under the caret, the sentence
FAILURES = [
    ('"abc', "S0101", '"abc', "A text is opened here but never closed"),
    ("'a\\x'", "S0103", "\\x'", "\\x is not something that can be escaped in a text"),
    ("'\\u12'", "S0104", "\\u12'", "\\u must be followed by four hexadecimal digits"),
    ("`abc", "S0105", "`abc", "A name in backticks is opened here but never closed"),
    ("a /* c", "S0106", "/* c", "A comment is opened here but never closed"),
    ("a b", "S0201", "b", "“b” is not expected here"),
    ("a /* x */ ccc", "S0201", "ccc", "“ccc” is not expected here"),
    ('{"a" 1}', "S0202", "1}", "“:” is expected here, but there is “1”"),
    ("(1 + 2", "S0203", "", "The formula ends where “)” is expected"),
    ("a ~ b", "S0204", "~ b", "“~” is not an operator"),
    ("a.", "S0207", "", "The formula ends too early"),
    ("  ", "S0207", "  ", "The formula is empty"),
    ("function(a){1}", "S0208", "a){1}", "The parameters of a function must be variables"),
    ("1 + )", "S0211", ")", "“)” needs something to its left"),
    ("5 := 3", "S0212", "5 := 3", "Only a variable can be given a value"),
    ("a.5", "S0213", "5", "“5” cannot be a step of a path"),
    ("a@b", "S0214", "b", "After “@” a variable must follow"),
    ("%.a", "S0217", "%.a", "% goes up further than the path came down"),
    ("//", "S0301", "//", "The regular expression is empty"),
    ("/abc", "S0302", "/abc", "A regular expression is opened here but never closed"),
    ("text + 1", "T2001", "+ 1", "The left side of + must be a number, but it is a text"),
    ("1 -\n  none", "T2002", "-", "The right side of - must be a number, but it is null"),
    ("1 +\n  (2 * text)", "T2002", "* text)", "The right side of * must be a number, but it is a text"),
    ("-text", "D1002", "-text", "A minus sign stands before a text"),
    ("text < 1", "T2009", "< 1", "< compares a text with a number"),
    ("1/0", "D1001", "/0", "The formula divides by 0"),
    ("1 % 0", "D1001", "% 0", "The formula divides by 0"),
    ("$sum(mixed)", "T0412", "$sum(mixed)", "The first argument of $sum must be a list of numbers only"),
    ("$trim(5)", "T0410", "$trim(5)", "The first argument of $trim does not fit: it got a number"),
    ("$trim(none)", "T0410", "$trim(none)", "The first argument of $trim does not fit: it got null"),
    ("$substring(text, {})", "T0410", "$substring(text, {})",
     "The second argument of $substring does not fit: it got an object"),
    ("$substring(text)", "T0410", "$substring(text)", "$substring needs more arguments"),
    ("$count(1, 2)", "T0410", "$count(1, 2)", "$count takes fewer arguments"),
    ("number.$trim()", "T0411", "$trim()", "$trim works on the value at hand here, and that is a number"),
    ("1 + $number(text)", "D3030", "$number(text)",
     '$number needs a text that holds only a number (like "12.50"), but it got a text'),
    ("$toMillis(text)", "D3110", "$toMillis(text)", "$toMillis cannot read the text as a date"),
    ("true and $number(text)", "D3030", "$number(text)",
     '$number needs a text that holds only a number (like "12.50"), but it got a text'),
    ("{5: 1}", "T1003", "{5: 1}", "The name of a field in {…} must be a text, but it is a number"),
    ('1 + {"a": 1, "a": 2}', "D1009", '{"a": 1, "a": 2}', "Two fields in {…} have the same name"),
    ("1 + trim(text)", "T1005", "trim(text)", "Trim is called without its $"),
    ("1 + $trimm(text)", "T1006", "$trimm(text)", "There is no function $trimm"),
    ("mixed^($)", "T2007", "^($)", "Numbers and texts cannot be sorted together"),
    ("$map([1], function($i){ $i + 'x' })", "T2002", "+ 'x' })",
     "The right side of + must be a number, but it is a text"),
    ("text ~> $trim ~> $abs", "T0410", "$abs", "The first argument of $abs does not fit: it got a text"),
    ("text ~> 5", "T2006", "~> 5", "To the right of ~> there must be a function"),
    ("[1..99999999]", "D2014", "..99999999]", "The range .. is too long: ten million at most"),
    ("$power(10, 400)", "D3061", "$power(10, 400)", "The result of $power is too large for a number"),
    ("$error('No customer')", "D3137", "$error('No customer')",
     "The formula stopped this record: No customer"),
    ("$single([1, 2])", "D3138", "$single([1, 2])", "$single found more than one"),
    ("$decodeUrl('%E0%A4%A')", "D3140", "$decodeUrl('%E0%A4%A')",
     "$decodeUrl cannot read the text as a web address"),
    ("$reduce([1, 2], function($x){ $x })", "D3050", "$reduce([1, 2], function($x){ $x })",
     "The function given to $reduce needs two parameters"),
    ("$formatNumber(1, '#;#;#')", "D3080", "$formatNumber(1, '#;#;#')",
     "The picture given to $formatNumber cannot be read"),
    ("$match('\ud834', /x/)", "M1013", "$match('\ud834', /x/)",
     "A text holds half a character (a broken emoji)"),
    ("$table('countris', 'se')", "M2002", "$table('countris', 'se')",
     "There is no lookup named «countris»"),
    ("1 + $money(text)", "M2010", "$money(text)",
     '$money needs a number or a text that holds one (like "12.50"), but it got a text that is no number'),
    ("$f := function($n){ 1 + $f($n) }", "M1007", None, "The result is or holds a function, not data"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "code", "marked", "sentence"), FAILURES)
def test_failure(
    formula: str, code: str, marked: str | None, sentence: str, error: Callable[..., FormulaError]
) -> None:
    found = error(formula, RECORD)

    assert found.code == code
    assert found.what == sentence
    assert found.what_to_do.endswith((".", "?"))
    if marked is None:
        assert "^" not in found.caret
    else:
        line, caret = found.caret.split("\n")
        assert line[caret.index("^") :] == marked
    assert "secret" not in str(found)


def test_unknown_function_is_answered_with_the_one_meant(error: Callable[..., FormulaError]) -> None:
    assert error("$uppercas('x')").what_to_do == "Did you mean $uppercase?"
    assert error("$mony(1)").what_to_do == "Did you mean $money?"


def test_depth_names_the_call(error: Callable[..., FormulaError]) -> None:
    found = error("($again := function($n){ 1 + $again($n) }; $again(1))")

    assert (found.code, found.position) == ("M1004", 29)


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_is_one(code: str) -> None:
    what, what_to_do = SENTENCES[code]

    assert not what.endswith(".") and what_to_do.endswith((".", "?"))
    holes = set(re.findall(r"\{([a-z]+)\}", what + what_to_do))
    assert holes <= {"function", "operator", "given", "other", "nth", "found", "expected", "message"}
