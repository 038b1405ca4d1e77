"""What is seen and heard of the field trees: lines, suggestions, what is gone, words, sizes, other themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.studio.mapper.conftest import Stage
from tests.studio.mapper.fields import (
    FIELDS,
    LINES,
    SOURCE,
    SUGGESTIONS,
    TARGET,
    english,
    line,
    many,
    mapped,
    mapper,
    node,
    trees,
)
from tests.studio.mapper.trees_in_use import by_clicks, by_drag, drag, gone, painted, row, sent, shown, stroke

# Lines


def test_the_lines_of_a_field_stand_out_when_the_pointer_is_on_it(stage: Stage) -> None:
    shown(stage)

    row(stage, "target", "Currency").hover()

    lit = stage.page.locator("path.stroke.lit")
    expect(lit).to_have_count(2)
    expect(row(stage, "source", "currency")).to_have_class("row source linked")


def test_a_line_has_a_card_with_what_can_be_done(stage: Stage) -> None:
    shown(stage)
    hit = stage.page.locator('path.hit[data-line^="total_price"]')
    box = hit.bounding_box()
    assert box is not None

    stage.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    stage.page.get_by_role("button", name="Remove", exact=True).click()

    assert sent(stage) == [{"op": "unlink", "step": "order", "target": "Amount"}]
    expect(stroke(stage, "total_price", "Amount")).to_have_count(0)


def test_a_line_of_several_is_taken_off_alone(stage: Stage) -> None:
    shown(stage)
    hit = stage.page.locator('path.hit[data-line^="customer.first_name"]')
    row(stage, "source", "customer.first_name").scroll_into_view_if_needed()
    row(stage, "target", "InvoiceAddress.Name").scroll_into_view_if_needed()
    hit.dispatch_event("click", {"clientX": 500, "clientY": 300})
    stage.page.get_by_role("button", name="Remove", exact=True).click()

    unlink = {"op": "unlink", "step": "order", "target": "InvoiceAddress.Name", "source": "customer.first_name"}
    assert sent(stage) == [unlink]
    expect(stroke(stage, "customer.last_name", "InvoiceAddress.Name")).to_have_count(1)


def test_a_conversion_is_said_on_the_lines_of_the_selected_field(stage: Stage) -> None:
    shown(stage, selected="OrderDate")

    expect(stage.page.locator(".conversion")).to_have_text("date and time → date")


def test_lines_to_what_is_out_of_sight_end_in_a_marker_that_leads_there(stage: Stage) -> None:
    shown(stage, height=360)
    marker = stage.page.locator(".edge.source.below")
    expect(marker).to_be_visible()

    marker.click()

    stage.page.wait_for_function(
        "document.querySelector('.st-key-mapper').shadowRoot.querySelector('.pane.source').scrollTop > 0"
    )


def test_selecting_a_field_brings_what_it_is_made_of_into_sight(stage: Stage) -> None:
    shown(stage, height=360)

    row(stage, "target", "CustomerId").locator(".label").click()

    expect(row(stage, "source", "$steps.customer.Id")).to_be_in_viewport()
    expect(stroke(stage, "$steps.customer.Id", "CustomerId")).to_have_class("stroke step lit")


def test_a_closed_group_stands_for_its_fields(stage: Stage) -> None:
    shown(stage)

    row(stage, "source", "customer").locator(".twist").click()

    stage.page.mouse.move(2, 2)
    faint = stroke(stage, "customer.first_name", "InvoiceAddress.Name")
    expect(faint).to_have_class("stroke formula faint")
    expect(row(stage, "source", "customer").locator(".port")).to_have_class("port within")


# Suggestions, and what is gone


def test_a_suggestion_is_accepted_or_rejected_in_its_row(stage: Stage) -> None:
    shown(stage, suggestions=SUGGESTIONS)
    expect(stage.page.locator("path.stroke.suggestion:visible")).not_to_have_count(0)
    expect(row(stage, "target", "Note")).to_contain_text("same name")

    row(stage, "target", "Note").get_by_role("button", name="Accept").click()
    row(stage, "target", "InvoiceAddress.PostalCode").get_by_role("button", name="Reject").click()

    decided = [
        {"op": "accept", "step": "order", "target": "Note", "formula": "note"},
        {"op": "reject", "step": "order", "target": "InvoiceAddress.PostalCode"},
    ]
    assert sent(stage) == decided
    expect(stage.page.get_by_text("1 suggestion", exact=True)).to_be_visible()


def test_all_suggestions_are_accepted_at_once(stage: Stage) -> None:
    shown(stage, suggestions=SUGGESTIONS)

    stage.page.get_by_role("button", name="Accept all").click()

    assert [each["op"] for each in sent(stage)] == ["accept"] * 3


def test_a_mapping_whose_field_is_gone_is_kept_and_dragged_to_a_new_home(stage: Stage) -> None:
    gone(stage)
    expect(stage.page.get_by_text("No longer in the schema")).to_be_visible()

    drag(stage, row(stage, "target", "OldReference"), row(stage, "target", "YourReference"))

    assert sent(stage) == [{"op": "move", "step": "order", "target": "OldReference", "to": "YourReference"}]
    expect(stroke(stage, "note", "YourReference")).to_have_count(1)


def test_a_mapping_whose_field_is_gone_is_offered_the_new_home_that_python_proposes(stage: Stage) -> None:
    nodes = [*TARGET, {**node("Delivery", "Delivery"), "gone": True}]
    stage.put("trees", trees(target={"title": "Order", "nodes": nodes}))
    homes = [
        {"target": "OrderDate", "label": "Order date", "why": "same type"},
        {"target": "DeliveryDate", "label": "Delivery date", "why": "similar name"},
    ]
    stage.put("mapper", mapper(fields={**FIELDS, "Delivery": mapped("create_date", "2026-11-24", homes=homes)}))

    stage.page.get_by_role("button", name="Move to \u2068Delivery date").click()

    assert sent(stage) == [{"op": "move", "step": "order", "target": "Delivery", "to": "DeliveryDate"}]
    expect(row(stage, "target", "DeliveryDate")).to_be_focused()


def test_a_mapping_whose_field_is_gone_is_moved_by_keyboard(stage: Stage) -> None:
    gone(stage)
    row(stage, "target", "OldReference").focus()

    stage.page.keyboard.press("Enter")
    row(stage, "target", "YourReference").focus()
    stage.page.keyboard.press("Enter")

    assert sent(stage) == [{"op": "move", "step": "order", "target": "OldReference", "to": "YourReference"}]


# What is seen and heard


def test_rows_say_in_words_what_they_are_mapped_from(stage: Stage) -> None:
    shown(stage)
    said = (row(stage, "target", "InvoiceAddress.Email").get_attribute("aria-description") or "").translate(
        {0x2068: None, 0x2069: None}
    )

    assert said == "mapped from Customer: E-mail, anna@example.org, if empty"


def test_only_unmapped_fields_can_be_shown(stage: Stage) -> None:
    shown(stage)

    stage.page.get_by_role("button", name="Show only target fields that are not mapped yet").click()

    expect(row(stage, "target", "OrderNumber")).to_be_hidden()
    expect(row(stage, "target", "DeliveryDate")).to_be_visible()
    by_clicks(stage, "note", "YourReference")
    expect(row(stage, "target", "YourReference")).to_be_visible()


def test_progress_leads_to_the_next_problem(stage: Stage) -> None:
    shown(stage)

    stage.page.get_by_role("button", name="11 of 13 required mapped in this step, 2 problems in the flow").click()

    assert sent(stage) == [{"op": "next_problem"}]


def test_hostile_names_and_values_are_text(stage: Stage) -> None:
    attack = "<img src=x onerror=alert(1)>"
    source = [*SOURCE, node("evil", attack), node("turned", "\u202eturned")]
    target = [node("Evil", attack), *TARGET]
    stage.put("trees", trees(source={"title": attack, "nodes": source}, target={"title": attack, "nodes": target}))
    fields = {**FIELDS, "Evil": mapped(attack, attack, "error", attack, note=attack)}
    lines = [*LINES, line("evil", "Evil", converts=attack)]
    stage.put("mapper", mapper(fields=fields, lines=lines, values={"evil": attack + "x" * 5_000}, selected="Evil"))

    expect(row(stage, "source", "evil").locator(".label")).to_have_text(attack)
    by_drag(stage, "turned", "Evil")
    expect(stage.page.get_by_role("menu")).to_be_visible()
    assert stage.page.locator("img").count() == 0
    assert len(row(stage, "source", "evil").locator(".value").inner_text()) < 200


def test_trees_that_have_not_come_and_trees_without_fields_have_their_own_look(stage: Stage) -> None:
    stage.put("mapper", mapper())
    expect(stage.page.locator(".loading")).to_be_visible()

    empty = {"title": "Nothing", "nodes": []}
    stage.put("trees", trees(source=empty, target=empty))

    expect(stage.page.locator(".loading")).to_have_count(0)
    expect(stage.page.get_by_text("The source has no fields")).to_be_visible()
    expect(stage.page.get_by_text("The target has no fields")).to_be_visible()


def test_another_step_begins_at_its_top_with_nothing_in_hand(stage: Stage) -> None:
    shown(stage, height=360)
    row(stage, "target", "Rows[].Unit").scroll_into_view_if_needed()
    row(stage, "source", "note").locator(".port").click()

    stage.put("trees", trees("r2", target={"title": "Customer", "nodes": TARGET[:12]}))
    stage.put("mapper", mapper(trees="r2", step="customer", height=360))

    expect(stage.page.get_by_text("Customer", exact=True).first).to_be_visible()
    expect(row(stage, "target", "CustomerId")).to_be_in_viewport()
    expect(stage.page.locator(".mapper.connecting")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_serious_finding_of_an_accessibility_audit(open_stage: Callable[..., Stage], theme: str) -> None:
    stage = gone(open_stage(theme))
    stage.put("mapper", mapper(suggestions=SUGGESTIONS, selected="OrderDate"))
    states: list[Callable[[], Any]] = [
        lambda: None,
        lambda: row(stage, "source", "note").locator(".port").click(),
        lambda: row(stage, "target", "Amount").locator(".label").click(),
        lambda: stage.page.keyboard.press("Escape"),
    ]

    for reach in states:
        reach()
        found = Axe().run(stage.page, options={"rules": {"region": {"enabled": False}}}).response["violations"]
        serious = [each for each in found if each["impact"] in ("serious", "critical")]
        told = [(each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"]) for each in serious]
        assert told == []


@pytest.mark.parametrize("width", [1024, 1280])
def test_texts_a_third_longer_are_not_cut(open_stage: Callable[..., Stage], width: int) -> None:
    stage = open_stage(width=width)
    longer = {key: text + "x" * (1 + len(text) // 3) for key, text in english().items()}
    stage.put("trees", trees(texts=longer))
    stage.put("mapper", mapper(suggestions=SUGGESTIONS))
    row(stage, "source", "note").locator(".port").click()

    cut = stage.page.locator(".head *, .foot *").evaluate_all(
        "all => all.filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1 && e.tagName !== 'INPUT'"
        " && !e.closest('.title')).map(e => e.outerHTML)"
    )

    assert cut == []
    box, foot = stage.page.locator(".mapper").bounding_box(), stage.page.locator(".foot").bounding_box()
    assert box is not None and foot is not None
    assert foot["y"] + foot["height"] <= box["y"] + box["height"] + 1


def test_every_line_has_its_ports_where_there_is_little_room(open_stage: Callable[..., Stage]) -> None:
    stage = shown(open_stage(width=900))

    for side, path in (
        ("source", "create_date"),
        ("source", "ordernumber"),
        ("target", "OrderDate"),
        ("target", "Amount"),
    ):
        expect(row(stage, side, path).locator(".port")).to_be_visible()


def test_five_hundred_fields_a_side_are_usable(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(width=1280)
    fields, mapping = many(500)
    stage.put("trees", fields)
    stage.put("mapper", mapping)
    stage.page.get_by_role("textbox", name="Search source fields").fill("Field 20.7")
    expect(row(stage, "source", "g20.f7")).to_be_visible()
    row(stage, "target", "g24.f16").scroll_into_view_if_needed()

    by_drag(stage, "g20.f7", "g24.f16")

    assert sent(stage)[0]["op"] == "link"
    assert painted(stage, mapping, 5) < 250
