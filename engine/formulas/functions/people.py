"""A person's name in two parts, first and last, as well as the text alone lets one guess."""

from __future__ import annotations

from typing import Any

from engine.formulas.missing import MISSING
from engine.formulas.refusals import Refused, kind

# Words that begin a last name. Left out: those that are first names more often (al, ben, do, el, mac, san).
PARTICLES = frozenset(
    """
    aan af ap auf av bij d' da dal dalla das de degli dei del dela della delle den der des di dos du in 't het la las
    le les lo los of op opde over 's te ten ter thor til tot uijt uit van vande vanden vander ver vom von voor vor y zu
    zum zur zer
    """.split()
)
# Words that may begin a name alone without being a particle of the last one.
_NOT_AT_THE_START = frozenset("da della di la le lo of in over y".split())
_AFTER_NAMES = frozenset("jr sr junior senior ii iii iv".split())
_AFTER_A_COMMA = _AFTER_NAMES | frozenset("phd ph.d md m.d msc bsc mba llm ing esq cpa".split())


def split_name(value: Any) -> Any:
    """{first, last} of a name like "Jan van der Berg" or "van der Berg, Jan"; a single word is the last name.

    T0410 for what is no text. A blank text gives two empty ones.
    """
    if value is MISSING:
        return MISSING
    if not isinstance(value, str):
        raise Refused(
            "T0410",
            f"$split_name needs a text, but it got {kind(value)}",
            'Give a default, as in $first_filled(name, "").',
        )
    before, comma, after = (" ".join(part.split()) for part in value.partition(","))
    if not comma:
        first, last = _by_words(before.split())
    elif all(_plain(word) in _AFTER_A_COMMA for word in after.replace(",", " ").split()):
        first, last = _by_words(before.split())
        last = f"{last}, {after}" if after else last
    else:
        first, last = after, before
    return {"first": first, "last": last}


def _by_words(words: list[str]) -> tuple[str, str]:
    """First and last name of one that is written in this order."""
    start = len(words) - 1
    for at, word in enumerate(words[:-1]):
        if _is_particle(word) and (at > 0 or word.casefold() not in _NOT_AT_THE_START):
            start = at
            break
    else:
        while start > 1 and _plain(words[start]) in _AFTER_NAMES:
            start -= 1
    return " ".join(words[: max(start, 0)]), " ".join(words[max(start, 0) :])


def _is_particle(word: str) -> bool:
    return word.replace("’", "'").casefold() in PARTICLES


def _plain(word: str) -> str:
    return word.strip(".").casefold()
