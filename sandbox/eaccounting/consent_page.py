"""The page of the identity server on which a person lets an application in, or does not."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from sandbox.exchange import Reply

# not documented: how the page looks and what a scope is called on it; the words are the stand-in's own.
_IN_WORDS = {
    "ea:api": "use the programming interface",
    "offline_access": "stay signed in until you withdraw it",
    "ea:sales": "read and write sales: customers, articles, orders, invoices",
    "ea:sales_readonly": "read sales",
    "ea:accounting": "read and write the ledger",
    "ea:accounting_readonly": "read the ledger",
    "ea:purchase": "read and write purchases",
    "ea:purchase_readonly": "read purchases",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_STYLE = """
:root { color-scheme: light dark; --line: #8884; --faint: light-dark(#5c6470, #9aa3ae);
  --page: light-dark(#f3f5f7, #101317); --card: light-dark(#fff, #181c21); --accent: light-dark(#0b5cad, #7db9ff); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: var(--page); }
main { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 2rem 2.2rem;
  width: min(26rem, calc(100vw - 6rem)); }
h1 { font-size: 1.25rem; margin: 0 0 .3rem; } p { margin: .3rem 0; } .faint { color: var(--faint); font-size: .875rem; }
ul { margin: .8rem 0 1.4rem; padding-left: 1.2rem; } form { display: flex; gap: .7rem; margin-top: 1.2rem; }
button { font: inherit; padding: .55rem 1.3rem; border-radius: .5rem; border: 1px solid var(--line); cursor: pointer;
  background: none; color: inherit; }
button.main { background: var(--accent); border-color: var(--accent); color: light-dark(#fff, #10151b); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
"""


def consent_page(company: str, asked: Mapping[str, str]) -> Reply:
    """Ask whether the application may come in; everything that came from outside is escaped."""
    scopes = [_IN_WORDS.get(scope, scope) for scope in asked.get("scope", "").split()]
    wishes = "".join(f"<li>{escape(words)}</li>" for words in scopes)
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in asked.items()
    )
    text = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Allow access</title>
<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>
<body><main><h1>Allow access to {escape(company)}?</h1>
<p>The application <b>{escape(asked["client_id"])}</b> asks to</p><ul>{wishes}</ul>
<p class="faint">This is a stand-in with invented data. Nobody is asked for a password.</p>
<form method="post" action="/connect/authorize">{fields}
<button class="main" name="answer" value="allow">Allow</button>
<button name="answer" value="deny">Deny</button></form></main></body></html>
"""
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": _POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return Reply(200, text.encode(), headers)
