"""Who comes in with the local password, and how long that counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.design.desk import desk
from engine.design.people.rights import Role
from engine.design.people.sign_in import sign_in_with_nothing, sign_in_with_password
from engine.design.people.store import remove_person, set_person
from engine.design.settings.backups import back_up_here
from tests.studio.conftest import workspace_in
from tests.studio.signed_in import PASSWORD, SignedIn, cookie_of, logged_studio, with_password

ANOTHER = "another four words"


def password_box(page: Page, password: str) -> None:
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def comes_in(page: Page, password: str = PASSWORD) -> None:
    password_box(page, password)
    expect(page.get_by_role("heading", name="Records")).to_be_visible()


def at_rest(page: Page) -> None:
    """All of the page is drawn: what changes from now on is noticed by the next click, not in the middle of this."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


@pytest.fixture
def nobody(signed_in: SignedIn) -> Page:
    return signed_in.page_for(None, "/records?q=10482")


@pytest.mark.parametrize("path", ["/", "/records", "/mapping?flow=x", "/settings", "/new-flow"])
def test_nobody_sees_the_sign_in_only(signed_in: SignedIn, path: str) -> None:
    page = signed_in.page_for(None, path)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.get_by_role("heading").all_inner_texts() == ["Sign in"]
    expect(page.get_by_role("link", name="Flows")).to_have_count(0)


