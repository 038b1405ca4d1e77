"""A studio that asks for a sign-in, and pages of people who have signed in, each with a role."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.design.desk import desk
from engine.design.people.rights import Role
from engine.design.people.sessions import cookie_name, new_session
from engine.design.people.sign_in import sign_in_with_password, way_in
from engine.design.people.store import set_person

expect.set_options(timeout=20_000)  # a busy machine is no fault of the studio

ROOT = Path(__file__).parents[2]
PASSWORD = "four words of a test"
PEOPLE = {
    "lena@example.com": Role.LOOK,
    "mats@example.com": Role.MEND,
    "dora@example.com": Role.DESIGN,
    "anna@example.com": Role.ADMINISTER,
}
NAMES = {role: name for name, role in PEOPLE.items()}


def with_password(workspace: Path, password: str = PASSWORD) -> None:
    """Have the workspace's studio ask for this password; a person of each role may come in (see PEOPLE)."""
    with desk(str(workspace)) as things:
        for name, role in PEOPLE.items():
            set_person(things, name, role)
        sign_in_with_password(things, password)


def cookie_of(workspace: Path, studio: str, name: str) -> dict[str, str]:
    """The cookie that the browser of this person has after signing in."""
    with desk(str(workspace)) as things:
        return {
            "name": cookie_name(things),
            "value": new_session(name, way_in(things), things.clock.now()),
            "url": studio,
            "sameSite": "Lax",
        }


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Pages over one studio with sign-in, each of another person. Close none of them: who made it does."""

    browser: Browser
    studio: str
    workspace: Path
    opened: list[BrowserContext]

    def page_for(self, role: Role | None, path: str = "/", *, name: str = "", locale: str = "en-GB") -> Page:
        """A page of somebody with this role, opened at a path; of nobody for None. name: another person than that of
        PEOPLE, who must be known already.
        """
        context = self.browser.new_context(
            viewport={"width": 1440, "height": 900}, locale=locale, timezone_id="Europe/Amsterdam"
        )
        context.set_default_timeout(15_000)
        self.opened.append(context)
        if role is not None:
            context.add_cookies([cookie_of(self.workspace, self.studio, name or NAMES[role])])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(self.studio + path)
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        return page


class LoggedStudio:
    """A studio, its address, and all that it says."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.address = "http://" + process.stdout.readline().split("http://")[1].split()[0]
        self._lines: list[str] = []
        stream = process.stdout
        threading.Thread(target=lambda: self._lines.extend(stream), daemon=True).start()

    @property
    def said(self) -> str:
        return "".join(self._lines)


@contextlib.contextmanager
def logged_studio(workspace: Path) -> Iterator[LoggedStudio]:
    """`python -m studio` over this folder, listened to."""
    call = [sys.executable, "-m", "studio", "--workspace", str(workspace), "--port", "0", "--no-browser"]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield LoggedStudio(process)
        finally:
            process.kill()
            process.wait(15)
