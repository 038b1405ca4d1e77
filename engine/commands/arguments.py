"""What each command takes, with a help that teaches and one example each."""

from __future__ import annotations

import argparse
import textwrap

from engine.commands.care_arguments import add_care
from engine.commands.looking_arguments import add_looking
from engine.commands.serving.arguments import add_serving
from engine.commands.starter_arguments import add_starter
from engine.commands.versions_arguments import add_versions

_COMMON_EXAMPLE = "Options of every command: --workspace DIR (else $MAPPING_STUDIO_WORKSPACE, else here), --json."

MOST_WORKERS = 64
GROUPS = {
    "Systems": ("connect", "disconnect"),
    "Making a flow": ("starter", "suggest", "edit", "drafts", "lookups", "samples"),
    "Looking at what it does": ("check", "preview", "test", "map", "read"),
    "Publishing": ("publish", "versions", "diff"),
    "Running": ("run", "explain", "history", "doctor"),
    "Unattended": ("serve", "pause", "resume", "webhooks"),
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
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", help=argparse.SUPPRESS)
    _check(commands)
    _connect(commands)
    _disconnect(commands)
    add_looking(commands, _command)
    _map(commands)
    _test(commands)
    add_starter(commands, _command)
    _edit(commands)
    _drafts(commands)
    _lookups(commands)
    add_versions(commands, _command)
    _run(commands)
    add_serving(commands, _command)
    _explain(commands)
    _history(commands)
    _doctor(commands)
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
        "--connected", action="store_true", help="also read facts and lookups from the connected systems"
    )


def _connect(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "connect",
        "connect a system: try its answers and credentials, and keep them, sealed, where they work",
        "Answers are a JSON object from question to answer. Secrets are sealed with the workspace's key. Says what was "
        "found (name, currency, numbers of records), or what is wrong and what to do.",
        "python -m engine connect webshop --answers webshop.json",
    )
    command.add_argument("system", metavar="SYSTEM", nargs="?", help="name of the connector")
    command.add_argument("--answers", metavar="FILE", help="JSON file with the answers; - reads standard input")
    command.add_argument(
        "--allow-private",
        action="store_true",
        help="may be on this machine or a private network, without https (sandboxes)",
    )
    command.add_argument(
        "--sign-in", action="store_true", help="agree in a browser, for systems that are signed in to that way"
    )
    command.add_argument(
        "--redirect", metavar="URL", help="with --sign-in: the redirect address that the system has of your application"
    )
    command.add_argument(
        "--port", metavar="N", type=_port, default=0, help="with --sign-in: where to wait on 127.0.0.1"
    )
    tests = command.add_mutually_exclusive_group()
    tests.add_argument("--no-test", action="store_true", help="keep the answers without trying them")
    tests.add_argument(
        "--test-only", action="store_true", help="keep nothing; without --answers, try the connection that is kept"
    )
    tests.add_argument("--list", action="store_true", help="the systems there are, and which are connected")


def _disconnect(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "disconnect",
        "forget a system's answers, secrets and sign-in",
        "What was read and made through it stays in the ledger; nothing is changed in the system itself.",
        "python -m engine disconnect webshop",
    )
    command.add_argument("system", metavar="SYSTEM", help="name of the connector")


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


def _run(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "run",
        "read what is new and deliver what is due, once",
        "Ends with a table of outcomes; each parked record is named with its reason.",
        "python -m engine run orders-to-books --only W-10001 --dry-run",
    )
    command.add_argument("flows", nargs="*", metavar="FLOW")
    command.add_argument("--all", action="store_true", help="every flow of the workspace")
    command.add_argument("--since", metavar="D", help="read from this date on, instead of where the last run ended")
    command.add_argument("--limit", metavar="N", type=_positive, help="read at most so many records")
    command.add_argument(
        "--only",
        metavar="KEY",
        type=_named,
        action="append",
        default=[],
        help="only this record (number or key); repeat for more",
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="show the requests, with «placeholders» for ids that do not exist yet; send none",
    )
    command.add_argument(
        "--not-there",
        action="store_true",
        help="with --only: I looked, the record with the unknown outcome is not in the target; send it again",
    )
    command.add_argument("--threads", metavar="N", type=_positive, default=8, help=argparse.SUPPRESS)


def _explain(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "explain",
        "tell the story of a record",
        "When it was seen, what held it back, each step with every field's formula, inputs and value, what was sent "
        "and answered. For a record never seen: which time was read, and what would have held it back.",
        "python -m engine explain W-10001",
    )
    command.add_argument("key", metavar="KEY", help="number, key, number in the target, e-mail or name")
    command.add_argument("--flow", metavar="F", help="only this flow")
    command.add_argument("--requests", action="store_true", help="show bodies in full, as sent and as answered")


def _history(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands,
        "history",
        "list runs, or find records",
        "Without --find: the latest runs with their counts.",
        "python -m engine history --find anna@post.example",
    )
    command.add_argument("--flow", metavar="F", help="only this flow")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--find", metavar="TEXT", help="records by number, e-mail or name")
    which.add_argument("--parked", action="store_true", help="the records that are parked, with their reasons")
    command.add_argument("--limit", metavar="N", type=_positive, default=20, help="at most so many lines")


def _doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _command(
        commands,
        "doctor",
        "look whether everything needed is there and well",
        "Python and its packages, folders, key, ledger, formula workers, drafts, connections.",
        "python -m engine doctor",
    )


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)


def _count(text: str) -> int:
    return 0 if text == "0" else _positive(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port; one is a number up to 65535")
    return int(text)


def _workers(text: str) -> int:
    if _positive(text) > MOST_WORKERS:
        raise argparse.ArgumentTypeError(f"{text} are too many; at most {MOST_WORKERS}")
    return int(text)


def _named(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a number or a key is needed")
    return text
