"""The studio in Swedish, in a browser: nothing stays English, nothing is cut, and the choice of language is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Page

from tests.studio.conftest import ROOT

FLOW = "ccv-orders-to-eaccounting"
MAPPING = f"/mapping?flow={FLOW}&step=order&field=OrderDate"
PATHS = {
    "home": "/",
    "flows": "/flows",
    "settings": "/settings",
    "systems": "/systems",
    "a system": "/systems?system=ccv-shop",
    "a new flow": "/new-flow",
    "mapping": MAPPING,
    "lookups": f"/lookups?flow={FLOW}",
    "runs": "/runs",
    "what ran": "/runs?part=history",
    "compared days": "/runs?part=compare",
}
WIDTHS = (1440, 1024)
HOLE = re.compile(r"\\\{\w*\\\}")
FEWEST_LETTERS = 4  # beside its holes, for a text to be recognised

# All that is read on a page: texts, and what is shown or read aloud beside them, in shadow roots too.
READ = """() => {
  const found = new Set();
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (["SCRIPT", "STYLE"].includes(element.tagName) || !element.checkVisibility()) continue;
      if (element.matches("[data-testid=stIconMaterial], .ms-icon, [translate=no]")) continue;  // an icon by its name
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) found.add(node.nodeValue.trim());
      for (const name of ["title", "aria-label", "placeholder"]) found.add(element.getAttribute(name) ?? "");
    }
  };
  look(document);
  return [...found].filter(Boolean);
}"""

# Texts of which a part is hidden: wider or higher than their own box, or than one around them that does not scroll.
# One that says all of it when it is pointed at (a title, as values and formulas have) is meant to be short.
CUT = """() => {
  const found = new Set();
  const hides = (overflow) => ["hidden", "clip"].includes(overflow);
  const scrolls = (style) => [style.overflowX, style.overflowY].some((each) => ["auto", "scroll"].includes(each));
  const saysAll = (element, text) => {
    for (let at = element, steps = 0; at && steps < 4; at = at.parentElement, steps++) {
      const said = `${at.getAttribute("title") ?? ""} ${at.getAttribute("aria-label") ?? ""}`;
      if (said.includes(text.slice(0, 20))) return true;
    }
    return false;
  };
  const isCut = (element) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (box.width <= 2 || box.height <= 2 || style.visibility === "hidden") return false;
    if (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1) return true;
    if (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 2) return true;
    for (let at = element.parentElement; at; at = at.parentElement) {
      const around = getComputedStyle(at), edge = at.getBoundingClientRect();
      if (scrolls(around)) return false;
      if (hides(around.overflowX) && (box.right > edge.right + 1 || box.left < edge.left - 1)) return true;
    }
    return box.right > innerWidth + 1;
  };
  const look = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) look(element.shadowRoot);
      if (["SCRIPT", "STYLE"].includes(element.tagName) || !element.checkVisibility()) continue;
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.nodeValue).join("").trim();
      if (text && isCut(element) && !saysAll(element, text)) found.add(`${element.className}: ${text}`);
    }
  };
  look(document);
  return [...found];
}"""


@pytest.fixture(scope="module")
def swedish(browser: Browser, studio: str) -> Iterator[Page]:
    """A page of somebody who reads Swedish; one for all tests, as a session of a person is."""
    context = browser.new_context(
        viewport={"width": WIDTHS[0], "height": 900},
        locale="sv-SE",
        timezone_id="Europe/Stockholm",
        reduced_motion="reduce",
    )
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.goto(studio)
    yield opened
    context.close()


def settle(page: Page) -> None:
    """Until the page is drawn."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def go(page: Page, studio: str, path: str) -> None:
    page.goto(studio + path)
    page.wait_for_function("document.title.endsWith(' · Mapping Studio')")
    settle(page)
    if path.startswith("/mapping"):
        page.locator('.pane.target .row[data-id="OrderDate"]').wait_for()


@cache
def english() -> tuple[re.Pattern[str], ...]:
    """The studio's English texts that are others in Swedish, and stand in no document that may be shown."""
    with (ROOT / "studio" / "locales" / "sv" / "LC_MESSAGES" / "studio.po").open("rb") as file:
        catalogue = read_po(file, locale="sv")
    pairs = [
        (text, said)
        for message in catalogue
        if message.id
        for text, said in zip(
            message.id if isinstance(message.id, tuple) else (message.id,),
            message.string if isinstance(message.string, tuple) else (message.string,),
            strict=True,
        )
    ]
    texts = {text for text, said in pairs if text.lower() != said.lower() and text.lower() not in _of_documents()}
    patterns = {HOLE.sub("(.+)", re.escape(text)) for text in texts if _letters(text) >= FEWEST_LETTERS}
    return tuple(re.compile(pattern, re.DOTALL) for pattern in sorted(patterns))


def _letters(text: str) -> int:
    return sum(character.isalpha() for character in re.sub(r"\{\w*\}", "", text))


@cache
def _of_documents() -> frozenset[str]:
    """What systems and flows call their things: it is shown as they wrote it."""
    paths = [*(ROOT / "connector_specs").rglob("*.json"), *(ROOT / "saved_mappings").glob("*.json")]
    return frozenset(text.lower() for path in paths for text in _strings(json.loads(path.read_text(encoding="utf-8"))))


