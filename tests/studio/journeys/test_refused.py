"""What the books refuse, from what a caller says to the order in the books: a customer without a field they want."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.commands.conftest import FLOW
from tests.studio.journeys.conftest import Day, Support, flow_of
from tests.studio.mapping_in_use import Mapping

TELEPHONE = "Telephone: The field is required."


def test_a_customer_refused_for_a_missing_field_gets_a_value_in_the_mapping(support: Support, day: Day) -> None:
    day.books.do("demand", {"fields": ["Telephone"]})
    number = day.order(telephone="")
    assert day.run().code == 1
    support.home_tells(TELEPHONE)

    support.find(day.said, number)
    support.tells("Visma eAccounting refused it", TELEPHONE)
    support.tells("The buyer is found, or becomes a customer ▸ Telephone", "$values.bill.telephone", "Mend the field")
    support.is_accessible()
    story = support.page.url
    support.press("Open the field Telephone in the mapping", support.failure)

    mapping = Mapping(support.page, day.studio, day.workspace)
    mapping.flow = FLOW
    mapping.loaded()
    formula = '$truncate($first_filled($values.bill.telephone, "unknown"), 50)'
    mapping.type(formula)
    mapping.becomes(formula, lambda: mapping.formula("customer", "Telephone"))
    mapping.at_rest()
    mapping.button("Publish").first.click()
    dialog = support.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name of the version").fill("Whoever gives no telephone number")
    reason = dialog.get_by_role("textbox", name="Why it is right although examples differ")
    reason.fill("The books want one")
    reason.press("Tab")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    support.page.get_by_text("is published.").wait_for()
    assert '"unknown"' in str(flow_of(day))

    support.page.goto(story)
    shown = support.shown(number)
    expect(shown).to_contain_text("POST /v2/customers")
    expect(shown).to_contain_text(re.compile(r"Telephone\s*before:\s*nothing\s*now:\s*unknown"))
    support.sent(number)
    [customer] = day.in_books("customers", "EmailAddress", day.said)
    assert customer["Telephone"] == "unknown"
    support.is_accessible()
    support.nothing_needs_somebody(TELEPHONE)
