"""`samples`: the records a flow can be looked at with."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from contextlib import nullcontext
from pathlib import Path

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import Desk, command_line, desk
from engine.design.drafts import Drafts
from engine.design.examples_made import add_example, example_of, record_named
from engine.design.samples import MOST_BYTES, Sample, forget, newest, paste, record_of, samples
from engine.errors import DocumentError, Json, Problem


def run(asked: Namespace) -> int:
    """Exit code 2 where a record is no record, or is not there; 3 where the source cannot be reached."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        text = text_of(things, asked.flow, draft=asked.draft)
        if asked.show is not None:
            record = record_of(things, asked.show, flow_name=asked.flow, text=text)
            output.object("sample", id=asked.show, record=record)
            output.text(json.dumps(record, ensure_ascii=False, indent=2))
        elif asked.forget is not None:
            forget(things, asked.flow, asked.forget)
            output.object("forgotten", id=asked.forget)
            output.text("Deleted.")
        elif asked.example is not None:
            _add_example(things, asked, output)
        elif asked.paste is not None:
            _tell([paste(things, asked.flow, _read(asked.paste), asked.title)], output)
        elif asked.newest:
            sample = newest(things, asked.flow, text)
            record = record_of(things, sample.id, flow_name=asked.flow, text=text)
            _tell([sample], output, record=record)
            output.text(json.dumps(record, ensure_ascii=False, indent=2))
        else:
            _tell(samples(things, asked.flow, text, asked.find), output)
    return 0


def _add_example(things: Desk, asked: Namespace, output: Output) -> None:
    """A record with invented people becomes an example of the draft."""
    text = text_of(things, asked.flow, draft=True)
    record, number = record_named(things, asked.flow, asked.example, text)
    title = asked.title.strip() or f"As {number}, with invented people"
    made = example_of(things, asked.flow, text, record, title)
    revision = add_example(things, asked.flow, made, caller(asked))
    changed, left = made.invented.changed, made.invented.left
    output.object(
        "example",
        title=title,
        revision=revision,
        changed=list(changed),
        look_at=list(left),
        differences=list(made.differences),
        example=made.document,
    )
    output.text(f"“{title}” is an example of the draft now (revision {revision}).")
    output.text(f"{len(changed)} values were invented: {', '.join(changed) or 'none was personal'}.")
    if left:
        output.text(f"Look at these texts yourself, for the schema does not say whose they are: {', '.join(left)}.")
    for difference in made.differences:
        output.text(f"The flow makes something else of the invented record: {difference}.")
    show = command_line(asked.workspace, "edit", asked.flow, "--show")
    output.text(f"See it: {show}")


def text_of(things: Desk, flow: str, *, draft: bool) -> str:
    """The text of a flow's draft, or of its file; DocumentError where there is none."""
    if draft:
        return Drafts(things.workspace, things.clock).open(flow).text
    return things.workspace.read_document(things.workspace.flow_path(flow)).text


def _tell(found: list[Sample], output: Output, **more: Json) -> None:
    for sample in found:
        told = {"origin" if name == "kind" else name: held for name, held in sample.as_json().items()}
        output.object("sample", **told, **more)
        when = f" {moment(sample.when)}" if sample.when is not None else ""
        note = f" ({sample.note})" if sample.note else ""
        output.text(f"  {sample.id:24} {sample.kind:8} {sample.title}{when}{note}")
    if not found:
        output.text("There is none. Keep one with --paste FILE, or read one from the source with --newest.")


def _read(file: str) -> str:
    try:
        with nullcontext(sys.stdin) if file == "-" else Path(file).open(encoding="utf-8") as held:
            return held.read(MOST_BYTES + 1)  # one more than is taken: it is refused, and no more than that is read
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text in UTF-8"
        raise DocumentError([Problem(file, f"the file cannot be read: {why}", "Check its name.")]) from error
