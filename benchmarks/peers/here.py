"""Which peers of `map` can run here, and the command of each; what Node needs is installed at the first call."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.programs import NotMeasured

FOLDER = Path(__file__).parent
FLOW = FOLDER.parent / "mapping/saved_mappings/web-orders.json"
EXPRESSION = FOLDER / "web_orders.jsonata"

Words = tuple[str, ...]


def by_hand() -> tuple[str, Words]:
    """Its name with versions, and its command; NotMeasured says in words what is missing."""
    return f"Python by hand, orjson {version('orjson')}", (sys.executable, "-m", "benchmarks.peers.by_hand")


def jsonata_python() -> tuple[str, Words]:
    """The same for jsonata-python alone."""
    module = (sys.executable, "-m", "benchmarks.peers.jsonata_python")
    return f"jsonata-python {version('jsonata-python')}", (*module, str(EXPRESSION), str(FLOW))


def jsonata_js() -> tuple[str, Words]:
    """The same for jsonata-js."""
    found = _installed(FOLDER, "jsonata", ("ci",))
    return f"jsonata-js {found} on Node {_node()}", ("node", str(FOLDER / "jsonata_js.mjs"), str(EXPRESSION), str(FLOW))


def node_red() -> tuple[str, Words]:
    """The same for Node-RED, with the jsonata it brings."""
    folder = FOLDER / "node_red"
    found = _installed(folder, "node-red", ("install", "--no-package-lock"))
    inside = sorted(folder.glob("node_modules/**/jsonata/package.json"))
    own = _read(inside[0])["version"] if inside else "?"
    words = ("node", str(folder / "run.cjs"), str(folder / "flow.json"), str(FLOW))
    return f"Node-RED {found}, its own jsonata {own}", words


def _node() -> str:
    if shutil.which("node") is None:
        raise NotMeasured("there is no node on the path; install Node 18 or later")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True)
    return said.stdout.strip().removeprefix("v")


def _installed(folder: Path, package: str, npm: Words) -> str:
    """The version of a package that the folder's package.json pins; installed if it is not there yet."""
    _node()
    wanted: str = _read(folder / "package.json")["dependencies"][package]
    held = folder / "node_modules" / package / "package.json"
    if held.exists() and _read(held)["version"] == wanted:
        return wanted
    if shutil.which("npm") is None:
        raise NotMeasured(f"there is no npm on the path to install {package} {wanted}")
    print(f"Installing {package} {wanted} (once) …", file=sys.stderr, flush=True)
    words = ["npm", *npm, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode or not held.exists():
        raise NotMeasured(f"npm could not install {package} {wanted}: {done.stderr.strip()[:300]}")
    return wanted


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
