"""What each command takes, with a help that teaches and one example each."""

from __future__ import annotations

import argparse
import textwrap

from engine.commands.argument_types import positive
from engine.commands.bindings_arguments import add_bindings
from engine.commands.care_arguments import add_care
from engine.commands.connecting_arguments import add_connecting
from engine.commands.looking_arguments import add_looking
from engine.commands.people_arguments import add_people
from engine.commands.replay_arguments import add_looking_back
from engine.commands.running_arguments import add_running
from engine.commands.serving.arguments import add_serving
from engine.commands.starter_arguments import add_starter
from engine.commands.tell_arguments import add_telling
from engine.commands.versions_arguments import add_versions

_COMMON_EXAMPLE = "Options of every command: --workspace DIR (else $MAPPING_STUDIO_WORKSPACE, else here), --json."

MOST_WORKERS = 64
GROUPS = {
    "Systems": ("connect", "disconnect"),
    "Making a flow": ("starter", "suggest", "edit", "drafts", "lookups", "samples"),
    "Looking at what it does": ("check", "preview", "test", "map", "read"),
    "Publishing": ("publish", "versions", "diff"),
    "Running": ("bindings", "run", "explain", "history", "mend", "replay", "reconcile", "doctor"),
    "Unattended": ("serve", "pause", "resume", "webhooks", "tell"),
    "The studio": ("people",),
    "Looking after the ledger": ("backup", "restore", "purge", "erase", "audit"),
}


def build_parser() -> argparse.ArgumentParser:
    """The parser of `python -m engine`."""
    parser = argparse.ArgumentParser(
        prog="python -m engine",
        description="Runs flows: reads records from one system, reshapes them, writes them to another, once.",
        epilog="Start with: python -m engine check · then: … preview FLOW · then: … run FLOW\n"
        "Exit codes: 0 all well · 1 something was parked or failed · 2 the call or a document is wrong · "
        "3 the other system could not be reached.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s [-h] COMMAND ...",
    )
    parser.set_defaults(command=None, json=False, workspace=None)
    commands = parser.add_subparsers(prog="python -m engine", dest="command", metavar="COMMAND", help=argparse.SUPPRESS)
    _check(commands)
    add_connecting(commands, _command)
    add_looking(commands, _command)
    _map(commands)
    _test(commands)
    add_starter(commands, _command)
    _edit(commands)
    _drafts(commands)
    _lookups(commands)
    add_versions(commands, _command)
    add_bindings(commands, _command)
    add_running(commands, _command)
    add_serving(commands, _command)
    add_telling(commands, _command)
    add_looking_back(commands, _command)
    _doctor(commands)
    add_people(commands, _command)
    add_care(commands, _command)
    parser.description = f"{parser.description}\n{_overview(commands)}"
    return parser


def _overview(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> str:
    """Every command by what one wants, with what it does; argparse itself has one long list only."""
    lines = []
    for title, names in GROUPS.items():
        lines.append(f"\n{title}:")
        for name in names:
            what = commands.choices[name].get_default("what")
            lines.append(textwrap.fill(what, 79, initial_indent=f"  {name:<12}", subsequent_indent=" " * 14))
    return "\n".join(lines)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str, more: str, example: str
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}. {more}",
        epilog=f"Example:\n  {example}\n\n{_COMMON_EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(what=what)
    command.add_argument("--workspace", metavar="DIR", help="the folder with connector_specs/ and saved_mappings/")
    command.add_argument("--json", action="store_true", help="one JSON object per line instead of text")
    return command


def _check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "check",
        "find every problem in flows and connectors",
        "Nothing is sent. Each problem says where it is and what to do; unknown names get a suggestion.",
        "python -m engine check orders-to-books",
    )
    command.add_argument(
        "flows", nargs="*", metavar="FLOW", help="flows to check; without it everything in the workspace"
    )
    command.add_argument(
        "--connected", action="store_true", help="also look in the connected systems whether a first run may begin"
    )
    command.add_argument("--binding", metavar="B", help="with --connected: for whom; without it each one there is")
    command.add_argument(
        "--tick", metavar="NAME", action="append", default=[], help="I looked: this line of the list is well"
    )
    command.add_argument(
        "--untick", metavar="NAME", action="append", default=[], help="this line must be looked at again"
    )
    command.add_argument("--by", metavar="NAME", default="", help="who looked; without it the signed-in user")


