"""The keyboard on the page of records: arrows go from the search through what was found; a story takes the focus."""

from __future__ import annotations

import streamlit as st

from studio.state import STATIC

_TO_THE_HEADING = """<script>
(() => {
  const heading = document.querySelector('[data-testid="stMain"] [data-testid="stHeading"] :is(h1, h2)');
  if (heading) { heading.tabIndex = -1; heading.style.outline = "none"; heading.focus(); }
})();
</script>"""


def let_arrows_go_through_what_was_found() -> None:
    """From the search box down to the first record, from there up and down."""
    st.html((STATIC / "records_keys.html").read_text(encoding="utf-8"), unsafe_allow_javascript=True)


def put_focus_on_the_story() -> None:
    """Whoever opened a record reads on from its heading, and not from the head of the page."""
    st.html(_TO_THE_HEADING, unsafe_allow_javascript=True)


def put_focus_on(key: str) -> None:
    """What was pressed is gone, and this came of it: whoever has no mouse reads on from here."""
    script = f"""<script>
(() => {{
  const said = document.querySelector(".st-key-{key}");
  if (said) {{ said.tabIndex = -1; said.style.outline = "none"; said.focus(); }}
}})();
</script>"""
    st.html(script, unsafe_allow_javascript=True)