def _strings(held: Any) -> Iterator[str]:
    if isinstance(held, dict):
        yield from (text for key, value in held.items() for text in (key, key.replace("_", " "), *_strings(value)))
    elif isinstance(held, list):
        yield from (text for value in held for text in _strings(value))
    elif isinstance(held, str):
        yield held


def left_in_english(page: Page) -> list[str]:
    """What is read on the page though there is a Swedish text for it."""
    read: list[str] = page.evaluate(READ)
    return sorted(text for text in read if _is_english(text))


@cache
def _is_english(text: str) -> bool:
    return text.lower() not in _of_documents() and any(pattern.fullmatch(text) for pattern in english())


def cut(page: Page) -> list[str]:
    """The texts of which a part cannot be read, in each width."""
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found += [f"at {width}: {text}" for text in page.evaluate(CUT)]
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return sorted(found)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS.keys())
def test_a_page_is_in_swedish_and_nothing_of_it_is_cut(path: str, swedish: Page, studio: str) -> None:
    go(swedish, studio, path)

    assert swedish.evaluate("document.documentElement.lang") == "sv"
    assert left_in_english(swedish) == []
    assert cut(swedish) == []


def test_menus_of_the_mapping_page_are_in_swedish(swedish: Page, studio: str) -> None:
    go(swedish, studio, MAPPING)
    for button in ("En annan post", "Ändra", "Mer"):
        swedish.get_by_role("button", name=re.compile(f"{button}$")).first.click()
        swedish.locator("[data-testid=stPopoverBody], [role=menu]").first.wait_for()

        assert left_in_english(swedish) == []
        assert cut(swedish) == []
        swedish.keyboard.press("Escape")
        swedish.locator("[data-testid=stPopoverBody], [role=menu]").first.wait_for(state="hidden")


def test_dialogs_of_the_mapping_page_are_in_swedish(swedish: Page, studio: str) -> None:
    go(swedish, studio, MAPPING)
    for name in ("Publicera", "Versioner", "Läs som text"):
        if name != "Publicera":
            swedish.get_by_role("button", name=re.compile("Mer$")).first.click()
        role = "button" if name == "Publicera" else "menuitem"
        swedish.get_by_role(role, name=re.compile(f"{name}$")).first.click()
        swedish.locator("section[role=dialog]").wait_for()
        settle(swedish)

        assert left_in_english(swedish) == []
        assert cut(swedish) == []
        swedish.get_by_role("button", name="Stäng", exact=True).click()
        swedish.locator("section[role=dialog]").wait_for(state="hidden")


def test_the_drawer_is_in_swedish(swedish: Page, studio: str) -> None:
    go(swedish, studio, MAPPING)
    for part in ("Ändringar mot publicerat", "problem", "Anrop som", "exempel", "Inställningar", "Namngivna"):
        swedish.get_by_role("radio", name=re.compile(part)).first.click()
        swedish.get_by_role("radio", name=re.compile(part), checked=True).first.wait_for()
        settle(swedish)

        assert left_in_english(swedish) == []
        assert cut(swedish) == []


def test_words_of_the_frame_are_in_swedish(swedish: Page, studio: str) -> None:
    go(swedish, studio, f"/lookups?flow={FLOW}")
    swedish.get_by_text("Klistra in från ett kalkylark").click()

    swedish.get_by_role("button", name="Ladda upp", exact=True).wait_for()
    assert swedish.get_by_role("navigation", name="Sidor").count() == 1


def test_a_page_found_in_english_would_be_told(page: Page, studio: str) -> None:
    go(page, studio, "/systems")

    assert "What can be connected here, and what is connected." in left_in_english(page)


def test_a_text_that_is_cut_would_be_told(page: Page, studio: str) -> None:
    go(page, studio, "/?lang=sv")
    page.add_style_tag(content="button p { max-width: 20px; overflow: hidden; white-space: nowrap; }")

    assert any("Anslut ett system" in text for text in cut(page))


def test_the_choice_of_language_stays_on_other_pages_and_after_a_reload(page: Page, studio: str) -> None:
    page.goto(studio)  # by a browser that asks for English
    page.get_by_role("button", name="English").click()
    page.get_by_role("button", name="Svenska").click()
    page.get_by_role("link", name="System", exact=True).click()
    page.get_by_text("Vad som kan anslutas här, och vad som är anslutet.").wait_for()
    page.reload()
    page.get_by_text("Vad som kan anslutas här, och vad som är anslutet.").wait_for()

    page.wait_for_function("document.documentElement.lang === 'sv'")

    page.get_by_role("button", name="Svenska").click()
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Systems").wait_for()
    page.get_by_role("navigation", name="App pages").wait_for()  # the frame's words go back too

    page.wait_for_function("document.documentElement.lang === 'en'")
    assert left_in_english(page)


def test_a_link_in_a_language_is_followed_in_it(page: Page, studio: str) -> None:
    page.goto(f"{studio}/?lang=sv")
    page.get_by_role("link", name="System").click()

    page.get_by_text("Vad som kan anslutas här, och vad som är anslutet.").wait_for()
