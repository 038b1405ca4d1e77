"""What every codec is made of: how a body is to be written or read, and what is wrong with one."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import Json, Problem, RecordProblem
from engine.formulas.characters import cannot_be_written, other_letters

_BODY = "body of the request"
_READ = ("ascii", "utf-8", "utf-16", "iso8859-", "cp125")  # what encodings of replies begin with, as Python names them
_LONGEST_CHARACTER = 4  # bytes in UTF-8
_BYTE_BY_BYTE = ("iso8859-", "cp125")
_MEANT = {"iso8859-1": ("utf-8", "cp1252")}  # what is tried first


class Undecodable(Exception):
    """A body is not what its codec expects; `why` is half a sentence, without any of the body."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Writing:
    """How a body is written. numbered: its lists whose members get numbers; call: the method that is called."""

    encoding: str = "utf-8"
    numbered: tuple[str, ...] = ()
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a body is read. declared: the charset its headers name, or ""; usual: the one of this system."""

    declared: str = ""
    usual: str = "utf-8"


USUAL_WRITING, USUAL_READING = Writing(), Reading()


@dataclass(frozen=True, slots=True)
class Codec:
    """encode: raises RecordProblem; decode: raises Undecodable. accept: what we ask the system to answer.

    result: what records are looked for in, of a document that tells no error.
    """

    content_type: str
    accept: str
    encode: Callable[[Json, Writing], bytes] | None = None
    decode: Callable[[bytes, Reading], Json] | None = None
    result: Callable[[Json], Json] = lambda document: document


def unwritable(why: str, where: str = _BODY) -> RecordProblem:
    return RecordProblem([Problem(where, f"it cannot be written: {why}", "Mend the formula.")])


def check_characters(text: str, encoding: str, where: str) -> str:
    """The text; raises RecordProblem naming the characters that the encoding does not have."""
    odd = cannot_be_written(text, encoding)
    if odd:
        raise RecordProblem([Problem(where, odd, other_letters(encoding))])
    return text


def decoded(body: bytes, encoding: str) -> str:
    """A body's text, without a byte order mark; Undecodable where it is not written in that encoding.

    What is UTF-8 is read so where an encoding of one byte a character is said: many say Latin-1 and send UTF-8, and no
    other text looks like it. Latin-1 is read as Windows-1252, as browsers do: it has letters where Latin-1 has none.
    """
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if not name.startswith(_READ):
        raise Undecodable("it says that it is written in an encoding that is not read here")
    for tried in (*_MEANT.get(name, ("utf-8",) if name.startswith(_BYTE_BY_BYTE) else ()), name):
        try:
            return body.decode(tried).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
    raise Undecodable(f"it is not written in {encoding.upper()}")


def in_utf8(body: bytes, encoding: str) -> bytes:
    """A piece of a body in UTF-8, where it is a text in an older encoding; its end may be cut."""
    if encoding == "utf-8" or body.isascii():
        return body
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.start < len(body) - _LONGEST_CHARACTER:
            return body.decode(encoding, "replace").encode()
    return body