def _map(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "map",
        "reshape records from standard input with a flow's formulas, and send nothing",
        "One JSON object on each line, in and out, in the same order. A line that fails is left out; standard error "
        "says which line and why, one JSON object for each.",
        "python -m engine map orders-to-books --step order < in.ndjson > out.ndjson",
    )
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("file", metavar="FILE", nargs="?", help="read from this file, not from standard input")
    command.add_argument("--step", metavar="S", help="the step whose fields are wanted; without it every step")
    command.add_argument(
        "--workers", metavar="N", type=_workers, default=1, help="reshape in so many processes; as many as processors"
    )
    command.add_argument("--answers", metavar="FILE", help="JSON file with answers to the flow's questions")


def _test(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "test",
        "try the examples of flows, and show what differs from what they expect",
        "No system is asked and nothing is kept. Exit code 1 where something differs.",
        "python -m engine test orders-to-books",
    )
    command.add_argument("flows", nargs="*", metavar="FLOW", help="flows to test; without it all of the workspace")
    command.add_argument("--example", metavar="TEXT", default="", help="only examples with this text in their title")
    command.add_argument(
        "--show", action="store_true", help="compare nothing; print what is found, as it stands in an example"
    )


def _edit(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "edit",
        "change the draft of a flow by operations, as the screen does",
        "One operation as JSON on each line; docs/editing.md has them all. The published flow stays as it is. "
        "Exit code 2 where one was refused (the others are carried out), 1 where somebody else changed the draft.",
        "python -m engine edit orders-to-books operations.ndjson --by Anna",
    )
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("file", metavar="FILE", nargs="?", help="the operations; without it standard input is read")
    command.add_argument("--by", metavar="NAME", default="", help="who makes the change; without it the signed-in user")
    command.add_argument(
        "--revision", metavar="N", type=_count, help="what the operations were meant for; without it the draft as it is"
    )
    command.add_argument("--over", action="store_true", help="put them on top of what others changed since --revision")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--show", action="store_true", help="change nothing; print the draft's text")
    which.add_argument("--discard", action="store_true", help="drop the draft; the published flow is what counts again")


def _drafts(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "drafts",
        "list the flows that are being changed",
        "With who changed them last, when, and whether the published flow has changed meanwhile.",
        "python -m engine drafts",
    )


def _lookups(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "lookups",
        "show the value tables of a flow's draft, and which keys of stored records have no row",
        "With --export and --import rows go to a spreadsheet and back, into the draft. Exit code 1 where a key without "
        "a row parks records or a row's record is gone in the target.",
        "python -m engine lookups orders-to-books terms --export terms.csv",
    )
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("lookup", metavar="LOOKUP", nargs="?", help="one table; without it all")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--options", action="store_true", help="what rows may name, read from the connected target")
    which.add_argument("--coverage", action="store_true", help="which keys occur, how often, and what is missing")
    which.add_argument("--export", metavar="FILE", help="write the rows as CSV; - writes to standard output")
    which.add_argument("--import", dest="read", metavar="FILE", help="take all rows from CSV; - reads standard input")
    command.add_argument("--by", metavar="NAME", default="", help="who makes the change")


def _doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "doctor",
        "look whether everything needed is there and well",
        "Python and its packages, folders, key, ledger, formula workers, drafts, connections.",
        "python -m engine doctor",
    )


def _count(text: str) -> int:
    return 0 if text == "0" else positive(text)


def _workers(text: str) -> int:
    if positive(text) > MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text} are too many; at most {MOST_WORKERS}")
    return int(text)
