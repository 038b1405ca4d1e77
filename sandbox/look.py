"""The page on which a person looks at what a stand-in holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from sandbox.system import Table

ROWS_SHOWN = 500

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: #777; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 90rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0; display: inline; }
p, .count { color: var(--faint); } .count { margin-left: .5rem; }
input { font: inherit; padding: .4rem .6rem; width: 22rem; max-width: 100%; margin: .5rem 0 1rem; }
details { border-top: 1px solid var(--line); padding: .6rem 0; } summary { cursor: pointer; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin-top: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0; }
th { border-bottom: 1px solid var(--line); font-weight: 600; white-space: nowrap; }
td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; max-width: 26rem; unicode-bidi: isolate; }
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
    rows = "\n".join(
        "<tr>" + "".join(f'<td dir="auto">{escape(cell)}</td>' for cell in row) + "</tr>"
        for row in table.rows[:ROWS_SHOWN]
    )
    more = len(table.rows) - ROWS_SHOWN
    rest = f"<p>{more} more are not shown here; /_sandbox/state has them.</p>" if more > 0 else ""
    return (
        f'<details open><summary><h2>{escape(table.title)}</h2><span class="count"><span class="left"></span>'
        f'{len(table.rows)}</span></summary><div class="wide"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>\n{rows}\n</tbody></table></div>{rest}</details>"
    )
