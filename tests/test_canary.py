"""That the canary is heard: what leaks on purpose fails the test that leaks it, and nothing else does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import canary

ROOT = Path(__file__).resolve().parents[1]
TESTS = """
import logging, subprocess, sys
from tests import canary
from tests.conftest import *


def workspace(folder, text):
    (folder / "here" / ".studio").mkdir(parents=True)
    (folder / "here" / ".studio" / "drafts.json").write_text(text)


def test_says_nothing(tmp_path):
    logging.getLogger("x").warning("an order of somebody")
    workspace(tmp_path, "{}")


def test_logs_a_secret():
    logging.getLogger("x").warning("signed in with %s", canary.secrets()[0])


def test_prints_a_name():
    print("sent to", canary.NAME.upper())


def test_starts_what_complains():
    subprocess.run([sys.executable, "-c", f"import sys; sys.stderr.write({canary.EMAIL!r})"], check=True)


def test_keeps_a_street(tmp_path):
    workspace(tmp_path, canary.STREET)


def test_keeps_it_for_the_module(tmp_path_factory):
    workspace(tmp_path_factory.mktemp("module"), canary.secrets()[1])
"""


def test_each_leak_fails_the_test_that_leaks(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    (tmp_path / "test_leaking.py").write_text(TESTS.replace("from tests.conftest import *\n", ""))
    call = [sys.executable, "-m", "pytest", "-rfE", "--tb=line", "-p", "no:cacheprovider", f"--rootdir={tmp_path}"]
    done = subprocess.run(
        [*call, f"--basetemp={tmp_path / 'base'}", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    shutil.rmtree(tmp_path / "base")  # or this test would leak too
    told = done.stdout.splitlines()

    failed = {line.split("::")[1].split()[0] for line in told if line.startswith("FAILED")}
    assert failed == {
        "test_logs_a_secret",
        "test_prints_a_name",
        "test_starts_what_complains",
        "test_keeps_a_street",
    }
    assert [line for line in told if line.startswith("ERROR") and "test_keeps_it_for_the_module" in line]
    assert "2 passed" in told[-1], told[-1]


@pytest.mark.parametrize(
    "written",
    [
        f"/records?who={canary.EMAIL}",
        "/records?who=Kanarina%20Zangvogel",
        "/records?phone=%2B31%2020%20000%2077%2031",
        f"/oauth2?secret={canary.secrets()[0]}",
        "KANARINA.ZANGVOGEL",
    ],
)
def test_the_person_and_secrets_are_found_however_they_are_written(written: str) -> None:
    assert canary.leaks_of(written, "an address")
    with pytest.raises(canary.Leaked) as raised:
        canary.assert_nothing(canary.leaks_of(written, "an address"))
    assert not [secret for secret in canary.secrets() if secret in str(raised.value)]


def test_what_is_not_theirs_is_not_found() -> None:
    assert canary.leaks_of("/records?record=17&who=somebody%40post.example", "an address") == []


def test_a_leak_between_two_pieces_of_a_large_file_is_found(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x" * (canary.PIECE - 4) + canary.EMAIL.encode() + b"x" * 100)

    assert canary.leaks_in_files([file])


def test_sandboxes_are_given_the_secrets_that_are_looked_for() -> None:
    assert len(canary.secrets()) >= 5
    assert len(set(canary.secrets())) == len(canary.secrets())
