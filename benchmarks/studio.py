"""How quick the studio feels, in a real Chromium with 200 fields a side: `python -m benchmarks.studio`.

Selecting, connecting, typing, the first page, many sessions at once, and the memory of a session.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.stage import ROOT
from benchmarks.studio_sessions import at_once, opened
from benchmarks.wide import FLOW, make

FIELDS, SESSIONS, SESSIONS_OF_MEMORY = 200, 20, 30
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")

_SHADOWS = """() => {
  window.msPart = (key) => {
    const wrapper = document.querySelector(`.st-key-${key}`);
    const host = [...wrapper.querySelectorAll("*")].find((each) => each.shadowRoot);
    return host.shadowRoot;
  };
  window.msWhen = (holds) => new Promise((done) => {
    const look = () => (holds() ? requestAnimationFrame(() => done(performance.now())) : setTimeout(look, 1));
    look();
  });
  window.msRow = (side, id) => msPart("mapper").querySelector(`.pane.${side} .row[data-id="${id}"]`);
}"""
_SELECT = """async ([id, formula]) => {
  const began = performance.now();
  msRow("target", id).querySelector(".label").click();
  const shown = await msWhen(() => {
    const text = msPart("editor").querySelector(".cm-content");
    return text && text.textContent === formula && msRow("target", id).getAttribute("aria-selected") === "true";
  });
  return shown - began;
}"""
_EXPLAINED = """async ([id, read]) => {
  const began = performance.now();
  msRow("target", id).querySelector(".label").click();
  const shown = await msWhen(() => document.querySelector(".st-key-explain")?.textContent.includes(read));
  return shown - began;
}"""
_CONNECT = """async ([source, target, value]) => {
  const rows = [msRow("source", source), msRow("target", target)];
  rows[0].scrollIntoView({ block: "center" });
  rows[1].scrollIntoView({ block: "center" });
  await new Promise((next) => requestAnimationFrame(() => setTimeout(next, 60)));
  rows[0].querySelector(".port").click();
  const began = performance.now();
  rows[1].querySelector(".label").click();
  const line = await msWhen(() => {
    const stroke = msPart("mapper").querySelector(`path.stroke[data-source="${source}"][data-target="${target}"]`);
    return stroke && stroke.getAttribute("d");
  });
  const holds = (row) => row.textContent.includes(value) && !(value && row.querySelector(".value.soon"));
  const shown = await msWhen(() => msRow("target", target).textContent.includes(value));
  const worked = await msWhen(() => holds(msRow("target", target)));
  return [line - began, shown - began, worked - began];
}"""
_LAST_KEY = """(value) => new Promise((done) => {
  let last = 0;
  window.addEventListener("keydown", () => { last = performance.now(); }, true);
  window.msTyped = (id, text) => msWhen(() => msRow("target", id).textContent.includes(text)).then((at) => at - last);
  done(0);
})"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A median in milliseconds and what it may be."""

    what: str
    milliseconds: float
    most: float

    def print(self) -> bool:
        reached = self.milliseconds < self.most
        print(f"{'reached' if reached else 'missed '}   {self.what}: {self.milliseconds:.0f} (under {self.most:.0f})")
        return reached


