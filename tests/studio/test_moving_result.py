"""What becomes of an order, as people read it: names for ids, words for nothing, times and numbers of the reader."""

from __future__ import annotations

import json
from pathlib import Path

from streamlit.testing.v1 import AppTest

from engine.design.desk import desk
from engine.design.view import View
from engine.design.view.named import names_of_codes, names_of_ids
from engine.design.view.newcomers import Newcomers
from engine.mappings.finish import PLACEHOLDER
from engine.runs.plan import placeholders
from studio.parts.rows import Row, _line
from studio.words import _engine_words

ROOT = Path(__file__).parents[2]
FLOW = "ccv-orders-to-eaccounting"


def script() -> None:
    import streamlit as st

    from studio.parts.moving_result import in_words

    names = {"0f6a0b": "30 days"}
    shown = [
        in_words("0f6a0b", "text", names),
        in_words(None, "text", names),
        in_words(False, "boolean", names),
        in_words(1234.5678, "number", names),
        in_words(2026, "integer", names),
        in_words("2026-01-31", "date", names),
        in_words("2026-01-31T12:00:00Z", "datetime", names),
        in_words("2026-01-31T12:00:00", "datetime", names),
        in_words("2026-01-31", "text", names),
        in_words("soon", "datetime", names),
    ]
    st.text("|".join(shown))


def said(language: str) -> list[str]:
    app = AppTest.from_function(script)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return [" ".join(text.split()) for text in app.text[0].value.split("|")]


def test_values_are_words_for_people() -> None:
    english, swedish = said("en"), said("sv")

    assert english[:6] == ["30 days", "empty", "no", "1,234.5678", "2026", "31 Jan 2026"]
    assert english[6].startswith("31 Jan 2026")
    assert "Z" not in english[6]
    assert english[7:] == ["2026-01-31T12:00:00", "2026-01-31", "soon"]
    assert swedish[:5] == ["30 days", "tomt", "nej", "1 234,5678", "2026"]


def test_an_id_is_called_what_its_row_says(tmp_path: Path) -> None:
    (tmp_path / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    document = json.loads((ROOT / "saved_mappings" / f"{FLOW}.json").read_bytes())
    rows = document["lookups"]["payment_terms"]["rows"]
    tables = {
        "payment_terms": {"offline_invoice": "terms-1"},
        "units": {"Stuk": "unit-1"},
        "article_endings": {"25": "x"},
    }
    document["examples"] = [{"title": "One", "given": {"ordernumber_full": "W-1"}, "lookups": tables, "waiting": True}]
    with desk(str(tmp_path)) as things:
        names = names_of_ids(View.of(things, FLOW, json.dumps(document), {"ordernumber_full": "W-1"}))

    assert names == {"terms-1": rows["offline_invoice"], "unit-1": "Stuk"}


def test_what_stands_behind_a_word_is_told_on_pointing_and_never_read_as_markup() -> None:
    line = _line(Row("<b>", "<img src=x onerror=y>", behind='"><script>'))

    assert "<img" not in line
    assert "<script" not in line
    assert 'title="&quot;&gt;&lt;script&gt;"' in line


def test_an_address_may_go_on_in_the_next_line_before_its_dots_and_nowhere_inside_a_number() -> None:
    line = _line(Row("E-mail", "anna.berg@post.example"))

    assert "anna<wbr>.berg<wbr>@post<wbr>.example" in line
    assert "<wbr>" not in _line(Row("Price", "1,234.50"))


def test_a_code_is_called_what_the_question_or_the_schema_calls_it(tmp_path: Path) -> None:
    (tmp_path / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    document = json.loads((ROOT / "saved_mappings" / f"{FLOW}.json").read_bytes())
    order = next(step for step in document["steps"] if step["step"] == "order")
    order["fields"]["RotReducedInvoicingType"] = {"formula": "0"}
    with desk(str(tmp_path)) as things:
        codes = names_of_codes(View.of(things, FLOW, json.dumps(document), {"ordernumber_full": "W-1"}), "order")

    assert codes["Status"]["2"] == "In process"
    assert codes["Status"]["4"] == "Invoiced"
    assert codes["RotReducedInvoicingType"] == {"0": "None", "1": "Rot", "2": "Rut"}
    assert "Currency" not in codes


def test_a_placeholder_is_in_the_readers_language_and_in_english_where_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    text = (ROOT / "saved_mappings" / f"{FLOW}.json").read_text(encoding="utf-8")
    record = json.loads(text)["examples"][0]["given"]
    with desk(str(tmp_path)) as things:
        view = View.of(things, FLOW, text, record, translations=_engine_words("sv"))
        row = view.picture("order")["fields"]["CustomerId"]
        body = view.request("order")["requests"][0]["body"]

        assert row["value"].startswith("«Id som kund ")
        assert row["value"].endswith(" får»")
        assert body["CustomerId"] == row["value"] == view.result("order")["CustomerId"]
        assert "of the new" not in str(view.picture("write_back"))
        assert view.expected()["order"]["CustomerId"].startswith("«Id of the new customer ")


def test_what_a_run_would_send_is_told_with_placeholders_in_the_readers_language(tmp_path: Path) -> None:
    (tmp_path / "connector_specs").symlink_to(ROOT / "connector_specs", target_is_directory=True)
    with desk(str(tmp_path)) as things:
        loaded = View.of(things, FLOW, (ROOT / "saved_mappings" / f"{FLOW}.json").read_text("utf-8"), None).loaded
    resources = list(loaded.connectors["eaccounting"].resources.values())
    draft = loaded.connectors["eaccounting"].resources["customerinvoicedrafts"]
    planned = {"Rows": [placeholders(draft, "the new W-1")["Id"]], "Note": "«Id of the new invoice draft W-1»"}

    told = Newcomers(_engine_words("sv")).told(planned, resources)

    assert told == {"Rows": [PLACEHOLDER + "Id som fakturautkast the new W-1 får»"], "Note": planned["Note"]}
    assert Newcomers().told(planned, resources) == planned
