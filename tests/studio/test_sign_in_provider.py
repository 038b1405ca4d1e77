"""Who comes in with an account of an OpenID provider: those whom somebody named, with a confirmed address."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from engine.design.desk import desk
from engine.design.people.rights import Role
from engine.design.people.sign_in import sign_in_with_password, sign_in_with_provider
from engine.design.people.store import remove_person, set_person
from tests.studio.conftest import workspace_in
from tests.studio.identity_provider import CLIENT, SECRET, Provider
from tests.studio.signed_in import PASSWORD, LoggedStudio, logged_studio

ANNA = {"email": "Anna@Example.com", "email_verified": True}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as made:
        yield made


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Path:
    """A workspace whose people sign in with the provider."""
    folder = workspace_in(tmp_path_factory.mktemp("provider") / "own")
    with desk(str(folder)) as things:
        set_person(things, "anna@example.com", Role.ADMINISTER)
        set_person(things, "lena@example.com", Role.LOOK)
        sign_in_with_provider(things, provider.metadata, CLIENT, SECRET)
    return folder


@pytest.fixture(scope="module")
def log(own: Path) -> Iterator[LoggedStudio]:
    with logged_studio(own) as made:
        yield made


@pytest.fixture
def studio(log: LoggedStudio) -> str:
    return log.address


def signs_in(page: Page, studio: str, provider: Provider, path: str = "/", **claims: Any) -> None:
    provider.claims = claims
    page.goto(studio + path)
    page.get_by_role("button", name="Sign in").click()


def comes_back_as_nobody(page: Page, studio: str, provider: Provider, **claims: Any) -> None:
    """Signs in there, comes back, and is asked again."""
    with page.expect_response(lambda answer: answer.url.startswith(f"{studio}/oauth2callback?code=")):
        signs_in(page, studio, provider, **claims)
    page.wait_for_url(studio + "/")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Flows")).to_have_count(0)


def test_a_known_person_comes_in_with_their_role_to_the_page_that_was_asked_for(
    page: Page, studio: str, provider: Provider
) -> None:
    signs_in(page, studio, provider, "/records?q=10482", **ANNA)

    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    assert page.url.startswith(studio + "/records") and "q=10482" in page.url
    assert provider.redirects[-1] == f"{studio}/oauth2callback"
    page.get_by_role("button", name="anna").click()
    expect(page.get_by_text("Your role here is “administer”.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Records")).to_be_visible()


def test_an_unknown_person_is_told_so_and_sees_nothing(page: Page, studio: str, provider: Provider) -> None:
    signs_in(page, studio, provider, "/records", email="eve@example.com", email_verified=True)

    expect(page.get_by_role("heading", name="You may not come in yet")).to_be_visible()
    expect(page.get_by_text("eve@example.com", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Flows")).to_have_count(0)
    before = provider.signed_out
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert provider.signed_out == before + 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "anna@example.com", "email_verified": False},
        {"email": "anna@example.com", "email_verified": "false"},
        {"email": "anna", "email_verified": True},
        {},
    ],
)
def test_an_address_that_is_not_confirmed_lets_nobody_in(
    page: Page, studio: str, provider: Provider, claims: dict[str, Any]
) -> None:
    signs_in(page, studio, provider, "/records", **claims)

    expect(page.get_by_role("heading", name="Your address is not confirmed")).to_be_visible()


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another-client"}, {"iss": "https://other.example.com"}, {"exp": 1}, {"nonce": "of another sign-in"}],
)
def test_a_token_that_is_not_for_us_lets_nobody_in(
    page: Page, studio: str, provider: Provider, claims: dict[str, Any]
) -> None:
    comes_back_as_nobody(page, studio, provider, **{**ANNA, **claims})


@pytest.mark.parametrize("algorithm", ["none", "HS256", "stranger"])
def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    page: Page, studio: str, provider: Provider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    try:
        comes_back_as_nobody(page, studio, provider, **ANNA)
    finally:
        provider.algorithm = "RS256"


def test_a_sign_in_of_yesterday_counts_no_more(page: Page, studio: str, provider: Provider) -> None:
    signs_in(page, studio, provider, **ANNA, iat=int(time.time()) - 13 * 3600)

    page.wait_for_url(studio + "/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_signing_out_ends_it_for_a_copy_of_its_cookies_too(
    page: Page, browser: Browser, studio: str, provider: Provider
) -> None:
    signs_in(page, studio, provider, "/records", **ANNA)
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    copied = with_cookies(browser, page, studio)
    expect(copied.get_by_role("link", name="Records")).to_be_visible()
    page.get_by_role("button", name="anna").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    copied.get_by_role("link", name="Records").click()

    expect(copied.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    copied.context.close()


def with_cookies(browser: Browser, page: Page, studio: str) -> Page:
    """The first page of another browser that has a copy of all cookies."""
    context: BrowserContext = browser.new_context(locale="en-GB")
    context.add_cookies(
        [{"name": each["name"], "value": each["value"], "url": studio} for each in page.context.cookies(studio)]
    )
    copied = context.new_page()
    copied.goto(studio)
    return copied


def test_who_is_removed_is_out_at_the_next_click(page: Page, studio: str, provider: Provider, own: Path) -> None:
    signs_in(page, studio, provider, "/records", email="lena@example.com")
    expect(page.get_by_role("heading", name="Records")).to_be_visible()
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    with desk(str(own)) as things:
        remove_person(things, "lena@example.com")
    page.get_by_role("link", name="Runs").click()

    expect(page.get_by_role("heading", name="You may not come in yet")).to_be_visible()


def test_nothing_secret_is_in_the_log_or_the_ledger(log: LoggedStudio, provider: Provider, own: Path) -> None:
    said = log.said
    kept = b"".join(file.read_bytes() for file in (own / ".studio").iterdir() if file.is_file())

    assert provider.secrets_said
    for secret in (SECRET, *provider.secrets_said):
        assert secret not in said
        assert secret.encode() not in kept


def test_a_way_that_is_changed_while_the_studio_runs(page: Page, studio: str, provider: Provider, own: Path) -> None:
    """The last of this file: the studio of the others asks for another provider, and then for a password."""
    with desk(str(own)) as things:
        sign_in_with_provider(things, provider.metadata, "another-client", SECRET)
        page.goto(studio + "/records")
        expect(page.get_by_role("heading", name="The studio must be started again")).to_be_visible()
        sign_in_with_password(things, PASSWORD)
    page.reload()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Records")).to_be_visible()
