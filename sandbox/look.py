"""The page on which a person looks at what a stand-in holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape

from sandbox.system import Table

ROWS_SHOWN = 500
LONG = 34  # characters from which a cell may break its lines
_AMOUNT = re.compile(r"-?[0-9]+\.[0-9]+")

_STYLE = """
:root { color-scheme: light dark; --line: #8883; --faint: light-dark(#5c6470, #9aa3ae);
  --page: light-dark(#fff, #14171b);
  --text: light-dark(#1b1f24, #e6e9ed); --band: light-dark(#f5f7f9, #1b1f25); --accent: light-dark(#0b6bcb, #6cb2ff); }
body { font: 14px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem 2rem 4rem; max-width: 96rem;
  background: var(--page); color: var(--text); }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 0; display: inline; }
p, .count { color: var(--faint); } p { margin: .3rem 0 1rem; }
.count { margin-left: .5rem; font-variant-numeric: tabular-nums; }
input { font: inherit; padding: .45rem .7rem; width: 24rem; max-width: 100%; margin: .3rem 0 1rem; color: inherit;
  background: var(--page); border: 1px solid var(--line); border-radius: .4rem; }
input:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
details { padding: .6rem 0; } summary { cursor: pointer; padding: .2rem 0; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: .5rem; margin-top: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .8rem; white-space: nowrap; }
th { background: var(--band); font-weight: 600; font-size: .85rem; }
td { border-top: 1px solid var(--line); unicode-bidi: isolate; }
td.long { white-space: normal; overflow-wrap: anywhere; min-width: 18rem; max-width: 28rem; }
td.number { text-align: right; font-variant-numeric: tabular-nums; } tbody tr:hover { background: var(--band); }
"""

_SCRIPT = """
document.getElementById('filter').addEventListener('input', function (event) {
  var wanted = event.target.value.toLowerCase();
  document.querySelectorAll('details').forEach(function (part) {
    var left = 0;
    part.querySelectorAll('tbody tr').forEach(function (row) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      if (!row.hidden) left += 1;
    });
    part.querySelector('.left').textContent = wanted ? left + ' of ' : '';
  });
});
"""


def page(name: str, now: datetime, tables: Sequence[Table]) -> str:
    """Write the page; everything that came from outside is escaped."""
    title = escape(name)
    parts = "\n".join(_part(table) for table in tables)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} sandbox</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><h1>{title}</h1>
<p>A stand-in with invented data. Its clock says {escape(f"{now:%Y-%m-%d %H:%M:%S}")} UTC.</p>
<label for="filter">Show only rows with</label><br><input id="filter" type="search" autocomplete="off">
{parts}
<script>{_SCRIPT}</script></body></html>
"""


def _part(table: Table) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    rows = "\n".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in table.rows[:ROWS_SHOWN])
    more = len(table.rows) - ROWS_SHOWN
    rest = f"<p>{more} more are not shown here; /_sandbox/state has them.</p>" if more > 0 else ""
    return (
        f'<details open><summary><h2>{escape(table.title)}</h2><span class="count"><span class="left"></span>'
        f'{len(table.rows)}</span></summary><div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>\n{rows}\n</tbody></table></div>{rest}</details>"
    )


def _cell(text: str) -> str:
    kind = ' class="long"' if len(text) > LONG else ' class="number"' if _AMOUNT.fullmatch(text) else ""
    return f'<td dir="auto"{kind}>{escape(text)}</td>'
