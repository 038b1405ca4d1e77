"""`publish`: a draft becomes the flow that runs; or an earlier version does again."""

from __future__ import annotations

from argparse import Namespace
from textwrap import indent

from engine.commands.caller import caller
from engine.commands.diff import tell_changes
from engine.commands.output import Output
from engine.commands.test import tell_difference
from engine.design.desk import command_line, desk
from engine.design.findings import Tried
from engine.design.publishing import Published, publish, roll_back
from engine.design.versions import label_of
from engine.errors import ExamplesDiffer, PublishedChanged, StudioError


def run(asked: Namespace) -> int:
    """Exit code 2 where there is an error, 1 where examples differ or the file changed meanwhile."""
    output = Output(asked.json)
    who = caller(asked)
    with desk(asked.workspace) as things:
        try:
            if asked.version:
                done = roll_back(things, asked.flow, asked.version, by=who, name=asked.name, anyway=asked.anyway)
            else:
                done = publish(things, asked.flow, by=who, name=asked.name, over=asked.over, anyway=asked.anyway)
        except ExamplesDiffer as error:
            _tell_refused(error, output)
            _tell_examples(error.tried, output)
            output.problems(error.problems)
            output.text("To publish it all the same, say why with --anyway REASON.")
            return 1
        except PublishedChanged as error:
            _tell_refused(error, output)
            tell_changes(error.changes, output)
            output.text("To publish over it, add --over; what is there now stays among the versions.")
            return 1
    _tell(done, asked, output)
    return 0


def _tell_refused(error: StudioError, output: Output) -> None:
    output.object("refused", **error.as_problem().as_json())
    output.text(str(error))


def _tell_examples(tried: tuple[Tried, ...], output: Output) -> None:
    for one in tried:
        output.text(f"\n  {one.example.title}")
        for difference in one.differences:
            output.object("difference", example=one.example.title, **difference.as_json())
            tell_difference(difference, output)


def _tell(done: Published, asked: Namespace, output: Output) -> None:
    version = done.version
    output.problems(done.warnings)
    output.object(
        "published",
        flow=asked.flow,
        number=version.number,
        hash=version.hash,
        name=version.name,
        by=version.who,
        as_number=version.as_number,
        note=version.note,
        changes=len(done.changes),
        differing=len(done.differing),
        keeps_draft=done.keeps_draft,
        connector_files=list(done.connector_files),
    )
    tell_changes(done.changes, output)
    back = f", as version {version.as_number} was" if version.as_number else ""
    output.text(f"{_capital(label_of(version))} of {asked.flow} is published{back}.")
    if done.connector_files:
        output.text("Its connectors are those of today; these files have changed since:")
        output.text(indent("\n".join(done.connector_files), "  "))
    if done.keeps_draft:
        output.text("There is a draft with other changes; it stays as it is.")
    output.text(f"See them all: {command_line(asked.workspace, 'versions', asked.flow)}")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