def test_nobody_is_sent_nothing_of_the_workspace_and_fetches_no_file_of_it(
    signed_in: SignedIn, guarded_studio: str, workspace: Path
) -> None:
    """What travels by the WebSocket holds no name of a flow, a system, a person or a folder."""
    sent: list[bytes] = []
    page = signed_in.page_for(None, "/")
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.append(as_bytes(data))))
    page.goto(guarded_studio + "/mapping?flow=ccv-orders-to-eaccounting")
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    page.get_by_label("Password", exact=True).fill("wrong wrong wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("This is not the password.")).to_be_visible()

    said = b"".join(sent).lower()
    assert b"password" in said
    for name in (b"ccv-orders", b"eaccounting", b"anna@example.com", str(workspace).encode(), b"scrypt"):
        assert name not in said
    for path in ("/media/x.csv", "/_stcore/upload_file/x/y", "/_stcore/agent/openapi.json"):
        assert page.request.get(guarded_studio + path).status == 403
    for path in ("/assets/../app.py", "/assets/%2e%2e/app.py", "/assets/.studio/key", "/static/.studio/key"):
        answer = page.request.get(guarded_studio + path)
        assert answer.status in (400, 403, 404) or "<!doctype html>" in answer.text().lower()


def as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


def test_a_ticket_is_good_for_our_own_page_only(signed_in: SignedIn, guarded_studio: str) -> None:
    page = signed_in.page_for(None, "/")
    for headers in ({}, {"Origin": guarded_studio}, {"Origin": "https://evil.example.com"}):
        answer = page.request.post(guarded_studio + "/signed-in", data="a ticket of mine", headers=headers)
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
    assert page.request.post(guarded_studio + "/signed-in", data="x" * 100_000).status == 403


def test_the_password_lets_in_to_the_page_that_was_asked_for_and_a_reload_asks_nothing(nobody: Page) -> None:
    comes_in(nobody)
    assert "q=10482" in nobody.url
    nobody.reload()

    expect(nobody.get_by_role("heading", name="Records")).to_be_visible()
    kept = [each for each in nobody.context.cookies() if each["name"].startswith("mapping_studio_")]
    assert [(each["httpOnly"], each["sameSite"], each["secure"]) for each in kept] == [(True, "Lax", False)]
    assert PASSWORD not in nobody.url


def test_a_wrong_password_is_said_so(nobody: Page) -> None:
    password_box(nobody, "not the password")

    expect(nobody.get_by_text("This is not the password.")).to_be_visible()
    expect(nobody.get_by_role("heading", name="Records")).to_have_count(0)
    comes_in(nobody)


def test_signing_out_ends_the_session_in_every_window_and_for_a_copy_of_its_cookie(
    nobody: Page, browser: Browser, guarded_studio: str
) -> None:
    comes_in(nobody)
    cookies = nobody.context.cookies()
    other = nobody.context.new_page()
    other.goto(guarded_studio + "/records")
    expect(other.get_by_role("heading", name="Records")).to_be_visible()
    nobody.get_by_role("button", name="local").click()
    nobody.get_by_role("button", name="Sign out").click()
    expect(nobody.get_by_label("Password", exact=True)).to_be_visible()
    other.get_by_role("link", name="Flows").click()

    expect(other.get_by_label("Password", exact=True)).to_be_visible()
    thief = browser.new_context()
    thief.add_cookies([{"name": each["name"], "value": each["value"], "url": guarded_studio} for each in cookies])
    stolen = thief.new_page()
    stolen.goto(guarded_studio)
    expect(stolen.get_by_label("Password", exact=True)).to_be_visible()
    thief.close()


def test_who_is_removed_is_out_at_the_next_click_and_a_new_role_counts_at_once(
    signed_in: SignedIn, workspace: Path
) -> None:
    with desk(str(workspace)) as things:
        set_person(things, "eva@example.com", Role.LOOK)
        page = signed_in.page_for(Role.LOOK, "/records", name="eva@example.com")
        page.get_by_role("button", name="eva").click()
        expect(page.get_by_text("Your role here is “look”.")).to_be_visible()
        set_person(things, "eva@example.com", Role.DESIGN)
        page.get_by_role("link", name="Runs").click()
        page.get_by_role("button", name="eva").click()
        expect(page.get_by_text("Your role here is “design”.")).to_be_visible()
        page.keyboard.press("Escape")
        at_rest(page)
        remove_person(things, "eva@example.com")
    page.get_by_role("link", name="Records").click()

    expect(page.get_by_role("heading", name="You may not come in yet")).to_be_visible()
    expect(page.get_by_text("eva@example.com")).to_be_visible()


def test_a_download_asks_who_it_is_when_it_is_clicked(signed_in: SignedIn, workspace: Path) -> None:
    with desk(str(workspace)) as things:
        back_up_here(things)
        set_person(things, "eva@example.com", Role.ADMINISTER)
        page = signed_in.page_for(Role.ADMINISTER, "/settings?part=backup", name="eva@example.com")
        button = page.get_by_role("button", name="Download")
        with page.expect_download():
            button.click()
        set_person(things, "eva@example.com", Role.LOOK)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    button.click()

    expect(page.get_by_text("Failed to generate file for download")).to_be_visible()
    assert not [address for address in fetched if "/media/" in address]


def test_a_part_of_a_page_that_is_drawn_alone_asks_who_it_is_too(signed_in: SignedIn, workspace: Path) -> None:
    with desk(str(workspace)) as things:
        set_person(things, "eva@example.com", Role.DESIGN)
        page = signed_in.page_for(Role.DESIGN, "/mapping?flow=ccv-orders-to-eaccounting", name="eva@example.com")
        expect(page.get_by_role("button", name="Test", exact=True)).to_be_visible()
        at_rest(page)
        remove_person(things, "eva@example.com")
    page.get_by_role("button", name="Test", exact=True).click()

    expect(page.get_by_role("heading", name="You may not come in yet")).to_be_visible()


def test_the_cookie_of_another_workspace_lets_nobody_in(
    browser: Browser, guarded_studio: str, workspace: Path, tmp_path: Path
) -> None:
    other = workspace_in(tmp_path / "other")
    with_password(other)
    name = cookie_of(workspace, guarded_studio, "anna@example.com")["name"]
    context = browser.new_context()
    foreign = cookie_of(other, guarded_studio, "anna@example.com")
    context.add_cookies([foreign, {**foreign, "name": name}])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(guarded_studio)

    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    context.close()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A workspace that a test may lock."""
    return workspace_in(tmp_path / "own")


@pytest.fixture
def own_studio(own: Path, page: Page) -> Iterator[str]:
    """A studio that says nothing secret, whatever is done there."""
    with logged_studio(own) as made:
        yield made.address
        cookies = [each["value"] for each in page.context.cookies() if each["name"].startswith("mapping_studio_")]
        for secret in (PASSWORD, ANOTHER, "wrong 3", *cookies):
            assert secret not in made.said


def test_a_studio_that_is_given_a_password_asks_for_it_at_the_next_click_and_a_new_one_ends_its_sessions(
    page: Page, own: Path, own_studio: str
) -> None:
    page.goto(own_studio + "/records")
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    with desk(str(own)) as things:
        sign_in_with_password(things, PASSWORD)
        page.get_by_role("link", name="Flows").click()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()
        password_box(page, PASSWORD)
        expect(page.get_by_role("heading", name="Flows", exact=True)).to_be_visible()
        at_rest(page)
        sign_in_with_password(things, ANOTHER)
        page.get_by_role("link", name="Records").click()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()
        sign_in_with_nothing(things)
    page.reload()

    expect(page.get_by_role("heading", name="Records")).to_be_visible()


def test_after_five_wrong_passwords_even_the_right_one_waits(page: Page, own: Path, own_studio: str) -> None:
    with desk(str(own)) as things:
        sign_in_with_password(things, PASSWORD)
    page.goto(own_studio + "/records")
    for number in range(5):
        password_box(page, f"wrong {number}")
        expect(page.get_by_text(f"This is not the password. {4 - number} more")).to_be_visible()
    password_box(page, PASSWORD)

    expect(page.get_by_text("There were too many wrong passwords.")).to_be_visible()
    expect(page.get_by_role("heading", name="Records")).to_have_count(0)
