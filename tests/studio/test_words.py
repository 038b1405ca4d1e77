"""Every word on screen can be translated, and is."""

from __future__ import annotations

import ast
import re
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from streamlit.testing.v1 import AppTest

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
        re.search(r"[^\W\d_]{2,}", re.sub(r":material/\w*:?|:\w+\[|\{\w*\}|&nbsp;|<[^>]+>|https?:\S+", "", text))
        is not None
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_goes_to_the_screen_untranslated(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in SHOWN:
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "_LOG":
            continue  # a log is not the screen
        read = [*node.args[:1], *(each.value for each in node.keywords if each.arg in PARAMETERS)]
        for text in (text for held in read for text in _literals(held)):
            assert not _words(text), f"{path.name}:{node.lineno} shows {text!r}: use _()"


def _literals(held: ast.expr) -> Iterator[str]:
    """The texts that stand written in an expression, not what its calls give."""
    if isinstance(held, ast.Constant) and isinstance(held.value, str):
        yield held.value
    elif isinstance(held, ast.JoinedStr):
        for part in held.values:
            yield from _literals(part.value if isinstance(part, ast.FormattedValue) else part)
    elif isinstance(held, ast.IfExp):
        yield from (*_literals(held.body), *_literals(held.orelse))
    elif isinstance(held, ast.BoolOp):
        yield from (text for value in held.values for text in _literals(value))
    elif isinstance(held, ast.BinOp):
        yield from (*_literals(held.left), *_literals(held.right))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_text_is_marked_whole_and_filled_afterwards(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CATALOGUES["KEYWORDS"]:
            texts = node.args[: CATALOGUES["KEYWORDS"][node.func.id]]
            assert not any(isinstance(text, ast.JoinedStr | ast.BinOp) for text in texts), f"{path.name}:{node.lineno}"


def test_texts_are_gathered_inside_other_texts_too() -> None:
    source = """st.write(f"**{_('Inside')}** {n_('{n} row', '{n} rows', 2)}", help=_("Beside"))\n_(word)"""

    assert list(CATALOGUES["texts_in"](source)) == ["Inside", ("{n} row", "{n} rows"), "Beside"]


@pytest.mark.parametrize("domain", ["studio", "engine"])  # a document may be in one language only
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str, domain: str) -> None:
    catalogue = _catalogue(language, domain)
    wanted = {message for _file, message in CATALOGUES["texts_of"](domain)}
    missing = [text for text in sorted(wanted, key=str) if not _translated(catalogue.get(text))]

    assert missing == [], "call scripts/words, and translate what it adds"


@pytest.mark.parametrize("domain", CATALOGUES["DOMAINS"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_that_are_filled_in(language: str, domain: str) -> None:
    for message in _catalogue(language, domain):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for number, here in enumerate(strings if all(strings) else ()):
            there = ids[min(number, len(ids) - 1)]
            assert message.id == "" or set(PLACE.findall(there)) == set(PLACE.findall(here)), there


@pytest.mark.parametrize("domain", CATALOGUES["DOMAINS"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_for_one_and_many_has_every_form_of_the_language(language: str, domain: str) -> None:
    catalogue = _catalogue(language, domain)
    for message in catalogue:
        if message.id and message.pluralizable:
            assert len(message.string) == catalogue.num_plurals, message.id


def test_what_shipped_flows_call_their_steps_and_shipped_systems_their_codes_is_gathered() -> None:
    texts = {text for _file, text in CATALOGUES["texts_of"]("documents")}

    assert {"Write back", "Payment provider", "Second reduced", "ready for pickup".capitalize()} <= texts
    assert "An order without rows" in texts  # an example's title
    assert not [text for text in texts if "_" in text and " " not in text], "a name is shown as words"


def test_a_step_is_called_in_swedish_and_one_that_nobody_translated_as_it_is() -> None:
    def script() -> None:
        import streamlit as st

        from studio.parts.step_names import step_called

        st.text(" ".join(map(step_called, ("write_back", "customer", "my_own_step"))))

    app = AppTest.from_function(script)
    app.query_params["lang"] = "sv"

    assert app.run().text[0].value == "Återskrivning Kund My own step"


def test_no_two_templates_begin_alike_so_that_one_would_hide_the_other() -> None:
    texts = {text for _file, text in CATALOGUES["texts_of"]("engine")}
    keys = [text[0] if isinstance(text, tuple) else text for text in texts]

    assert sorted(set(keys)) == sorted(keys), "a text alone and the same text for one and many share a place"


def _catalogue(language: str, domain: str) -> Catalog:
    path = ROOT / "studio" / "locales" / language / "LC_MESSAGES" / f"{domain}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _translated(message: Message | None) -> bool:
    return message is not None and CATALOGUES["is_translated"](message.string)
