"""Every word on screen can be translated, and is."""

from __future__ import annotations

import ast
import re
import runpy
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = runpy.run_path(str(ROOT / "scripts" / "catalogues.py"))
LANGUAGES = sorted(path.name for path in (ROOT / "studio" / "locales").iterdir())
SOURCES = sorted((ROOT / "studio").rglob("*.py"))

# What Streamlit shows: the methods whose first word is read by people, and the parameters that are.
SHOWN = set(
    "title header subheader markdown write caption text error warning info success toast button download_button "
    "link_button page_link checkbox toggle radio selectbox multiselect segmented_control pills slider text_input "
    "text_area number_input date_input time_input file_uploader expander popover dialog form_submit_button metric "
    "spinner status badge menu_button tab chat_input data_editor_label progress Column TextColumn SelectboxColumn "
    "NumberColumn CheckboxColumn DatetimeColumn LinkColumn ButtonColumn".split()
)
PARAMETERS = {"label", "help", "placeholder", "caption", "body", "text", "title"}
NOT_READ = {"label_visibility"}
PLACE = re.compile(r"\{(\w*)")


def _words(text: str) -> bool:
    """Does it hold words, beside icons, Markdown and the names of places?"""
    return (
        re.search(r"[^\W\d_]{2,}", re.sub(r":material/\w+:|:\w+\[|\{\w*\}|&nbsp;|<[^>]+>|https?:\S+", "", text))
        is not None
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_goes_to_the_screen_untranslated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in SHOWN:
            continue
        read = [*node.args[:1], *(each.value for each in node.keywords if each.arg in PARAMETERS)]
        for held in read:
            for part in ast.walk(held) if isinstance(held, ast.JoinedStr) else [held]:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    assert not _words(part.value), f"{path.name}:{node.lineno} shows {part.value!r}: use _()"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    path = ROOT / "studio" / "locales" / language / "LC_MESSAGES" / "studio.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    wanted = {message for _file, message in CATALOGUES["messages"]()}
    missing = [text for text in sorted(wanted, key=str) if not _translated(catalogue.get(text))]

    assert missing == [], "call scripts/words, and translate what it adds"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_that_are_filled_in(language: str) -> None:
    path = ROOT / "studio" / "locales" / language / "LC_MESSAGES" / "studio.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for there, here in zip(ids, strings, strict=True):
            assert message.id == "" or set(PLACE.findall(there)) == set(PLACE.findall(here)), there


def _translated(message: object) -> bool:
    string = getattr(message, "string", "")
    return all(string) if isinstance(string, tuple) else bool(string)
