"""What scripts/run does once its environment stands: two sandboxes, both connected, the shipped flow run, a table."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

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
        print("Another scripts/run is at work in .trial, perhaps with --stay: end it first.", file=sys.stderr)
        return 2
    sandboxes = _start(limits=asked.limits)
    try:
        looks = _wait_until_ready(sandboxes)
        code = _connect() or _run()
        for system, address in looks.items():
            print(f"What {system} holds now:  {address}" if asked.stay else f"{system} was at {address}")
        if asked.stay:
            print("The sandboxes stay until you press Ctrl-C.", flush=True)
            _stay(sandboxes)
        else:
            print("The sandboxes end with this command and remember what they hold; --stay keeps them up to look at.")
        return 0 if code == 1 else code
    finally:
        assert sandboxes.stdin is not None
        sandboxes.stdin.close()
        sandboxes.terminate()
        sandboxes.wait(10)


def _command() -> str:
    """How a person here calls the engine: it is found from the repository's folder only."""
    program = shlex.quote(os.path.relpath(sys.executable, ROOT))
    there = "" if Path.cwd() == ROOT else f"cd {shlex.quote(str(ROOT))} && "
    return f"{there}{program} -m engine"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/run",
        description="Orders of a sandbox shop end up in sandbox books. Run it twice: nothing is made twice.",
    )
    parser.add_argument(
        "--headless", action="store_true", help="without a screen (there is none yet: this is the default)"
    )
    parser.add_argument(
        "--limits", action="store_true", help="let the sandboxes limit requests as the real systems do; takes minutes"
    )
    parser.add_argument("--stay", action="store_true", help="keep the sandboxes up afterwards, to look at their pages")
    return parser.parse_args()


def _make_workspace() -> None:
    """A workspace of its own for the trial, over the same connectors and flows, so that real ones never mix with it."""
    TRIAL.mkdir(exist_ok=True)
    for folder in ("connector_specs", "saved_mappings"):
        link = TRIAL / folder
        if link.is_symlink() and link.resolve() != (ROOT / folder).resolve():
            link.unlink()  # the repository was moved or copied
        with contextlib.suppress(FileExistsError):
            link.symlink_to(Path("..") / folder, target_is_directory=True)


def _start(*, limits: bool) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "sandbox",
        *SYSTEMS,
        "--orders",
        "200",
        "--seed",
        "7",
        "--state",
        str(TRIAL / "sandbox"),
        *([] if limits else ["--no-limits"]),
        "--while-input-is-open",
    ]
    print("Starting the two sandboxes …", flush=True)
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _wait_until_ready(sandboxes: subprocess.Popen[str]) -> dict[str, str]:
    """The addresses of their pages. Ends the program when a sandbox could not start (it has said why)."""
    assert sandboxes.stdout is not None
    looks: dict[str, str] = {}
    for line in sandboxes.stdout:
        told = json.loads(line)
        if told.get("ready"):
            return looks
        looks[told["system"]] = told["look"]
    raise SystemExit(2)


def _connect() -> int:
    answers = json.loads((TRIAL / "sandbox" / "connections.json").read_text())
    for system in SYSTEMS:
        file = TRIAL / f"{system}.answers.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(answers[system]["answers"]))
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


def _stay(sandboxes: subprocess.Popen[str]) -> None:
    try:
        while sandboxes.poll() is None:
            time.sleep(0.5)
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except BrokenPipeError:  # who read us has left, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