def main() -> int:
    """Print each figure; 1 where one is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.studio", description=__doc__)
    parser.add_argument("--rounds", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = make(Path(folder) / "workspace", FIELDS)
        with _studio(workspace) as (address, process):
            figures = _in_a_browser(address, asked.rounds)
            figures += _sessions(address)
            figures.append(_memory(address, process.pid))
    missed = [figure for figure in figures if not figure.print()]
    return 1 if missed else 0


def _in_a_browser(address: str, rounds: int) -> list[Figure]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
        first = _first_page(browser, address)
        page = _mapping(browser, address)
        figures = [first, *_selecting(page, rounds), *_connecting(page, rounds), *_typing(page, rounds)]
        browser.close()
    return figures


def _chromium() -> str:
    found = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise SystemExit("No Chromium was found: apt install chromium, or set STUDIO_CHROMIUM.")
    return found


@contextmanager
def _studio(workspace: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    call = [sys.executable, "-m", "studio", "--workspace", str(workspace), "--port", "0", "--no-browser"]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield "http://" + process.stdout.readline().split("http://")[1].split()[0], process
        finally:
            process.terminate()
            process.wait(20)


def _first_page(browser: Browser, address: str) -> Figure:
    """From asking for the first page, right after start-up, to its heading."""
    page = browser.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.get_by_role("heading", name="Home", exact=True).wait_for()
    took = (time.perf_counter() - began) * 1000
    page.close()
    return Figure("first page after start-up, ms", took, 1500)


def opened_pages(workspace: Path, shown: Mapping[str, str], rounds: int) -> dict[str, float]:
    """By path, the median from asking for it to what stands there in the end, painted. shown: path → what that is."""
    with _studio(workspace) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        for path, what in shown.items():
            _opened(context, address + path, what)  # the program's own files are in the browser from now on
        took = {path: [_opened(context, address + path, what) for _ in range(rounds)] for path, what in shown.items()}
        browser.close()
    return {path: statistics.median(each) for path, each in took.items()}


def _opened(context: BrowserContext, address: str, what: str) -> float:
    page = context.new_page()
    page.set_default_timeout(60_000)
    began = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(what).first.wait_for()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
    took = (time.perf_counter() - began) * 1000
    page.close()
    return took


def _mapping(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(60_000)
    page.goto(f"{address}/mapping?{urlencode({'flow': FLOW, 'step': 'order', 'field': 'field0'})}")
    page.locator('.pane.target .row[data-id="field0"]').wait_for()
    page.locator(".cm-content").wait_for()
    page.evaluate(_SHADOWS)
    page.evaluate(_LAST_KEY)
    return page


def _formula(number: int) -> str:
    path = f"group{number // 10}.field{number}"
    return path if number % 2 else f"$first_filled({path})"


def _selecting(page: Page, rounds: int) -> list[Figure]:
    """From a click on a field to its formula in the editor, painted."""
    took = []
    for turn in range(rounds + 3):
        number = (turn * 3 + 3) % (FIELDS - FIELDS % 3)
        took.append(page.evaluate(_SELECT, [f"field{number}", _formula(number)]))
    told = []
    for turn in range(rounds + 3):
        number = (turn * 6 + 9) % (FIELDS - FIELDS % 3)
        told.append(page.evaluate(_EXPLAINED, [f"field{number}", f"group{number // 10}.field{number}"]))
    return [
        Figure(f"select → formula painted, {FIELDS} fields a side, ms", statistics.median(took[3:]), 100),
        Figure("select → explained by the engine, ms", statistics.median(told[3:]), 150),
    ]


def _connecting(page: Page, rounds: int) -> list[Figure]:
    """From connecting two fields to the line, and to the value."""
    lines, values, worked = [], [], []
    unmapped = [number for number in range(FIELDS) if number % 3 and number % 4 == 0][: rounds + 2]
    for number in unmapped:
        source = f"group{number // 10}.field{number}"
        line, value, real = page.evaluate(_CONNECT, [source, f"field{number}", f"sample {number}"])
        lines.append(line)
        values.append(value)
        worked.append(real)
    return [
        Figure("drop → line, ms", statistics.median(lines[2:]), 34),
        Figure("drop → value, ms", statistics.median(values[2:]), 150),
        Figure("drop → value worked out by the engine, ms", statistics.median(worked[2:]), 150),
    ]


def _typing(page: Page, rounds: int) -> list[Figure]:
    """From the last key in the editor to the value in the tree."""
    took = []
    page.evaluate(_SELECT, ["field12", _formula(12)])
    page.locator(".cm-content").click()
    for turn in range(rounds):
        page.keyboard.press("Control+A")
        page.keyboard.type(f'"typed {turn}', delay=20)
        took.append(page.evaluate("([id, text]) => msTyped(id, text)", ["field12", f"typed {turn}"]))
    return [Figure("typing → value after the last key, ms", statistics.median(took), 400)]


def _sessions(address: str) -> list[Figure]:
    """Many visitors who all change something in the same moment, and all load the page in the same moment."""
    query = urlencode({"flow": FLOW, "step": "order", "field": "field0"})
    whole, part = asyncio.run(at_once(address, "mapping", query, SESSIONS, 5))
    return [
        Figure(f"{SESSIONS} sessions change at once, ms", statistics.median(part) * 1000, 300),
        Figure(f"{SESSIONS} sessions load at once, ms", statistics.median(whole) * 1000, 1000),
    ]


def _memory(address: str, pid: int) -> Figure:
    """What each further session takes, as a figure of a thousandth of a MB so that it prints like the others."""
    query = urlencode({"flow": FLOW, "step": "order", "field": "field0"})

    async def measured() -> float:
        first = await opened(address, "mapping", query, 5)
        base = _resident_mb(pid)
        more = await opened(address, "mapping", query, SESSIONS_OF_MEMORY)
        grown = _resident_mb(pid) - base
        for session in (*first, *more):
            await session.close()
        return grown / SESSIONS_OF_MEMORY

    return Figure("memory of a session, kB", asyncio.run(measured()) * 1000, 1000)


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


if __name__ == "__main__":
    sys.exit(main())
