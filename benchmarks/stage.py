"""The stage of a measurement: the sandboxes in a process of their own, and a workspace that knows them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.catalogue import build
from sandbox.clock import Clock

ROOT = Path(__file__).resolve().parents[1]
FLOW = "ccv-orders-to-eaccounting"
SYSTEMS = ("ccv-shop", "eaccounting")
SEED = 7
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Stage:
    """Running sandboxes. addresses: by system; folder: a workspace whose connectors state no request limits."""

    addresses: dict[str, str]
    folder: Path
    pid: int

    def credentials(self, system: str) -> dict[str, Any]:
        """What a user would type in; the same seed gives the same keys in every process."""
        made = build(system, Clock(), seed=SEED, orders=1)
        return dict(made.credentials(self.addresses[system]))

    def delay(self, milliseconds: float) -> None:
        """Let both systems answer each request so much later; 0 takes it back."""
        faults = [{"kind": "delay", "seconds": milliseconds / 1000}] if milliseconds else []
        for system in SYSTEMS:
            self._ask(system, "faults", faults)

    def requests(self) -> Counter[str]:
        """How often each kind of request was made: `eaccounting POST orders` (of the last 20,000 a system)."""
        kinds: Counter[str] = Counter()
        for system in SYSTEMS:
            for entry in self._ask(system, "requests"):
                kinds[f"{system} {entry['method']} {_kind(entry['target'])}"] += 1
        return kinds

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def _ask(self, system: str, what: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.addresses[system]}/_sandbox/{what}", data, timeout=60) as reply:
            return json.load(reply)


@contextmanager
def stage(orders: int) -> Iterator[Stage]:
    """Fresh sandboxes with so many orders, and a fresh workspace; both are gone afterwards."""
    words = ["-m", "sandbox", *SYSTEMS, "--orders", str(orders), "--seed", str(SEED), "--no-limits"]
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            addresses = _addresses(process)
            _make_workspace(Path(folder))
            yield Stage(addresses, Path(folder), process.pid)
        finally:
            process.terminate()
            process.wait(20)
            if process.stdout:
                process.stdout.close()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far, without its children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def child(module: str, *arguments: object) -> dict[str, Any]:
    """Run a module of ours in a fresh process; what it printed as its last line, a JSON object."""
    words = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def given(stage: Stage) -> str:
    """The stage as an argument for a child process."""
    held = {name: stage.credentials(name) for name in SYSTEMS}
    return json.dumps({"folder": str(stage.folder), "credentials": held})


def _addresses(process: subprocess.Popen[str]) -> dict[str, str]:
    addresses: dict[str, str] = {}
    assert process.stdout
    for line in process.stdout:
        said: Mapping[str, Any] = json.loads(line)
        if said.get("ready"):
            return addresses
        addresses[said["system"]] = said["address"]
    raise RuntimeError(f"the sandbox ended with {process.wait()} before it was ready")


def _make_workspace(folder: Path) -> None:
    """The shipped connectors and flows, without the connectors' own windows: both sides go as fast as they can."""
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(ROOT / name, folder / name)
    for path in (folder / "connector_specs").glob("*/connector.json"):
        document = json.loads(path.read_text(encoding="utf-8"))
        document["http"].get("limits", {}).pop("windows", None)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")


def _kind(target: str) -> str:
    """`/api/rest/v1/orders/17/orderrows/?x` as `orders/orderrows`: words only."""
    pieces = [piece for piece in target.partition("?")[0].split("/") if piece.isalpha()]
    return "/".join(piece for piece in pieces if piece not in ("api", "rest"))
