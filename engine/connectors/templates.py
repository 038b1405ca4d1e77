"""Text with `{holes}` that are filled from a connection's answers; never a formula, so it may see secrets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.errors import ConnectionMissing, Json

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PART_OF_AN_ADDRESS = re.compile(r"[A-Za-z0-9._~-]+")
_LINE_BREAK = re.compile(r"[\r\n\0]")


def holes(templates: Iterable[str]) -> set[str]:
    """The names of the answers these templates need."""
    return {name for template in templates for name in _HOLE.findall(template)}


def answer(name: str, answers: Mapping[str, Json], where: str) -> str:
    """One answer as text; raises ConnectionMissing where there is none."""
    value = answers.get(name)
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise ConnectionMissing(
        f"the question “{name}” has no answer", where=where, what_to_do="Answer it in the connection."
    )


def fill(template: str, answers: Mapping[str, Json], where: str) -> str:
    """The template with each hole filled by its answer."""
    return _HOLE.sub(lambda hole: answer(hole[1], answers, where), template)


def fill_header(template: str, answers: Mapping[str, Json], where: str) -> str:
    """Like `fill`, for a header: surrounding spaces go, and a line break in an answer is refused."""
    filled = fill(template, answers, where).strip()
    if _LINE_BREAK.search(filled):
        raise ConnectionMissing(
            f"an answer among {', '.join(sorted(holes([template])))} has a line break in it",
            where=where,
            what_to_do="Enter it again on one line.",
        )
    return filled


def fill_address(template: str, answers: Mapping[str, Json], where: str) -> str:
    """An address without a slash at its end; https where the answer names no scheme.

    A hole at the beginning may hold a whole address. A hole further on holds one name only, so that an
    answer such as `evil.example/` cannot move the address to another host.
    """
    first = _HOLE.match(template)
    start, rest = "", template
    if first:
        start, rest = answer(first[1], answers, where).strip().rstrip("/"), template[first.end() :]
    for name in _HOLE.findall(rest):
        if not _PART_OF_AN_ADDRESS.fullmatch(answer(name, answers, where).strip()):
            raise ConnectionMissing(
                f"the answer to “{name}” cannot be part of an address",
                where=where,
                what_to_do="Enter the name alone, without https:// and without slashes.",
            )
    address = start + _HOLE.sub(lambda hole: answer(hole[1], answers, where).strip(), rest)
    if "://" not in address:
        address = "https://" + address
    return address.rstrip("/")
