"""What every codec is made of: how a body is to be written or read, and what is wrong with one."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from dataclasses import dataclass

from engine.errors import Json, Problem, RecordProblem
from engine.formulas.characters import cannot_be_written

_BODY = "body of the request"
_READ = ("ascii", "utf-8", "utf-16", "iso8859-", "cp125")  # what encodings of replies begin with, as Python names them


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
        raise RecordProblem(
            [
                Problem(
                    where,
                    odd,
                    f'Write it with other letters, for example by $spelled(…, "{encoding}", "transliterate").',
                )
            ]
        )
    return text


def decoded(body: bytes, encoding: str) -> str:
    """A body's text, without a byte order mark; Undecodable where it is not written in that encoding."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        name = ""
    if not name.startswith(_READ):
        raise Undecodable("it says that it is written in an encoding that is not read here")
    try:
        return body.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Undecodable(f"it is not written in {encoding.upper()}") from None
