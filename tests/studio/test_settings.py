"""The page of settings in a browser: each part, what it changes, and who may not."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, TimeoutError, expect

from engine.design.people.rights import Role
from engine.documents.workspace import Workspace
from engine.runs.ledger import Exchange, Ledger
from engine.runs.ledger.webhooks import StoredWebhook
from tests.commands.conftest import say
from tests.studio.conftest import running_studio, workspace_in
from tests.studio.signed_in import SignedIn, with_password
from tests.studio.test_access import serious
from tests.studio.test_swedish import cut, left_in_english
from tests.telling.conftest import SECRET, Chat, chat

__all__ = ["chat"]

expect.set_options(timeout=30_000)
FLOW = "ccv-orders-to-eaccounting"
OF_SHOP = "s3cret-of-the-shop"
PARTS = ("", "retention", "notifications", "keys", "backup", "audit", "about")
DEEDS = ("published", "paused", "resumed")


def ledger_of(workspace: Path) -> Ledger:
    return Ledger.open(Workspace(workspace).ledger_path)


def fill(workspace: Path) -> None:
    """Connections of invented accounts, a webhook, seventy lines in the log, and something that is old."""
    now = datetime.now(UTC)
    with ledger_of(workspace) as ledger:
        answers = {"shop_address": "https://shop.invalid", "public_key": "p", "secret": OF_SHOP}
        ledger.save_connection("ccv-shop", "ccv-shop", answers, {"secret"}, "shop.invalid", False, now, "anna")
        ledger.save_connection("shop_b", "ccv-shop", answers, {"secret"}, "b.invalid", False, now, "anna")
        address = "https://hooks.shop.example/hooks/"
        ledger.keep_webhook(StoredWebhook("ccv-shop", "orders.created", {}, address, now, OF_SHOP), "t0ken")
        for number in range(70):
            at = now - timedelta(hours=100 - number)
            who, did = ("anna@example.com", "bo@example.com")[number % 7 == 0], DEEDS[number % 3]
            ledger.note(did, who, at, flow=FLOW, subject=f"version {number}", details={"why": "=1+1"})
        exchange = Exchange("create", "POST", "u")
        ledger.keep_exchange(None, FLOW, "default", "k", "order", exchange, now - timedelta(days=20))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workspace_in(tmp_path_factory.mktemp("settings") / "studio")
    fill(folder)
    return folder


class Settings:
    """The page in one window, and what is kept of it."""

    def __init__(self, page: Page, studio: str, workspace: Path) -> None:
        self.page, self.studio, self.workspace = page, studio, workspace
        page.set_default_timeout(30_000)

    def open(self, part: str) -> Settings:
        self.page.goto(f"{self.studio}/settings?part={part}")
        expect(self.page.locator(".st-key-settings_shown [data-testid=stHeading]")).to_be_visible()
        self.page.wait_for_function("document.title.endsWith(' · Mapping Studio')")
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        return self

    def button(self, name: str) -> Locator:
        return self.page.locator(".st-key-settings_shown").get_by_role("button", name=name, exact=True)

    @property
    def shown(self) -> Locator:
        return self.page.locator(".st-key-settings_shown")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")


@pytest.fixture
def settings(page: Page, studio: str, workspace: Path) -> Settings:
    return Settings(page, studio, workspace)


def test_every_part_has_its_place_in_the_list_and_in_the_address(settings: Settings) -> None:
    settings.open("")
    for name, heading, part in (
        ("What is kept", "What is kept, and for how long", "retention"),
        ("Notifications", "Notifications", "notifications"),
        ("Connections and keys", "Connections and keys", "keys"),
        ("Backup", "Backup", "backup"),
        ("Audit log", "Audit log", "audit"),
        ("About", "About", "about"),
    ):
        settings.page.locator(".st-key-settings_parts").get_by_role("button", name=name, exact=True).click()

        expect(settings.shown.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        assert settings.page.url.endswith(f"part={part}")


def test_the_language_is_chosen_here_too(settings: Settings) -> None:
    settings.open("").page.get_by_text("Svenska", exact=True).last.click()

    expect(settings.page.get_by_role("heading", name="Inställningar", exact=True)).to_be_visible()
    settings.page.locator(".st-key-settings_shown").get_by_text("English", exact=True).click()
    expect(settings.page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


# --- what is kept


def test_days_are_kept_and_what_is_older_is_forgotten_once_somebody_has_seen_what(settings: Settings) -> None:
    days = settings.open("retention").page.get_by_role("spinbutton", name="Days")
    expect(days).to_have_value("30")
    settings.button("Forget now …").click()
    expect(settings.dialog).to_contain_text("Nothing is older than 30 days.")
    settings.dialog.get_by_role("button", name="Close").last.click()

    days.fill("14")
    settings.button("Save").click()
    expect(settings.shown).to_contain_text("Kept for 14 days from now on.")
    settings.open("retention")
    expect(settings.page.get_by_role("spinbutton", name="Days")).to_have_value("14")
    settings.button("Forget now …").click()
    expect(settings.dialog).to_contain_text("Exchanges")
    with ledger_of(settings.workspace) as ledger:
        assert ledger.to_purge(datetime.now(UTC)).exchanges == 1  # nothing goes before somebody says so
    settings.dialog.get_by_role("button", name="Forget it").click()

    expect(settings.shown).to_contain_text("Forgotten: 1 entry.")
    with ledger_of(settings.workspace) as ledger:
        assert ledger.retention_days() == 14
        assert ledger.to_purge(datetime.now(UTC)).exchanges == 0
        assert [line.what for line in ledger.audit(limit=2)] == ["purged", "retention set"]


def test_what_the_environment_says_is_not_changed_here(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAPPING_STUDIO_RETENTION_DAYS", "60")
    folder = workspace_in(tmp_path / "studio")
    with running_studio(folder) as address:
        settings = Settings(page, address, folder).open("retention")

        expect(page.get_by_role("spinbutton", name="Days")).to_have_value("60")
        expect(page.get_by_role("spinbutton", name="Days")).to_be_disabled()
        expect(settings.button("Save")).to_be_disabled()
        expect(settings.shown).to_contain_text("It is said where the studio is started")


# --- who is told


def test_a_wrong_address_is_told_in_words_and_kept_nowhere(settings: Settings) -> None:
    box = settings.open("notifications").page.get_by_role("textbox", name="Address")
    assert box.get_attribute("type") == "password"
    box.fill("nonsense://user:pa55word@host")
    settings.button("Add").click()

    expect(settings.shown).to_contain_text("Apprise knows no service with such an address")
    with ledger_of(settings.workspace) as ledger:
        assert ledger.recipients() is None
    assert "pa55word" not in settings.page.inner_text("body")


def test_somebody_is_added_tried_and_let_go_and_the_address_never_comes_back(settings: Settings, chat: Chat) -> None:
    page = settings.open("notifications").page
    expect(settings.shown).to_contain_text("Nobody is told what goes wrong yet.")
    page.get_by_role("textbox", name="Address").fill(chat.url)
    settings.button("Add").click()
    expect(settings.shown).to_contain_text("JSON is told from now on.")
    expect(page.get_by_role("textbox", name="Address")).to_have_value("")
    assert SECRET not in page.content()

    settings.button("Send a test").click()
    expect(settings.shown).to_contain_text("The test was taken.")
    assert [message["title"] for message in chat.got] == ["Mapping Studio"]
    chat.status = 500
    settings.button("Send a test").click()
    expect(settings.shown).to_contain_text("The test was not taken: it answered with status 500")

    settings.button("Remove …").click()
    settings.dialog.get_by_role("button", name="Remove").click()
    expect(settings.shown).to_contain_text("Nobody is told what goes wrong yet.")
    with ledger_of(settings.workspace) as ledger:
        assert [line.what for line in ledger.audit(limit=2)] == ["tells no more", "tells"]


# --- connections and keys


def test_connections_are_told_tried_and_let_go(settings: Settings) -> None:
    page = settings.open("keys").page
    card, other = page.locator(".st-key-kept_ccv-shop"), page.locator(".st-key-kept_shop_b")
    expect(card).to_contain_text("shop.invalid, since")
    expect(card).to_contain_text("ccv-cancellations-to-eaccounting")
    expect(other).to_contain_text("No flow uses it")
    expect(settings.shown).to_contain_text("https://hooks.shop.example/hooks/…")
    expect(settings.shown).to_contain_text("with the rights 0600")

    card.get_by_role("button", name="Test").click()
    expect(card).to_contain_text("there is no system called shop.invalid")
    other.get_by_role("button", name="Disconnect …").click()
    settings.dialog.get_by_role("button", name="Disconnect", exact=True).click()
    expect(other).to_have_count(0)
    card.get_by_role("button", name="Disconnect …").click()
    expect(settings.dialog).to_contain_text("These flows cannot run until it is connected again")
    settings.dialog.get_by_role("button", name="Stay connected").click()
    expect(settings.dialog).to_have_count(0)
    with ledger_of(settings.workspace) as ledger:
        assert [each.name for each in ledger.connections()] == ["ccv-shop"]
        assert (ledger.audit(limit=1)[0].what, ledger.audit(limit=1)[0].subject) == ("disconnected", "shop_b")
        key = (settings.workspace / ".studio" / "key").read_text().strip()
    content = page.content()
    assert not any(secret in content for secret in (OF_SHOP, "t0ken", key))

    card.get_by_role("button", name="Connect again").click()
    expect(page).to_have_url(re.compile(r"/systems\?system=ccv-shop"))
    expect(page.get_by_role("heading", name="CCV Shop")).to_be_visible()


# --- backups


def test_a_backup_is_made_downloaded_put_back_by_the_command_and_equal(settings: Settings, tmp_path: Path) -> None:
    page = settings.open("backup").page
    page.get_by_text("Also write the key of the ledger").click()
    expect(settings.shown).to_contain_text("Whoever has both the backup and the key reads everything")
    settings.button("Make a backup").click()
    expect(settings.shown).to_contain_text("is made:")
    [made] = (settings.workspace / ".studio" / "backups").glob("*.tar")
    with page.expect_download() as got:
        settings.button("Download").click()
    file = tmp_path / got.value.suggested_filename
    got.value.save_as(file)
    assert file.read_bytes() == made.read_bytes()

    other = workspace_in(tmp_path / "other")
    assert say(other, "restore", str(file), "--key", str(made.with_suffix(".key"))).code == 0
    with ledger_of(settings.workspace) as here, ledger_of(other) as there:
        before = [line for line in here.audit(limit=100) if line.what != "backed up"]
        assert there.audit(limit=100)[1:][: len(before)] == before[:99]
        assert there.connection("ccv-shop") == here.connection("ccv-shop")

    settings.button("Delete …").click()
    expect(settings.dialog).to_contain_text("So is the copy of the key beside it")
    settings.dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(settings.shown).to_contain_text("is deleted.")
    assert list((settings.workspace / ".studio" / "backups").iterdir()) == []
    expect(settings.shown).to_contain_text("The last one was made")


# --- the log


def rows(settings: Settings) -> Locator:
    return settings.page.locator(".ms-audit tbody tr")


def choose(settings: Settings, box: str, option: str) -> None:
    """Open the box and take the option; once more where the page was drawn anew meanwhile, which closes the box."""
    page, taken = settings.page, settings.page.get_by_role("option", name=option, exact=True)
    for wait in (8_000, 30_000):
        page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
        page.get_by_role("combobox", name=box).click()
        try:
            taken.click(timeout=wait)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError(f"{box} does not offer {option}")


def test_lines_of_the_log_are_found_by_person_and_deed_turned_and_taken_along(settings: Settings) -> None:
    page = settings.open("audit").page
    expect(rows(settings)).to_have_count(50)
    settings.button("Older").click()
    expect(settings.button("Newer")).to_be_visible()
    expect(rows(settings).last).to_contain_text("version 0")
    settings.button("Newer").click()
    expect(rows(settings)).to_have_count(50)

    choose(settings, "Who", "bo@example.com")
    expect(rows(settings)).to_have_count(10)
    choose(settings, "Did", "put on pause")
    expect(rows(settings)).to_have_count(3)
    expect(rows(settings).first).to_contain_text("put on pause version 49")
    expect(rows(settings).first).to_contain_text("reason: =1+1")
    with page.expect_download() as got:
        settings.button("Download as CSV").click()
    held = list(csv.reader(io.StringIO(Path(got.value.path()).read_text(encoding="utf-8-sig"))))
    assert [line[3] for line in held] == ["subject", "version 49", "version 28", "version 7"]
    page.get_by_test_id("stDateInput").first.locator("input").first.fill("2030-01-01")
    settings.page.get_by_role("heading", name="Audit log").click()
    expect(settings.shown).to_contain_text("No such line.")


# --- about


def test_what_this_is_and_whether_all_is_well(settings: Settings) -> None:
    settings.open("about")
    expect(settings.shown).to_contain_text("form")
    expect(settings.shown).to_contain_text(str(settings.workspace))
    settings.button("Look now").click()

    looks = settings.page.locator(".st-key-about_looks")
    expect(looks).to_contain_text("a worker evaluates")
    expect(looks).to_contain_text("opens with its key")
    settings.page.locator("summary").filter(has_text="Licences").click()
    expect(settings.shown.get_by_text("MIT License").first).to_be_visible()


# --- who may


def test_who_only_looks_sees_what_is_harmless_and_changes_nothing(browser: Browser, tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path / "guarded")
    fill(workspace)
    with_password(workspace)
    opened: list[BrowserContext] = []
    with running_studio(workspace) as address:
        page = SignedIn(browser, address, workspace, opened).page_for(Role.LOOK, "/settings?part=retention")
        settings = Settings(page, address, workspace)
        for part, names in {
            "retention": ("Save", "Forget now …"),
            "notifications": ("Add",),
            "backup": ("Make a backup",),
            "about": ("Look now",),
        }.items():
            settings.open(part)
            for name in names:
                expect(settings.button(name)).to_be_disabled()
        settings.open("keys")
        for button in settings.shown.locator("[class*=st-key-kept_]").get_by_role("button").all():
            expect(button).to_be_disabled()
        page.goto(f"{address}/settings?part=audit")
        expect(page.get_by_role("heading", name="This page is not open to you")).to_be_visible()
        assert "version 49" not in page.content()
        opened[0].close()


# --- for everybody


@pytest.fixture(scope="module", params=["light", "dark"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce", color_scheme=request.param
    )
    yield context.new_page()
    context.close()


def test_axe_finds_nothing_serious_in_any_part(visitor: Page, studio: str, workspace: Path) -> None:
    settings = Settings(visitor, studio, workspace)
    found = {part: serious(settings.open(part).page) for part in PARTS}

    assert not any(found.values()), found


def test_every_part_is_in_swedish_and_nothing_of_it_is_cut(browser: Browser, studio: str, workspace: Path) -> None:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="sv-SE", timezone_id="Europe/Stockholm", reduced_motion="reduce"
    )
    settings = Settings(context.new_page(), studio, workspace)
    for part in PARTS:
        settings.open(part)

        assert (part, left_in_english(settings.page)) == (part, [])
        assert (part, cut(settings.page)) == (part, [])
    context.close()
