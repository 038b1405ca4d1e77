"""Regular expressions by RE2: time grows with the text and never explodes; look-around is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import re2  # type: ignore[import-untyped]

from engine.formulas.refusals import Refused

_CODE_POINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\.", re.DOTALL)
_GROUP = re.compile(r"\\g<(\d+)>")


class Expression:
    """A compiled expression with the four methods a formula's functions use, in JavaScript's meaning."""

    __slots__ = ("_compiled", "groups")

    def __init__(self, pattern: str, *, ignore_case: bool, multiline: bool) -> None:
        options = re2.Options()
        options.log_errors = False
        options.case_sensitive = not ignore_case
        prefix = "(?m)" if multiline else ""
        try:
            self._compiled = re2.compile(prefix + _without_escapes_unknown_to_re2(pattern), options)
        except (re2.error, UnicodeError) as error:
            raise refusal(error) from None
        self.groups: int = self._compiled.groups

    def search(self, text: str) -> Any | None:
        return self._compiled.search(text)

    def finditer(self, text: str) -> Iterator[Any]:
        found: Iterator[Any] = self._compiled.finditer(text)
        return found

    def split(self, text: str, maxsplit: int = 0) -> list[str]:
        """The pieces between matches; groups are left out, as JSONata does."""
        pieces, end = [], 0
        for match in self._compiled.finditer(text):
            pieces.append(text[end : match.start()])
            end = match.end()
        return [*pieces, text[end:]]

    def sub(self, replacement: str | Callable[[Any], str], text: str, count: int = 0) -> str:
        """`replacement` is a function of the match, or a text in which `\\g<2>` stands for a group."""
        pieces, end = [], 0
        for number, match in enumerate(self._compiled.finditer(text)):
            if count and number >= count:
                break
            pieces.append(text[end : match.start()])
            pieces.append(replacement(match) if callable(replacement) else self._filled(replacement, match))
            end = match.end()
        return "".join([*pieces, text[end:]])

    def _filled(self, template: str, match: Any) -> str:
        def group(reference: re.Match[str]) -> str:
            digits, rest = reference[1], ""
            while digits and int(digits) > self.groups:  # $12 with one group is group 1 and the text "2"
                digits, rest = digits[:-1], digits[-1] + rest
            return (match.group(int(digits)) or "") + rest if digits else ""

        return _GROUP.sub(group, template)


def expression(pattern: str, flags: Any) -> Expression:
    """What the evaluator calls for each /pattern/flags."""
    return Expression(pattern, ignore_case=flags.case_insensitive, multiline=flags.multiline)


def refusal(error: Exception) -> Refused:
    """Why RE2 will not take the expression, in words."""
    said = error.args[0] if error.args else ""
    reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    if reason.startswith("invalid perl operator: (?") and reason[25:26] in ("=", "!", "<"):
        return Refused(
            "M1011",
            "The regular expression looks ahead or behind, like (?=…) or (?<!…), which is not allowed",
            "Write it without, or match the surroundings too and take the part you need as a group (…).",
        )
    if re.fullmatch(r"invalid escape sequence: \\[1-9]", reason):
        return Refused(
            "M1011",
            "The regular expression repeats an earlier group (\\1), which is not allowed",
            "Match both parts as groups and compare them in the formula.",
        )
    return Refused("S0301", f"The regular expression cannot be read: {reason}", "Mend what stands between / and /.")


def _without_escapes_unknown_to_re2(pattern: str) -> str:
    r"""JavaScript writes \u00e5 where RE2 writes \x{00e5}."""
    return _CODE_POINT.sub(lambda found: f"\\x{{{found[1]}}}" if found[1] else found[0], pattern)
