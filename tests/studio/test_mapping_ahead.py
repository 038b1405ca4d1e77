"""What a change gives goes to the browser before the rest of the page, which is longer in being drawn."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.studio.mapping_in_use import WAIT, Mapping, copy_of_flow
from tests.studio.test_mapping_ways import SOURCE, TARGET, by_clicks


def _drawn(frame: str | bytes) -> str:
    """What a message of the studio draws: a part of our component by name, else a kind of element; "" for nothing."""
    message: Any = ForwardMsg()
    message.ParseFromString(frame if isinstance(frame, bytes) else frame.encode())
    if message.WhichOneof("type") != "delta" or message.delta.WhichOneof("type") != "new_element":
        return ""
    element = message.delta.new_element
    kind = str(element.WhichOneof("type"))
    told = element.SerializeToString().replace(b" ", b"")
    return next((part for part in ("kept", "mapper", "editor") if f'"kind":"{part}"'.encode() in told), kind)


def test_changed_values_are_sent_before_what_stands_around_them(mapping: Mapping) -> None:
    frames: list[str | bytes] = []
    mapping.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(frame)))
    mapping.open(copy_of_flow(mapping.workspace, "ahead"), step="order")
    frames.clear()

    by_clicks(mapping)
    expect(mapping.stroke(SOURCE, TARGET)).to_be_attached(timeout=WAIT)
    mapping.becomes(SOURCE, lambda: mapping.formula("order", TARGET))
    mapping.at_rest()
    mapping.becomes(True, lambda: any(_drawn(each) == "editor" for each in frames))

    drawn = [part for part in map(_drawn, frames) if part]
    assert drawn[:2] == ["kept", "mapper"], drawn


def test_what_is_drawn_anew_does_not_grow_faint(mapping: Mapping) -> None:
    mapping.open(copy_of_flow(mapping.workspace, "faint"), step="order")
    container = mapping.page.locator(".st-key-mapper[data-testid=stElementContainer]")
    container.evaluate("(it) => { it.style.opacity = '0.3'; it.dataset.stale = 'true'; }")
    expect(container).to_have_css("opacity", "1", timeout=WAIT)
