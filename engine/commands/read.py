"""`read`: a whole flow in plain language, as text or as a page to print."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import asdict

from engine.commands.output import Output
from engine.design.desk import desk
from engine.design.reading import reading
from engine.design.reading_pages import as_page, as_text
from engine.design.versions import PUBLISHED, text_of
from engine.errors import DocumentError, Problem


def run(asked: Namespace) -> int:
    """Always 0; a flow that breaks its schema cannot be read."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        wanted = asked.version or PUBLISHED
        if wanted.casefold() == PUBLISHED:
            things.workspace.flow_path(asked.flow)
        text = text_of(things, asked.flow, wanted)
        if text.side.loaded is None:
            what = f"{text.label} cannot be read: it breaks its schema, or its connectors are gone"
            raise DocumentError([Problem(asked.flow, what, "`check` says what is wrong in it.")])
    label = "" if text.label == PUBLISHED else text.label
    read = reading(text.side.loaded, label=label[:1].upper() + label[1:])
    if asked.json:
        output.object("reading", flow=asked.flow, **asdict(read))
    elif asked.html:
        sys.stdout.write(as_page(read))
    else:
        output.text(as_text(read).rstrip("\n"))
    return 0
