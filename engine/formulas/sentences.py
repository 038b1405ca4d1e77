"""What each error code says to a person: a sentence, and what to do. Values of the record are never in them.

Holes: {function} its name, {operator}, {given} the kind of value, {nth} which argument, {found} and
{expected} tokens of the formula, {message} what the formula's author wrote.
"""

from __future__ import annotations

MEND = "Mend the formula."
_QUOTE = 'Write \\" for a quote inside a text, and \\\\ for a backslash.'
_NUMBERS = "Use $number(…) on a text that holds a number, or give a default with ?? ."
_PICTURE = 'Compare with a picture that works, like "[Y0001]-[M01]-[D01]" or "#,##0.00".'

SENTENCES: dict[str, tuple[str, str]] = {
    "S0101": ("A text is opened here but never closed", "Add the closing quote."),
    "S0102": ("This number is too large", MEND),
    "S0103": ("\\{found} is not something that can be escaped in a text", _QUOTE),
    "S0104": ("\\u must be followed by four hexadecimal digits", "Write it like \\u00e5."),
    "S0105": ("A name in backticks is opened here but never closed", "Add the closing ` ."),
    "S0106": ("A comment is opened here but never closed", "Add the closing */ ."),
    "S0201": (
        "{found} is not expected here",
        "Look for an operator, a comma or a bracket that is missing before it.",
    ),
    "S0202": ("{expected} is expected here, but there is {found}", MEND),
    "S0203": ("The formula ends where {expected} is expected", "Close what is still open."),
    "S0204": ("{found} is not an operator", MEND),
    "S0205": ("{found} is not expected here", MEND),
    "S0206": ("{found} is not expected here", MEND),
    "S0207": ("The formula ends too early", "Write what is missing at its end."),
    "S0208": ("The parameters of a function must be variables", "Write function($a, $b){ … }."),
    "S0209": (
        "A filter […] may not follow a grouping {…} in the same step",
        "Put the filter before the grouping.",
    ),
    "S0210": ("A step may have one grouping {…} only", MEND),
    "S0211": ("{found} needs something to its left", MEND),
    "S0212": ("Only a variable can be given a value", "Write a name with $ before := ."),
    "S0213": ("{found} cannot be a step of a path", "Write a field name, in backticks if it is unusual."),
    "S0214": ("After {found} a variable must follow", "Write a name with $ ."),
    "S0215": ("@ must come before the filters of its step", "Move the filter […] after it."),
    "S0216": ("@ must come before the sorting of its step", "Move ^(…) after it."),
    "S0217": ("% goes up further than the path came down", "Use $$ for the whole record."),
    "S0301": ("The regular expression is empty", "Write one between / and /."),
    "S0302": ("A regular expression is opened here but never closed", "Add the closing / ."),
    "S0401": ("In a function's signature <…> only lists and functions have a type of their own", MEND),
    "S0402": ("This function signature cannot be read", MEND),
    "T0410": (
        "The {nth} argument of {function} does not fit: it got {given}",
        "Look up what {function} takes.",
    ),
    "T0410 many": ("{function} takes fewer arguments", "Look up what {function} takes."),
    "T0410 few": ("{function} needs more arguments", "Look up what {function} takes."),
    "T0411": ("{function} works on the value at hand here, and that is {given}", "Give it its argument."),
    "T0412": (
        "The {nth} argument of {function} must be a list of {expected} only",
        "Look at the list's items.",
    ),
    "D1001": ("The number is too large", "Check the source values."),
    "D1001 zero": ("The formula divides by 0", "Test for 0 first: x = 0 ? 0 : y / x."),
    "D1002": ("A minus sign stands before {given}", _NUMBERS),
    "T1003": (
        "The name of a field in {…} must be a text, but it is {given}",
        "Use $string(…) to make a text of it.",
    ),
    "D1004": ("The regular expression matches the empty text", "Write + instead of *."),
    "T1005": ("{found} is called without its $", "Write ${found}(…)."),
    "T1006": ("There is no function {function}", MEND),
    "T1007": ("{found} is called without its $", "Write ${found}(…)."),
    "T1008": ("There is no function {function}", MEND),
    "D1009": ("Two fields in {…} have the same name", "Give them different names."),
    "T1010": ("The function given as a matcher does not return a match", MEND),
    "T2001": ("The left side of {operator} must be a number, but it is {given}", _NUMBERS),
    "T2002": ("The right side of {operator} must be a number, but it is {given}", _NUMBERS),
    "T2003": ("The left side of .. must be a whole number", MEND),
    "T2004": ("The right side of .. must be a whole number", MEND),
    "T2006": ("To the right of ~> there must be a function", MEND),
    "T2007": (
        "Numbers and texts cannot be sorted together",
        "Use $string(…) or $number(…) on what you sort by.",
    ),
    "T2008": ("Only numbers and texts can be sorted by", "Sort by a field that is one."),
    "T2009": (
        "{operator} compares {given} with {other}",
        "Use $number(…) or $string(…) so that both are alike.",
    ),
    "T2010": (
        "{operator} can compare numbers and texts only, but one side is {given}",
        "Give a default with ?? .",
    ),
    "T2011": ("The change in |…|…| must be an object {…}", MEND),
    "T2012": ("What |…|…|…| deletes must be a name or a list of names", MEND),
    "D2014": ("The range .. is too long: ten million at most", MEND),
    "D3001": (
        "A number that is infinite or undefined cannot be written as a text",
        "Check what the formula rounds, and to how many decimals.",
    ),
    "D3010": ("$replace cannot look for an empty text", MEND),
    "D3011": ("The fourth argument of $replace must not be negative", MEND),
    "D3012": ("The function given to $replace must return a text", "Use $string(…) in it."),
    "D3020": ("The third argument of $split must not be negative", MEND),
    "D3030": ("The text does not hold a number", _NUMBERS),
    "D3040": ("The third argument of $match must not be negative", MEND),
    "D3050": ("The function given to $reduce needs two parameters", "Write function($sum, $item){ … }."),
    "D3060": ("$sqrt cannot take a negative number", MEND),
    "D3061": ("The result of $power is too large for a number", MEND),
    "D3070": (
        "$sort needs a list of only numbers or only texts",
        "Give it a function that compares two items.",
    ),
    "D3100": ("The base of $formatBase must lie between 2 and 36", MEND),
    "D3110": (
        "$toMillis cannot read the text as a date",
        "It reads 2026-11-20T10:11:12Z; give a picture as the second argument for other forms.",
    ),
    "D3137": ("The formula stopped this record: {message}", "See what the formula's $error(…) says."),
    "D3138": ("$single found more than one", "Make its condition stricter, or use a filter […]."),
    "D3139": ("$single found none", "Use a filter […] if there may be none."),
    "D3140": ("{function} cannot read the text as a web address", MEND),
    "D3141": ("The formula stopped this record: {message}", "See what the formula's $assert(…) asks for."),
    "M1001": (
        "The formula took longer than all formulas of a record together may take",
        "Look for a function that calls itself, or a list that is walked many times.",
    ),
    "M1002": ("The formula used too much memory", "Look for a text or list that grows inside a loop."),
    "M1003": (
        "The formula brought down the process that evaluates formulas",
        "Make it simpler; if it looks harmless, please report it.",
    ),
    "M1004": (
        "The formula is nested or calls itself too deeply",
        "Check that every function that calls itself comes to an end.",
    ),
    "M1005": ("The formula is too long", "Split it, or keep its values in a lookup."),
    "M1006": ("The result is too large", "Check that the formula does not repeat a list inside itself."),
    "M1010": ("{function} could not work with the value it was given", "Look up what {function} takes."),
    "M1012": (
        "The formula was not tried, because another formula used up the time this record has",
        "Mend the formula that took too long.",
    ),
    "M1014": ("{function} could not write or read the value with this picture", _PICTURE),
    "M1013": ("A text holds half a character (a broken emoji)", "Have the source system send it whole."),
}
for _picture_error in (*range(3080, 3094), *range(3130, 3137)):
    SENTENCES[f"D{_picture_error}"] = ("The picture given to {function} cannot be read", _PICTURE)
