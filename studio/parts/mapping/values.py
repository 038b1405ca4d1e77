"""The flow's named values: what each is on the sample, its formula, and a place for a new one."""

from __future__ import annotations

import streamlit as st

from engine.design.people.rights import Role
from studio.parts.allowed import only
from studio.parts.mapping.said import text, value
from studio.parts.mapping.work import VALUES, Work
from studio.words import _

_MOST_CHARS = 160


def draw_values(work: Work) -> None:
    """Each with the way into the editor."""
    held = work.view.loaded.flow.values
    shown = work.view.picture(work.step)["values"]
    st.caption(_("What several fields need is worked out once, under a name: formulas read it as $values.name."))
    for name, formula in held.items():
        target = f"{VALUES}{name}"
        with st.container(horizontal=True, vertical_alignment="center", key=f"value_{name}"):
            short = formula if len(formula) <= _MOST_CHARS else formula[:_MOST_CHARS] + " …"
            known = value(shown.get(target, ""))
            st.html(
                f'<dl class="ms-rows"><div class="ms-row"><dt>{text(name)}</dt><dd>{known}'
                f'<br><code class="ms-quiet">{text(short)}</code></dd></div></dl>'
            )
            st.button(
                _("Edit"),
                key=f"edit_value_{name}",
                type="tertiary",
                icon=":material/edit:",
                on_click=lambda target=target: work.edit(target),
            )
    with st.popover(_("New named value"), icon=":material/add:", key="new_value", **only(Role.DESIGN)):
        _new(work)


def _new(work: Work) -> None:
    count = len(work.view.loaded.flow.values)
    name = st.text_input(
        _("Name"), key=f"value_name_{count}", help=_("Small letters, digits and underscores: delivery_name.")
    )
    formula = st.text_area(_("Formula"), key=f"value_formula_{count}", height=90)
    ready = bool(name.strip() and formula.strip())
    st.button(
        _("Add it"),
        key="add_value",
        on_click=lambda: _add(work, name.strip(), formula.strip()),
        **only(Role.DESIGN, disabled=not ready),
    )


def _add(work: Work, name: str, formula: str) -> None:
    if work.change([{"op": "set_value", "name": name, "formula": formula}]):
        work.edit(f"{VALUES}{name}")
