"""What the documentation says, read from its files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = re.compile(r"^```(\w*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Fence:
    """A block of code on a page. about: the words after its language, here the schema it keeps."""

    page: str
    line: int
    language: str
    about: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"


def fences(language: str) -> list[Fence]:
    """Every block of code of a language, on all pages."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in _FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Fence(page.name, line, match[1], match[2], match[3]))
    return [fence for fence in found if fence.language == language]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each block of the language that the test's argument names, and for each page."""
    for name, language in (("json_fence", "json"), ("shell_fence", "sh"), ("python_fence", "python")):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, fences(language), ids=lambda fence: fence.place)
    if "page" in metafunc.fixturenames:
        metafunc.parametrize("page", PAGES, ids=lambda page: page.name)
