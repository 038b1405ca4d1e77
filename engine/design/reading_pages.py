"""A reading as text for a terminal, and as one page for a printer that asks nothing of any other place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from textwrap import wrap

from engine.design.reading import Part, Reading, Said, StepReading, Table

WIDTH = 100
_INDENT = "  "

_STYLE = """
:root { color-scheme: light; font: 11pt/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
body { color: #1a1a1a; background: #fff; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7em; line-height: 1.2; margin: 0 0 .3em; }
h2 { font-size: 1.25em; margin: 2em 0 .5em; padding-bottom: .2em; border-bottom: 1px solid #bbb; }
h3 { font-size: 1.05em; margin: 1.6em 0 .4em; }
h4 { font-size: .95em; margin: 1em 0 .3em; color: #444; }
p, li, td, th { unicode-bidi: plaintext; overflow-wrap: anywhere; }
p { margin: .3em 0; }
ul { margin: .2em 0 .6em; padding-inline-start: 1.3em; }
li { margin: .15em 0; }
.in-1 { margin-inline-start: 1.5em; } .in-2 { margin-inline-start: 3em; } .in-3 { margin-inline-start: 4.5em; }
.note, .label { color: #555; font-size: .9em; }
.note { display: block; }
table { border-collapse: collapse; width: 100%; margin: .4em 0 1em; }
th, td { text-align: start; vertical-align: top; padding: .25em .6em .25em 0; border-bottom: 1px solid #ddd; }
th { font-weight: 600; border-bottom-color: #888; }
@page { margin: 18mm; }
@media print {
  body { margin: 0; max-width: none; }
  h2, h3, h4 { break-after: avoid; }
  li, tr { break-inside: avoid; }
}
"""


def as_text(reading: Reading) -> str:
    """The reading as lines of at most 100 characters."""
    lines = [*_wrapped(reading.title), "=" * min(WIDTH, len(reading.title))]
    if reading.label:
        lines.append(reading.label)
    if reading.about:
        lines += ["", *_wrapped(reading.about)]
    lines += _part_lines(reading.source)
    lines += _table_lines(reading.settings, "-")
    lines += _heading(reading.steps_heading, "-") if reading.steps else []
    for step in reading.steps:
        lines += _step_lines(step)
    if reading.lookups:
        lines += _heading(reading.lookups_heading, "-")
        lines += [line for table in reading.lookups for line in _table_lines(table, "")]
    lines += [*_part_lines(reading.values), *_part_lines(reading.examples)]
    return "\n".join(lines) + "\n"


def _heading(text: str, rule: str) -> list[str]:
    return ["", *_wrapped(text), *([rule * min(WIDTH, len(text))] if rule else [])]


def _part_lines(part: Part, rule: str = "-") -> list[str]:
    return [*_heading(part.heading, rule), *_sentence_lines(part.sentences)] if part.sentences else []


def _step_lines(step: StepReading) -> Iterator[str]:
    yield from _heading(step.heading, "")
    yield from _sentence_lines(step.sentences, 1)
    for part in step.parts:
        yield ""
        yield f"{_INDENT}{part.heading}"
        yield from _sentence_lines(part.sentences, 1)


def _sentence_lines(sentences: Iterable[Said], depth: int = 0) -> Iterator[str]:
    for said in sentences:
        indent = _INDENT * (depth + said.depth)
        yield from _wrapped(said.text, f"{indent}- ", f"{indent}  ")
        if said.note:
            yield from _wrapped(f"({said.note})", f"{indent}  ", f"{indent}  ")


def _table_lines(table: Table, rule: str) -> list[str]:
    if not table.rows and not table.sentences:
        return []
    lines = [*_heading(table.heading, rule), *_sentence_lines(table.sentences)]
    widest = min(40, max((len(key) for key, _ in table.rows), default=0))
    for key, value in table.rows:
        lines += _wrapped(value, f"{_INDENT}{key:{widest}}  ", " " * (widest + 4))
    return lines


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False) or [first.rstrip()]


def as_page(reading: Reading) -> str:
    """The reading as one HTML page: nothing in it is fetched, and nothing in it runs."""
    title = escape(reading.title)
    body = [f"<h1>{title}</h1>"]
    if reading.label:
        body.append(f'<p class="label">{escape(reading.label)}</p>')
    if reading.about:
        body.append(f"<p>{escape(reading.about)}</p>")
    body += _part_page(reading.source, "h2")
    body += _table_page(reading.settings, "h2")
    body += [f"<h2>{escape(reading.steps_heading)}</h2>"] if reading.steps else []
    for step in reading.steps:
        body.append(f"<section><h3>{escape(step.heading)}</h3>{_list(step.sentences)}")
        body += [line for part in step.parts for line in _part_page(part, "h4")]
        body.append("</section>")
    if reading.lookups:
        body.append(f"<h2>{escape(reading.lookups_heading)}</h2>")
        body += [line for table in reading.lookups for line in _table_page(table, "h3")]
    body += [*_part_page(reading.values, "h2"), *_part_page(reading.examples, "h2")]
    return (
        f'<!doctype html>\n<html lang="{escape(reading.language)}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _part_page(part: Part, tag: str) -> list[str]:
    return [f"<{tag}>{escape(part.heading)}</{tag}>", _list(part.sentences)] if part.sentences else []


def _list(sentences: Iterable[Said]) -> str:
    items = []
    for said in sentences:
        note = f'<span class="note">{escape(said.note)}</span>' if said.note else ""
        depth = f' class="in-{min(said.depth, 3)}"' if said.depth else ""
        items.append(f"<li{depth}>{escape(said.text)}{note}</li>")
    return f"<ul>{''.join(items)}</ul>"


def _table_page(table: Table, tag: str) -> list[str]:
    if not table.rows and not table.sentences:
        return []
    lines = [f"<{tag}>{escape(table.heading)}</{tag}>"]
    lines += [f"<p>{escape(said.text)}</p>" for said in table.sentences]
    if table.rows:
        head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
        rows = "".join(f"<tr><td>{escape(key)}</td><td>{escape(value)}</td></tr>" for key, value in table.rows)
        lines.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return lines
