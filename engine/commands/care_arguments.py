"""What the commands take that look after the ledger: backup, restore, purge, erase and audit."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_BACKUP = (
    "backup",
    "write a backup of the ledger and the drafts into one file, also while runs go on",
    "The key is not in it: without the key nobody reads it, so keep the two apart. A backup that is there is replaced "
    "whole. Flows and connectors are files of yours and are not in it.",
    "python -m engine backup /backups/studio.tar --key /safe/studio.key",
)
_RESTORE = (
    "restore",
    "put a backup back, here or in a workspace on another machine",
    "It is opened with its key and looked at first; then it takes the ledger's place, and what was there is kept in a "
    "folder in .studio. Refused while another program has the ledger open. What was delivered since the backup is "
    "looked up in the target before anything is sent; where a target cannot be searched, the record is parked.",
    "python -m engine restore /backups/studio.tar --key /safe/studio.key",
)
_PURGE = (
    "purge",
    "forget what is older than the retention time, beside runs that go on",
    "Payloads, exchanges, answers and search words of what came to an end; what waits or is parked stays, and so do "
    "numbers, states, outcomes and the audit log. Each run does so at its end too.",
    "python -m engine purge --days 14 --dry-run",
)
_ERASE = (
    "erase",
    "erase a person everywhere, and prove it",
    "SUBJECT is an e-mail address, a name or a customer number; - reads it from standard input, so that it is in no "
    "list of commands. Without --yes it only says what would go. Exit code 1 where something remains; each place is "
    "named. Erase the person in the source first, or the next run reads them again.",
    "python -m engine erase anna@post.example",
)
_AUDIT = (
    "audit",
    "show who did what: published, connected, sent again, paused, backed up, erased and so on",
    "The newest first. Lines are only ever added; none is taken away by purge or erase.",
    "python -m engine audit --flow orders-to-books",
)


def add_care(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of all of them. new: makes a command's parser with the options of all commands."""
    for about in (_BACKUP, _RESTORE):
        command = new(commands, *about)
        command.add_argument("file", metavar="FILE", help="the backup")
        command.add_argument("--by", metavar="NAME", default="", help="who does it; without it the signed-in user")
        if about is _BACKUP:
            command.add_argument("--key", metavar="FILE", help="also write the key, into this file of its own")
        else:
            command.add_argument("--key", metavar="FILE", help="where the key is; without it that of the workspace")
            command.add_argument("--over", action="store_true", help="although there is a ledger; it is kept")
    purge = new(commands, *_PURGE)
    what = purge.add_mutually_exclusive_group()
    what.add_argument(
        "--days",
        metavar="N",
        type=_days,
        help="keep so many days this once; without it $MAPPING_STUDIO_RETENTION_DAYS, else what --keep set, else 30; "
        "0 keeps none",
    )
    what.add_argument(
        "--keep", metavar="N", type=_days, help="keep so many days from now on; forgets nothing by itself"
    )
    purge.add_argument("--dry-run", action="store_true", help="say how much would go, and forget nothing")
    purge.add_argument("--by", metavar="NAME", default="", help="who does it; without it the signed-in user")
    erase = new(commands, *_ERASE)
    erase.add_argument("subject", metavar="SUBJECT")
    erase.add_argument("--yes", action="store_true", help="erase; it cannot be undone")
    erase.add_argument("--by", metavar="NAME", default="", help="who does it; without it the signed-in user")
    audit = new(commands, *_AUDIT)
    audit.add_argument("--flow", metavar="FLOW", help="what concerns this flow only")
    audit.add_argument("--who", metavar="NAME", help="what this person did only")
    audit.add_argument("--did", metavar="DEED", help="only this, as “published”")
    audit.add_argument("--before", metavar="ID", type=int, help="what comes after the line of this id (see --json)")
    audit.add_argument("--limit", metavar="N", type=_how_many, default=100, help="at most so many lines (100)")


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > 36_500:
        raise argparse.ArgumentTypeError("write a whole number of days up to 36500")
    return int(text)


def _how_many(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError("write a whole number from 1 to 1000000")
    return int(text)
