"""Who comes in: with the password, and as whom."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from engine.design.people.rights import Role
from tests.studio.signed_in import SignedIn


@pytest.mark.parametrize("path", ["/", "/records", "/mapping?flow=x", "/settings"])
def test_nobody_sees_the_sign_in_only(signed_in: SignedIn, path: str) -> None:
    page = signed_in.page_for(None, path)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.get_by_role("heading").all_inner_texts() == ["Sign in"]


def test_who_has_signed_in_sees_the_page(signed_in: SignedIn) -> None:
    page = signed_in.page_for(Role.LOOK, "/records")

    expect(page.get_by_role("heading", name="Records")).to_be_visible()
