"""There is no room on the disk: what cannot be saved is told, waits in the page, and is saved once there is room."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.studio.conftest import studio_process
from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow
from tests.studio.test_mapping_publish import change, publishing, without_examples

NO_ROOM = 500  # bytes that a file may have: a draft is larger


class Room:
    """What files of the studio may become."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._usual = resource.prlimit(pid, resource.RLIMIT_FSIZE)

    def none(self) -> None:
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (NO_ROOM, self._usual[1]))

    def again(self) -> None:
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, self._usual)


@pytest.fixture
def crowded(page: Page, workspace: Path) -> Iterator[tuple[Mapping, Room]]:
    with studio_process(workspace) as (address, process):
        yield Mapping(page, address, workspace), Room(process.pid)


def test_a_line_that_cannot_be_saved_is_told_and_saved_by_itself_once_there_is_room(
    crowded: tuple[Mapping, Room],
) -> None:
    mapping, room = crowded
    mapping.open(copy_of_flow(mapping.workspace, "no-room"), step="order")
    before = mapping.formula("order", "YourReference")
    room.none()
    mapping.row("source", "customer.email").locator(".port").click()
    mapping.row("target", "YourReference").scroll_into_view_if_needed()
    mapping.row("target", "YourReference").locator(".label").click()
    mapping.page.get_by_role("menuitem", name="Replace").click()

    told = mapping.page.get_by_text("the draft cannot be saved: no file may become that large here")
    expect(told).to_be_visible(timeout=WAIT)
    expect(mapping.stroke("customer.email", "YourReference")).to_be_attached()  # it is still what was drawn
    assert mapping.formula("order", "YourReference") == before

    room.again()
    mapping.becomes("customer.email", lambda: mapping.formula("order", "YourReference"))
    expect(told).to_be_hidden(timeout=WAIT)


def test_a_flow_that_cannot_be_published_is_told_and_the_one_that_runs_stays(crowded: tuple[Mapping, Room]) -> None:
    mapping, room = crowded
    mapping.open(copy_of_flow(mapping.workspace, "no-room-to-publish", without_examples), step="order")
    change(mapping, "customer.email")
    before = mapping.file().read_bytes()
    dialog = publishing(mapping)
    room.none()
    dialog.get_by_role("button", name="Publish", exact=True).click()

    expect(dialog.get_by_text("cannot be").first).to_be_visible(timeout=WAIT)
    expect(dialog).to_contain_text("The draft is kept as it is")
    assert mapping.file().read_bytes() == before
    room.again()
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_be_hidden(timeout=WAIT)
    assert b"customer.email" in mapping.file().read_bytes()
