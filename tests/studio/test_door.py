"""How the studio is started: where it listens, what it says, and what it says of a wrong call."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.studio.conftest import ROOT, running_studio, workspace_in


def studio_command(*words: str) -> subprocess.CompletedProcess[str]:
    call = [sys.executable, "-m", "studio", "--no-browser", *words]
    return subprocess.run(call, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_it_listens_on_this_machine_only(studio: str) -> None:
    port = int(studio.rsplit(":", 1)[1])
    listening = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    places = [
        line.split()[1] for line in listening if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]

    assert places == [f"0100007F:{port:04X}"]  # 127.0.0.1, as the kernel writes it


def test_a_port_that_is_taken_is_said_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = studio_command("--port", str(taken.getsockname()[1]))

    assert done.returncode == 2
    assert "cannot be used" in done.stderr and "--port" in done.stderr


def test_a_folder_that_is_no_workspace_is_said_on_the_page(page: Page, tmp_path: Path) -> None:
    with running_studio(tmp_path) as address:
        page.goto(address)

        expect(page.get_by_text("This folder cannot be opened")).to_be_visible()
        expect(page.get_by_text("it has no folder connector_specs")).to_be_visible()


def test_a_ledger_that_cannot_be_opened_is_said_on_the_page(page: Page, tmp_path: Path) -> None:
    (workspace_in(tmp_path / "studio") / ".studio" / "ledger.sqlite").mkdir(parents=True)  # as one without rights
    with running_studio(tmp_path / "studio") as address:
        page.goto(address)

        expect(page.get_by_text("This folder cannot be opened")).to_be_visible()
        expect(page.get_by_text("The ledger cannot be opened")).to_be_visible()
        expect(page.get_by_text("Only to look at its flows: copy its folders")).to_be_visible()
        expect(page.get_by_text("The fault is ours")).to_be_hidden()


def test_files_of_the_studio_are_served_and_no_others(studio: str) -> None:
    assert httpx.get(f"{studio}/assets/favicon.png").headers["content-type"] == "image/png"
    for path in ("/assets/../state.py", "/assets/%2e%2e/state.py", "/assets//etc/passwd"):
        answered = httpx.get(studio + path)  # refused, or Streamlit answers with its page

        assert answered.status_code in (200, 400, 404)
        assert "shared_drafts" not in answered.text and "root:" not in answered.text


def test_the_language_and_the_title_are_those_of_the_page(page: Page, studio: str) -> None:
    page.goto(f"{studio}/systems?lang=sv")
    expect(page.get_by_role("heading", level=2)).to_be_visible()

    expect(page.locator("html")).to_have_attribute("lang", "sv")
    expect(page).to_have_title("System · Mapping Studio")
