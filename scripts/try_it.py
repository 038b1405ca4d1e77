"""What scripts/run does once its environment stands: the studio; or, without a screen, two sandboxes and a run."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.design.trial import Trial

ROOT = Path(__file__).resolve().parent.parent
TRIAL = ROOT / ".trial"
FLOW = "ccv-orders-to-eaccounting"
SYSTEMS = ("ccv-shop", "eaccounting")


def main() -> int:
    """The run's exit code; parked orders (1) are part of the show, so they count as well here."""
    asked = _arguments()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("MAPPING_STUDIO_COMMAND", _command())
    os.chdir(ROOT)
    _make_workspace()
    lock = (TRIAL / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(
            "Another scripts/run is at work in .trial: the studio, or --stay. End it first (Ctrl-C).", file=sys.stderr
        )
        return 2
    if not asked.headless:
        from studio.__main__ import main as studio

        return studio(["--workspace", str(TRIAL), *asked.studio])
    from engine.design.trial import start_trial
    from engine.errors import DocumentError

    print("Starting the two sandboxes …", flush=True)
    try:
        trial = start_trial(SYSTEMS, TRIAL / ".studio" / "sandbox", limits=asked.limits)
    except DocumentError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        code = _connect(trial) or _run()
        for system, address in trial.looks.items():
            print(f"What {system} holds now:  {address}" if asked.stay else f"{system} was at {address}")
        if asked.stay:
            print("The sandboxes stay until you press Ctrl-C.", flush=True)
            _stay(trial)
        else:
            print("The sandboxes end with this command and remember what they hold; --stay keeps them up to look at.")
        return 0 if code == 1 else code
    finally:
        trial.stop()


def _command() -> str:
    """How a person here calls the engine: it is found from the repository's folder only."""
    program = shlex.quote(os.path.relpath(sys.executable, ROOT))
    there = "" if Path.cwd() == ROOT else f"cd {shlex.quote(str(ROOT))} && "
    return f"{there}{program} -m engine"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description="Opens the studio over a workspace for trying (.trial). With --headless, orders of a sandbox shop "
        "end up in sandbox books; run it twice: nothing is made twice. Other words go to the studio: --port 8502.",
    )
    parser.add_argument("--headless", action="store_true", help="run the shipped flow without a screen")
    parser.add_argument(
        "--limits",
        action="store_true",
        help="with --headless: let the sandboxes limit requests as the real systems do; takes minutes",
    )
    parser.add_argument(
        "--stay", action="store_true", help="with --headless: keep the sandboxes up afterwards, to look at their pages"
    )
    asked, asked.studio = parser.parse_known_args()
    if asked.headless and asked.studio:
        parser.error(f"with --headless there is no {asked.studio[0]}")
    return asked


def _make_workspace() -> None:
    """A workspace of its own for the trial, so that real ones never mix with it: connectors and flows are links to the
    repository's, and what is published in it stays in it.
    """
    flows = TRIAL / "saved_mappings"
    if flows.is_symlink():
        flows.unlink()
    flows.mkdir(parents=True, exist_ok=True)
    for link in flows.iterdir():
        if link.is_symlink() and not link.exists():
            link.unlink()
    _link(TRIAL / "connector_specs", ROOT / "connector_specs")
    for flow in (ROOT / "saved_mappings").glob("*.json"):
        _link(flows / flow.name, flow)


def _link(place: Path, held: Path) -> None:
    """A link that survives when the repository is moved; what stands in its place already is left."""
    if place.is_symlink() and place.resolve() != held.resolve():
        place.unlink()  # the repository was copied
    with contextlib.suppress(FileExistsError):
        place.symlink_to(os.path.relpath(held, place.parent), target_is_directory=held.is_dir())


def _connect(trial: Trial) -> int:
    for system in SYSTEMS:
        file = TRIAL / f"{system}.answers.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(trial.answers[system]))
        code = _engine("connect", system, "--answers", str(file), "--allow-private", "--no-test")
        file.unlink()
        if code:
            return code
    return 0


def _run() -> int:
    print(flush=True)
    return _engine("run", FLOW)


def _engine(command: str, *words: str) -> int:
    from engine.commands.main import main as engine

    return engine([command, *words, "--workspace", str(TRIAL)])


def _stay(trial: Trial) -> None:
    try:
        while trial.is_running:
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BrokenPipeError:  # who read us has left, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
