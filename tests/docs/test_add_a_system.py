"""docs/add-a-system.md, from nothing to a flow that runs: its files as they stand, its commands in their order."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.commands.conftest import ROOT, Said, say

PAGE = ROOT / "docs/add-a-system.md"
_FILE_OR_COMMANDS = re.compile(r"^(?:`([\w./-]+)`\n\n)?```(\w+)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDED = (
    *("connector_specs/vocabulary.json", "connector_specs/eaccounting", "sandbox", "tests/every_connector"),
    *("tests/conftest.py", "tests/canary.py", "tests/at_hand.py", "tests/ledger/making.py"),
    *("tests/runs", "pyproject.toml"),
)


def steps() -> list[tuple[str, str]]:
    """What the page has one do: (path, text) of a file to write, or ("", text) of commands to call."""
    found = _FILE_OR_COMMANDS.findall(PAGE.read_text(encoding="utf-8"))
    assert all(path or language == "sh" for path, language, _ in found), "a block of code says no file"
    return [(path, text) for path, _, text in found]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """The parts of a clone that the page needs, without any system but eAccounting."""
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copied = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copied(ROOT / name, tmp_path / name)
    (tmp_path / "engine").symlink_to(ROOT / "engine")
    (tmp_path / "saved_mappings").mkdir()
    return tmp_path


def test_the_page_leads_from_nothing_to_a_flow_that_runs(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    said: list[tuple[str, Said]] = []
    with ExitStack() as stack:
        for path, text in steps():
            if path:
                (clone / path).parent.mkdir(parents=True, exist_ok=True)
                (clone / path).write_text(text, encoding="utf-8")
                continue
            for line in text.splitlines():
                words = shlex.split(line)
                assert words[:2] == [".venv/bin/python", "-m"], line
                if words[2] == "sandbox":
                    stack.enter_context(served(words[3:]))
                else:
                    said.append((line, called(clone, words[2:])))

    failed = [(line, each.out, each.err) for line, each in said if each.code != 0]
    assert [line for line, *_ in failed] == [".venv/bin/python -m engine connect jamjar"], failed  # it asks
    out = {line.split(" -m ", 1)[1]: each.out for line, each in said}
    runs = [each.out for line, each in said if " run " in line]
    assert "Orders can be read." in out["engine connect jamjar --answers .jamjar/answers-jamjar.json --allow-private"]
    assert "Fenna's stall" in out["engine connect jamjar --test-only"]
    assert re.search(r"\n12 +12 +0 ", runs[0]), runs[0]  # read, created
    assert re.search(r"\n\d+ +0 +0 ", runs[1]), runs[1]
    assert "J-1001" in out["engine explain J-1001"]
    assert re.search(r"\d\d passed", out["pytest -q tests/every_connector -k jamjar"])


def test_the_page_says_what_check_says_where_something_is_wrong(clone: Path) -> None:
    for path, text in steps():
        if path.startswith("connector_specs"):
            (clone / path).parent.mkdir(parents=True, exist_ok=True)
            (clone / path).write_text(text.replace("{key}", "{kye}"), encoding="utf-8")
    said = say(clone, "check")

    assert said.code == 2
    assert "there is no question “kye”" in said.err


def called(clone: Path, words: list[str]) -> Said:
    """What a command says; the engine's are called here, which is quicker."""
    if words[0] == "engine":
        return say(clone, *words[1:])
    done = subprocess.run([sys.executable, "-m", *words, "-p", "no:cacheprovider"], capture_output=True, text=True)
    return Said(done.returncode, done.stdout, done.stderr)


@contextmanager
def served(words: list[str]) -> Iterator[None]:
    """The stand-ins, as in a second terminal."""
    process = subprocess.Popen([sys.executable, "-m", "sandbox", *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        while "ready" not in json.loads(process.stdout.readline()):
            pass
        yield
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
