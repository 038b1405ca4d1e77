"""What docs/support.md tells people to press stands on the screen, letter by letter."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "support.md").read_text(encoding="utf-8")
OF_THE_TEXT = {"what", "where", "why", "what to do"}  # set apart, and nothing to press
OF_A_RECORD = re.compile(r".+: \S+")  # a value of the record, with its title before it
BOLD = sorted(set(re.findall(r"\*\*([^*]+)\*\*", TEXT)) - OF_THE_TEXT)


@cache
def on_screen() -> list[re.Pattern[str]]:
    """Every text of studio and engine, with anything where something is put in."""
    found = []
    for name in ("studio", "engine"):
        path = ROOT / "studio" / "locales" / "sv" / "LC_MESSAGES" / f"{name}.po"
        with path.open("rb") as reading:
            for message in read_po(reading):
                said = message.id if isinstance(message.id, str) else message.id[0]
                parts = re.split(r"\{[^}]*\}", said)
                if said and max(map(len, parts)) > 3:
                    found.append(re.compile(".+".join(map(re.escape, parts)), re.IGNORECASE))
    return found


@pytest.mark.parametrize("said", BOLD)
def test_what_is_to_be_pressed_is_called_so_on_screen(said: str) -> None:
    assert OF_A_RECORD.fullmatch(said) or any(each.fullmatch(said) for each in on_screen())


def test_the_walks_are_those_of_the_journeys() -> None:
    walks = re.findall(r"^## (.+)", TEXT, re.MULTILINE)[1:-1]

    assert len(walks) == 6
