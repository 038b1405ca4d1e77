"""Trying without an account: stand-ins for the systems, in a process that ends with this one."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.design.connecting.keeping import is_local, keep
from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem
from engine.flows.library import load_connector

PROJECT = Path(__file__).parents[2]  # where the package `sandbox` lies beside this one
_STOP_SECONDS = 10


@dataclass(slots=True)
class Trial:
    """Running stand-ins. looks: the address of each one's own page; answers: what `connect` is to be told."""

    process: subprocess.Popen[str]
    looks: Mapping[str, str]
    answers: Mapping[str, dict[str, Json]]

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def stop(self) -> None:
        """End the stand-ins; they keep what they hold."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.terminate()
        self.process.wait(_STOP_SECONDS)
        if self.process.stdout is not None:
            self.process.stdout.close()


def stand_ins() -> list[str]:
    """The systems there is a stand-in for; none where the sandbox is not installed."""
    done = subprocess.run(
        [sys.executable, "-m", "sandbox", "--list"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return [json.loads(line)["system"] for line in done.stdout.splitlines()] if done.returncode == 0 else []


def start_trial(systems: Sequence[str], state: Path, *, limits: bool = False) -> Trial:
    """Start stand-ins that keep what they hold in `state`, with what they held and at the addresses they had last;
    DocumentError when they cannot start.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "sandbox", *systems),
            *("--state", str(state)),
            *(() if limits else ("--no-limits",)),
            "--while-input-is-open",
        ],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    looks = _looks(process, state)
    threading.Thread(target=_drained, args=(process,), daemon=True).start()
    told = read_strict((state / "connections.json").read_text(encoding="utf-8"), where="connections.json")
    return Trial(process, looks, {system: told[system]["answers"] for system in systems})


def _drained(process: subprocess.Popen[str]) -> None:
    """Read what the stand-ins say, so that a full pipe never holds them up."""
    assert process.stderr is not None
    with process.stderr:
        for _line in process.stderr:
            continue


def _looks(process: subprocess.Popen[str], state: Path) -> dict[str, str]:
    assert process.stdout is not None
    looks: dict[str, str] = {}
    for line in process.stdout:
        told = json.loads(line)
        if told.get("ready"):
            return looks
        looks[told["system"]] = told["look"]
    assert process.stderr is not None
    said = process.stderr.read().strip() or "they ended at once"
    process.wait()
    raise DocumentError(
        [
            Problem(
                "the sandboxes",
                f"they could not be started: {said}",
                "Look whether another program of this kind is still running. What they held is in "
                f"{state}: moved away, they begin anew.",
            )
        ]
    )


@needs(Role.ADMINISTER, "connect a system")
def connect_trial(desk: Desk, trial: Trial) -> None:
    """Connect the workspace to the stand-ins, at the addresses they have now. What was connected elsewhere since, as to
    the real system, stays as it is.
    """
    for system, answers in trial.answers.items():
        connector, kept = load_connector(desk.workspace, system), desk.ledger.connection(system)
        if kept is None or is_local(kept.answers, connector):
            keep(desk, connector, answers, allow_private=True)
