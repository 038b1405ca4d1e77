"""python -m sandbox, as a person starts it."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from sandbox.catalogue import NAMES, listed

HOME = Path(__file__).parents[3]


@contextmanager
def started(*words: str, end: signal.Signals = signal.SIGTERM) -> Iterator[list[dict[str, Any]]]:
    process = subprocess.Popen([sys.executable, "-m", "sandbox", *words], stdout=subprocess.PIPE, text=True, cwd=HOME)
    assert process.stdout is not None
    try:
        lines = [json.loads(process.stdout.readline())]
        while "ready" not in lines[-1]:
            lines.append(json.loads(process.stdout.readline()))
        yield lines
    finally:
        process.send_signal(end)
        code = process.wait(10)
        process.stdout.close()
    assert code == 0


def once(path: Path, holds: Callable[[str], bool]) -> str:
    """The text of a file as soon as it holds; at the latest after a time that no machine needs."""
    until = time.monotonic() + 30
    while not holds(text := path.read_text(encoding="utf-8")) and time.monotonic() < until:
        time.sleep(0.02)
    return text


def once_it_holds(path: Path, text: str) -> str:
    return once(path, lambda held: text in held)


def once_it_lacks(path: Path, text: str) -> str:
    return once(path, lambda held: text not in held)


def test_it_says_where_it_is_and_that_it_is_ready() -> None:
    with started("ccv-shop", "--orders", "200") as lines:
        address = lines[0]["address"]

        assert lines == [
            {"system": "ccv-shop", "address": address, "look": f"{address}/_sandbox/"},
            {"ready": True},
        ]
        assert httpx.get(lines[0]["look"]).status_code == 200


def test_an_unknown_system_is_a_sentence_and_exit_2() -> None:
    done = subprocess.run([sys.executable, "-m", "sandbox", "abacus"], capture_output=True, text=True, cwd=HOME)

    assert done.returncode == 2
    assert done.stderr == f"There is no stand-in called 'abacus'; there are {listed()}.\n"
    assert {"abicart", "ccv-shop", "eaccounting", "specter"} <= set(NAMES)


def test_a_taken_port_is_a_sentence_and_exit_2() -> None:
    with started("ccv-shop") as lines:
        port = lines[0]["address"].rpartition(":")[2]
        words = [sys.executable, "-m", "sandbox", "ccv-shop", "--port", port]
        done = subprocess.run(words, capture_output=True, text=True, cwd=HOME)

    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be used" in done.stderr


def test_a_folder_keeps_everything_over_a_restart(tmp_path: Path) -> None:
    words = ("ccv-shop", "--state", str(tmp_path), "--orders", "50")
    with started(*words) as first:
        control = first[0]["look"]
        httpx.post(f"{control}do", json={"action": "new_order", "email": "blijft@post.example"})
        httpx.post(f"{control}clock", json={"advance_seconds": 7200})
        saved = once_it_holds(tmp_path / "ccv-shop.json", "blijft@post.example")
        httpx.post(f"{control}do", json={"action": "new_order", "email": "laatste@post.example"})
    with started(*words[:-2], end=signal.SIGINT) as second:  # as it was made, whatever a new one would hold
        orders = httpx.get(f"{control}state").json()["tables"]["Orders"]
        offset = httpx.get(f"{control}clock").json()["offset_seconds"]

    assert "blijft@post.example" in saved
    assert first[0] == second[0]
    assert {"blijft@post.example", "laatste@post.example"} <= {order["e-mail"] for order in orders}
    assert len(orders) == 52
    assert offset == 7200


def test_the_connections_are_written_for_the_owner_only(tmp_path: Path) -> None:
    with started("ccv-shop", "--state", str(tmp_path)) as lines:
        path = tmp_path / "connections.json"
        kept = json.loads(path.read_text(encoding="utf-8"))["ccv-shop"]
        httpx.post(f"{lines[0]['look']}do", json={"action": "rotate_keys"})
        rotated = json.loads(once_it_lacks(path, kept["answers"]["secret"]))["ccv-shop"]

    assert kept["address"] == kept["answers"]["shop_address"] == lines[0]["address"]
    assert set(kept["answers"]) == {"shop_address", "public_key", "secret"}
    assert rotated["answers"]["secret"] != kept["answers"]["secret"]
    answers = tmp_path / "answers-ccv-shop.json"
    assert json.loads(answers.read_text(encoding="utf-8")) == rotated["answers"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path, answers)} == {0o600}
    assert not list(tmp_path.glob(".*.part"))


def test_another_seed_does_not_overwrite_what_is_kept(tmp_path: Path) -> None:
    with started("ccv-shop", "--state", str(tmp_path)):
        pass
    words = [sys.executable, "-m", "sandbox", "ccv-shop", "--state", str(tmp_path), "--seed", "8"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=HOME)

    assert done.returncode == 2
    assert "--seed 7 --orders 200" in done.stderr


def test_nothing_is_written_when_nothing_changed(tmp_path: Path) -> None:
    with started("ccv-shop", "--state", str(tmp_path)) as lines:
        before = (tmp_path / "ccv-shop.json").stat().st_mtime_ns
        httpx.get(f"{lines[0]['look']}state")
        httpx.get(f"{lines[0]['address']}/api/rest/v1/orders/")
        time.sleep(1.2)

        assert (tmp_path / "ccv-shop.json").stat().st_mtime_ns == before


def test_limits_can_be_off_from_the_start() -> None:
    with started("ccv-shop", "--no-limits") as lines:
        assert httpx.get(f"{lines[0]['look']}limits").json() == {"on": False}


def test_it_ends_quietly_when_its_input_closes() -> None:
    words = [sys.executable, "-m", "sandbox", "ccv-shop", "--orders", "3", "--while-input-is-open"]
    child = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    while "ready" not in child.stdout.readline():
        pass
    _, complaint = child.communicate(timeout=20)

    assert child.returncode == 0
    assert complaint == ""
