"""People and their way of signing in, on Settings: who administers changes them, the others look."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from engine.design.desk import desk
from engine.design.people.rights import Role
from engine.design.people.sign_in import PASSWORD as WITH_PASSWORD
from engine.design.people.sign_in import way_in
from engine.design.people.store import known_people
from tests.studio.signed_in import SignedIn

PEOPLE = "/settings?part=people"


def row(page: Page, name: str) -> str:
    return f".st-key-person_{name.encode().hex()}"


def roles(workspace: Path) -> dict[str, Role | None]:
    with desk(str(workspace)) as things:
        return {each.person.name: each.person.role for each in known_people(things)}


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_somebody_is_let_in_given_another_role_and_removed(signed_in: SignedIn, workspace: Path) -> None:
    page = signed_in.page_for(Role.ADMINISTER, PEOPLE)
    expect(page.locator(row(page, "anna@example.com"))).to_contain_text("(you)")
    page.get_by_label("E-mail address").fill("nobody")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("that is no e-mail address")).to_be_visible()
    page.get_by_label("E-mail address").fill("Eva@Example.com")
    choose(page, "Role", "mend")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(row(page, "eva@example.com"))).to_be_visible()
    assert roles(workspace)["eva@example.com"] is Role.MEND
    choose(page, "Role of eva@example.com", "design")
    expect(page.get_by_text("has the role “design” now")).to_be_visible()
    assert roles(workspace)["eva@example.com"] is Role.DESIGN
    page.locator(row(page, "eva@example.com")).get_by_role("button", name="Remove …").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(row(page, "eva@example.com"))).to_have_count(0)

    assert "eva@example.com" not in roles(workspace)


def test_a_password_that_does_not_do_is_said_and_the_old_one_stays(signed_in: SignedIn, workspace: Path) -> None:
    page = signed_in.page_for(Role.ADMINISTER, PEOPLE)
    for first, again, said in (
        ("brief", "brief", "shorter than 10"),
        ("one long word", "two long words", "not the same"),
    ):
        page.get_by_label("New password").fill(first)
        page.get_by_label("Once more").fill(again)
        page.get_by_role("button", name="Set a new password").click()
        expect(page.get_by_text(said)).to_be_visible()
    page.locator(".st-key-way_in").get_by_text("Everybody's own account").click()
    expect(page.get_by_text(f"{signed_in.studio}/oauth2callback")).to_be_visible()
    page.get_by_label("Address of its metadata").fill("http://id.example.com/x")
    page.get_by_role("button", name="Sign in with this provider").click()
    expect(page.get_by_text("it is not https")).to_be_visible()

    with desk(str(workspace)) as things:
        assert way_in(things).way == WITH_PASSWORD


def test_who_does_not_administer_looks_only(signed_in: SignedIn) -> None:
    page = signed_in.page_for(Role.DESIGN, PEOPLE)

    expect(page.locator(row(page, "anna@example.com"))).to_be_visible()
    for name in ("Add", "Set a new password"):
        expect(page.get_by_role("button", name=name)).to_be_disabled()
    expect(page.get_by_label("Role of anna@example.com")).to_be_disabled()


def test_the_sign_in_and_the_people_have_no_serious_fault_of_access(signed_in: SignedIn) -> None:
    for page in (signed_in.page_for(None, "/"), signed_in.page_for(Role.ADMINISTER, PEOPLE)):
        found = Axe().run(page).response["violations"]
        assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
