"""The committed bundle is what its sources build to, and the sources pass their own tests."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
MAPPER = ROOT / "studio" / "mapper"
STATIC = ROOT / "studio" / "static"


@pytest.fixture(scope="module")
def mapper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources with their packages; in its parent lies what the notices are made from."""
    if not (shutil.which("node") and shutil.which("npm")):
        if os.environ.get("CI"):
            pytest.fail("node and npm are needed here, to build the browser component and compare it.")
        pytest.skip("there is no node or no npm: the bundle cannot be built again and compared")
    studio = tmp_path_factory.mktemp("studio")
    ignored = shutil.ignore_patterns("node_modules")
    copy = Path(shutil.copytree(MAPPER, studio / "mapper", ignore=ignored))
    shutil.copytree(STATIC / "fonts", studio / "static" / "fonts")
    installed = call(copy, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline")
    if installed.returncode and not os.environ.get("CI"):
        pytest.skip(f"the packages could not be fetched: {installed.stderr.strip().splitlines()[-1:]}")
    assert installed.returncode == 0, installed.stderr
    return copy


def call(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)


def built(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in [*folder.glob("mapper-*.js"), *folder.glob("*.txt")]}


def test_the_committed_bundle_is_what_the_sources_build_to(mapper: Path, tmp_path: Path) -> None:
    (tmp_path / "mapper-0123456789ab.js").write_text("an older one")

    made = call(mapper, "node", "build.mjs", "--to", str(tmp_path))

    assert made.returncode == 0, made.stderr
    assert sorted(built(STATIC)) == sorted(built(tmp_path)), "build it again: npm run build in studio/mapper"
    assert built(STATIC) == built(tmp_path), "build it again: npm run build in studio/mapper"


def test_the_types_of_the_sources_are_right(mapper: Path) -> None:
    checked = call(mapper, "npm", "run", "--silent", "check")

    assert checked.returncode == 0, checked.stdout


def test_the_modules_pass_their_tests(mapper: Path) -> None:
    tested = call(mapper, "npm", "test", "--silent")

    assert tested.returncode == 0, tested.stdout[-6_000:]


def test_no_address_of_a_registry_is_written_down() -> None:
    lock = (MAPPER / "package-lock.json").read_text(encoding="utf-8")

    assert '"resolved"' not in lock
    assert "://" not in re.sub(r'"(funding|url)": ?(\{[^}]*\}|"[^"]*")', "", lock)
    assert lock.count('"integrity"') == lock.count('"node_modules/')


def test_every_version_is_exact() -> None:
    wanted = (MAPPER / "package.json").read_text(encoding="utf-8")
    lists = re.findall(r'"(?:devD|d)ependencies": \{([^}]*)\}', wanted)
    versions = re.findall(r'": "([^"]*)"', "".join(lists))

    assert versions
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_every_bundled_package_and_font_is_in_the_notices() -> None:
    notices = (STATIC / "THIRD_PARTY_NOTICES.txt").read_text(encoding="utf-8")
    wanted = re.findall(r'"((?:@codemirror|@lezer)/[^"]+)": "([\d.]+)"', (MAPPER / "package.json").read_text())

    assert len(wanted) >= 7
    for name, version in wanted:
        assert f"\n{name} {version} (MIT)\n" in notices
    assert notices.count("SIL OPEN FONT LICENSE") == 2
    assert notices.count("Permission is hereby granted, free of charge") >= 10
