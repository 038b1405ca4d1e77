"""Replaces a file whole or not at all, and never one that somebody else changed meanwhile."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from pathlib import Path

from engine.errors import DocumentError, Problem

_ROOM = "Make room on the disk, then do it again: the file is as it was before."
_SAID = {  # what the system says of it in its own words, for people
    errno.ENOSPC: ("the disk is full", _ROOM),
    errno.EDQUOT: ("the room that this user may take on the disk is used up", _ROOM),
    errno.EFBIG: ("no file may become that large here", "Raise the limit of this machine, then do it again."),
}


def save(path: Path, text: str, *, read_sha256: str | None = None, called: str = "the file") -> str:
    """Write the text as UTF-8, line ends as they are; the sha256 of what is now in the file.

    read_sha256: the hash the file was read with; DocumentError when it holds something else by now. Without
    it the file is replaced whatever it holds. The old or the new file is there, however the machine stops.
    called: what cannot be saved, in words, where it cannot.
    """
    content = text.encode("utf-8")
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        _write_draft(draft, content, _rights_of(path))
        if read_sha256 is not None and _sha256_of(path) != read_sha256:
            raise DocumentError(
                [
                    Problem(
                        str(path),
                        "the file was changed by somebody else since it was read; nothing was saved",
                        "Read it again and make the change there.",
                    )
                ]
            )
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        usual = (error.strerror or type(error).__name__).lower(), "Check the folder and its rights."
        reason, advice = _SAID.get(error.errno or 0, usual)
        raise DocumentError([Problem(str(path), f"{called} cannot be saved: {reason}", advice)]) from error
    finally:
        draft.unlink(missing_ok=True)
    return hashlib.sha256(content).hexdigest()


def _rights_of(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return 0o644


def _write_draft(draft: Path, content: bytes, rights: int) -> None:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, rights), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sha256_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """The new name is on disk only when its folder is; Windows has no such call and needs none."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
