"""What is known of a value before any record is seen: which kinds it may be of, as bits of a number."""

from __future__ import annotations

TEXT = 1
TRUTH = 2  # true or false
NULL = 4
NUMBER = 8  # one that is written as it is held
LOOSE = 16  # a number that may be held as 1.0 and is written 1
LIST = 32  # with anything in it
OBJECT = 64
TIDY_LIST = 128  # with nothing in it that is held otherwise than written
TIDY_OBJECT = 256
NOTHING = 512

ANY = TEXT | TRUTH | NULL | NUMBER | LOOSE | LIST | OBJECT | NOTHING
NUMBERS = NUMBER | LOOSE
LISTS = LIST | TIDY_LIST
UNTIDY = LOOSE | LIST | OBJECT
SIZED = TEXT | LISTS | OBJECT | TIDY_OBJECT  # what may be of any size


def is_surely(kind: int, wanted: int) -> bool:
    """Whether it can be of no other kind."""
    return not kind & ~wanted


def is_there(kind: int) -> bool:
    """Whether it can never be missing."""
    return not kind & NOTHING


def is_tidy(kind: int) -> bool:
    """Whether nothing in it is held otherwise than written."""
    return not kind & UNTIDY


def item_of(kind: int) -> int:
    """The kind of what a path step collects of such values: one of them, or a list, or nothing."""
    return ANY if not is_tidy(kind) else (kind & ~NOTHING) | TIDY_LIST | NOTHING
