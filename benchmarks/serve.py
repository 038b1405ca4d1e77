"""`serve`: from a webhook to the books, and what it costs while nothing happens: `python -m benchmarks.serve`."""

from __future__ import annotations

import argparse
import hashlib
import hmac
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from benchmarks.stage import FLOW, ROOT, SYSTEMS, cpu_seconds
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving

MOST_SECONDS, MOST_PERCENT, MOST_MEGABYTES = 5.0, 1.0, 150.0
_ORDER_SECONDS = 60.0


def main() -> int:
    """Print the figures; 1 where one of them is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serve", description=__doc__)
    parser.add_argument("--orders", type=int, default=50)
    parser.add_argument("--idle", type=float, default=60.0, metavar="SECONDS")
    parser.add_argument("--at-once", type=int, default=0, metavar="N", help="also send so many webhooks at once")
    parser.add_argument("--delay-ms", type=float, default=0.0, help="how late both systems answer each request")
    asked = parser.parse_args()
    with _place() as (folder, shop, books, serving), _served(folder) as (process, address):
        _engine(folder, "webhooks", "ccv-shop", "--register", "--public-url", address)
        _order(shop, books)  # the first one fills the lookups' caches of the machine
        for name in SYSTEMS if asked.delay_ms else ():
            serving.arm(name, [{"kind": "delay", "seconds": asked.delay_ms / 1000}])
        times = [_order(shop, books) for _ in range(asked.orders)]
        time.sleep(2)
        percent, megabytes = _idle(process.pid, asked.idle)
        if asked.at_once:
            _storm(shop, address, asked.at_once)
    print(f"webhook to books, {len(times)} orders: median {median(times):.2f} s, slowest {max(times):.2f} s")
    print(f"idle for {asked.idle:.0f} s: {percent:.2f} % of a core, {megabytes:.0f} MB with its formula worker")
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores")
    return int(median(times) > MOST_SECONDS or percent >= MOST_PERCENT or megabytes >= MOST_MEGABYTES)


def _order(shop: CcvShop, books: EAccounting) -> float:
    """Seconds from an order in the shop, which sends its webhook at once, to the order in the books."""
    began = time.perf_counter()
    made: Any = shop.do("new_order", {})
    number = f"W-{made['ordernumber']}"
    while not any(order["BuyersOrderReference"] == number for order in _orders(books)):
        if time.perf_counter() - began > _ORDER_SECONDS:
            raise TimeoutError(f"{number} never came")
        time.sleep(0.005)
    return time.perf_counter() - began


def _storm(shop: CcvShop, address: str, many: int) -> None:
    """Webhooks for new orders and for records that there are not, four of five, all at once."""
    [held] = [dict(each) for each in shop.webhooks.held.values()]
    path, key = urlsplit(str(held["address"])).path, str(held["key"])
    shop.webhooks.held.clear()  # the orders themselves are silent
    made: list[Any] = [shop.do("new_order", {}) for _ in range(many // 5)]
    keys = [order["id"] for order in made] + [900_000 + n for n in range(many - len(made))]
    before, began = _runs(address), time.perf_counter()

    def send(n: int) -> tuple[int, float]:
        body = json.dumps({"id": n, "triggered_at": "2026-11-27T08:00:00+00:00", "status": 1}).encode()
        digest = hmac.new(key.encode(), f"{path}|".encode() + body, hashlib.sha512).hexdigest()
        at = time.perf_counter()
        with urlopen(Request(f"{address}{path}", body, {"x-hash": digest})) as reply:
            return reply.status, time.perf_counter() - at

    with ThreadPoolExecutor(100) as callers:
        said = list(callers.map(send, keys))
    answered = time.perf_counter() - began
    while _figure(address, "mapping_studio_inbox_waiting"):
        time.sleep(0.1)
    whole = time.perf_counter() - began
    seconds = [took for status, took in said if status == 202]
    print(
        f"{len(seconds)} of {many} webhooks at once taken in {answered:.1f} s (median {median(seconds):.2f} s), "
        f"fetched after {whole:.1f} s in {_runs(address) - before:.0f} runs"
    )


def _runs(address: str) -> float:
    return _figure(address, "mapping_studio_runs_total")


def _figure(address: str, name: str) -> float:
    """The sum of a figure over its labels."""
    with urlopen(f"{address}/metrics") as reply:
        lines = reply.read().decode().splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith((name + "{", name + " ")))


def _orders(books: EAccounting) -> list[dict[str, Any]]:
    held: Any = books.state()["orders"]
    return list(held)


def _idle(pid: int, seconds: float) -> tuple[float, float]:
    """Percent of a core and resident megabytes, children included."""
    before = sum(map(cpu_seconds, _family(pid)))
    time.sleep(seconds)
    family = _family(pid)
    used = sum(map(cpu_seconds, family)) - before
    return 100 * used / seconds, sum(map(_megabytes, family))


def _family(pid: int) -> list[int]:
    below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in below for each in _family(int(child)))]


def _megabytes(pid: int) -> float:
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1000


@contextmanager
def _place() -> Iterator[tuple[Path, CcvShop, EAccounting, Serving]]:
    """A connected workspace without schedules, so that only webhooks wake the flow."""
    clock = Clock()
    shop, books = CcvShop(clock, 7, 0), EAccounting(clock, 7, 0, False)
    shop.limits_on = books.limits_on = False
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name, Serving([shop, books], clock=clock) as serving:
        folder = Path(name)
        for part in ("connector_specs", "saved_mappings"):
            shutil.copytree(ROOT / part, folder / part)
        for other in (folder / "saved_mappings").glob("*.json"):
            if other.stem != FLOW:
                other.unlink()
        path = folder / "saved_mappings" / f"{FLOW}.json"
        document = json.loads(path.read_text(encoding="utf-8"))
        document.pop("schedules", None)
        path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        for system in (shop, books):
            answers = folder / f"{system.name}.answers"
            answers.write_text(json.dumps(system.credentials(serving.addresses[system.name])), encoding="utf-8")
            _engine(folder, "connect", system.name, "--answers", str(answers), "--allow-private")
        _engine(folder, "run", FLOW)  # the first run is a person's
        yield folder, shop, books, serving


@contextmanager
def _served(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    words = [sys.executable, "-m", "engine", "serve", "--json", "--port", "0", "--workspace", str(folder)]
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(words, cwd=ROOT, stdout=said, text=True)
        try:
            while True:
                said.seek(0)
                line = said.readline()
                if line.endswith("\n"):
                    break
                time.sleep(0.02)
            yield process, json.loads(line)["address"]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)


def _engine(folder: Path, *words: str) -> None:
    call = [sys.executable, "-m", "engine", *words, "--workspace", str(folder)]
    subprocess.run(call, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    sys.exit(main())
