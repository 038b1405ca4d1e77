"""The unit and the container file name what there is: files of the repository, options of the command, paths."""

from __future__ import annotations

import configparser
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.commands.arguments import build_parser
from engine.commands.serving.loop import STOP_SECONDS

ROOT = Path(__file__).parents[2]
UNIT, CONTAINER = ROOT / "deploy/mapping-studio.service", ROOT / "deploy/Containerfile"


def service() -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)  # a unit may say Environment twice
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT.read_text(encoding="utf-8"))
    return dict(parser["Service"])


def instructions() -> list[tuple[str, str]]:
    lines = [line for line in CONTAINER.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def test_the_unit_starts_serve_as_it_is() -> None:
    python, *words = shlex.split(service()["ExecStart"])
    asked = build_parser().parse_args(words[words.index("engine") + 1 :])

    assert python.endswith("/.venv/bin/python") and words[:2] == ["-m", "engine"]
    assert (asked.command, asked.host, asked.port) == ("serve", "127.0.0.1", 8080)
    assert float(service()["TimeoutStopSec"]) > STOP_SECONDS
    assert service()["Type"] == "notify"
    assert service()["ReadWritePaths"].endswith("/.studio")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_nothing_wrong_with_the_unit() -> None:
    done = subprocess.run(["systemd-analyze", "verify", str(UNIT)], capture_output=True, text=True, check=False)

    assert "Unknown" not in done.stderr


def test_the_container_copies_what_there_is_and_all_that_serve_needs() -> None:
    copied = [path for name, rest in instructions() if name == "COPY" for path in rest.split()[:-1]]

    assert all((ROOT / path).exists() for path in copied), copied
    assert {"requirements.lock", "engine"} <= set(copied)
    assert "--require-hashes -r requirements.lock" in CONTAINER.read_text(encoding="utf-8")


def test_the_container_starts_serve_as_nobody_special() -> None:
    found = dict(instructions())
    words = json.loads(found["CMD"])
    asked = build_parser().parse_args(words)

    assert json.loads(found["ENTRYPOINT"]) == ["python", "-m", "engine"]
    assert (asked.command, asked.host) == ("serve", "0.0.0.0")
    assert found["USER"] == "studio" and found["EXPOSE"] == str(asked.port)
    assert f"127.0.0.1:{asked.port}/health" in found["HEALTHCHECK"]
    compile(json.loads(found["HEALTHCHECK"].partition("CMD ")[2])[2], "healthcheck", "exec")


def test_the_engine_needs_nothing_that_the_container_leaves_out(tmp_path: Path) -> None:
    for name, rest in instructions():
        *sources, target = rest.split() if name == "COPY" else ("", "")
        for source in filter(None, sources):
            place = tmp_path / target / (source if target == "./" else "")
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, place, **({"dirs_exist_ok": True} if copy is shutil.copytree else {}))  # type: ignore[operator]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    call = [sys.executable, "-m", "engine", "serve", "--help"]
    done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "--once" in done.stdout
